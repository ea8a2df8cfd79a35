import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Badge, Button, Input, Segmented, Skeleton } from 'antd';
import { useState } from 'react';
import type { ArticleRow, KnowledgeTree, List } from '@/api/contract';
import { get } from '@/api/http';
import { dayOf } from '@/components/format';
import { LoadError, Loaded, Nothing, PageShell } from '@/components/page';
import { useUrlFilters } from '@/components/useUrlFilters';
import { useT } from '@/i18n';
import { ArticleEditor } from './ArticleEditor';
import { ArticlePane } from './ArticlePane';
import { treeQuery } from './data';
import './knowledge.css';
import { Reports } from './Reports';

/** The knowledge base: the tree, a list, and one article to read, to write or to decide on. */
export default function Knowledge() {
  const t = useT();
  const [f, set] = useUrlFilters();
  const tree = useQuery(treeQuery);
  const [writing, setWriting] = useState(false);
  const show = f.show ?? '';
  return (
    <PageShell
      title={t('知识库')}
      extra={
        tree.data && (
          <>
            {tree.data.write && (
              <Segmented
                value={show}
                onChange={(v) => set({ show: v, id: undefined })}
                options={[
                  { value: '', label: t('浏览') },
                  { value: 'review', label: <Count text={t('待审核')} n={tree.data.review} /> },
                  { value: 'expiring', label: <Count text={t('将到期')} n={tree.data.expiring} /> },
                  { value: 'draft', label: t('草稿') },
                  { value: 'reports', label: <Count text={t('纠错')} n={tree.data.reports} /> },
                ]}
              />
            )}
            {!tree.data.write && (
              <Segmented
                value={show}
                onChange={(v) => set({ show: v, id: undefined })}
                options={[
                  { value: '', label: t('浏览') },
                  { value: 'reports', label: t('我的纠错') },
                ]}
              />
            )}
            {tree.data.write && (
              <Button type="primary" onClick={() => setWriting(true)} data-act="write-article">
                {t('写文章')}
              </Button>
            )}
          </>
        )
      }
    >
      <Loaded query={tree} rows={10}>
        {(data) =>
          show === 'reports' ? (
            <Reports write={data.write} onOpen={(id) => set({ show: undefined, id })} />
          ) : (
            <div className="k-page">
              <Tree tree={data} chosen={f} onChoose={set} />
              <ArticleList filters={f} show={show} onChoose={(id) => set({ id })} onSearch={set} />
              <article className="card" aria-label={t('文章')}>
                {f.id ? (
                  <ArticlePane key={f.id} id={f.id} tree={data} />
                ) : (
                  <Nothing text={t('从列表里选一篇文章')} />
                )}
              </article>
            </div>
          )
        }
      </Loaded>
      {writing && tree.data && (
        <ArticleEditor
          tree={tree.data}
          onClose={(made) => {
            setWriting(false);
            if (made) set({ show: 'draft', id: made });
          }}
        />
      )}
    </PageShell>
  );
}

function Count({ text, n }: { text: string; n: number }) {
  return (
    <span>
      {text} {n > 0 && <Badge count={n} size="small" style={{ verticalAlign: 'text-top' }} />}
    </span>
  );
}

type Set = (changes: Record<string, string | undefined>) => void;

function Tree(p: { tree: KnowledgeTree; chosen: Record<string, string>; onChoose: Set }) {
  const t = useT();
  const branch = (id: string, name: string, n: number, on: boolean, choose: () => void) => (
    <button
      key={id}
      type="button"
      className={`k-branch ${on ? 'on' : ''}`}
      onClick={choose}
      aria-pressed={on}
    >
      <span className="ellipsis">{name}</span>
      <span className="muted num">{n || ''}</span>
    </button>
  );
  const categories = (parent: string) =>
    p.tree.categories
      .filter((c) => (c.parent ?? '') === parent)
      .map((c) => (
        <div key={c.id}>
          {branch(c.id, c.name, c.count, p.chosen.category === c.id, () =>
            p.onChoose({
              category: p.chosen.category === c.id ? undefined : c.id,
              unit: undefined,
              id: undefined,
            }),
          )}
          <div className="k-below">
            {p.tree.categories
              .filter((b) => b.parent === c.id)
              .map((b) =>
                branch(b.id, b.name, b.count, p.chosen.category === b.id, () =>
                  p.onChoose({
                    category: p.chosen.category === b.id ? undefined : b.id,
                    unit: undefined,
                    id: undefined,
                  }),
                ),
              )}
          </div>
        </div>
      ));
  return (
    <nav className="card" aria-label={t('知识分类')}>
      <h3 style={{ marginTop: 0 }}>{t('按分类')}</h3>
      {categories('')}
      <h3>{t('按部门')}</h3>
      {p.tree.units.map((u) =>
        branch(u.id, u.name, u.count, p.chosen.unit === u.id, () =>
          p.onChoose({ unit: p.chosen.unit === u.id ? undefined : u.id, category: undefined, id: undefined }),
        ),
      )}
    </nav>
  );
}

function ArticleList(p: {
  filters: Record<string, string>;
  show: string;
  onChoose: (id: string) => void;
  onSearch: Set;
}) {
  const t = useT();
  const f = p.filters;
  const query = {
    q: f.q,
    category: f.category,
    unit: f.unit,
    state: p.show === 'review' ? 'review' : p.show === 'draft' ? 'draft' : undefined,
    expiring: p.show === 'expiring' ? true : undefined,
    guide: f.guide === 'true' ? true : undefined,
  };
  const list = useInfiniteQuery({
    queryKey: ['/knowledge', 'list', query],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) =>
      get<List<ArticleRow>>('/knowledge', { ...query, limit: 50, cursor: pageParam || undefined }, signal),
    getNextPageParam: (last) => last.next_cursor || undefined,
  });
  const rows = list.data?.pages.flatMap((x) => x.items) ?? [];
  return (
    <section className="card" aria-label={t('文章列表')}>
      <Input.Search
        allowClear
        defaultValue={f.q}
        key={`q${f.q ?? ''}`}
        placeholder={t('标题、关键词或正文，两个字起')}
        aria-label={t('标题、关键词或正文，两个字起')}
        onSearch={(q) => p.onSearch({ q: q.trim(), id: undefined })}
        data-field="q"
      />
      <div className="row small" style={{ margin: '6px 0', justifyContent: 'space-between' }}>
        <span className="muted num">{t('共 {{total}} 条', { total: list.data?.pages[0]?.total ?? 0 })}</span>
        <Button
          size="small"
          type={f.guide === 'true' ? 'primary' : 'text'}
          ghost={f.guide === 'true'}
          onClick={() => p.onSearch({ guide: f.guide === 'true' ? undefined : 'true', id: undefined })}
        >
          {t('电话指南')}
        </Button>
      </div>
      {list.isPending && <Skeleton active paragraph={{ rows: 8 }} title={false} />}
      {list.error && !list.data && <LoadError error={list.error} retry={() => list.refetch()} />}
      {list.data && rows.length === 0 && (
        <Nothing
          text={
            p.show === 'review'
              ? t('没有待审核的文章')
              : p.show === 'expiring'
                ? t('三十天内没有到期的文章')
                : t('没有符合条件的文章，换个词或放宽分类')
          }
        />
      )}
      {rows.map((a) => (
        <button
          key={a.id}
          type="button"
          className={`k-row ${f.id === a.id ? 'on' : ''}`}
          onClick={() => p.onChoose(a.id)}
          data-row={a.id}
        >
          <b>{a.title}</b>
          <span className="row small wrap">
            {a.state !== 'published' && <span className="tag tag-strong">{t(a.state_label)}</span>}
            {a.head_state !== a.state && a.head_state !== 'published' && (
              <span className="tag">{t('新版{{state}}', { state: t(a.head_label) })}</span>
            )}
            {a.guide && <span className="tag">{t('电话指南')}</span>}
            {a.reports > 0 && <span className="tag tag-strong">{t('纠错 {{n}}', { n: a.reports })}</span>}
            <span className="muted">{a.unit_name}</span>
            {a.to && <span className="muted num">{t('有效至 {{day}}', { day: dayOf(a.to) })}</span>}
          </span>
          <span className="small muted">{a.excerpt}</span>
        </button>
      ))}
      {list.hasNextPage && (
        <div className="more row">
          <Button size="small" loading={list.isFetchingNextPage} onClick={() => list.fetchNextPage()}>
            {t('更多')}
          </Button>
        </div>
      )}
    </section>
  );
}
