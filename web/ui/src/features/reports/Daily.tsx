import { PrinterOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Button, DatePicker } from 'antd';
import dayjs from 'dayjs';
import { Link } from 'react-router';
import { get } from '@/api/http';
import { fullTime } from '@/components/format';
import { Loaded, PageShell } from '@/components/page';
import { useUrlFilters } from '@/components/useUrlFilters';
import { useT } from '@/i18n';
import '@/features/notices/notices.css';

interface Figure {
  label: string;
  value: string;
  was?: string;
  share?: number;
  link?: string;
  alarm?: boolean;
}

interface Report {
  day: string;
  unit?: { id: string; name: string };
  made: string;
  whole: boolean;
  sections: { title: string; figures: Figure[] }[];
}

/** 日报: one page, every figure opens its list; printed as it stands. */
export default function Daily() {
  const t = useT();
  const [f, set] = useUrlFilters();
  const q = useQuery({
    queryKey: ['/reports/daily', f.day ?? ''],
    queryFn: () => get<Report>('/reports/daily', { day: f.day }),
    refetchInterval: f.day ? false : 60_000,
  });
  return (
    <PageShell
      title={t('日报')}
      extra={
        <>
          <DatePicker
            className="no-print"
            allowClear={false}
            value={dayjs(f.day ?? q.data?.day)}
            maxDate={dayjs()}
            aria-label={t('日期')}
            onChange={(d) => set({ day: d?.isSame(dayjs(), 'day') ? undefined : d?.format('YYYY-MM-DD') })}
          />
          <Button className="no-print" icon={<PrinterOutlined />} onClick={() => print()} data-act="print">
            {t('打印')}
          </Button>
        </>
      }
    >
      <Loaded query={q} rows={14}>
        {(r) => (
          <>
            <p className="muted">
              {r.unit?.name ?? t('全市')} · <b className="num">{r.day}</b> ·{' '}
              {r.whole ? t('全天') : t('截至 {{time}}', { time: fullTime(r.made) })}
            </p>
            <div className="report" data-report={r.day}>
              {r.sections.map((s) => (
                <section key={s.title} className="card pad">
                  <h3>{t(s.title)}</h3>
                  <table>
                    <tbody>
                      {s.figures.map((x) => (
                        <tr key={x.label}>
                          <td>{x.link ? <Link to={x.link}>{t(x.label)}</Link> : t(x.label)}</td>
                          <td className={`n ${x.alarm ? 'alarm' : ''}`}>{x.value}</td>
                          <td className="n muted small">{x.was ? t('前一日 {{n}}', { n: x.was }) : ''}</td>
                        </tr>
                      ))}
                    </tbody>
                  </table>
                </section>
              ))}
            </div>
          </>
        )}
      </Loaded>
    </PageShell>
  );
}
