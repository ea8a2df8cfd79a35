import { DownOutlined, LoginOutlined } from '@ant-design/icons';
import { Button, Dropdown, Radio } from 'antd';
import { useState } from 'react';
import type { SeatState, SeatView } from '@/api/contract';
import { useSession } from '@/app/session';
import { Since } from '@/components/Since';
import { useT } from '@/i18n';
import { label, reasons, seatStates } from '@/labels';
import { floor, useLive } from '@/live';
import { phone, usePhone } from '@/phone';
import { statusOfSeat } from '@/theme/status';
import { micChecked } from './MicCheck';
import { useRun } from './useRun';

/** Sets the agent's wish; ready asks for the microphone check first. */
export function useWish() {
  const [run, busy] = useRun();
  const { account } = useSession();
  const device = useLive((s) => s.seat?.device);
  const wish = (state: SeatState, reason?: string) =>
    run('wish', async () => {
      if (state === 'idle' && device === 'browser' && !(await micChecked(account))) return;
      await floor.wish(state, reason);
    });
  return { wish, busy };
}

const choices: { state: SeatState; reason?: string }[] = [
  { state: 'idle' },
  { state: 'not_ready', reason: 'self' },
  { state: 'not_ready', reason: 'meeting' },
  { state: 'not_ready', reason: 'training' },
  { state: 'not_ready', reason: 'coaching' },
  { state: 'rest', reason: 'rest' },
  { state: 'rest', reason: 'meal' },
];

/** The seat's state with its timer, and what the agent may wish next. */
export function StateMenu({ seat }: { seat: SeatView }) {
  const t = useT();
  const [run] = useRun();
  const { wish, busy } = useWish();
  const inCall = ['ringing', 'talking', 'holding', 'consult', 'three_way', 'dialling'].includes(seat.state);
  const reason = seat.reason ? label(reasons, seat.reason) : '';
  const word = label(seatStates, seat.state);
  const wished = seat.wish && (inCall || seat.state === 'wrap_up') ? label(seatStates, seat.wish.state) : '';
  return (
    <Dropdown
      trigger={['click']}
      menu={{
        items: [
          ...choices.map((c) => ({
            key: `${c.state}.${c.reason ?? ''}`,
            label: (
              <span className="row" data-wish={`${c.state}${c.reason ? `.${c.reason}` : ''}`}>
                <span className={`dot st-${statusOfSeat[c.state]}`} />
                {c.state === 'idle'
                  ? t('示闲')
                  : t(c.reason === 'self' ? '示忙' : c.reason === 'rest' ? '小休' : label(reasons, c.reason))}
                {inCall && <span className="muted small">{t('通话后生效')}</span>}
              </span>
            ),
            onClick: () => void wish(c.state, c.reason),
          })),
          { type: 'divider' as const },
          {
            key: 'auto',
            label: seat.auto_answer ? t('关闭自动应答') : t('打开自动应答（响一声即接通）'),
            onClick: () => void run('auto', () => floor.autoAnswer(!seat.auto_answer)),
          },
          {
            key: 'out',
            label: <span data-wish="signed_out">{inCall ? t('通话后签出') : t('签出')}</span>,
            onClick: () => void run('out', () => (inCall ? floor.wish('signed_out') : floor.signOut())),
          },
        ],
      }}
    >
      <Button className={`state st-${statusOfSeat[seat.state]}`} loading={busy === 'wish'} data-act="state">
        <span className={`dot ${seat.state === 'ringing' ? 'live' : ''}`} />
        <b>{t(word)}</b>
        {reason && reason !== word && seat.state !== 'faulty' && (
          <span className="muted small">{t(reason)}</span>
        )}
        <Since at={seat.since} />
        {wished && <span className="muted small">→ {t(wished)}</span>}
        <DownOutlined className="small" />
      </Button>
    </Dropdown>
  );
}

const registerWaitMs = 6_000;

function registered(): Promise<void> {
  if (usePhone.getState().reg === 'on') return Promise.resolve();
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      stop();
      reject(Object.assign(new Error('not registered'), { code: 'phone_not_registered' }));
    }, registerWaitMs);
    const stop = usePhone.subscribe((s) => {
      if (s.reg === 'on') {
        clearTimeout(timer);
        stop();
        resolve();
      }
    });
  });
}

/** Signing in at the seat: the phone first, then the floor. */
export function SignInBar({ seatNo }: { seatNo: string }) {
  const t = useT();
  const [device, setDevice] = useState<'browser' | 'phone'>('browser');
  const [run, busy] = useRun();
  const owner = usePhone((s) => s.owner);
  const online = useLive((s) => s.status === 'open');
  const signIn = () =>
    run('in', async () => {
      if (device === 'browser') {
        phone.start();
        await registered();
      }
      await floor.signIn(seatNo, device);
    });
  return (
    <div className="row">
      <span className="state st-notready">
        <span className="dot" />
        <b>{t('签出')}</b>
      </span>
      <span>
        {t('席位')} <b className="num">{seatNo}</b>
      </span>
      <Radio.Group
        value={device}
        onChange={(e) => setDevice(e.target.value)}
        options={[
          { value: 'browser', label: t('浏览器电话') },
          { value: 'phone', label: t('桌面话机') },
        ]}
      />
      <Button
        type="primary"
        icon={<LoginOutlined />}
        loading={busy === 'in'}
        disabled={!online}
        onClick={signIn}
        data-act="seat-sign-in"
      >
        {t('签入席位')}
      </Button>
      {owner === 'other' && (
        <span className="muted">{t('电话在另一个标签页里使用中，请到那一页操作，或先关闭它。')}</span>
      )}
    </div>
  );
}
