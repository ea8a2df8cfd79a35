import { useQuery } from '@tanstack/react-query';
import { Button, Input, Modal } from 'antd';
import { useState } from 'react';
import type { ArticleRow, List } from '@/api/contract';
import { get } from '@/api/http';
import { itemsOf } from '@/api/lists';
import { Nothing } from '@/components/page';
import { useT } from '@/i18n';
import { articleQuery, hit, useSettled, useSuggestions } from './data';
import './knowledge.css';
import { Rich } from './Rich';

/** A button that finds an article and puts its text into an answer. text and ticketClass say what
    the answer is about: what fits is listed before anything is typed. */
export function KnowledgePicker(p: {
  onInsert: (plain: string, title: string) => void;
  text?: string;
  ticketClass?: string;
  disabled?: boolean;
}) {
  const t = useT();
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button size="small" disabled={p.disabled} onClick={() => setOpen(true)} data-act="pick-knowledge">
        {t('引用知识')}
      </Button>
      <Modal
        open={open}
        onCancel={() => setOpen(false)}
        title={t('引用知识')}
        width={860}
        footer={null}
        destroyOnHidden
      >
        <Pick
          text={p.text ?? ''}
          ticketClass={p.ticketClass ?? ''}
          onInsert={(plain, title) => {
            p.onInsert(plain, title);
            setOpen(false);
          }}
        />
      </Modal>
    </>
  );
}

function Pick(p: { text: string; ticketClass: string; onInsert: (plain: string, title: string) => void }) {
  const t = useT();
  const [typed, setTyped] = useState('');
  const [chosen, setChosen] = useState('');
  const q = useSettled(typed.trim(), 300);
  const found = useQuery({
    queryKey: ['/knowledge', 'pick', q],
    queryFn: ({ signal }) => get<List<ArticleRow>>('/knowledge', { q, limit: 20 }, signal).then(itemsOf),
    enabled: q.length > 1,
  });
  const fits = useSuggestions(p.text, p.ticketClass);
  const rows: { id: string; title: string; note: string }[] =
    q.length > 1
      ? (found.data ?? []).map((a) => ({ id: a.id, title: a.title, note: a.excerpt }))
      : (fits.data ?? []).map((s) => ({
          id: s.id,
          title: s.title,
          note: s.words.length ? t('共同的词：{{words}}', { words: s.words.join('、') }) : t('同类诉求'),
        }));
  const article = useQuery({ ...articleQuery(chosen), enabled: !!chosen });
  return (
    <div className="k-pick">
      <div>
        <Input
          autoFocus
          allowClear
          value={typed}
          onChange={(e) => setTyped(e.target.value)}
          placeholder={t('两个字以上的关键词')}
          aria-label={t('两个字以上的关键词')}
        />
        {rows.length === 0 && (
          <Nothing text={q.length > 1 ? t('没有找到，换个说法试试') : t('输入关键词查找知识')} />
        )}
        {rows.map((r) => (
          <button
            key={r.id}
            type="button"
            className={`k-row ${chosen === r.id ? 'on' : ''}`}
            onClick={() => setChosen(r.id)}
          >
            <b>{r.title}</b>
            <span className="small muted">{r.note}</span>
          </button>
        ))}
      </div>
      <div className="k-pick-text">
        {article.data && chosen ? (
          <>
            <h3>{article.data.current.content?.title}</h3>
            <Rich body={article.data.current.content?.body ?? ''} />
            <Button
              type="primary"
              data-act="insert-knowledge"
              onClick={() => {
                void hit(chosen, true);
                p.onInsert(article.data.plain, article.data.current.content?.title ?? '');
              }}
            >
              {t('插入答复')}
            </Button>
          </>
        ) : (
          <Nothing text={t('从左边选一篇')} />
        )}
      </div>
    </div>
  );
}
