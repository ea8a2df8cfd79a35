import { useQuery } from '@tanstack/react-query';
import { Input, Skeleton } from 'antd';
import { useMemo, useState } from 'react';
import { LoadError, PageShell } from '@/components/page';
import { useT } from '@/i18n';
import './docs.css';

interface Schema {
  $ref?: string;
  type?: string | string[];
  format?: string;
  description?: string;
  enum?: unknown[];
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
}
interface Media {
  schema?: Schema;
}
interface Operation {
  operationId?: string;
  summary?: string;
  description?: string;
  parameters?: { name: string; in: string; required?: boolean; description?: string; schema?: Schema }[];
  requestBody?: { content?: Record<string, Media> };
  responses?: Record<string, { description?: string; content?: Record<string, Media> }>;
}
interface OpenApi {
  info: { title: string; version: string; description?: string };
  paths: Record<string, Record<string, Operation>>;
  components?: { schemas?: Record<string, Schema> };
}

const methods = ['get', 'post', 'put', 'patch', 'delete'];

/** The API in readable form, drawn from /openapi.json. */
export default function ApiDocs() {
  const t = useT();
  const [find, setFind] = useState('');
  const q = useQuery({
    queryKey: ['openapi'],
    queryFn: async (): Promise<OpenApi> => {
      const res = await fetch('/openapi.json', { signal: AbortSignal.timeout(10_000) });
      if (!res.ok) throw new Error(`${res.status} ${res.statusText}`);
      return res.json();
    },
    staleTime: Number.POSITIVE_INFINITY,
  });
  const list = useMemo(() => {
    const all = Object.entries(q.data?.paths ?? {}).flatMap(([path, item]) =>
      methods.filter((m) => item[m]).map((m) => ({ path, method: m, op: item[m] as Operation })),
    );
    const needle = find.toLowerCase();
    return needle
      ? all.filter(({ path, op }) => `${path} ${op.summary} ${op.operationId}`.toLowerCase().includes(needle))
      : all;
  }, [q.data, find]);
  if (q.error) return <LoadError error={q.error} retry={() => q.refetch()} />;
  if (!q.data) return <Skeleton active style={{ padding: 24 }} />;
  const spec = q.data;
  return (
    <PageShell
      title={`${spec.info.title} · API ${spec.info.version}`}
      extra={
        <>
          <a href="/openapi.json">openapi.json</a>
          <a href="/asyncapi.json">asyncapi.json</a>
          <Input.Search
            allowClear
            style={{ width: 240 }}
            placeholder={t('路径或说明')}
            onChange={(e) => setFind(e.target.value)}
          />
        </>
      }
    >
      <p className="muted">{spec.info.description}</p>
      {list.map(({ path, method, op }) => (
        <details key={method + path} className="card api-op" data-operation={op.operationId}>
          <summary>
            <b className="api-method">{method.toUpperCase()}</b> <code>{path}</code>{' '}
            <span className="muted">{op.summary}</span>
          </summary>
          <div className="pad-op">
            {op.description && <p>{op.description}</p>}
            {op.parameters?.map((p) => (
              <div key={p.in + p.name}>
                <code>{p.name}</code>
                {p.required ? ' *' : ''}{' '}
                <span className="muted">
                  {p.in} · {kind(p.schema)} {p.description}
                </span>
              </div>
            ))}
            {Object.entries(op.requestBody?.content ?? {}).map(([type, m]) => (
              <Shape key={type} title={`→ ${type}`} schema={m.schema} spec={spec} />
            ))}
            {Object.entries(op.responses ?? {}).map(([code, r]) =>
              Object.entries(r.content ?? { '': {} }).map(([type, m]) => (
                <Shape
                  key={code + type}
                  title={`← ${code} ${type || (r.description ?? '')}`}
                  schema={m.schema}
                  spec={spec}
                />
              )),
            )}
          </div>
        </details>
      ))}
    </PageShell>
  );
}

const nameOf = (s: Schema | undefined) => s?.$ref?.split('/').at(-1);

function kind(s: Schema | undefined): string {
  if (!s) return '';
  if (s.$ref) return nameOf(s) ?? '';
  const type = Array.isArray(s.type) ? s.type.filter((x) => x !== 'null').join('|') : (s.type ?? '');
  if (type === 'array') return `${kind(s.items)}[]`;
  if (s.enum) return s.enum.filter((x) => x !== '').join(' | ');
  return [type, s.format].filter(Boolean).join(' ');
}

function Shape({ title, schema, spec }: { title: string; schema?: Schema; spec: OpenApi }) {
  const resolve = (s: Schema | undefined) => (s?.$ref ? spec.components?.schemas?.[nameOf(s) ?? ''] : s);
  const body = resolve(schema);
  return (
    <div>
      <h4>
        {title} <span className="muted">{kind(schema)}</span>
      </h4>
      <dl className="facts">
        {Object.entries(body?.properties ?? {}).map(([name, p]) => (
          <Field key={name} name={name} must={!!body?.required?.includes(name)} p={p} />
        ))}
      </dl>
    </div>
  );
}

function Field({ name, must, p }: { name: string; must: boolean; p: Schema }) {
  return (
    <>
      <dt>
        <code>{name}</code>
        {must ? ' *' : ''}
      </dt>
      <dd className="small">
        {kind(p)} <span className="muted">{p.description}</span>
      </dd>
    </>
  );
}
