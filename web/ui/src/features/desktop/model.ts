import { create, useStore } from 'zustand';
import type { CallNote, CallView, Ticket } from '@/api/contract';
import { patch, post } from '@/api/http';
import { useLive } from '@/live';
import { type Draft, Drafts } from './drafts';

let account = '';

/** The agent's drafts on this page. */
export const drafts = new Drafts(
  {
    create: (body, key) => post<Ticket>('/tickets', body, { headers: { 'Idempotency-Key': key } }),
    patch: (id, body) => patch<Ticket>(`/tickets/${id}`, body),
  },
  localStorage,
  () => account,
);

export function setDraftAccount(a: string) {
  if (a !== account) drafts.clear();
  account = a;
}

export const useDraftState = () => useStore(drafts.store);
export const useDraft = (key: string): Draft | undefined => useStore(drafts.store, (s) => s.drafts[key]);

const autosaveMs = 3_000;
setInterval(() => void drafts.saveAll(), autosaveMs);
addEventListener('online', () => void drafts.saveAll(true));
useLive.subscribe((s, was) => {
  if (s.status === 'open' && was.status !== 'open') void drafts.saveAll(true);
});

/** What was done in each call, from which its note is preselected. */
export const useDone = create<{ byCall: Record<string, CallNote> }>(() => ({ byCall: {} }));
export const did = (call: string | null | undefined, note: CallNote) => {
  if (call) useDone.setState((s) => ({ byCall: { ...s.byCall, [call]: note } }));
};

/** The call note that what happened suggests. */
export function suggestedNote(call: CallView | undefined, done: CallNote | undefined): CallNote {
  if (call?.note) return call.note;
  if (done) return done;
  if (!call) return 'answered';
  if (call.end?.cause === 'transferred' || call.stage === 'transfer') return 'transferred';
  const talked =
    call.answered_at && call.end?.at ? (Date.parse(call.end.at) - Date.parse(call.answered_at)) / 1000 : null;
  if (talked !== null && talked < 8 && call.end?.side === 'citizen') return 'dropped';
  return 'answered';
}

/** The draft as it stands on the server after everything typed has been saved. */
export async function savedTicket(key: string): Promise<Ticket> {
  await drafts.save(key);
  const d = drafts.get(key);
  if (!d?.ticket) throw Object.assign(new Error('nothing saved yet'), { code: d?.error ?? 'empty_draft' });
  if (d.error) throw Object.assign(new Error(d.error), { code: d.error });
  return d.ticket;
}

/** Sends an action on a ticket after everything typed has been saved. */
export async function act(key: string, action: string, body: Record<string, unknown> = {}): Promise<Ticket> {
  const { id, version } = await savedTicket(key);
  return post<Ticket>(
    `/tickets/${id}/actions/${action}`,
    { version, ...body },
    { headers: { 'Idempotency-Key': `${id}-${version}-${action}` } },
  );
}

/** The call of this seat that the desk is about now. */
export const useCurrentCall = (): CallView | undefined =>
  useLive((s) => (s.current ? s.calls[s.current] : undefined));
