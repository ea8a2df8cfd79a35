import { useQueryClient } from '@tanstack/react-query';
import { Button, Form, Input, Modal, Segmented, Select, Space } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router';
import type { Callback } from '@/api/contract';
import { post } from '@/api/http';
import { may, P } from '@/app/permissions';
import { useSession } from '@/app/session';
import { DataTable } from '@/components/DataTable';
import { shortTime, ticketNumber } from '@/components/format';
import { PageShell } from '@/components/page';
import { Since } from '@/components/Since';
import { useUrlFilters } from '@/components/useUrlFilters';
import Player from '@/features/calls/Player';
import { drafts } from '@/features/desktop/model';
import { useRun } from '@/features/desktop/useRun';
import { useT } from '@/i18n';
import { callbackKinds, callbackStates, endCauses, label } from '@/labels';
import { floor, useLive } from '@/live';

const results: Record<string, string> = {
  contacted: '已联系上',
  unreachable: '联系不上',
  duplicate: '重复来电，已处理',
  other: '其他',
};

/** 留言与回拨: voicemails, call-back wishes and missed calls: take, play, call back, ticket, done. */
export default function Callbacks() {
  const t = useT();
  const session = useSession();
  const client = useQueryClient();
  const [f, set] = useUrlFilters();
  const [run, busy] = useRun();
  const [closing, setClosing] = useState<Callback | null>(null);
  const seat = useLive((s) => s.seat?.state);
  const canDial = may(session, P.seat) && ['idle', 'not_ready', 'rest'].includes(seat ?? '');
  const refetch = () => client.invalidateQueries({ queryKey: ['/callbacks'] });
  const act = async (x: Callback, what: string) => {
    if (await run(x.id + what, () => post(`/callbacks/${x.id}/${what}`))) await refetch();
  };
  const state = f.state ?? 'waiting';
  return (
    <PageShell title={t('留言与回拨')}>
      <div className="filters">
        <Segmented
          value={state}
          options={Object.entries(callbackStates).map(([value, l]) => ({ value, label: t(l) }))}
          onChange={(v) => set({ state: v })}
          data-field="state"
        />
        <Segmented
          value={f.kind ?? ''}
          options={[
            { value: '', label: t('全部') },
            ...Object.entries(callbackKinds).map(([value, l]) => ({ value, label: t(l) })),
          ]}
          onChange={(v) => set({ kind: v })}
          data-field="kind"
        />
      </div>
      <DataTable<Callback>
        path="/callbacks"
        query={{ kind: f.kind, state }}
        rowKey="id"
        refetchInterval={15_000}
        empty={state === 'waiting' ? t('没有待处理的留言、回拨和漏接') : t('这里还没有记录')}
        columns={[
          {
            title: t('类别'),
            width: 70,
            render: (_, x) => (
              <span className="tag" data-callback={x.id} data-kind={x.kind} data-state={x.state}>
                {t(label(callbackKinds, x.kind))}
              </span>
            ),
          },
          {
            title: t('号码'),
            width: 120,
            render: (_, x) => <span className="num">{x.caller_masked || t('匿名')}</span>,
          },
          { title: t('队列'), width: 110, render: (_, x) => x.queue_name || x.queue },
          {
            title: t('来电时间'),
            width: 160,
            render: (_, x) => (
              <span className="num">
                {shortTime(x.entered_at)}
                {x.state !== 'done' && (
                  <span className="muted">
                    {' '}
                    {t('已等')} <Since at={x.entered_at} />
                  </span>
                )}
              </span>
            ),
          },
          {
            title: t('留言'),
            width: 330,
            render: (_, x) =>
              x.recording ? <Player recording={x.recording} compact /> : <span className="muted">—</span>,
          },
          {
            title: t('处理'),
            width: 210,
            render: (_, x) => (
              <div className="small">
                {x.taken_by && (
                  <div>
                    {x.taken_by_name || x.taken_by} {shortTime(x.taken_at)}
                  </div>
                )}
                {x.attempts?.map((a) => (
                  <div key={a.at}>
                    {t('回拨')} <span className="num">{shortTime(a.at)}</span>{' '}
                    {a.outcome ? t(label(endCauses, a.outcome)) : t('进行中')}
                  </div>
                ))}
                {x.result && (
                  <div>
                    {t(results[x.result] ?? x.result)} {x.text}
                  </div>
                )}
                {x.ticket && (
                  <Link to={`/tickets/${x.ticket}`}>{ticketNumber(x.ticket_number) || t('查看工单')}</Link>
                )}
              </div>
            ),
          },
          {
            title: t('操作'),
            width: 260,
            render: (_, x) => (
              <Space size={4} wrap>
                {x.state === 'waiting' && (
                  <Button
                    size="small"
                    type="primary"
                    loading={busy === `${x.id}take`}
                    onClick={() => act(x, 'take')}
                    data-act="take"
                  >
                    {t('领取')}
                  </Button>
                )}
                {x.state === 'taken' && x.taken_by === session.account && (
                  <>
                    <Button
                      size="small"
                      type="primary"
                      disabled={!canDial || x.dialable === false}
                      title={canDial ? '' : t('签入席位且不在通话中才能回拨')}
                      loading={busy === `${x.id}dial`}
                      onClick={() => run(`${x.id}dial`, () => floor.dial({ callback: x.id }))}
                      data-act="call-back"
                    >
                      {t('回拨')}
                    </Button>
                    {may(session, P.ticketsWrite) && x.call && (
                      <Link
                        to="/desk"
                        onClick={() =>
                          drafts.open(`again:${x.id}`, {
                            call: x.call ?? null,
                            callback: x.id,
                            source: x.kind === 'voicemail' ? 'voicemail' : 'phone',
                          })
                        }
                      >
                        <Button size="small" data-act="ticket">
                          {t('建单')}
                        </Button>
                      </Link>
                    )}
                    <Button size="small" onClick={() => setClosing(x)} data-act="done">
                      {t('完成')}
                    </Button>
                    <Button size="small" type="text" onClick={() => act(x, 'release')} data-act="release">
                      {t('放回')}
                    </Button>
                  </>
                )}
              </Space>
            ),
          },
        ]}
      />
      {closing && (
        <Modal open title={t('处理结果')} footer={null} onCancel={() => setClosing(null)}>
          <Form
            layout="vertical"
            initialValues={{ result: 'contacted' }}
            onFinish={async (v) => {
              if (
                await run('done', () =>
                  post(`/callbacks/${closing.id}/done`, {
                    ...v,
                    ...(closing.ticket ? { ticket: closing.ticket } : {}),
                  }),
                )
              ) {
                setClosing(null);
                await refetch();
              }
            }}
          >
            <Form.Item name="result" label={t('结果')}>
              <Select options={Object.entries(results).map(([value, l]) => ({ value, label: t(l) }))} />
            </Form.Item>
            <Form.Item name="text" label={t('说明')}>
              <Input.TextArea autoSize={{ minRows: 2 }} maxLength={500} data-field="result-text" />
            </Form.Item>
            <Button type="primary" htmlType="submit" loading={busy === 'done'} data-act="confirm">
              {t('完成')}
            </Button>
          </Form>
        </Modal>
      )}
    </PageShell>
  );
}
