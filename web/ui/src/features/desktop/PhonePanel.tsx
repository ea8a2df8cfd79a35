import { SettingOutlined } from '@ant-design/icons';
import { Button, Popover, Select, Switch, Tooltip } from 'antd';
import { useEffect, useState } from 'react';
import { useT } from '@/i18n';
import { phone, useMicLevel, usePhone } from '@/phone';
import { type AudioPrefs, audioPrefs, saveAudioPrefs } from '@/phone/devices';
import { LevelMeter } from './LevelMeter';

const keys = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '0', '#'];

/** The phone's small signs at the right of the bar, and its settings. */
export function PhonePanel() {
  const t = useT();
  const p = usePhone();
  const words = { on: '已注册', connecting: '注册中', failed: '注册失败', off: '未注册' } as const;
  return (
    <span className="row">
      {(p.call === 'active' || p.call === 'held') && (
        <>
          <MicSign />
          <NetSign />
        </>
      )}
      {p.owner === 'other' ? (
        <span className="tag">{t('电话在另一个标签页')}</span>
      ) : (
        p.reg !== 'on' && (
          <span className="tag st-alarm">
            <span className="dot" />
            {t('话机')} {t(words[p.reg])}
          </span>
        )
      )}
      <Popover
        trigger="click"
        placement="bottomRight"
        content={<Settings inCall={p.call === 'active' || p.call === 'held'} />}
        destroyOnHidden
      >
        <Button
          title={t('话机设置与键盘')}
          icon={<SettingOutlined />}
          aria-label={t('话机设置与键盘')}
          data-act="phone-settings"
        />
      </Popover>
    </span>
  );
}

function MicSign() {
  const level = useMicLevel((s) => s.level);
  return <LevelMeter level={level} />;
}

function NetSign() {
  const t = useT();
  const q = usePhone((s) => s.quality);
  const bars = q?.bars ?? 0;
  const tip = q
    ? t('丢包 {{loss}}% · 抖动 {{jitter}} ms · 往返 {{rtt}} ms', {
        loss: q.lossPct.toFixed(1),
        jitter: Math.round(q.jitterMs),
        rtt: Math.round(q.rttMs),
      })
    : t('没有收到声音');
  return (
    <Tooltip title={tip}>
      <span className="row small" data-net={bars}>
        {t('网络')}
        <span className={`net ${bars < 2 ? 'bad' : ''}`}>
          {[4, 7, 10, 14].map((h, i) => (
            <i key={h} style={{ height: h }} className={i < bars ? 'on' : ''} />
          ))}
        </span>
      </span>
    </Tooltip>
  );
}

function Settings({ inCall }: { inCall: boolean }) {
  const t = useT();
  const [prefs, setPrefs] = useState(audioPrefs);
  const [devices, setDevices] = useState<MediaDeviceInfo[]>([]);
  useEffect(() => {
    const load = () => navigator.mediaDevices?.enumerateDevices().then(setDevices);
    void load();
    navigator.mediaDevices?.addEventListener('devicechange', load);
    return () => navigator.mediaDevices?.removeEventListener('devicechange', load);
  }, []);
  const change = (c: Partial<AudioPrefs>) => {
    const next = { ...prefs, ...c };
    setPrefs(next);
    saveAudioPrefs(next);
    void phone.devicesChosen().catch(() => {});
  };
  const options = (kind: MediaDeviceKind) => [
    { value: '', label: t('系统默认') },
    ...devices
      .filter((d) => d.kind === kind && d.deviceId && d.deviceId !== 'default')
      .map((d) => ({ value: d.deviceId, label: d.label || d.deviceId.slice(0, 8) })),
  ];
  return (
    <div className="phone-panel">
      <label>
        {t('麦克风')}
        <Select value={prefs.input} options={options('audioinput')} onChange={(input) => change({ input })} />
      </label>
      <label>
        {t('扬声器 / 耳机')}
        <Select
          value={prefs.output}
          options={options('audiooutput')}
          onChange={(output) => change({ output })}
        />
      </label>
      <span className="row">
        <Switch
          size="small"
          checked={prefs.processing}
          onChange={(processing) => change({ processing })}
          aria-label={t('降噪与回声消除')}
        />
        {t('降噪与回声消除')}
      </span>
      {inCall && (
        <div className="keypad" data-keypad>
          {keys.map((k) => (
            <Button key={k} onClick={() => phone.dtmf(k)} data-key={k}>
              {k}
            </Button>
          ))}
        </div>
      )}
    </div>
  );
}
