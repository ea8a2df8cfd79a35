import {
  AlertOutlined,
  AuditOutlined,
  BankOutlined,
  BarChartOutlined,
  BookOutlined,
  ContactsOutlined,
  CustomerServiceOutlined,
  DashboardOutlined,
  FileDoneOutlined,
  FileTextOutlined,
  FundOutlined,
  InboxOutlined,
  NotificationOutlined,
  PhoneOutlined,
  SearchOutlined,
  SendOutlined,
  SettingOutlined,
  SolutionOutlined,
  TeamOutlined,
} from '@ant-design/icons';
import type { ReactNode } from 'react';
import type { Session } from '@/api/contract';
import { may, P } from './permissions';

export interface Place {
  to: string;
  text: string;
  icon: ReactNode;
  need: string[];
  /** Whose work it is, where a permission alone doesn't say. */
  roles?: string[];
}

/** Where a person can go, in the order of the menu; the first one allowed is home. */
export const places: Place[] = [
  { to: '/desk', text: '坐席工作台', icon: <CustomerServiceOutlined />, need: [P.seat] },
  { to: '/floor', text: '班长席', icon: <DashboardOutlined />, need: [P.floorWatch] },
  {
    to: '/dept',
    text: '部门工作台',
    icon: <BankOutlined />,
    need: [P.ticketsRead],
    roles: ['unit_clerk', 'unit_leader'],
  },
  {
    to: '/leader',
    text: '领导审批',
    icon: <AuditOutlined />,
    need: [P.ticketsRead],
    roles: ['unit_leader'],
  },
  { to: '/city', text: '市领导', icon: <FundOutlined />, need: [P.ticketsRead], roles: ['city_leader'] },
  {
    to: '/dispatch',
    text: '派单',
    icon: <SendOutlined />,
    need: [P.ticketsAct],
    roles: ['dispatcher'],
  },
  { to: '/review', text: '审核', icon: <FileDoneOutlined />, need: [P.ticketsAct], roles: ['reviewer'] },
  { to: '/followup', text: '回访', icon: <PhoneOutlined />, need: [P.ticketsAct], roles: ['follow_up'] },
  { to: '/office', text: '热线办', icon: <SolutionOutlined />, need: [P.ticketsAct], roles: ['office'] },
  { to: '/supervision', text: '督办', icon: <AlertOutlined />, need: [P.ticketsAct], roles: ['office'] },
  { to: '/tickets', text: '工单', icon: <FileTextOutlined />, need: [P.ticketsRead] },
  { to: '/search', text: '检索', icon: <SearchOutlined />, need: [P.ticketsRead] },
  { to: '/knowledge', text: '知识库', icon: <BookOutlined />, need: [P.knowledge] },
  { to: '/intake', text: '登记', icon: <InboxOutlined />, need: [P.ticketsWrite] },
  { to: '/callbacks', text: '留言与回拨', icon: <ContactsOutlined />, need: [P.callbacks] },
  { to: '/calls', text: '通话', icon: <PhoneOutlined />, need: [P.callsRead] },
  { to: '/department', text: '部门管理', icon: <TeamOutlined />, need: [P.departmentAdmin] },
  {
    to: '/announcements',
    text: '公告',
    icon: <NotificationOutlined />,
    need: [P.ticketsRead, P.announcements],
  },
  { to: '/reports/daily', text: '日报', icon: <BarChartOutlined />, need: [P.reports] },
  { to: '/admin', text: '管理', icon: <SettingOutlined />, need: [P.admin] },
];

export const placesOf = (s: Session) =>
  places.filter(
    (p) => p.need.some((n) => may(s, n)) && (!p.roles || p.roles.some((r) => s.roles.includes(r))),
  );

/** Where each role lands; others at the first place they may go to. */
const homes: Record<string, string> = {
  admin: '/admin',
  knowledge: '/knowledge',
  office: '/office',
  dispatcher: '/dispatch',
  reviewer: '/review',
  follow_up: '/followup',
  intake: '/intake',
  unit_leader: '/leader',
  unit_clerk: '/dept',
  city_leader: '/city',
};

export function homeOf(s: Session): string | undefined {
  const allowed = placesOf(s);
  const wanted = s.roles.map((r) => homes[r]).find((to) => allowed.some((p) => p.to === to));
  // Who answers calls begins at the desk, whatever else they do.
  if (s.roles.includes('agent') && may(s, P.seat)) return '/desk';
  return wanted ?? allowed[0]?.to;
}
