import type * as C from './contract';
import type { components, operations } from './schema';

// Types only: the contract in words of this page against what the server says of itself. When one of
// them changes alone, `tsc` names the type and its field here. `schema.d.ts` is made by
// `npm run generate` from ../openapi.json, which a test of the server keeps true.

type Schema = components['schemas'];

/** What an operation answers. */
type Answer<Id extends keyof operations> = operations[Id]['responses'] extends infer R
  ? R extends { 200: { content: { 'application/json': infer A } } }
    ? A
    : R extends { 201: { content: { 'application/json': infer A } } }
      ? A
      : never
  : never;

type Item<L> = L extends { items: (infer T)[] } ? T : never;

/** A type with its closed sets of words opened: the server says of them only that they are text. */
type Open<T> = T extends string
  ? string
  : T extends number
    ? number
    : T extends (infer U)[]
      ? Open<U>[]
      : T extends object
        ? { [K in keyof T]: Open<T[K]> }
        : T;

/** The fields of ours that the server doesn't answer with, or answers with as something else. */
type Wrong<Ours, Theirs> = {
  [K in keyof Ours]-?: K extends keyof Theirs ? (Pick<Theirs, K> extends Open<Pick<Ours, K>> ? never : K) : K;
}[keyof Ours];

type Agrees<Pair> = Pair extends [infer Ours, infer Theirs]
  ? [Theirs] extends [never]
    ? 'no such answer'
    : Wrong<Ours, Theirs>
  : 'not a pair';

interface Pairs {
  Session: [C.Session, Answer<'get-session'>];
  SignedIn: [C.Session, Answer<'sign-in'>];
  PublicInfo: [C.PublicInfo, Answer<'get-public'>];
  Card: [NonNullable<C.PublicInfo['cards']>[number], Schema['DemoCard']];
  Captcha: [C.Captcha, Answer<'new-captcha'>];
  PhoneSecret: [C.PhoneSecret, Answer<'new-phone-secret'>];
  CitizenPhone: [C.PhoneSecret, Answer<'new-citizen-phone'>];
  UnitRef: [C.UnitRef, Schema['UnitRef']];
  Unit: [C.Unit, Item<Answer<'search-units'>>];
  Demo: [C.Demo, Answer<'get-demo'>];
  DemoCitizen: [C.DemoCitizen, Schema['DemoCitizen']];

  Ticket: [C.Ticket, Answer<'get-ticket'>];
  TicketMade: [C.Ticket, Answer<'create-ticket'>];
  TicketSaved: [Pick<C.Ticket, 'id' | 'version'>, Answer<'save-ticket'>];
  TicketRow: [C.Ticket, Item<Answer<'list-tickets'>>];
  OwnDraft: [C.Ticket, Item<Answer<'list-own-drafts'>>];
  LeftDraft: [C.Ticket, Item<Answer<'list-left-open-drafts'>>];
  Similar: [C.Ticket, Item<Answer<'list-similar-tickets'>>];
  TicketCaller: [C.TicketCaller, Schema['CallerView']];
  FlowStep: [C.FlowStep, Schema['FlowView']];
  AllowedAction: [C.AllowedAction, Schema['Action']];
  Elements: [C.Elements, Schema['Elements']];
  TicketCall: [C.TicketCall, Schema['TicketCall']];
  LegView: [C.LegView, Schema['LegView']];
  RequestView: [C.RequestView, Schema['RequestView']];
  SupervisionView: [C.SupervisionView, Schema['SupervisionView']];
  CardView: [C.CardView, Schema['CardView']];
  VisitView: [C.VisitView, Schema['VisitView']];
  Requester: [C.Requester, Schema['RequesterView']];
  Routing: [C.Routing, Schema['Routing']];
  FileView: [C.FileView, Schema['FileView']];
  QueueItem: [C.QueueItem, Item<Answer<'get-desk-queue'>>];
  QueueCount: [C.QueueCount, Item<Answer<'list-desk-queues'>>];
  BatchResult: [C.BatchResult, Item<Answer<'act-on-tickets'>>];
  FollowUpPlan: [C.FollowUpPlan, Answer<'get-follow-up'>];
  FollowUpCitizen: [C.FollowUpCitizen, Schema['FollowUpCitizen']];
  UnitRates: [C.UnitRates, Answer<'get-unit-rates'>];
  DispatchPreview: [C.DispatchPreview, Answer<'preview-dispatch'>];
  ReplyLike: [C.ReplyLike, Item<Answer<'list-replies-like'>>];
  ReplyTemplate: [C.ReplyTemplate, Item<Answer<'list-reply-templates'>>];
  Deputy: [C.Deputy, Item<Answer<'list-deputies'>>];
  Clerk: [C.Clerk, Item<Answer<'list-unit-clerks'>>];
  TicketClass: [C.TicketClass, Item<Answer<'search-classes'>>];
  Area: [C.Area, Item<Answer<'list-areas'>>];
  Callback: [C.Callback, Item<Answer<'list-callbacks'>>];
  CallbackTaken: [C.Callback, Answer<'take-callback'>];

  CallRow: [C.CallRecord, Item<Answer<'list-calls'>>];
  Call: [C.CallRecord, Answer<'get-call'>];
  CallSeat: [C.CallSeat, Schema['CallSeat']];
  CallEnd: [C.CallEnd, Schema['End']];
  TimelineEntry: [C.TimelineEntry, Schema['TimelineEntry']];
  RecordingRef: [C.RecordingRef, Schema['RecordingRef']];
  Peaks: [C.Peaks, Answer<'get-recording-peaks'>];
  History: [C.History, Answer<'get-caller-history'>];
  HistoryTicket: [C.HistoryTicket, Schema['HistoryTicket']];
  HistoryCall: [C.HistoryCall, Schema['HistoryCall']];
  Contact: [C.Contact, Item<Answer<'list-contacts'>>];
  SeatPick: [C.SeatPick, Item<Answer<'list-seats'>>];

  SeatView: [C.SeatView, Schema['SeatView']];
  Wish: [C.Wish, Schema['Wish']];
  QueueView: [C.QueueView, Schema['QueueView']];
  WaitingView: [C.WaitingView, Schema['WaitingView']];
  Alarm: [C.Alarm, Schema['Alarm']];

  AdminAccount: [C.AdminAccount, Item<Answer<'list-accounts'>>];
  AdminRole: [C.AdminRole, Item<Answer<'list-roles'>>];
  AdminSeat: [C.AdminSeat, Item<Answer<'list-admin-seats'>>];
  AdminSkill: [C.AdminSkill, Item<Answer<'list-skills'>>];
  AdminQueue: [C.AdminQueue, Item<Answer<'list-queues'>>];
  AdminLine: [C.AdminLine, Item<Answer<'list-lines'>>];
  MenuInfo: [C.MenuInfo, Item<Answer<'list-menus'>>];
  MenuNode: [C.MenuNode, Schema['MenuNode']];
  MenuEdge: [C.MenuEdge, Schema['MenuEdge']];
  Prompt: [C.Prompt, Item<Answer<'list-prompts'>>];
  BlackEntry: [C.BlackEntry, Item<Answer<'list-blacklist'>>];
  AuditEntry: [C.AuditEntry, Item<Answer<'list-audit'>>];
  Readiness: [C.Readiness, Answer<'get-health'>];

  PolicyView: [C.PolicyView, Answer<'get-policy'>];
  PolicyRow: [C.PolicyRow, Answer<'get-policy-version'>];
  PolicyPreview: [C.PolicyPreview, Answer<'preview-policy'>];
  CalendarView: [C.CalendarView, Answer<'get-calendar'>];
  CalendarPreview: [C.CalendarPreview, Answer<'preview-calendar'>];
  CataloguePage: [C.CataloguePage, Answer<'get-catalogue'>];
  CatalogueVersion: [C.CatalogueVersion, Item<Answer<'list-catalogue-versions'>>];
  CataloguePreview: [C.CataloguePreview, Answer<'preview-catalogue'>];
  ImportReport: [C.ImportReport, Answer<'import-catalogue'>];
  TriageView: [C.TriageView, Answer<'get-triage'>];
  TriagePreview: [C.TriagePreview, Answer<'preview-triage'>];
  RecomputeRun: [C.RecomputeRun, Item<Answer<'list-recompute-runs'>>];
}

type None<T extends { [K in keyof T]: never }> = T;

/** Fails to compile with the names of the fields that differ. */
export type Agreement = None<{ [K in keyof Pairs]: Agrees<Pairs[K]> }>;
