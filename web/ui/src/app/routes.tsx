import { Result, Skeleton } from 'antd';
import { type ComponentType, lazy, type ReactNode, Suspense } from 'react';
import { createBrowserRouter, isRouteErrorResponse, Link, Navigate, useRouteError } from 'react-router';
import { useT } from '@/i18n';
import { homeOf, placesOf } from './navigation';
import { may, P } from './permissions';
import { Shell } from './Shell';
import { useSession } from './session';

const SignIn = lazy(() => import('@/features/signin/SignIn'));
const Desk = lazy(() => import('@/features/desktop/Desk'));
const Board = lazy(() => import('@/features/board/Board'));
const Department = lazy(() => import('@/features/department/Department'));
const Leader = lazy(() => import('@/features/department/Leader'));
const City = lazy(() => import('@/features/city/City'));
const Tickets = lazy(() => import('@/features/tickets/TicketList'));
const TicketPage = lazy(() => import('@/features/tickets/TicketPage'));
const Intake = lazy(() => import('@/features/tickets/Intake'));
const Dispatch = lazy(() => import('@/features/dispatch/Dispatch'));
const Review = lazy(() => import('@/features/review/Review'));
const FollowUp = lazy(() => import('@/features/followup/FollowUp'));
const Office = lazy(() => import('@/features/office/Office'));
const Supervision = lazy(() => import('@/features/supervision/Supervision'));
const Callbacks = lazy(() => import('@/features/callbacks/Callbacks'));
const Knowledge = lazy(() => import('@/features/knowledge/Knowledge'));
const Search = lazy(() => import('@/features/search/Search'));
const Calls = lazy(() => import('@/features/calls/CallList'));
const CallPage = lazy(() => import('@/features/calls/CallPage'));
const Admin = lazy(() => import('@/features/admin/Admin'));
const DepartmentAdmin = lazy(() => import('@/features/departmentadmin/DepartmentAdmin'));
const Announcements = lazy(() => import('@/features/announcements/Announcements'));
const Profile = lazy(() => import('@/features/profile/Profile'));
const Daily = lazy(() => import('@/features/reports/Daily'));
const ApiDocs = lazy(() => import('@/features/docs/ApiDocs'));

function Home() {
  const home = homeOf(useSession());
  return home ? <Navigate to={home} replace /> : <Forbidden />;
}

export function Forbidden() {
  const t = useT();
  return (
    <Result
      status="403"
      title={t('您没有这项权限')}
      subTitle={t('需要的话，请系统管理员在“账号与角色”里为您分配角色。')}
      extra={<Link to="/">{t('回到首页')}</Link>}
    />
  );
}

function NotFound() {
  const t = useT();
  return (
    <Result
      status="404"
      title={t('没有这个页面')}
      subTitle={t('地址可能写错了，或者内容已被移走。')}
      extra={<Link to="/">{t('回到首页')}</Link>}
    />
  );
}

function Broken() {
  const t = useT();
  const e = useRouteError();
  const detail = isRouteErrorResponse(e) ? e.statusText : e instanceof Error ? e.message : String(e);
  return (
    <Result
      status="error"
      title={t('页面出错了')}
      subTitle={detail}
      extra={
        <a href={location.pathname} data-act="reload">
          {t('重新载入')}
        </a>
      }
    />
  );
}

function Guard({ need, children }: { need: readonly string[]; children: ReactNode }) {
  const s = useSession();
  return need.some((p) => may(s, p)) ? children : <Forbidden />;
}

/** A page of the menu that belongs to certain roles. */
function Own({ to, children }: { to: string; children: ReactNode }) {
  const s = useSession();
  return placesOf(s).some((p) => p.to === to) ? children : <Forbidden />;
}

const page = (C: ComponentType, need?: readonly string[]) => (
  <Suspense fallback={<Skeleton active style={{ padding: 24 }} paragraph={{ rows: 10 }} />}>
    {need ? (
      <Guard need={need}>
        <C />
      </Guard>
    ) : (
      <C />
    )}
  </Suspense>
);

const ownPage = (C: ComponentType, to: string) => <Own to={to}>{page(C)}</Own>;

const tickets = [P.ticketsRead];

export const router = createBrowserRouter([
  { path: '/signin', element: page(SignIn), errorElement: <Broken /> },
  { path: '/docs', element: page(ApiDocs), errorElement: <Broken /> },
  {
    path: '/',
    element: <Shell />,
    errorElement: <Broken />,
    children: [
      {
        errorElement: <Broken />,
        children: [
          { index: true, element: <Home /> },
          { path: 'desk', element: page(Desk, [P.seat]) },
          { path: 'floor', element: page(Board, [P.floorWatch]) },
          { path: 'dept', element: ownPage(Department, '/dept') },
          { path: 'leader', element: ownPage(Leader, '/leader') },
          { path: 'city', element: ownPage(City, '/city') },
          { path: 'dispatch', element: ownPage(Dispatch, '/dispatch') },
          { path: 'review', element: ownPage(Review, '/review') },
          { path: 'followup', element: ownPage(FollowUp, '/followup') },
          { path: 'office', element: ownPage(Office, '/office') },
          { path: 'supervision', element: ownPage(Supervision, '/supervision') },
          { path: 'tickets', element: page(Tickets, tickets) },
          { path: 'tickets/:id', element: page(TicketPage, tickets) },
          { path: 'intake', element: page(Intake, [P.ticketsWrite]) },
          { path: 'callbacks', element: page(Callbacks, [P.callbacks]) },
          { path: 'search', element: page(Search, tickets) },
          { path: 'knowledge', element: page(Knowledge, [P.knowledge]) },
          { path: 'calls', element: page(Calls, [P.callsRead]) },
          { path: 'calls/:id', element: page(CallPage, [P.callsRead]) },
          { path: 'department', element: page(DepartmentAdmin, [P.departmentAdmin]) },
          { path: 'announcements', element: page(Announcements) },
          { path: 'profile', element: page(Profile) },
          { path: 'reports/daily', element: page(Daily, [P.reports]) },
          { path: 'admin/*', element: page(Admin, [P.admin]) },
          { path: '*', element: <NotFound /> },
        ],
      },
    ],
  },
]);
