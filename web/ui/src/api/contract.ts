/**
 * The shapes that travel between this page and the server: JSON of `/api/v1` and `/ws`.
 * Field names are those of the server (snake_case); times are RFC 3339 strings.
 */

export type * from './contract/admin';
export type * from './contract/calls';
export type * from './contract/demo';
export type * from './contract/department';
export type * from './contract/dispatch';
export type * from './contract/floor';
export type * from './contract/knowledge';
export type * from './contract/life';
export type * from './contract/queues';
export type * from './contract/rules';
export type * from './contract/session';
export type * from './contract/tickets';
