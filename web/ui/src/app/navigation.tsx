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
  { to: '/tickets', text: '工单', icon: <FileTextOutlined />, need: [P.ticketsRead, P.ticketsWrite] },
  { to: '/intake', text: '登记', icon: <InboxOutlined />, need: [P.ticketsWrite, P.intake] },
  { to: '/callbacks', text: '留言与回拨', icon: <ContactsOutlined />, need: [P.callbacks] },
  { to: '/calls', text: '通话', icon: <PhoneOutlined />, need: [P.callsRead] },
  { to: '/admin', text: '管理', icon: <SettingOutlined />, need: [P.admin] },
];

export const placesOf = (s: Session) => places.filter((p) => p.need.some((n) => may(s, n)));
export const homeOf = (s: Session) =>
  s.roles?.includes('admin') && may(s, P.admin) ? '/admin' : placesOf(s)[0]?.to;
