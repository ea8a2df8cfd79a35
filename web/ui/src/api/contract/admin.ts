export interface AdminAccount {
  account: string;
  name: string;
  unit?: string;
  roles: string[];
  seat?: string;
  disabled: boolean;
  locked: boolean;
  locked_until?: string;
  mobile_masked?: string;
  last_sign_in?: string;
}

export interface AdminRole {
  code: string;
  label: string;
  permissions: Record<string, string>;
}

export interface Unit {
  id: string;
  parent?: string;
  name: string;
  kind: string;
  duties?: string;
  initials?: string;
}

export interface AdminSeat {
  id: string;
  account?: string;
  group: string;
  skills: Record<string, number>;
  queues: string[];
  auto_answer: boolean;
  wrap_up_s: number;
  disabled: boolean;
}

export interface AdminSkill {
  id: string;
  name: string;
  kind: string;
}

export interface AdminQueue {
  id: string;
  name: string;
  skills: Record<string, number>;
  any_of?: Record<string, number>;
  target_s: number;
  priority: number;
  strategy: string;
  relax: { after_s: number; skill: string; level: number }[];
  overflow: { after_s?: number; length?: number; to: string }[];
  max_length: number;
  max_wait_s: number;
  ceiling_s: number;
  schedule: string;
  announce_every_s: number;
  disabled: boolean;
}

export interface AdminLine {
  called: string;
  label: string;
  menu: string;
  queue: string;
  disabled: boolean;
}

export interface AdminClass {
  id: string;
  parent?: string;
  name: string;
  initials: string;
  order: number;
  disabled: boolean;
  words?: string;
}

export interface MenuNode {
  id: string;
  kind: string;
  label?: string;
}

export interface MenuEdge {
  from: string;
  to: string;
  label?: string;
}

export interface MenuInfo {
  name: string;
  version: string;
  file: string;
  lines?: string[] | null;
  nodes: MenuNode[];
  edges: MenuEdge[];
  faults?: { file: string; line: number; code: string; message: string }[] | null;
  live?: { node: string; calls: number }[] | null;
}

export interface Prompt {
  id: string;
  text: string;
  lang: string;
  kind: string;
  audio_url?: string;
}

export interface BlackEntry {
  number_masked: string;
  reason: string;
  approver: string;
  at: string;
  until: string;
}

export interface AuditEntry {
  id: number;
  at: string;
  actor: string;
  act: string;
  object: string;
  detail: string;
  remote: string;
}

export interface Readiness {
  status: string;
  parts: Record<string, { ok: boolean; detail?: string }>;
}
