import {
  BulbOutlined,
  KeyOutlined,
  LogoutOutlined,
  QuestionCircleOutlined,
  SearchOutlined,
  TranslationOutlined,
  UserOutlined,
} from '@ant-design/icons';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Dropdown, Spin, Tooltip } from 'antd';
import { lazy, Suspense, useEffect } from 'react';
import { Navigate, NavLink, Outlet, useLocation, useNavigate } from 'react-router';
import type { Session } from '@/api/contract';
import { del } from '@/api/http';
import { setZone } from '@/components/format';
import { LoadError } from '@/components/page';
import { currentLang, setLang, useT } from '@/i18n';
import { label, roles } from '@/labels';
import { startLive, stopLive, useLive } from '@/live';
import { phone } from '@/phone';
import { ConnectionBanner } from './ConnectionBanner';
import { useCommands } from './keys';
import { useLeaveGuard } from './leaveGuard';
import { placesOf } from './navigation';
import { may, P, rolesOf } from './permissions';
import { sessionQuery } from './session';
import './shell.css';
import { Banner } from '@/features/announcements/Banner';
import { Bell } from '@/features/notices/Bell';
import { toggleDark, useUi } from './ui';
import { useDeskRefetch } from './useDeskRefetch';

const CallBar = lazy(() => import('@/features/desktop/CallBar'));
const CommandBar = lazy(() => import('./CommandBar'));
const ShortcutsSheet = lazy(() => import('./ShortcutsSheet'));
const DemoBar = lazy(() => import('@/features/demo/DemoBar'));

/** Everything around a signed-in page: where one can go, the phone, the live connection. */
export function Shell() {
  const q = useQuery(sessionQuery);
  const location = useLocation();
  if (q.isPending) return <Spin style={{ display: 'block', marginTop: '30vh' }} size="large" />;
  if (q.error) return <LoadError error={q.error} retry={() => q.refetch()} />;
  if (!q.data) {
    const next = location.pathname + location.search;
    return <Navigate to={next === '/' ? '/signin' : `/signin?next=${encodeURIComponent(next)}`} replace />;
  }
  setZone(q.data.timezone);
  return <SignedIn session={q.data} />;
}

function SignedIn({ session }: { session: Session }) {
  const t = useT();
  const palette = useUi((s) => s.palette);
  const shortcuts = useUi((s) => s.shortcuts);
  const client = useQueryClient();
  useEffect(() => {
    startLive();
    return () => {
      stopLive();
      phone.stop();
    };
  }, []);
  useDeskRefetch();
  useLeaveGuard();
  useCommands({
    palette: () => useUi.setState({ palette: true }),
    help: () => useUi.setState({ shortcuts: true }),
  });
  const signOut = async () => {
    await del('/session').catch(() => {});
    client.clear();
    client.setQueryData(sessionQuery.queryKey, null);
  };
  return (
    <div className="shell">
      {session.demo && (
        <Suspense fallback={<div className="demo-bar" />}>
          <DemoBar session={session} />
        </Suspense>
      )}
      <header className="topbar">
        <NavLink to="/" className="brand">
          <b>12345</b>
          <span>{t('政务服务便民热线')}</span>
        </NavLink>
        <nav className="topnav" aria-label={t('主菜单')}>
          {placesOf(session).map((p) => (
            <NavLink key={p.to} to={p.to} data-nav={p.to.slice(1)}>
              {p.icon}
              {t(p.text)}
            </NavLink>
          ))}
        </nav>
        <Tools session={session} signOut={signOut} />
      </header>
      <ConnectionBanner />
      <Banner />
      {may(session, P.seat) && session.seat && (
        <Suspense fallback={<div className="callbar" />}>
          <CallBar seat={session.seat} />
        </Suspense>
      )}
      <div className="content">
        <Outlet />
      </div>
      <Suspense>
        {palette && <CommandBar session={session} signOut={signOut} />}
        {shortcuts && <ShortcutsSheet />}
      </Suspense>
    </div>
  );
}

function Tools({ session, signOut }: { session: Session; signOut: () => void }) {
  const t = useT();
  const go = useNavigate();
  const inCall = useLive((s) =>
    ['talking', 'holding', 'consult', 'three_way', 'ringing'].includes(s.seat?.state ?? ''),
  );
  return (
    <div className="toptools">
      <Tooltip title={`${t('命令栏')} Ctrl+K`}>
        <Button
          type="text"
          icon={<SearchOutlined />}
          aria-label={t('命令栏')}
          data-act="palette"
          onClick={() => useUi.setState({ palette: true })}
        />
      </Tooltip>
      <Tooltip title={`${t('快捷键')} ?`}>
        <Button
          type="text"
          icon={<KeyOutlined />}
          aria-label={t('快捷键')}
          data-act="shortcuts"
          onClick={() => useUi.setState({ shortcuts: true })}
        />
      </Tooltip>
      {session.demo && (
        <Tooltip title={t('第一通电话的五步')}>
          <Button
            type="text"
            icon={<QuestionCircleOutlined />}
            aria-label={t('第一通电话的五步')}
            data-act="guide"
            onClick={() => useUi.setState((s) => ({ guide: !s.guide }))}
          />
        </Tooltip>
      )}
      <Bell />
      <Tooltip title={t('深色 / 浅色')}>
        <Button
          type="text"
          icon={<BulbOutlined />}
          aria-label={t('深色 / 浅色')}
          data-act="dark"
          onClick={toggleDark}
        />
      </Tooltip>
      <Tooltip title="中文 / English">
        <Button
          type="text"
          icon={<TranslationOutlined />}
          aria-label="中文 / English"
          data-act="lang"
          onClick={() => setLang(currentLang() === 'zh-CN' ? 'en-US' : 'zh-CN')}
        />
      </Tooltip>
      <Dropdown
        trigger={['click']}
        menu={{
          items: [
            {
              key: 'who',
              disabled: true,
              label: `${session.account} · ${rolesOf(session)
                .map((r) => t(label(roles, r)))
                .join('、')}`,
            },
            { key: 'version', disabled: true, label: `${t('版本')} ${session.version}` },
            {
              key: 'profile',
              icon: <UserOutlined />,
              label: t('个人信息'),
              onClick: () => go('/profile'),
            },
            {
              key: 'out',
              icon: <LogoutOutlined />,
              label: t('退出登录'),
              disabled: inCall,
              onClick: signOut,
            },
          ],
        }}
      >
        <Button type="text" icon={<UserOutlined />} aria-label={session.name} data-act="user-menu">
          {session.name}
        </Button>
      </Dropdown>
    </div>
  );
}
