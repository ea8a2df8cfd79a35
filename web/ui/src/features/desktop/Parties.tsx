import { useQuery } from '@tanstack/react-query';
import { Button, Input, Modal, Tabs } from 'antd';
import { useState } from 'react';
import type { CallView, Contact, List, SeatPick } from '@/api/contract';
import { get } from '@/api/http';
import { Loaded, Nothing } from '@/components/page';
import { SeatTag } from '@/components/StatusTag';
import { useT } from '@/i18n';
import { floor, type Party, useLive } from '@/live';
import { did } from './model';
import { useRun } from './useRun';

const items = <T,>(r: T[] | List<T>): T[] => (Array.isArray(r) ? r : (r.items ?? []));

/** F9: whom to ask or hand the call to. */
export function PartyPanel({ call, close }: { call: CallView; close: () => void }) {
  const t = useT();
  const own = useLive((s) => s.seat?.seat);
  const [q, setQ] = useState('');
  const [run, busy] = useRun();
  const seats = useQuery({
    queryKey: ['/seats'],
    queryFn: () => get<SeatPick[] | List<SeatPick>>('/seats').then(items),
    refetchInterval: 3_000,
  });
  const contacts = useQuery({
    queryKey: ['/contacts'],
    queryFn: () => get<Contact[] | List<Contact>>('/contacts').then(items),
  });
  const consult = async (key: string, to: Party) => {
    if (await run(key, () => floor.consult(call.id, to))) close();
  };
  const has = (...texts: (string | undefined)[]) => !q || texts.some((x) => x?.includes(q));
  const number = /^[\d*#]{3,20}$/.test(q.replaceAll(/[\s-]/g, '')) ? q.replaceAll(/[\s-]/g, '') : '';
  return (
    <Modal open title={t('转接 / 三方')} footer={null} onCancel={close} width={560} data-panel="party">
      <Input
        autoFocus
        allowClear
        value={q}
        onChange={(e) => setQ(e.target.value)}
        placeholder={t('工号、姓名、单位或外部号码')}
        data-field="party"
        onPressEnter={() => number && void consult(number, { number })}
        suffix={
          number && (
            <Button
              size="small"
              type="primary"
              onClick={() => consult(number, { number })}
              data-act="consult-number"
            >
              {t('呼叫')}
            </Button>
          )
        }
      />
      <Tabs
        items={[
          {
            key: 'seats',
            label: t('坐席'),
            children: (
              <div className="pick-list">
                <Loaded query={seats} rows={4}>
                  {(list) => {
                    const shown = list.filter(
                      (s) => s.seat !== own && s.state !== 'signed_out' && has(s.seat, s.name),
                    );
                    return shown.length ? (
                      shown.map((s) => (
                        <div key={s.seat} className="pick" data-pick-seat={s.seat}>
                          <span className="row">
                            <b className="num">{s.seat}</b> {s.name} <SeatTag state={s.state} />
                          </span>
                          <Button
                            size="small"
                            disabled={s.state !== 'idle'}
                            loading={busy === s.seat}
                            onClick={() => consult(s.seat, { seat: s.seat, label: s.name })}
                          >
                            {t('咨询')}
                          </Button>
                        </div>
                      ))
                    ) : (
                      <Nothing text={t('没有其他签入的坐席')} />
                    );
                  }}
                </Loaded>
              </div>
            ),
          },
          {
            key: 'contacts',
            label: t('单位与译员'),
            children: (
              <div className="pick-list">
                <Loaded query={contacts} rows={4}>
                  {(list) => {
                    const shown = list.filter((c) => c.kind !== 'emergency' && has(c.label, c.number));
                    return shown.length ? (
                      shown.map((c) => (
                        <div key={c.label + c.number} className="pick">
                          <span>
                            {c.label} <span className="muted num">{c.number}</span>
                          </span>
                          <Button
                            size="small"
                            loading={busy === c.number}
                            onClick={() => consult(c.number, { number: c.number, label: c.label })}
                          >
                            {t('咨询')}
                          </Button>
                        </div>
                      ))
                    ) : (
                      <Nothing text={t('没有符合的联系人，可以直接输入号码')} />
                    );
                  }}
                </Loaded>
              </div>
            ),
          },
        ]}
      />
      <p className="muted small">{t('先咨询：市民听等待音乐，您和对方说清楚后再选“转接”或“三方”。')}</p>
    </Modal>
  );
}

const partyWords: Record<string, string> = {
  dialling: '呼叫中',
  consulting: '咨询中，市民在听音乐',
  joined: '三方通话中',
  failed: '没有接通',
};

/** Third parties of the call and what can be done with them. */
export function PartyStrip({ call }: { call: CallView }) {
  const t = useT();
  const [run, busy] = useRun();
  const state = useLive((s) => s.seat?.state);
  const leave = async () => {
    if (await run('transfer', () => floor.transfer(call.id))) did(call.id, 'transferred');
  };
  return (
    <div className="strip" data-parties>
      {call.parties?.map((p) => (
        <span key={p.id} className="row" data-party={p.state}>
          <b>{p.label}</b>
          <span className="tag">
            {t(partyWords[p.state] ?? p.state)}
            {p.cause ? ` (${p.cause})` : ''}
          </span>
          {p.state === 'joined' && (
            <Button
              size="small"
              loading={busy === p.id}
              onClick={() => run(p.id, () => floor.dropParty(call.id, p.id))}
            >
              {t('挂断第三方')}
            </Button>
          )}
        </span>
      ))}
      {(state === 'consult' ||
        call.parties?.some((p) => p.state === 'consulting' || p.state === 'dialling')) && (
        <>
          <Button
            size="small"
            type="primary"
            loading={busy === 'three'}
            onClick={() => run('three', () => floor.threeWay(call.id))}
            data-act="three-way"
          >
            {t('三方通话')}
          </Button>
          <Button size="small" loading={busy === 'transfer'} onClick={leave} data-act="transfer">
            {t('转接给对方')}
          </Button>
          <Button
            size="small"
            loading={busy === 'cancel'}
            onClick={() => run('cancel', () => floor.consultCancel(call.id))}
            data-act="consult-cancel"
          >
            {t('取消，回到市民')}
          </Button>
        </>
      )}
      {state === 'three_way' && (
        <Button size="small" loading={busy === 'transfer'} onClick={leave} data-act="transfer">
          {t('我退出，市民与对方继续')}
        </Button>
      )}
    </div>
  );
}
