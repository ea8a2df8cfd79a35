import { Button, Empty, Result, Skeleton } from 'antd';
import { type ReactNode, useEffect } from 'react';
import { errorText } from '@/api/errors';
import { ApiError } from '@/api/http';
import { useT } from '@/i18n';
import './page.css';

/** A page's frame: title that says where you are, actions at its right, content below. */
export function PageShell(p: { title: string; extra?: ReactNode; children: ReactNode; flush?: boolean }) {
  useTitle(p.title);
  return (
    // Keys scroll it also where nothing in it takes the focus.
    <main className={`page ${p.flush ? 'page-flush' : ''}`} tabIndex={-1}>
      <header className="page-head">
        <h1>{p.title}</h1>
        <div className="row wrap">{p.extra}</div>
      </header>
      <div className="page-body">{p.children}</div>
    </main>
  );
}

export function useTitle(title: string) {
  const t = useT();
  useEffect(() => {
    document.title = `${title} · ${t('12345 热线')}`;
  }, [title, t]);
}

/** What a failed fetch says, and what to do next. */
export function LoadError({ error, retry }: { error: unknown; retry: () => void }) {
  const t = useT();
  const status = error instanceof ApiError ? error.status : 0;
  return (
    <Result
      status={status === 403 ? '403' : status === 404 ? '404' : 'warning'}
      title={t(errorText(error))}
      extra={
        status !== 403 && (
          <Button type="primary" onClick={retry}>
            {t('再试一次')}
          </Button>
        )
      }
    />
  );
}

/** Nothing here, and what can be done about it. */
export function Nothing({ text, children }: { text: string; children?: ReactNode }) {
  return (
    <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={text}>
      {children}
    </Empty>
  );
}

/** Content in place while it is fetched; an error with a way on. */
export function Loaded<T>(p: {
  query: { data: T | undefined; error: unknown; isPending: boolean; refetch: () => unknown };
  rows?: number;
  children: (data: T) => ReactNode;
}) {
  if (p.query.data !== undefined) return <>{p.children(p.query.data)}</>;
  if (p.query.isPending) return <Skeleton active paragraph={{ rows: p.rows ?? 6 }} title={false} />;
  return <LoadError error={p.query.error} retry={() => p.query.refetch()} />;
}
