import { create, type StoreApi } from 'zustand';
import type { Ticket, TicketCaller } from '@/api/contract';
import { ApiError } from '@/api/http';

/** What an agent fills in. */
export interface DraftFields {
  type: Ticket['type'];
  title: string;
  content: string;
  answer: string;
  urgency: Ticket['urgency'];
  source: string;
  external_ref: { system?: string; no?: string };
  secret: boolean;
  caller: TicketCaller;
  place: { area?: string[]; address?: string };
  happened_at: string;
  class_id: string;
  subject: { name?: string; phone?: string };
  need_reply: boolean;
  need_follow_up: boolean;
}

export interface Draft {
  key: string;
  /** Names its creation, so that the server makes it once however often it is asked; new for every draft. */
  birth: string;
  /** The call it was opened in. */
  call: string | null;
  /** The row of 留言与回拨 it was opened from. */
  callback: string | null;
  source: string;
  /** The draft as the server last gave it; null until it was first saved. */
  ticket: Ticket | null;
  /** Typed and not yet sent. */
  changes: Partial<DraftFields>;
  /** Sent, and not yet answered. */
  saving: Partial<DraftFields> | null;
  savedAt: number | null;
  /** Code of the last failure; the text stays and is sent again. */
  error: string | null;
  /** Result of the submission, for reading out. */
  done: Ticket | null;
}

export interface DraftApi {
  create(
    body: { call?: string; callback?: string; source: string; external_ref?: unknown },
    key: string,
  ): Promise<Ticket>;
  patch(id: string, body: { version: number } & Record<string, unknown>): Promise<Ticket>;
}

export const emptyFields: DraftFields = {
  type: '',
  title: '',
  content: '',
  answer: '',
  urgency: 'normal',
  source: 'phone',
  external_ref: {},
  secret: false,
  caller: { kind: 'person', contact_same_as_caller: true },
  place: {},
  happened_at: '',
  class_id: '',
  subject: {},
  need_reply: true,
  need_follow_up: true,
};

/** What the form shows: the server's text under what is being sent under what was typed since. */
export function valuesOf(d: Draft): DraftFields {
  const t = d.ticket;
  const base: DraftFields = t
    ? {
        type: t.type,
        title: t.title ?? '',
        content: t.content ?? '',
        answer: t.answer ?? '',
        urgency: t.urgency || 'normal',
        source: t.source,
        external_ref: t.external_ref ?? {},
        secret: t.secret,
        caller: t.caller ?? {},
        place: { area: t.place?.area ?? [], address: t.place?.address ?? '' },
        happened_at: t.happened_at ?? '',
        class_id: t.class_id ?? '',
        subject: t.subject ?? {},
        need_reply: t.need_reply ?? true,
        need_follow_up: t.need_follow_up ?? true,
      }
    : {
        ...emptyFields,
        source: d.source,
        caller: { ...emptyFields.caller, contact_same_as_caller: d.call !== null },
      };
  return { ...base, ...d.saving, ...d.changes };
}

const callerKeys = ['name', 'gender', 'kind', 'company', 'phone', 'contact_same_as_caller', 'email'] as const;

/** Changed fields as the server takes them: of the citizen only what can be typed. */
export function wireFields(f: Partial<DraftFields>): Record<string, unknown> {
  const { caller, subject, place, ...rest } = f;
  const out: Record<string, unknown> = { ...rest };
  if (caller) {
    out.caller = Object.fromEntries(
      callerKeys
        .filter((k) => caller[k] !== undefined)
        .map((k) => [k, k === 'kind' ? caller.kind || 'person' : caller[k]]),
    );
  }
  if (subject) out.subject = { name: subject.name ?? '', phone: subject.phone ?? '' };
  if (place) out.place = { area: place.area ?? [], address: place.address ?? '' };
  return out;
}

interface DraftState {
  drafts: Record<string, Draft>;
  active: string | null;
}

interface Saved {
  birth: string;
  call: string | null;
  callback?: string | null;
  source: string;
  id: string | null;
  version: number;
  changes: Partial<DraftFields>;
}

const dirty = (d: Draft) => Object.keys(d.changes).length > 0;
/** Failures after which the same text is worth sending again. */
const passing = (code: string) =>
  ['offline', 'timeout', 'version', 'unavailable', 'not_signed_in', 'internal'].includes(code) ||
  code.startsWith('http_5');

/**
 * The agent's drafts. What is typed is never replaced by what arrives: the server's answer goes
 * under it. Text that is not on the server yet is kept on this machine and sent again.
 */
export class Drafts {
  readonly store: StoreApi<DraftState>;
  private readonly running = new Map<string, Promise<void>>();

  constructor(
    private readonly api: DraftApi,
    private readonly local: Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>,
    private readonly account: () => string,
    private readonly now: () => number = Date.now,
  ) {
    this.store = create<DraftState>(() => ({ drafts: {}, active: null }));
  }

  private get prefix() {
    return `hotline.draft.${this.account()}.`;
  }

  get(key: string): Draft | undefined {
    return this.store.getState().drafts[key];
  }

  private put(key: string, changes: Partial<Draft>) {
    this.store.setState((s) => {
      const d = s.drafts[key];
      return d ? { drafts: { ...s.drafts, [key]: { ...d, ...changes } } } : s;
    });
  }

  /** Opens a tab if there is none of this key yet. */
  open(
    key: string,
    init: {
      call?: string | null;
      callback?: string | null;
      source?: string;
      ticket?: Ticket | null;
      activate?: boolean;
    },
  ) {
    this.store.setState((s) => ({
      drafts: s.drafts[key]
        ? s.drafts
        : {
            ...s.drafts,
            [key]: {
              key,
              birth: crypto.randomUUID(),
              call: init.call ?? null,
              callback: init.callback ?? null,
              source: init.source ?? init.ticket?.source ?? 'phone',
              ticket: init.ticket ?? null,
              changes: {},
              saving: null,
              savedAt: init.ticket?.updated_at ? Date.parse(init.ticket.updated_at) : null,
              error: null,
              done: null,
            },
          },
      active: init.activate === false ? s.active : key,
    }));
  }

  activate(key: string) {
    this.store.setState({ active: key });
  }

  /** Closes a tab; text that could not be saved yet stays on this machine. */
  close(key: string) {
    this.store.setState((s) => {
      const { [key]: _, ...drafts } = s.drafts;
      return { drafts, active: s.active === key ? (Object.keys(drafts).at(-1) ?? null) : s.active };
    });
  }

  edit(key: string, changes: Partial<DraftFields>) {
    const d = this.get(key);
    if (!d || d.done) return;
    this.put(key, { changes: { ...d.changes, ...changes } });
    this.keep(key);
  }

  /** Sends what was typed. Resolves when the server has it all or refused it. */
  async save(key: string): Promise<void> {
    const before = this.running.get(key);
    if (before) {
      await before;
      const d = this.get(key);
      return d && dirty(d) && !d.error ? this.save(key) : undefined;
    }
    const d = this.get(key);
    if (!d || !dirty(d) || d.done) return;
    const p = this.send(key).finally(() => this.running.delete(key));
    this.running.set(key, p);
    return p;
  }

  private async send(key: string) {
    const d = this.get(key) as Draft;
    const sent = d.changes;
    this.put(key, { saving: sent, changes: {} });
    try {
      let ticket = d.ticket;
      if (!ticket) {
        ticket = await this.api.create(
          {
            ...(d.callback ? { callback: d.callback } : d.call ? { call: d.call } : {}),
            source: d.source,
            ...(sent.external_ref ? { external_ref: sent.external_ref } : {}),
          },
          d.birth,
        );
        this.put(key, { ticket });
      }
      this.put(key, {
        ticket: await this.patch(ticket, sent),
        saving: null,
        savedAt: this.now(),
        error: null,
      });
    } catch (e) {
      const code = e instanceof ApiError ? e.code : 'unknown';
      this.store.setState((s) => {
        const now = s.drafts[key];
        return now
          ? {
              drafts: {
                ...s.drafts,
                [key]: { ...now, saving: null, changes: { ...sent, ...now.changes }, error: code },
              },
            }
          : s;
      });
    }
    this.keep(key);
  }

  /** Patches; on a version conflict once more over the current state, with only our own fields. */
  private async patch(ticket: Ticket, fields: Partial<DraftFields>): Promise<Ticket> {
    try {
      return await this.api.patch(ticket.id, { version: ticket.version, ...wireFields(fields) });
    } catch (e) {
      const current =
        e instanceof ApiError && e.code === 'version' ? (e.body.current as Ticket | undefined) : undefined;
      if (!current) throw e;
      return this.api.patch(current.id, { version: current.version, ...wireFields(fields) });
    }
  }

  /** Sends every draft that waits; called every few seconds and when the connection is back. */
  async saveAll(connected = false) {
    for (const d of Object.values(this.store.getState().drafts)) {
      if (dirty(d) && (!d.error || passing(d.error) || connected)) await this.save(d.key);
    }
  }

  /** The server's newer state of a ticket; typed text stays above it. */
  refresh(key: string, ticket: Ticket) {
    const d = this.get(key);
    if (d && (!d.ticket || d.ticket.version <= ticket.version)) this.put(key, { ticket });
  }

  finish(key: string, ticket: Ticket) {
    this.put(key, { ticket, done: ticket, changes: {}, error: null });
    this.local.removeItem(this.prefix + key);
  }

  /** Closes a tab for good, with what this machine keeps of it. */
  forget(key: string) {
    this.local.removeItem(this.prefix + key);
    this.close(key);
  }

  private keep(key: string) {
    const d = this.get(key);
    if (!d) return;
    const changes = { ...d.saving, ...d.changes };
    if (Object.keys(changes).length === 0) {
      this.local.removeItem(this.prefix + key);
      return;
    }
    const saved: Saved = {
      birth: d.birth,
      call: d.call,
      callback: d.callback,
      source: d.source,
      id: d.ticket?.id ?? null,
      version: d.ticket?.version ?? 0,
      changes,
    };
    this.local.setItem(this.prefix + key, JSON.stringify(saved));
  }

  /** Takes up what an earlier page of this machine could not send, and the server's open drafts. */
  restore(tickets: Ticket[]) {
    const byId = new Map(tickets.map((t) => [t.id, t]));
    const seen = new Set<string>();
    const keys: string[] = [];
    for (let i = 0; i < this.local.length; i++) {
      const k = this.local.key(i);
      if (k?.startsWith(this.prefix)) keys.push(k);
    }
    for (const k of keys) {
      const key = k.slice(this.prefix.length);
      const here = this.get(key);
      if (here?.ticket) seen.add(here.ticket.id);
      if (here && (here.ticket || here.saving || dirty(here))) continue; // it is written on this very page
      const saved = parse(this.local.getItem(k));
      const ticket = saved?.id ? byId.get(saved.id) : undefined;
      if (!saved || (saved.id && !ticket)) {
        this.local.removeItem(k); // the draft is finished or discarded: nothing may be sent to it
        continue;
      }
      this.open(key, {
        call: saved.call,
        callback: saved.callback,
        source: saved.source,
        ticket,
        activate: false,
      });
      this.put(key, { changes: saved.changes, ...(saved.birth ? { birth: saved.birth } : {}) });
      if (ticket) this.refresh(key, ticket);
      if (ticket) seen.add(ticket.id);
    }
    for (const t of tickets) {
      if (seen.has(t.id) || this.keyOfTicket(t.id)) continue;
      const call = t.calls?.find((c) => c.role === 'complaint')?.id ?? null;
      const creating = Object.values(this.store.getState().drafts).some(
        (d) => d.saving && !d.ticket && d.call === call,
      );
      if (creating) continue; // most likely this one, whose answer is on its way
      const callKey = call ? `call:${call}` : null;
      const own = callKey ? this.get(callKey) : undefined;
      if (own && !own.ticket) this.refresh(own.key, t);
      else this.open(callKey && !own ? callKey : `ticket:${t.id}`, { call, ticket: t, activate: false });
    }
  }

  keyOfTicket(id: string): string | undefined {
    return Object.values(this.store.getState().drafts).find((d) => d.ticket?.id === id)?.key;
  }

  clear() {
    this.store.setState({ drafts: {}, active: null });
  }
}

function parse(text: string | null): Saved | null {
  try {
    const v = JSON.parse(text ?? '') as Saved;
    return v && typeof v.changes === 'object' ? v : null;
  } catch {
    return null;
  }
}

/** Which of the five elements (五要素) the text has: a hint for the agent, never a bar. */
export function elementsOf(v: DraftFields) {
  const text = v.content;
  return {
    time:
      v.happened_at !== '' ||
      /(今|昨|前|明)(天|日|晚|早)|\d+\s*(月|日|号|点|时|年|天)|(上|下)午|凌晨|晚上|每天|近日|最近|周[一二三四五六日]/.test(
        text,
      ),
    address: !!v.place.address?.trim() || (v.place.area?.length ?? 0) > 1,
    cause: text.trim().length >= 10,
    course: text.trim().length >= 30,
    name: !!v.caller.name?.trim() || !!v.caller.company?.trim(),
  };
}
