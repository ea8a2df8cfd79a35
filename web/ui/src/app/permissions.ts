import type { Session } from '@/api/contract';

/** Permissions of the server that the pages ask about. */
export const P = {
  seat: 'floor.seat',
  floorWatch: 'floor.watch',
  floorForce: 'floor.force',
  callsRead: 'call.list',
  callPlay: 'call.play',
  ticketsRead: 'ticket.list',
  ticketsWrite: 'ticket.create',
  ticketsAct: 'ticket.act',
  draftsAll: 'ticket.drafts',
  callbacks: 'callback.work',
  knowledge: 'knowledge.read',
  exports: 'export',
  admin: 'admin.',
  adminAccounts: 'admin.accounts',
  adminSeats: 'admin.seats',
  adminQueues: 'admin.queues',
  adminClasses: 'admin.classes',
  adminLines: 'admin.lines',
  adminMenus: 'admin.menus',
  adminPrompts: 'admin.prompts',
  adminAudit: 'admin.audit',
  adminHealth: 'admin.health',
  adminBlacklist: 'admin.blacklist',
  adminTemplates: 'admin.templates',
  adminRules: 'admin.rules',
  rulesRead: 'rules.read',
  reports: 'report.read',
  departmentAdmin: 'department.admin',
  announcements: 'announcement.write',
} as const;

/** Does the session hold the permission, or, for a name ending in a dot, any below it? */
export function may(s: Session | null | undefined, permission: string): boolean {
  if (!s) return false;
  return s.permissions.some(
    (p) => p === permission || p === '*' || (permission.endsWith('.') && p.startsWith(permission)),
  );
}

export const rolesOf = (s: Session): string[] => s.roles;
