import { useQuery } from '@tanstack/react-query';
import type { DispatchPreview, LegPreview } from '@/api/contract';
import { errorText } from '@/api/errors';
import { get } from '@/api/http';
import { dueText, remainsText } from '@/components/format';
import { useT } from '@/i18n';
import { label, legRoles } from '@/labels';

/** What the units would get, what the catalogue proposes and who gave such tickets back. */
export function usePreview(ticket: string, unit: string | undefined, units: string[]) {
  return useQuery({
    queryKey: ['/tickets', ticket, 'dispatch-preview', unit ?? '', units],
    queryFn: ({ signal }) =>
      get<DispatchPreview>(
        `/tickets/${ticket}/dispatch-preview`,
        { unit, units: units.join(',') || undefined },
        signal,
      ),
    placeholderData: (old) => old,
  });
}

/** Deadlines of lead and assists as they would be now, with duties and past returns. */
export function PreviewTable({ query }: { query: ReturnType<typeof usePreview> }) {
  const t = useT();
  if (query.error) return <p className="like-problem small">{t(errorText(query.error))}</p>;
  const legs = query.data?.legs ?? [];
  return (
    <>
      {legs.map((l) => (
        <Leg key={l.unit.id} l={l} />
      ))}
    </>
  );
}

function Leg({ l }: { l: LegPreview }) {
  const t = useT();
  const dates: [string, string | undefined][] = [
    ['签收时限', l.sign_due_at],
    ['回退截止', l.return_due_at],
    ['回复截止', l.due_at],
  ];
  return (
    <div className="preview" data-preview={l.unit.id}>
      <div className="row">
        <span className={`tag ${l.role === 'lead' ? 'tag-strong' : ''}`}>{t(label(legRoles, l.role))}</span>
        <b className="ellipsis">{l.unit.name}</b>
        <span className="grow" />
        {l.returns > 0 && (
          <span className="preview-returns small">{t('此类退单 {{n}} 次', { n: l.returns })}</span>
        )}
      </div>
      {l.duties && <p className="muted small preview-duties">{l.duties}</p>}
      <dl className="preview-dates small num">
        {dates
          .filter(([, at]) => at)
          .map(([name, at]) => (
            <div key={name}>
              <dt>{t(name)}</dt>
              <dd>{dueText(at)}</dd>
            </div>
          ))}
        <div>
          <dt>{t('办理时间')}</dt>
          <dd>{remainsText(l.remains)}</dd>
        </div>
      </dl>
    </div>
  );
}
