/** The city's rules: policy of time limits, calendar, dispatch catalogue, triage. */

export interface RuleFault {
  row?: number;
  column?: string;
  value?: string;
  text: string;
}

export interface MovedSample {
  id: string;
  number: string;
  title: string;
  unit: string;
  was: string;
  now: string;
}

/** What a change would do to tickets in hand. */
export interface Impact {
  open: number;
  moved: number;
  earlier: number;
  later: number;
  examples: MovedSample[];
  unofficial: number[];
  partial?: boolean;
}

export interface LimitRule {
  types?: string[];
  urgencies?: string[];
  sources?: string[];
  dispatch: string;
  sign: string;
  return: string;
  handle: string;
  min?: string;
  max?: string;
}

export interface Policy {
  id: string;
  name: string;
  source: string;
  office: string;
  from_next_day: boolean;
  limits: LimitRule[];
  inner: { earlier: string; assist: string; at_least: string };
  extension: { times: number; max_days: number };
  max_returns: number;
  max_reworks: number;
  rework: string;
  review_rework: string;
  deciders: Record<string, string>;
  after_denial: string;
  stages: { review: string; follow_up: string; deliberation: string };
  follow_up: { tries: number; hours: string; link_days: number };
  light: { yellow: string; share: number };
  card: { yellow: boolean; red_after: string; red_on_second: boolean };
  archive: string;
  reopen: string;
  supplement: string;
  remind: string;
  left_open: string;
  duty_ring: string;
  depth: number;
  urge_alarm: number;
}

export interface PolicyRow {
  n: number;
  name: string;
  content?: string;
  note: string;
  by: string;
  by_name: string;
  at: string;
}

export interface PolicyView {
  n: number;
  policy: Policy;
  content: string;
  note: string;
  by_name: string;
  at?: string;
  versions: PolicyRow[];
  presets: { id: string; name: string; source: string; content: string }[];
}

export interface PolicyPreview {
  faults: RuleFault[];
  policy?: Policy;
  changes: { key: string; was: string; now: string }[];
  impact?: Impact;
}

export interface YearNotice {
  year: number;
  notice: string;
  holidays: Record<string, string[]>;
  workdays: Record<string, string[]>;
}

export interface CalendarDay {
  day: string;
  name: string;
  working: boolean;
}

export interface CalendarView extends YearNotice {
  official: boolean;
  entered?: { by_name: string; at: string };
  days: CalendarDay[];
  years: number[];
  needed: number[];
  working: number;
  schedules: string[];
}

export interface CalendarPreview {
  faults: RuleFault[];
  days: CalendarDay[];
  working: number;
  impact?: Impact;
}

export interface CatalogueEntry {
  id: number;
  class: string;
  area?: string;
  lead: string;
  assists?: string[];
  from: string;
  to?: string;
  note?: string;
}

export interface CatalogueRow extends CatalogueEntry {
  class_path: string[];
  area_path: string[];
  lead_unit: { id: string; name: string };
  assist_units: { id: string; name: string }[];
  valid: boolean;
}

export interface CataloguePage {
  version: number;
  items: CatalogueRow[];
  total: number;
}

export interface CatalogueVersion {
  n: number;
  at: string;
  by: string;
  by_name: string;
  note: string;
  added: number;
  removed: number;
  entries: number;
}

export interface CataloguePreview {
  faults: RuleFault[];
  added: number;
  removed: number;
  pool: number;
  samples: { id: string; number: string; title: string; was: string; now: string }[];
}

export interface ImportReport {
  rows: number;
  good: number;
  faults: RuleFault[];
  faulty_rows: number;
  same: number;
  added: number;
  removed: number;
  imported: boolean;
  version: number;
  preview: CataloguePreview;
}

export interface TriageRule {
  id: string;
  name: string;
  disabled?: boolean;
  classes?: string[];
  words?: string[];
  areas?: string[];
  callers?: string[];
  types?: string[];
  repeated?: number;
  urgency?: string;
  place?: number;
  duty?: boolean;
  secret?: boolean;
}

export interface TriageView {
  rules: TriageRule[];
  names: Record<string, string>;
}

export interface TriagePreview {
  faults: RuleFault[];
  days: number;
  looked: number;
  hits: number;
  raised: number;
  samples: { id: string; number: string; title: string; urgency: string; why: string }[];
}

export interface RecomputeRun {
  id: number;
  cause: string;
  by: string;
  by_name: string;
  at: string;
  total: number;
  done: number;
  moved: number;
  failed: number;
  finished?: string;
}
