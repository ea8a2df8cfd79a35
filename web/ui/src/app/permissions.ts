import type { Session } from '@/api/contract';

/** Permissions of the server that the pages ask about. */
export const P = {
  seat: 'seat',
  floorWatch: 'floor.watch',
  floorForce: 'floor.force',
  callsRead: 'calls.read',
  ticketsRead: 'tickets.read',
  ticketsWrite: 'tickets.write',
  intake: 'tickets.intake',
  callbacks: 'callbacks',
  admin: 'admin.',
} as const;

/** Does the session hold the permission, or, for a name ending in a dot, any below it? */
export function may(s: Session | null | undefined, permission: string): boolean {
  if (!s) return false;
  return s.permissions.some(
    (p) => p === permission || p === '*' || (permission.endsWith('.') && p.startsWith(permission)),
  );
}

export const rolesOf = (s: Session): string[] => s.roles ?? (s.role ? [s.role] : []);
