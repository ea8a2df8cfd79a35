import { useEffect, useRef, useState } from 'react';
import type { LegView, Ticket } from '@/api/contract';
import { errorText } from '@/api/errors';
import { ApiError, post } from '@/api/http';
import { tr } from '@/i18n';
import { beginning, type ReplyValues, replyOf, same, valuesOf } from './reply';

/** So long after the last key the draft is saved; every saving is a version that the flow keeps. */
const restMs = 8_000;

export interface SaveState {
  state: 'clean' | 'dirty' | 'saving' | 'saved' | 'failed';
  at?: number;
  text?: string;
}

const keyOf = (ticket: Ticket, leg: LegView) => `hotline.reply.${ticket.id}.${leg.n}.${leg.round}`;

function kept(key: string): ReplyValues | null {
  try {
    const text = localStorage.getItem(key);
    return text ? (JSON.parse(text) as ReplyValues) : null;
  } catch {
    return null;
  }
}

/** Keeps what is typed on this machine until the server has it; a full store loses nothing but this. */
function keep(key: string, v: ReplyValues | null) {
  try {
    if (v) localStorage.setItem(key, JSON.stringify(v));
    else localStorage.removeItem(key);
  } catch {
    // The page still holds it, and the server gets it in a moment.
  }
}

/**
 * The draft of a unit's reply: typed here, kept on this machine at once and at the server after a
 * rest of the keys. A colleague's saving in between is not overwritten without asking.
 */
export function useReplyDraft(ticket: Ticket, leg: LegView, account: string, saved: (x: Ticket) => void) {
  const key = keyOf(ticket, leg);
  const [start] = useState(() => {
    const begin = beginning(ticket, leg);
    const own = kept(key);
    const restored = !!own && !same(own, begin.values);
    return { values: restored ? own : begin.values, from: begin.from, restored };
  });
  const [values, setValues] = useState(start.values);
  const [state, setState] = useState<SaveState>({ state: start.restored ? 'dirty' : 'clean' });
  const [theirs, setTheirs] = useState<{ by: string; values: ReplyValues } | null>(null);
  const now = useRef({ ticket, values, dirty: start.restored });
  if (ticket.version >= now.current.ticket.version) now.current.ticket = ticket;
  /** The draft at the server as this page knows it. */
  const known = useRef(leg.draft?.at ?? '');
  const running = useRef<Promise<boolean> | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);

  const send = async (retry: boolean): Promise<boolean> => {
    const sent = now.current.values;
    try {
      const x = await post<Ticket>(`/tickets/${now.current.ticket.id}/actions/save_reply`, {
        version: now.current.ticket.version,
        leg: leg.n,
        reply: replyOf(sent),
      });
      now.current.ticket = x;
      known.current = x.legs?.find((l) => l.n === leg.n)?.draft?.at ?? '';
      if (now.current.values === sent) {
        now.current.dirty = false;
        keep(key, null);
        setState({ state: 'saved', at: Date.now() });
      }
      saved(x);
      return true;
    } catch (e) {
      const current = e instanceof ApiError ? (e.body.current as Ticket | undefined) : undefined;
      if (e instanceof ApiError && e.code === 'version' && current) {
        now.current.ticket = current;
        saved(current);
        const draft = current.legs?.find((l) => l.n === leg.n)?.draft;
        const others = !!draft && draft.at !== known.current && draft.by !== account;
        known.current = draft?.at ?? '';
        if (others) setTheirs({ by: draft.by ?? '', values: valuesOf(draft) });
        else if (retry) return send(false);
      }
      setState({ state: 'failed', text: tr(errorText(e)) });
      return false;
    }
  };
  /** Saves at once; true when the server has what is typed. */
  const flush = async (): Promise<boolean> => {
    clearTimeout(timer.current);
    if (running.current) await running.current;
    if (!now.current.dirty) return true;
    setState({ state: 'saving' });
    running.current = send(true);
    const ok = await running.current;
    running.current = null;
    return ok;
  };
  const flushRef = useRef(flush);
  flushRef.current = flush;
  const set = (change: Partial<ReplyValues>) => {
    const next = { ...now.current.values, ...change };
    now.current.values = next;
    now.current.dirty = true;
    setValues(next);
    keep(key, next);
    setState((s) => (s.state === 'saving' ? s : { state: 'dirty' }));
    clearTimeout(timer.current);
    timer.current = setTimeout(() => void flushRef.current(), restMs);
  };
  useEffect(
    () => () => {
      clearTimeout(timer.current);
      if (now.current.dirty) void flushRef.current();
    },
    [],
  );
  return {
    values,
    set,
    flush,
    state,
    from: start.from,
    restored: start.restored,
    theirs,
    /** Ends the choice between one's own text and a colleague's. */
    settle: (use: 'mine' | 'theirs') => {
      if (use === 'theirs' && theirs) set(theirs.values);
      else set({});
      setTheirs(null);
    },
    /** The form was sent away: nothing is to be saved any more. */
    ended: () => {
      clearTimeout(timer.current);
      now.current.dirty = false;
      keep(key, null);
    },
    /** The ticket as the last saving left it. */
    latest: () => now.current.ticket,
  };
}
