import { AudioOutlined } from '@ant-design/icons';
import { Alert, Button, Modal } from 'antd';
import { useEffect, useState } from 'react';
import { create } from 'zustand';
import { LevelMeter } from '@/features/desktop/LevelMeter';
import { useT } from '@/i18n';
import { meter, openMic, stopStream } from '@/phone/devices';

const shiftMs = 9 * 3_600_000;
const key = 'hotline.miccheck';

interface Check {
  open: boolean;
  settle: ((ok: boolean) => void) | null;
}

const useCheck = create<Check>(() => ({ open: false, settle: null }));

/** Asks for a microphone check once a shift. Resolves true when the agent may be ready. */
export function micChecked(account: string): Promise<boolean> {
  const last = JSON.parse(localStorage.getItem(key) ?? '{}') as { account?: string; at?: number };
  if (last.account === account && Date.now() - (last.at ?? 0) < shiftMs) return Promise.resolve(true);
  return new Promise((resolve) => {
    useCheck.setState({
      open: true,
      settle: (ok) => {
        if (ok) localStorage.setItem(key, JSON.stringify({ account, at: Date.now() }));
        useCheck.setState({ open: false, settle: null });
        resolve(ok);
      },
    });
  });
}

/** The dialog of the check: speak, see the level, go on by itself. */
export function MicCheck() {
  const { open, settle } = useCheck();
  return open && settle ? <Dialog settle={settle} /> : null;
}

function Dialog({ settle }: { settle: (ok: boolean) => void }) {
  const t = useT();
  const [level, setLevel] = useState(0);
  const [failed, setFailed] = useState(false);
  const [heard, setHeard] = useState(0);
  useEffect(() => {
    let stop = () => {};
    let stream: MediaStream | null = null;
    let gone = false;
    openMic().then(
      (s) => {
        if (gone) {
          stopStream(s);
          return;
        }
        stream = s;
        stop = meter(s, (l) => {
          setLevel(l);
          if (l > 0.25) setHeard((n) => n + 1);
        });
      },
      () => setFailed(true),
    );
    return () => {
      gone = true;
      stop();
      stopStream(stream);
    };
  }, []);
  useEffect(() => {
    if (heard >= 5) settle(true);
  }, [heard, settle]);
  return (
    <Modal
      open
      title={t('麦克风检测')}
      onCancel={() => settle(false)}
      footer={[
        <Button key="later" onClick={() => settle(false)}>
          {t('暂不示闲')}
        </Button>,
        <Button key="skip" type="primary" onClick={() => settle(true)} data-act="mic-skip">
          {failed ? t('没有麦克风也示闲') : t('跳过检测')}
        </Button>,
      ]}
    >
      {failed ? (
        <Alert
          type="warning"
          showIcon
          title={t('没有找到麦克风，或浏览器没有授权')}
          description={t('请接好耳麦，并在地址栏左侧允许使用麦克风；否则接听后市民听不到您。')}
        />
      ) : (
        <div style={{ textAlign: 'center', padding: '16px 0' }}>
          <AudioOutlined style={{ fontSize: 36, color: 'var(--primary)' }} />
          <p>{t('请对着麦克风说：“您好，12345 热线。”')}</p>
          <LevelMeter level={level} wide />
          <p className="muted small">{t('听到声音后自动通过，本班次不再询问。')}</p>
        </div>
      )}
    </Modal>
  );
}
