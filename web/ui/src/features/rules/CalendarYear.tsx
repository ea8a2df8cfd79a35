import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, App, Button, Drawer, Form, Input } from 'antd';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import type { CalendarPreview, CalendarView } from '@/api/contract';
import { errorText } from '@/api/errors';
import { get, post, put } from '@/api/http';
import { dayOf, fullTime } from '@/components/format';
import { Loaded, PageShell } from '@/components/page';
import { useT } from '@/i18n';
import { formatDays, parseDays } from './notice';
import { Faults, ImpactView, Runs, useConfirm, useMayChange } from './parts';

/** 工作日历: a year with its holidays and make-up days, official or 暂定. */
export default function CalendarYear() {
  const t = useT();
  const mayChange = useMayChange();
  const [params, setParams] = useSearchParams();
  const year = Number(params.get('year')) || new Date().getFullYear();
  const q = useQuery({
    queryKey: ['/calendar', year],
    queryFn: () => get<CalendarView>('/calendar', { year }),
  });
  const [entering, setEntering] = useState(false);
  const go = (y: number) => setParams({ year: String(y) }, { replace: true });
  return (
    <PageShell
      title={t('工作日历')}
      extra={
        <>
          <Button onClick={() => go(year - 1)}>{t('上一年')}</Button>
          <b className="num">{year}</b>
          <Button onClick={() => go(year + 1)}>{t('下一年')}</Button>
          {mayChange && (
            <Button type="primary" disabled={!q.data} onClick={() => setEntering(true)} data-act="enter">
              {t('录入放假通知')}
            </Button>
          )}
        </>
      }
    >
      <Runs />
      <Loaded query={q}>
        {(c) => (
          <div data-year={c.year} data-official={c.official}>
            {c.needed.length > 0 && (
              <Alert
                type="warning"
                showIcon
                style={{ marginBottom: 10 }}
                title={t('在办工单的时限已到 {{years}} 年，还没有正式放假通知，请尽快录入。', {
                  years: c.needed.join('、'),
                })}
              />
            )}
            <p>
              {c.official ? (
                <span className="tag tag-strong">{t('正式')}</span>
              ) : (
                <span className="tag" data-provisional>
                  {t('暂定：只按周末和元旦')}
                </span>
              )}{' '}
              {c.notice}{' '}
              <span className="muted">
                {t('全年 {{n}} 个工作日', { n: c.working })}
                {c.entered &&
                  ` · ${t('{{who}} {{when}} 录入', { who: c.entered.by_name, when: fullTime(c.entered.at) })}`}
              </span>
            </p>
            <Year c={c} />
          </div>
        )}
      </Loaded>
      {entering && q.data && <Notice c={q.data} close={() => setEntering(false)} />}
    </PageShell>
  );
}

const weekdays = ['一', '二', '三', '四', '五', '六', '日'];

function Year({ c }: { c: CalendarView }) {
  const t = useT();
  const special = new Map(c.days.map((d) => [d.day, d]));
  const today = dayOf(Date.now());
  return (
    <div className="year">
      {Array.from({ length: 12 }, (_, m) => {
        const first = new Date(Date.UTC(c.year, m, 1));
        const count = new Date(Date.UTC(c.year, m + 1, 0)).getUTCDate();
        const lead = (first.getUTCDay() + 6) % 7;
        return (
          <section className="card pad month" key={first.getTime()}>
            <h3>{t('{{n}} 月', { n: m + 1 })}</h3>
            <div className="month-grid">
              {weekdays.map((w) => (
                <abbr key={w}>{t(w)}</abbr>
              ))}
              {Array.from({ length: count }, (_, i) => {
                const day = `${c.year}-${String(m + 1).padStart(2, '0')}-${String(i + 1).padStart(2, '0')}`;
                const s = special.get(day);
                const weekend = (lead + i) % 7 > 4;
                const kind = s ? (s.working ? 'day-work' : 'day-holiday') : weekend ? 'day-off' : '';
                return (
                  <span
                    key={day}
                    className={`day ${kind} ${day === today ? 'day-today' : ''}`}
                    style={i === 0 ? { gridColumnStart: lead + 1 } : undefined}
                    title={s?.name}
                    data-day={s ? day : undefined}
                  >
                    {i + 1}
                    {s && <small>{s.working ? t('班') : t('休')}</small>}
                  </span>
                );
              })}
            </div>
          </section>
        );
      })}
    </div>
  );
}

interface NoticeForm {
  notice: string;
  holidays: string;
  workdays: string;
}

function Notice({ c, close }: { c: CalendarView; close: () => void }) {
  const t = useT();
  const { message } = App.useApp();
  const client = useQueryClient();
  const confirm = useConfirm();
  const [busy, setBusy] = useState(false);
  const [faults, setFaults] = useState<CalendarPreview['faults']>([]);
  const save = async (v: NoticeForm) => {
    const body = {
      year: c.year,
      notice: v.notice.trim(),
      holidays: parseDays(v.holidays ?? ''),
      workdays: parseDays(v.workdays ?? ''),
    };
    setBusy(true);
    try {
      const preview = await post<CalendarPreview>('/calendar/preview', body);
      setFaults(preview.faults);
      if (preview.faults.length) return;
      const sure = await confirm(
        t('录入 {{year}} 年放假通知？', { year: c.year }),
        <>
          <p>{t('全年 {{n}} 个工作日', { n: preview.working })}</p>
          {preview.impact && <ImpactView impact={preview.impact} />}
        </>,
        t('录入并重算时限'),
      );
      if (!sure) return;
      await put('/calendar', body);
      await client.invalidateQueries({ queryKey: ['/calendar'] });
      await client.invalidateQueries({ queryKey: ['/rules/runs'] });
      void message.success(t('已录入，时限正在重算'));
      close();
    } catch (e) {
      void message.error(t(errorText(e)));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Drawer open title={t('录入 {{year}} 年放假通知', { year: c.year })} size={520} onClose={close}>
      <Form<NoticeForm>
        layout="vertical"
        onFinish={save}
        initialValues={{
          notice: c.notice,
          holidays: formatDays(c.holidays),
          workdays: formatDays(c.workdays),
        }}
      >
        <Form.Item name="notice" label={t('文号')} rules={[{ required: true, message: t('必填') }]}>
          <Input maxLength={100} />
        </Form.Item>
        <Form.Item
          name="holidays"
          label={t('放假')}
          extra={t('每行一个节日：名称，然后日期；连续的写成 2026-10-01~2026-10-07')}
        >
          <Input.TextArea rows={8} />
        </Form.Item>
        <Form.Item name="workdays" label={t('调休上班')} extra={t('写法同上，须为周六或周日')}>
          <Input.TextArea rows={5} />
        </Form.Item>
        {faults.length > 0 && <Faults faults={faults} />}
        <Button type="primary" htmlType="submit" loading={busy} data-act="preview">
          {t('检查并预览')}
        </Button>
      </Form>
    </Drawer>
  );
}
