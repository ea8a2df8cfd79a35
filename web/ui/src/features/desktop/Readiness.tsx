import { keyMap } from '@/app/keys';
import { useT } from '@/i18n';
import { useLive } from '@/live';
import { usePhone } from '@/phone';

/** Between calls: is everything ready for the next one? */
export function Readiness() {
  const t = useT();
  const seat = useLive((s) => s.seat);
  const online = useLive((s) => s.status === 'open');
  const p = usePhone();
  const keys = keyMap();
  const signedIn = !!seat && seat.state !== 'signed_out';
  const rows: [string, boolean, string][] = [
    ['实时连接', online, online ? '正常' : '重连中'],
    ['席位', signedIn, signedIn ? '已签入' : '未签入'],
    [
      '话机',
      seat?.device === 'phone' ? !!seat.registered : p.reg === 'on',
      (seat?.device === 'phone' ? seat.registered : p.reg === 'on') ? '已注册' : '未注册',
    ],
    [
      '麦克风',
      p.mic !== 'missing' && p.mic !== 'lost',
      p.mic === 'ok' ? '正常' : p.mic === 'unknown' ? '示闲时检测' : '没有麦克风',
    ],
  ];
  return (
    <aside className="who card" data-panel="waiting">
      <h2>{signedIn && seat.state === 'idle' ? t('等待来电') : t('未在接听')}</h2>
      <p className="muted" style={{ margin: '0 0 4px' }}>
        {!signedIn
          ? t('在上方选好话机，签入席位，再示闲。')
          : seat.state === 'idle'
            ? t('来电会先弹屏，再振铃。')
            : t('在上方状态菜单里选“示闲”，开始接听。')}
      </p>
      <h3>{t('就绪检查')}</h3>
      <dl className="facts">
        {rows.map(([name, ok, text]) => (
          <Row key={name} name={t(name)} ok={ok} text={t(text)} />
        ))}
      </dl>
      <h3>{t('常用按键')}</h3>
      <dl className="facts">
        {(
          [
            ['answer', '接听'],
            ['hold', '保持 / 取回'],
            ['mute', '静音'],
            ['party', '转接 / 三方'],
            ['hangup', '挂断并邀评'],
            ['submit', '提交派单'],
          ] as const
        ).map(([k, text]) => (
          <Row key={k} name={<kbd>{keys[k]}</kbd>} text={t(text)} />
        ))}
      </dl>
    </aside>
  );
}

function Row({ name, ok, text }: { name: React.ReactNode; ok?: boolean; text: string }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>
        {ok === undefined ? '' : ok ? '✓ ' : '✗ '}
        {text}
      </dd>
    </>
  );
}
