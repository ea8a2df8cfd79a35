import { useQuery } from '@tanstack/react-query';
import { Tooltip } from 'antd';
import type { UnitRates } from '@/api/contract';
import { get } from '@/api/http';
import { useT } from '@/i18n';

/** What the unit did this month: how much it got, and its rates with what they are made of. */
export function UnitRecord({ unit }: { unit: { id: string; name: string } }) {
  const t = useT();
  const q = useQuery({
    queryKey: ['/department/rates', unit.id],
    queryFn: ({ signal }) => get<UnitRates>('/department/rates', { unit: unit.id }, signal),
    staleTime: 300_000,
  });
  if (!q.data) return null;
  return (
    <div className="unit-record" data-panel="unit-record">
      <div className="small">
        <b>{unit.name}</b> <span className="muted num">{t('本月承办 {{n}} 件', { n: q.data.received })}</span>
      </div>
      <dl className="num small">
        {q.data.rates.map((r) => (
          <Tooltip key={r.code} title={r.formula}>
            <div>
              <dt>{t(r.label)}</dt>
              <dd>
                {r.of > 0 ? `${Math.round(r.percent * 10) / 10}%` : '—'}{' '}
                <span className="muted">{r.of > 0 && `${r.count}/${r.of}`}</span>
              </dd>
            </div>
          </Tooltip>
        ))}
      </dl>
    </div>
  );
}
