import { LoadingOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useEffect, useState } from 'react';
import { useT } from '@/i18n';
import { startLive, useLive } from '@/live';

/** Says that the live connection is down, and leaves by itself when it is back. */
export function ConnectionBanner() {
  const t = useT();
  const status = useLive((s) => s.status);
  const bye = useLive((s) => s.bye);
  const [late, setLate] = useState(false);
  const down = status === 'reconnecting' || status === 'connecting';
  useEffect(() => {
    if (!down) {
      setLate(false);
      return;
    }
    const timer = setTimeout(() => setLate(true), status === 'reconnecting' ? 300 : 2_000);
    return () => clearTimeout(timer);
  }, [down, status]);
  if (bye) {
    return (
      <div className="conn" role="alert" data-banner="bye" data-reason={bye}>
        {bye === 'replaced' ? t('席位已在别处签入，这一页已停用。') : t('已退出登录，这一页已停用。')}
        <Button
          size="small"
          type="primary"
          onClick={() => (bye === 'replaced' ? startLive() : location.reload())}
        >
          {t('在这一页继续')}
        </Button>
      </div>
    );
  }
  if (!late) return null;
  return (
    <div className="conn" role="alert" data-banner="reconnecting">
      <LoadingOutlined /> {t('断线重连中… 正在通话的声音不受影响，已填内容保存在本机。')}
    </div>
  );
}
