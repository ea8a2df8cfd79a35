import type { UnitRef } from './session';

/** What a unit would get if the ticket were dispatched now. */
export interface LegPreview {
  unit: UnitRef;
  role: 'lead' | 'assist' | string;
  duties: string;
  sign_due_at?: string;
  return_due_at?: string;
  due_at: string;
  remains: string;
  /** Granted returns of this class by the unit. */
  returns: number;
}

/** What the dispatch catalogue gives for class and area. */
export interface CatalogueProposal {
  lead: UnitRef;
  assists: UnitRef[];
  why: string;
}

export interface UnitReturns {
  unit: UnitRef;
  count: number;
}

/** What rules, catalogue and past say before a dispatch. */
export interface DispatchPreview {
  legs: LegPreview[];
  proposal?: CatalogueProposal | null;
  returns: UnitReturns[];
  /** Bounds of a limit chosen by hand. */
  min_due_at?: string;
  max_due_at?: string;
}
