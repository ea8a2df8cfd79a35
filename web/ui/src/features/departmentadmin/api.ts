import { get } from '@/api/http';

export interface Turn {
  days?: number[];
  date?: string;
  from?: string;
  to?: string;
  name: string;
  phone: string;
}

export interface Person {
  account: string;
  name: string;
  roles: string[];
  mobile_masked: string;
  email?: string;
  quota: number;
  question: boolean;
  disabled: boolean;
  last_sign_in?: string;
}

export interface DepartmentView {
  id: string;
  name: string;
  duties?: string;
  phone?: string;
  approval?: boolean;
  sign_return?: boolean;
  district: string;
  info: { address?: string; liaison?: string; liaison_phone?: string; leader?: string };
  rota: { phone?: string; weekly?: Turn[] | null; dates?: Turn[] | null };
  duty_now?: string;
  prefix?: string;
  editable: boolean;
  people: Person[];
  below: { id: string; name: string }[];
}

export const departmentQuery = (unit: string | undefined) => ({
  queryKey: ['/department', unit ?? ''],
  queryFn: () => get<DepartmentView>('/department', { unit }),
});
