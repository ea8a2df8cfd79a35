import {
  ContactsOutlined,
  CustomerServiceOutlined,
  DashboardOutlined,
  FileTextOutlined,
  InboxOutlined,
  PhoneOutlined,
  SettingOutlined,
} from '@ant-design/icons';
import type { ReactNode } from 'react';
import type { Session } from '@/api/contract';
import { may, P } from './permissions';

export interface Place {
  to: string;
  text: string;
  icon: ReactNode;
  need: string[];
}

/** Where a person can go, in the order of the menu; the first one allowed is home. */
export const places: Place[] = [
  { to: '/desk', text: '坐席工作台', icon: <CustomerServiceOutlined />, need: [P.seat] },
  { to: '/floor', text: '班长席', icon: <DashboardOutlined />, need: [P.floorWatch] },
  { to: '/tickets', text: '工单', icon: <FileTextOutlined />, need: [P.ticketsRead] },
  { to: '/intake', text: '登记', icon: <InboxOutlined />, need: [P.ticketsWrite] },
  { to: '/callbacks', text: '留言与回拨', icon: <ContactsOutlined />, need: [P.callbacks] },
  { to: '/calls', text: '通话', icon: <PhoneOutlined />, need: [P.callsRead] },
  { to: '/admin', text: '管理', icon: <SettingOutlined />, need: [P.admin] },
];

export const placesOf = (s: Session) => places.filter((p) => p.need.some((n) => may(s, n)));

/** Where each role lands; others at the first place they may go to. */
const homes: Record<string, string> = { admin: '/admin', office: '/tickets', intake: '/intake' };

export function homeOf(s: Session): string | undefined {
  const allowed = placesOf(s);
  const wanted = s.roles.map((r) => homes[r]).find((to) => allowed.some((p) => p.to === to));
  return may(s, P.seat) ? '/desk' : (wanted ?? allowed[0]?.to);
}
