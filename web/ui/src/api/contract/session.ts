export type Role = string;

export interface UnitRef {
  id: string;
  name: string;
}

export interface Session {
  account: string;
  name: string;
  roles: Role[];
  permissions: string[];
  seat?: string;
  unit?: UnitRef | null;
  demo: boolean;
  timezone: string;
  version: string;
}

export interface PublicInfo {
  demo: boolean;
  captcha_always: boolean;
  cards?: { account: string; name: string; role: string; url: string }[];
}

export interface Captcha {
  id: string;
  image_url: string;
  audio_url?: string;
}

export interface PhoneSecret {
  user: string;
  realm: string;
  ha1: string;
  uri: string;
  ws_path: string;
  number?: string;
}

export interface List<T> {
  items: T[];
  next_cursor?: string;
  total?: number;
  total_is_more?: boolean;
}
