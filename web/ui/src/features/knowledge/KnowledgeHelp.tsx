import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { useT } from '@/i18n';
import { articleQuery, hit, useSuggestions } from './data';
import './knowledge.css';
import { Rich } from './Rich';

/** Articles that fit the text, updated while it is typed: read here, or put into the answer. */
export function KnowledgeHelp(p: {
  text: string;
  ticketClass: string;
  onInsert?: (plain: string, title: string) => void;
}) {
  const t = useT();
  const [open, setOpen] = useState('');
  const found = useSuggestions(p.text, p.ticketClass);
  const article = useQuery({ ...articleQuery(open), enabled: !!open }).data;
  const typed = p.text.trim().length > 1 || !!p.ticketClass;
  return (
    <section className="k-help" data-panel="knowledge">
      <h3>
        {t('知识')} <a href="/knowledge">{t('打开知识库')}</a>
      </h3>
      {!typed && <p className="muted">{t('开始填写后，这里随输入列出相关的知识。')}</p>}
      {typed && found.data?.length === 0 && <p className="muted">{t('没有相关的知识')}</p>}
      {typed &&
        found.data?.map((s) => (
          <div key={s.id} className="hist" data-article={s.id}>
            <button
              type="button"
              className="k-link"
              aria-expanded={open === s.id}
              onClick={() => {
                setOpen(open === s.id ? '' : s.id);
                if (open !== s.id) void hit(s.id, false);
              }}
            >
              {s.title}
            </button>
            <div className="small muted ellipsis">
              {s.class && <span className="tag">{t('同类诉求')}</span>}{' '}
              {s.words.length > 0 && t('共同的词：{{words}}', { words: s.words.join('、') })}
            </div>
            {open === s.id && article?.id === s.id && (
              <div className="k-help-text">
                <Rich body={article.current.content?.body ?? ''} />
                {p.onInsert && (
                  <Button
                    size="small"
                    type="primary"
                    ghost
                    data-act="insert-knowledge"
                    onClick={() => {
                      p.onInsert?.(article.plain, s.title);
                      void hit(s.id, true);
                    }}
                  >
                    {t('插入答复')}
                  </Button>
                )}
              </div>
            )}
          </div>
        ))}
    </section>
  );
}
