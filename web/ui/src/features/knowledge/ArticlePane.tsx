import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Input, Modal, Segmented, Timeline } from 'antd';
import { useEffect, useState } from 'react';
import type { Article, ArticleVersion, DiffPiece, KnowledgeTree, List } from '@/api/contract';
import { errorText } from '@/api/errors';
import { get, post } from '@/api/http';
import { itemsOf } from '@/api/lists';
import { dayOf, shortTime } from '@/components/format';
import { Loaded } from '@/components/page';
import { useT } from '@/i18n';
import { ArticleEditor } from './ArticleEditor';
import { articleQuery, hit } from './data';
import { Rich } from './Rich';

/** One article: what people read, the version being written, its history, and what may be done. */
export function ArticlePane({ id, tree }: { id: string; tree: KnowledgeTree }) {
  const article = useQuery(articleQuery(id));
  useEffect(() => {
    void hit(id, false);
  }, [id]);
  return (
    <Loaded query={article} rows={12}>
      {(a) => <Pane a={a} tree={tree} />}
    </Loaded>
  );
}

function Pane({ a, tree }: { a: Article; tree: KnowledgeTree }) {
  const t = useT();
  const [tab, setTab] = useState(a.head ? 'head' : 'current');
  const [editing, setEditing] = useState(false);
  const v = tab === 'head' && a.head ? a.head : a.current;
  const c = v.content;
  return (
    <>
      <header className="k-head">
        <h2>{c?.title}</h2>
        <div className="row small wrap">
          <span className="tag tag-strong">{t(v.state_label)}</span>
          {c?.guide && <span className="tag">{t('电话指南')}</span>}
          {a.demo && <span className="tag">{t('演示数据')}</span>}
          <span className="muted">{[...a.path, a.unit?.name ?? t('热线')].join(' / ')}</span>
          <span className="muted num">
            {c?.to ? t('有效至 {{day}}', { day: dayOf(c.to) }) : t('长期有效')} ·{' '}
            {t('第 {{n}} 版', { n: v.n })}
          </span>
        </div>
      </header>
      <div className="row wrap" style={{ margin: '10px 0' }}>
        <Segmented
          value={tab}
          onChange={setTab}
          options={[
            { value: 'current', label: a.head ? t('现行版') : t('正文') },
            ...(a.head ? [{ value: 'head', label: t('修订中的第 {{n}} 版', { n: a.head.n }) }] : []),
            { value: 'history', label: t('版本') },
          ]}
        />
        <Acts a={a} onEdit={() => setEditing(true)} />
        <Report id={a.id} />
      </div>
      {tab === 'history' ? (
        <History a={a} />
      ) : (
        <>
          {v.opinion && v.state === 'draft' && (
            <p className="k-spoken">
              {t('退回意见：{{text}}', { text: v.opinion })}（{v.reviewer_name}）
            </p>
          )}
          <Rich body={c?.body ?? ''} />
          {c?.guide && (
            <div className="k-spoken">
              <b>{t('电话播报')}</b>
              <div>{c.spoken}</div>
            </div>
          )}
          {(c?.tags.length ?? 0) > 0 && (
            <div className="row wrap small">
              {c?.tags.map((tag) => (
                <span key={tag} className="tag">
                  {tag}
                </span>
              ))}
            </div>
          )}
        </>
      )}
      {editing && <ArticleEditor tree={tree} article={a} onClose={() => setEditing(false)} />}
    </>
  );
}

const primary = new Set(['submit', 'publish']);

function Acts({ a, onEdit }: { a: Article; onEdit: () => void }) {
  const t = useT();
  const cache = useQueryClient();
  const { message } = App.useApp();
  const [asking, setAsking] = useState<{ event: string; label: string } | null>(null);
  const [opinion, setOpinion] = useState('');
  const act = useMutation({
    mutationFn: (x: { event: string; opinion: string }) =>
      post<Article>(`/knowledge/${a.id}/actions/${x.event}`, { rev: a.rev, opinion: x.opinion }),
    onSuccess: () => {
      setAsking(null);
      setOpinion('');
      return cache.invalidateQueries({ queryKey: ['/knowledge'] });
    },
    onError: (e) => {
      void message.error(t(errorText(e)));
      void cache.invalidateQueries({ queryKey: ['/knowledge', 'article', a.id] });
    },
  });
  return (
    <>
      {a.allowed_actions.map((x) =>
        x.event === 'edit' ? (
          <Button key="edit" onClick={onEdit} data-act="edit">
            {t(a.head || a.current.state !== 'published' ? '编辑' : '修订')}
          </Button>
        ) : (
          <Button
            key={x.event}
            type={primary.has(x.event) ? 'primary' : 'default'}
            danger={x.event === 'withdraw'}
            loading={act.isPending && act.variables?.event === x.event}
            onClick={() => (x.opinion ? setAsking(x) : act.mutate({ event: x.event, opinion: '' }))}
            data-act={x.event}
          >
            {t(x.label)}
          </Button>
        ),
      )}
      <Modal
        open={!!asking}
        title={asking ? t(asking.label) : ''}
        okText={t('确定')}
        cancelText={t('取消')}
        okButtonProps={{ disabled: !opinion.trim(), loading: act.isPending }}
        onOk={() => asking && act.mutate({ event: asking.event, opinion })}
        onCancel={() => setAsking(null)}
      >
        <Input.TextArea
          autoFocus
          rows={3}
          maxLength={1000}
          value={opinion}
          onChange={(e) => setOpinion(e.target.value)}
          placeholder={t('请填写原因')}
          aria-label={t('请填写原因')}
        />
      </Modal>
    </>
  );
}

/** 纠错: what is wrong, with the passage that was selected. */
function Report({ id }: { id: string }) {
  const t = useT();
  const cache = useQueryClient();
  const { message } = App.useApp();
  const [open, setOpen] = useState(false);
  const [quote, setQuote] = useState('');
  const [text, setText] = useState('');
  const send = useMutation({
    mutationFn: () => post(`/knowledge/${id}/reports`, { text, quote: quote.slice(0, 500) }),
    onSuccess: () => {
      setOpen(false);
      setText('');
      void message.success(t('已提交，处理结果在“纠错”里查看'));
      return cache.invalidateQueries({ queryKey: ['/knowledge'] });
    },
    onError: (e) => void message.error(t(errorText(e))),
  });
  return (
    <>
      <Button
        data-act="report"
        onMouseDown={() => setQuote(String(getSelection() ?? '').trim())}
        onClick={() => setOpen(true)}
      >
        {t('纠错')}
      </Button>
      <Modal
        open={open}
        title={t('纠错')}
        okText={t('提交')}
        cancelText={t('取消')}
        okButtonProps={{ disabled: !text.trim(), loading: send.isPending }}
        onOk={() => send.mutate()}
        onCancel={() => setOpen(false)}
      >
        {quote && <blockquote className="k-spoken">{quote}</blockquote>}
        <Input.TextArea
          autoFocus
          rows={4}
          maxLength={2000}
          value={text}
          onChange={(e) => setText(e.target.value)}
          placeholder={t('哪里不对、应该是什么、依据是什么')}
          aria-label={t('哪里不对、应该是什么、依据是什么')}
        />
      </Modal>
    </>
  );
}

function History({ a }: { a: Article }) {
  const t = useT();
  const [pair, setPair] = useState<[number, number] | null>(null);
  const diff = useQuery({
    queryKey: ['/knowledge', 'diff', a.id, pair, a.rev],
    queryFn: () =>
      get<List<DiffPiece>>(`/knowledge/${a.id}/diff`, { from: pair?.[0], to: pair?.[1] }).then(itemsOf),
    enabled: !!pair,
  });
  const line = (v: ArticleVersion, i: number) => {
    const before = a.versions[i + 1];
    return {
      key: v.n,
      children: (
        <div>
          <b>{t('第 {{n}} 版', { n: v.n })}</b> <span className="tag">{t(v.state_label)}</span>
          <div className="small muted">
            {t('{{who}} 编辑于 {{at}}', { who: v.author, at: shortTime(v.edited_at) })}
            {v.decided_at && v.reviewer_name && (
              <> · {t('{{who}} 处理于 {{at}}', { who: v.reviewer_name, at: shortTime(v.decided_at) })}</>
            )}
          </div>
          {v.opinion && <div className="small">{v.opinion}</div>}
          {before && (
            <Button size="small" onClick={() => setPair([before.n, v.n])} data-act="diff">
              {t('与上一版比较')}
            </Button>
          )}
        </div>
      ),
    };
  };
  return (
    <>
      <Timeline items={a.versions.map(line)} style={{ marginTop: 8 }} />
      {pair && diff.data && (
        <div className="k-diff card" data-panel="diff">
          {diff.data.map((piece, i) => {
            const key = `${i}${piece.kind}`;
            if (piece.kind === 'added') return <ins key={key}>{piece.text}</ins>;
            if (piece.kind === 'removed') return <del key={key}>{piece.text}</del>;
            return <span key={key}>{piece.text}</span>;
          })}
        </div>
      )}
    </>
  );
}
