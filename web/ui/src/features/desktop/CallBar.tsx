import { DownOutlined, PhoneFilled } from '@ant-design/icons';
import { App, Button, Dropdown, Space, Tooltip } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { useLocation, useNavigate } from 'react-router';
import type { CallView, SeatView } from '@/api/contract';
import { useCommands } from '@/app/keys';
import { phoneNumber } from '@/components/format';
import { Since } from '@/components/Since';
import { useT } from '@/i18n';
import { callStages, hangupReasons, label } from '@/labels';
import { floor, useLive } from '@/live';
import { onPhoneNotice, phone, phoneCallId, usePhone } from '@/phone';
import './callbar.css';
import { EmergencyButton } from './Emergency';
import { MicCheck } from './MicCheck';
import { useCurrentCall } from './model';
import { PartyPanel, PartyStrip } from './Parties';
import { PhonePanel } from './PhonePanel';
import { SignInBar, StateMenu, useWish } from './StateMenu';
import { useRun } from './useRun';
import { WrapUp } from './WrapUp';

const inTalk = ['talking', 'holding', 'consult', 'three_way'];

/** The bar of the seat: state, caller, timer, and everything that can be done with the call. */
export default function CallBar({ seat: seatNo }: { seat: string }) {
  const seat = useLive((s) => s.seat);
  const call = useCurrentCall();
  const p = usePhone();
  const current = useLive((s) => s.current);
  useNotices();
  useOpenDeskOnRing();
  const wrapped = seat?.call || current;
  const ended = p.call === 'ended' || (call?.end && p.call === 'idle' && seat?.state === 'wrap_up');
  return (
    <>
      <section
        className="callbar"
        aria-label="callbar"
        data-phone
        data-reg={p.reg}
        data-call={ended ? 'ended' : p.call}
        data-media={p.media}
        data-call-id={phoneCallId(p, current)}
        data-owner={p.owner}
        data-mic={p.mic}
        data-seat-state={seat?.state ?? 'signed_out'}
        data-seat-reason={seat?.reason ?? ''}
      >
        {!seat || seat.state === 'signed_out' ? (
          <SignInBar seatNo={seatNo} />
        ) : (
          <SignedIn seat={seat} call={call} />
        )}
      </section>
      {call?.parties?.length ? <PartyStrip call={call} /> : null}
      {seat?.state === 'wrap_up' && wrapped && <WrapUp key={wrapped} seat={seat} id={wrapped} call={call} />}
      <MicCheck />
    </>
  );
}

function SignedIn({ seat, call }: { seat: SeatView; call: CallView | undefined }) {
  const t = useT();
  const { wish } = useWish();
  useCommands({ ready: () => wish('idle'), notready: () => wish('not_ready', 'self') });
  const rings = usePhone((p) => p.call === 'ringing');
  const talking = inTalk.includes(seat.state) || seat.state === 'dialling';
  const ringing = !talking && (seat.state === 'ringing' || rings);
  const busy = talking || ringing;
  const shown = call && (busy || seat.state === 'wrap_up') ? call : undefined;
  return (
    <>
      <StateMenu seat={seat} />
      <div className="callbar-call">
        {shown ? <CallerLine call={shown} talking={inTalk.includes(seat.state)} /> : <QueueLine />}
      </div>
      {ringing && <RingControls browser={seat.device === 'browser'} />}
      {talking && call && <Controls seat={seat} call={call} />}
      {busy && call && inTalk.includes(seat.state) && <EmergencyButton call={call} />}
      {seat.device === 'browser' ? <PhonePanel /> : <span className="muted small">{t('使用桌面话机')}</span>}
    </>
  );
}

function CallerLine({ call, talking }: { call: CallView; talking: boolean }) {
  const t = useT();
  const history = useLive((s) => s.pops[call.id]?.history);
  const place = [history?.province, history?.city, history?.carrier].filter(Boolean).join(' ');
  return (
    <>
      <PhoneFilled className="callbar-icon" />
      <span className="callbar-number num" data-field="caller">
        {phoneNumber(call.caller) || call.caller_masked || t('未显示号码')}
      </span>
      <span className="callbar-stage">
        {call.end ? t('已结束') : t(label(callStages, call.stage))}{' '}
        {talking && call.answered_at && !call.end && (
          <Since at={call.answered_at} className="callbar-timer" />
        )}
        {call.stage === 'hold' && call.held_since && (
          <span className="tag" style={{ marginLeft: 8 }}>
            {t('已保持')} <Since at={call.held_since} />
          </span>
        )}
      </span>
      {call.direction === 'outbound' && <span className="tag">{t('外呼')}</span>}
      {call.called !== '12345' && call.line && <span className="tag">{call.line}</span>}
      <span className="muted ellipsis">{place}</span>
    </>
  );
}

/** What waits in the seat's queues while it has no call. */
function QueueLine() {
  const t = useT();
  const queues = useLive((s) => s.queues);
  const list = Object.values(queues);
  return (
    <span className="row muted callbar-queues">
      {list.map((q) => (
        <span key={q.queue} className="tag">
          {q.name} <b className="num">{t('{{n}} 人排队', { n: q.waiting })}</b>
        </span>
      ))}
    </span>
  );
}

/** Answer or refuse; it needs the phone alone, so that it works before and without the floor's word. */
function RingControls({ browser }: { browser: boolean }) {
  const t = useT();
  const rings = usePhone((s) => s.call === 'ringing');
  const answer = () => void phone.answer();
  useCommands({
    answer: browser && rings ? answer : undefined,
    hangup: browser && rings ? () => phone.hangUp() : undefined,
  });
  if (!browser) return <span className="muted">{t('请在桌面话机上接听')}</span>;
  return (
    <Space size={6}>
      <Button type="primary" disabled={!rings} onClick={answer} data-act="answer">
        {t('接听')} <kbd>F2</kbd>
      </Button>
      <Button disabled={!rings} onClick={() => phone.hangUp()} data-act="reject">
        {t('拒接')}
      </Button>
    </Space>
  );
}

function Controls({ seat, call }: { seat: SeatView; call: CallView }) {
  const t = useT();
  const p = usePhone();
  const [run, busy] = useRun();
  const [panel, setPanel] = useState(false);
  const browser = seat.device === 'browser';
  const talking = inTalk.includes(seat.state);
  const held = seat.state === 'holding';
  const hold = () => talking && run('hold', () => (held ? floor.resume(call.id) : floor.hold(call.id)));
  const mute = () => phone.mute(!p.muted);
  const hangUp = (rating: boolean, reason?: string) =>
    run('hangup', async () => {
      try {
        await floor.hangUp(call.id, rating, reason);
      } catch (e) {
        if ((e as { code?: string }).code !== 'socket_closed') throw e;
        phone.hangUp(); // no way to the floor: the phone itself can still end it
      }
    });
  useCommands({
    hold: talking ? () => void hold() : undefined,
    mute: browser && talking ? mute : undefined,
    party: talking ? () => setPanel((x) => !x) : undefined,
    hangup: () => void hangUp(true),
  });
  return (
    <Space size={6}>
      {talking && (
        <Key keys="F4">
          <Button
            loading={busy === 'hold'}
            disabled={seat.state === 'consult'}
            onClick={hold}
            data-act={held ? 'resume' : 'hold'}
          >
            {held ? t('取回') : t('保持')} <kbd>F4</kbd>
          </Button>
        </Key>
      )}
      {browser && talking && (
        <Key keys="F8">
          <Button
            type={p.muted ? 'primary' : 'default'}
            onClick={mute}
            aria-pressed={p.muted}
            data-act="mute"
          >
            {p.muted ? t('取消静音') : t('静音')} <kbd>F8</kbd>
          </Button>
        </Key>
      )}
      {talking && (
        <Key keys="F9">
          <Button onClick={() => setPanel(true)} data-act="party">
            {t('转接/三方')} <kbd>F9</kbd>
          </Button>
        </Key>
      )}
      {talking && call.direction === 'inbound' ? (
        <Space.Compact>
          <Key keys="Ctrl+F2">
            <Button loading={busy === 'hangup'} onClick={() => hangUp(true)} data-act="hangup">
              {t('挂断并邀评')} <kbd>Ctrl+F2</kbd>
            </Button>
          </Key>
          <Dropdown
            trigger={['click']}
            menu={{
              items: Object.entries(hangupReasons).map(([key, text]) => ({
                key,
                label: `${t('直接挂断')}：${t(text)}`,
                onClick: () => void hangUp(false, key),
              })),
            }}
          >
            <Button icon={<DownOutlined />} aria-label={t('直接挂断')} data-act="hangup-plain" />
          </Dropdown>
        </Space.Compact>
      ) : (
        <Key keys="Ctrl+F2">
          <Button loading={busy === 'hangup'} onClick={() => hangUp(false, 'finished')} data-act="hangup">
            {t('挂断')}
          </Button>
        </Key>
      )}
      {panel && <PartyPanel call={call} close={() => setPanel(false)} />}
    </Space>
  );
}

/** A button with its key shown on hover. */
function Key({ keys, children }: { keys: string; children: React.ReactElement }) {
  return <Tooltip title={<kbd>{keys}</kbd>}>{children}</Tooltip>;
}

/** What the phone has to say to the agent. */
function useNotices() {
  const t = useT();
  const { notification } = App.useApp();
  useEffect(() => {
    onPhoneNotice((n) => {
      if (n === 'no_microphone') {
        notification.warning({
          key: n,
          title: t('没有麦克风，已照常接听'),
          description: t('您能听到市民，市民听不到您。请接上耳麦，接好后会自动恢复。'),
          duration: 0,
        });
      } else if (n === 'microphone_lost') {
        notification.error({
          key: n,
          title: t('耳麦断开了'),
          description: t('市民现在听不到您。请重新接好耳麦，或在话机设置里换一个设备。'),
          duration: 0,
        });
      } else {
        notification.info({ key: n, title: t('已自动接听'), duration: 3 });
      }
    });
  }, [t, notification]);
  const mic = usePhone((s) => s.mic);
  useEffect(() => {
    if (mic === 'ok') {
      notification.destroy('no_microphone');
      notification.destroy('microphone_lost');
    }
  }, [mic, notification]);
}

/** A call belongs on the desk: the pop brings the agent there from any other page. */
function useOpenDeskOnRing() {
  const go = useNavigate();
  const { pathname } = useLocation();
  const ringing = useLive((s) => (s.seat?.state === 'ringing' ? s.seat.call : undefined));
  const moved = useRef<string | undefined>(undefined);
  useEffect(() => {
    if (ringing === moved.current) return;
    moved.current = ringing; // once for each ring: afterwards the agent may look elsewhere
    if (ringing && pathname !== '/desk') void go('/desk');
  }, [ringing, pathname, go]);
}
