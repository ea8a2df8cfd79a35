import { Menu, Skeleton } from 'antd';
import { type ComponentType, lazy, Suspense } from 'react';
import { Navigate, Route, Routes, useLocation, useNavigate } from 'react-router';
import { may, P } from '@/app/permissions';
import { Forbidden } from '@/app/routes';
import { useSession } from '@/app/session';
import { useT } from '@/i18n';
import './admin.css';

const Accounts = lazy(() => import('./Accounts'));
const Roles = lazy(() => import('./Roles'));
const Seats = lazy(() => import('./Seats'));
const Skills = lazy(() => import('./Skills'));
const Queues = lazy(() => import('./Queues'));
const Classes = lazy(() => import('./Classes'));
const Lines = lazy(() => import('./Lines'));
const Menus = lazy(() => import('./Menus'));
const Prompts = lazy(() => import('./Prompts'));
const Blacklist = lazy(() => import('./Blacklist'));
const Audit = lazy(() => import('./Audit'));
const Templates = lazy(() => import('@/features/notices/Templates'));
const Messages = lazy(() => import('@/features/notices/Messages'));
const Health = lazy(() => import('./Health'));
const Policy = lazy(() => import('@/features/rules/Policy'));
const CalendarYear = lazy(() => import('@/features/rules/CalendarYear'));
const Catalogue = lazy(() => import('@/features/rules/Catalogue'));
const Triage = lazy(() => import('@/features/rules/Triage'));

const pages: { path: string; text: string; need: string; page: ComponentType }[] = [
  { path: 'accounts', text: '账号', need: P.adminAccounts, page: Accounts },
  { path: 'roles', text: '角色', need: P.adminAccounts, page: Roles },
  { path: 'seats', text: '席位', need: P.adminSeats, page: Seats },
  { path: 'skills', text: '技能', need: P.adminSeats, page: Skills },
  { path: 'queues', text: '队列', need: P.adminQueues, page: Queues },
  { path: 'classes', text: '问题分类', need: P.adminClasses, page: Classes },
  { path: 'policy', text: '时限策略', need: P.rulesRead, page: Policy },
  { path: 'calendar', text: '工作日历', need: P.rulesRead, page: CalendarYear },
  { path: 'catalogue', text: '派单目录', need: P.rulesRead, page: Catalogue },
  { path: 'triage', text: '分级规则', need: P.rulesRead, page: Triage },
  { path: 'lines', text: '接入号码', need: P.adminLines, page: Lines },
  { path: 'menus', text: '语音菜单', need: P.adminMenus, page: Menus },
  { path: 'prompts', text: '提示音', need: P.adminPrompts, page: Prompts },
  { path: 'blacklist', text: '黑名单', need: P.adminBlacklist, page: Blacklist },
  { path: 'templates', text: '消息模板', need: P.adminTemplates, page: Templates },
  { path: 'messages', text: '消息记录', need: P.adminTemplates, page: Messages },
  { path: 'audit', text: '审计日志', need: P.adminAudit, page: Audit },
  { path: 'health', text: '运行状态', need: P.adminHealth, page: Health },
];

/** Administration: one page for each thing, only those the role may see. */
export default function Admin() {
  const t = useT();
  const session = useSession();
  const go = useNavigate();
  const { pathname } = useLocation();
  const allowed = pages.filter((p) => may(session, p.need));
  const first = allowed[0];
  if (!first) return <Forbidden />;
  const at = pathname.split('/')[2] ?? '';
  return (
    <div className="admin">
      <Menu
        mode="inline"
        className="admin-menu"
        selectedKeys={[at]}
        onClick={({ key }) => go(`/admin/${key}`)}
        items={allowed.map((p) => ({ key: p.path, label: t(p.text) }))}
      />
      <Suspense fallback={<Skeleton active style={{ padding: 24 }} />}>
        <Routes>
          <Route index element={<Navigate to={first.path} replace />} />
          {allowed.map(({ path, page: Page }) => (
            <Route key={path} path={path} element={<Page />} />
          ))}
          <Route path="*" element={<Forbidden />} />
        </Routes>
      </Suspense>
    </div>
  );
}
