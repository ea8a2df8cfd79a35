import { useEffect, useMemo, useRef, useState } from 'react';
import type { Demo, DemoCitizen, PhoneSecret } from '@/api/contract';
import { errorText } from '@/api/errors';
import { get, post } from '@/api/http';
import { duration, phoneNumber } from '@/components/format';
import { currentLang, setLang, useT } from '@/i18n';
import { Phone } from '@/phone/phone';
import { initialPhone, type PhoneState } from '@/phone/state';
import './citizen.css';

const keys = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '0', '#'];
const letters = ['', 'ABC', 'DEF', 'GHI', 'JKL', 'MNO', 'PQRS', 'TUV', 'WXYZ', '', '+', ''];
const hotline = '12345';

/** The citizen's telephone of the demo: choose who you are, dial, listen, press, speak, rate. */
export function Citizen() {
  const t = useT();
  const [demo, setDemo] = useState<Demo | null>(null);
  const [error, setError] = useState('');
  const [who, setWho] = useState<DemoCitizen | null>(null);
  useEffect(() => {
    document.title = `${t('市民电话')} · ${t('12345 演示')}`;
    get<Demo>('/demo').then(setDemo, (e) => setError(errorText(e)));
  }, [t]);
  return (
    <main className="citizen">
      <div className="citizen-banner">
        <b>{t('演示环境')}</b> {t('这是一部模拟的市民电话')}
        <button type="button" onClick={() => setLang(currentLang() === 'zh-CN' ? 'en-US' : 'zh-CN')}>
          中文 / English
        </button>
      </div>
      <div className="citizen-columns" data-chosen={who !== null}>
        <section className="citizen-who">
          <h2>
            {t('您是谁？')}
            {who && (
              <button
                type="button"
                className="citizen-other"
                onClick={() => setWho(null)}
                data-act="other-citizen"
              >
                {t('换一位市民')}
              </button>
            )}
          </h2>
          {error && <p role="alert">{t(error)}</p>}
          {demo?.citizens.map((c) => (
            <button
              type="button"
              key={c.id}
              className="citizen-card"
              aria-pressed={who?.id === c.id}
              onClick={() => setWho(c)}
              data-citizen={c.id}
            >
              <b>{c.name}</b>
              <span>{c.note}</span>
              {c.number && <span className="num">{phoneNumber(c.number)}</span>}
            </button>
          ))}
        </section>
        {who ? <Handset key={who.id} who={who} /> : <Blank />}
        <Guide />
      </div>
    </main>
  );
}

function Blank() {
  const t = useT();
  return (
    <section className="handset off">
      <div className="handset-screen">
        <div className="handset-number num">{hotline}</div>
        <p>{t('先选一位市民，这里就是他的电话')}</p>
      </div>
      <div className="handset-keys" aria-hidden="true">
        {keys.map((k, i) => (
          <button type="button" key={k} disabled>
            {k}
            <small>{letters[i]}</small>
          </button>
        ))}
      </div>
    </section>
  );
}

function Handset({ who }: { who: DemoCitizen }) {
  const t = useT();
  const [p, setP] = useState<PhoneState>(initialPhone);
  const [level, setLevel] = useState(0);
  const [typed, setTyped] = useState('');
  const [pressed, setPressed] = useState('');
  const [noMic, setNoMic] = useState(false);
  const since = useRef(0);
  const [, tick] = useState(0);
  const phone = useMemo(
    () =>
      new Phone({
        secret: () => post<PhoneSecret>('/demo/citizen-phone', { citizen: who.id }),
        lock: `hotline-citizen-${who.id}`,
        onState: setP,
        onLevel: setLevel,
        onNotice: (n) => setNoMic(n !== 'auto_answered'),
      }),
    [who.id],
  );
  useEffect(() => {
    phone.start();
    return () => phone.stop();
  }, [phone]);
  const live = p.call === 'active' || p.call === 'held';
  useEffect(() => {
    if (!live) return;
    since.current = Date.now();
    setPressed('');
    const timer = setInterval(() => tick((n) => n + 1), 1_000);
    return () => clearInterval(timer);
  }, [live]);
  const busy = live || p.call === 'ringing';
  const press = (k: string) => {
    if (live) {
      phone.dtmf(k);
      setPressed((x) => (x + k).slice(-16));
    } else if (!busy) setTyped((x) => (x + k).slice(0, 16));
  };
  const dial = (number: string) => {
    setNoMic(false);
    phone.reset();
    void phone.dial(number);
  };
  useEffect(() => {
    const onKey = (e: KeyboardEvent) => {
      if (e.ctrlKey || e.altKey || e.metaKey) return;
      if (keys.includes(e.key)) press(e.key);
      else if (e.key === 'Backspace') setTyped((x) => x.slice(0, -1));
      else if (e.key === 'Enter' && !busy) dial(typed || hotline);
      else if (e.key === 'Escape' && busy) phone.hangUp();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  });
  const incoming = p.call === 'ringing' && p.direction === 'in';
  const status = statusText(p, incoming);
  return (
    <section
      className="handset"
      data-phone
      data-reg={p.reg}
      data-call={p.call}
      data-media={p.media}
      data-call-id={p.callId}
      data-citizen-on={who.id}
    >
      <div className="handset-screen" aria-live="polite">
        <div className="handset-name">
          {who.name} <span className="num">{phoneNumber(who.number) || t('不显示号码')}</span>
        </div>
        <div className="handset-number num">
          {busy || p.call === 'ended' ? p.peer || hotline : typed || hotline}
        </div>
        <div data-field="status">
          {t(status)} {live && <b className="num">{duration((Date.now() - since.current) / 1000)}</b>}
        </div>
        <div className="handset-pressed num">{pressed}</div>
        {live && (
          <div className="handset-level" aria-hidden="true">
            <i style={{ width: `${Math.round(level * 100)}%` }} />
          </div>
        )}
        {noMic && <div className="handset-warn">{t('没有麦克风：对方听不到您，但可以听和按键')}</div>}
      </div>
      <div className="handset-keys">
        {keys.map((k, i) => (
          <button type="button" key={k} onClick={() => press(k)} disabled={p.call === 'ringing'} data-key={k}>
            {k}
            <small>{letters[i]}</small>
          </button>
        ))}
      </div>
      <div className="handset-row">
        {incoming && (
          <button type="button" className="call" onClick={() => void phone.answer()} data-act="answer">
            {t('接听')}
          </button>
        )}
        {busy ? (
          <button type="button" className="hang" onClick={() => phone.hangUp()} data-act="hangup">
            {t('挂断')}
          </button>
        ) : (
          <button
            type="button"
            className="call"
            disabled={p.reg !== 'on'}
            onClick={() => dial(typed || hotline)}
            data-act="dial"
          >
            {t('拨打 {{number}}', { number: typed || hotline })}
          </button>
        )}
        {live && (
          <button
            type="button"
            className="plain"
            aria-pressed={p.muted}
            onClick={() => phone.mute(!p.muted)}
            data-act="mute"
          >
            {p.muted ? t('取消静音') : t('静音')}
          </button>
        )}
        {!busy && typed && (
          <button type="button" className="plain" onClick={() => setTyped('')}>
            {t('清除')}
          </button>
        )}
      </div>
    </section>
  );
}

function statusText(p: PhoneState, incoming: boolean): string {
  if (p.owner === 'other') return '这位市民的电话在另一个标签页里，请先关闭它';
  if (incoming) return '热线来电';
  switch (p.call) {
    case 'ringing':
      return '正在接通…';
    case 'active':
    case 'held':
      return p.media === 'none' ? '已接通，等待声音' : '通话中：请听提示音，用键盘选择';
    case 'ended':
      return '通话已结束';
    case 'idle':
      return p.reg === 'on' ? '可以拨打' : p.reg === 'failed' ? '电话注册失败，正在重试' : '电话正在开机…';
  }
}

const steps = [
  '另开一个坐席：登录页点坐席 8001 的卡片，签入席位并示闲。',
  '在这里选一位市民，点“拨打 12345”，允许使用麦克风。',
  '听到菜单后按 1（市民诉求）；按 0 或什么都不按也会转人工。',
  '坐席接听后对着麦克风说出诉求，坐席边听边填工单。',
  '坐席先挂断后会邀您评价：按 1 非常满意 … 5 非常不满意。',
];

function Guide() {
  const t = useT();
  return (
    <section className="citizen-guide" data-guide>
      <h2>{t('第一通电话的五步')}</h2>
      <ol>
        {steps.map((s) => (
          <li key={s}>{t(s)}</li>
        ))}
      </ol>
      <p>
        <a href="/signin">{t('登录页')}</a>
      </p>
    </section>
  );
}
