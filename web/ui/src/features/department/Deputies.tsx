import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, DatePicker, Select } from 'antd';
import dayjs, { type Dayjs } from 'dayjs';
import { useState } from 'react';
import type { Clerk, Deputy, List } from '@/api/contract';
import { del, get, post } from '@/api/http';
import { itemsOf } from '@/api/lists';
import { shortTime } from '@/components/format';
import { Loaded } from '@/components/page';
import { useRun } from '@/features/desktop/useRun';
import { useT } from '@/i18n';

/** Who approves while the leader is away. */
export function Deputies() {
  const t = useT();
  const client = useQueryClient();
  const [run, busy] = useRun();
  const [adding, setAdding] = useState(false);
  const [account, setAccount] = useState<string>();
  const [span, setSpan] = useState<[Dayjs, Dayjs]>([dayjs(), dayjs().add(1, 'day').endOf('day')]);
  const q = useQuery({
    queryKey: ['/department/deputies'],
    queryFn: () => get<List<Deputy>>('/department/deputies').then(itemsOf),
  });
  const people = useQuery({
    queryKey: ['/department/clerks'],
    queryFn: () => get<List<Clerk>>('/department/clerks').then(itemsOf),
    enabled: adding,
  });
  const again = () => client.invalidateQueries({ queryKey: ['/department/deputies'] });
  const save = () =>
    run('save', async () => {
      await post('/department/deputies', {
        account,
        from: span[0].toISOString(),
        to: span[1].toISOString(),
      });
      setAdding(false);
      await again();
    });
  return (
    <section className="card pad" data-deputies={q.data?.length}>
      <div className="section-head">
        <h3>{t('外出代理')}</h3>
        <span className="grow" />
        {!adding && (
          <Button size="small" onClick={() => setAdding(true)} data-act="add-deputy">
            {t('指定代理')}
          </Button>
        )}
      </div>
      <Loaded query={q} rows={2}>
        {(list) =>
          list.length ? (
            <ul className="late">
              {list.map((d) => (
                <li key={d.id} className="row" data-deputy={d.account}>
                  <b>{d.name}</b>
                  <span className="muted small num grow">
                    {shortTime(d.from)} – {shortTime(d.to)}
                  </span>
                  <Button
                    size="small"
                    type="link"
                    loading={busy === d.id}
                    onClick={() =>
                      run(d.id, async () => {
                        await del(`/department/deputies/${d.id}`);
                        await again();
                      })
                    }
                  >
                    {t('结束')}
                  </Button>
                </li>
              ))}
            </ul>
          ) : (
            !adding && <span className="muted small">{t('外出时可指定一名经办代为审批')}</span>
          )
        }
      </Loaded>
      {adding && (
        <div className="deputy-form">
          <Select
            value={account}
            loading={people.isPending}
            placeholder={t('本单位经办')}
            aria-label={t('本单位经办')}
            options={(people.data ?? []).map((p) => ({ value: p.account, label: `${p.name} ${p.account}` }))}
            onChange={setAccount}
            data-field="deputy"
          />
          <DatePicker.RangePicker
            value={span}
            showTime={{ format: 'HH:mm' }}
            format="MM-DD HH:mm"
            allowClear={false}
            onChange={(v) => v?.[0] && v[1] && setSpan([v[0], v[1]])}
          />
          <div className="act-foot">
            <Button size="small" onClick={() => setAdding(false)}>
              {t('取消')}
            </Button>
            <Button
              size="small"
              type="primary"
              disabled={!account}
              loading={busy === 'save'}
              onClick={save}
              data-act="save-deputy"
            >
              {t('保存')}
            </Button>
          </div>
        </div>
      )}
    </section>
  );
}
