import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import type { AllowedAction, FlowStep, Ticket } from '@/api/contract';
import { errorText } from '@/api/errors';
import { ApiError, post } from '@/api/http';
import { tr } from '@/i18n';
import { type ActValues, actionKey, bodyOf } from './needs';

/** Why an action was not done. */
export interface ActProblem {
  /** In the words of the person's language. */
  text: string;
  /** A conflict: what others did meanwhile, and whether the action is still possible. */
  since?: FlowStep[];
  still?: boolean;
  current?: Ticket;
}

/** What happened to a ticket after the version that somebody looks at. */
export function stepsSince(seen: Ticket, now: Ticket): FlowStep[] {
  const last = Math.max(0, ...(seen.flow ?? []).map((s) => s.seq));
  return (now.flow ?? []).filter((s) => s.seq > last);
}

/**
 * Does actions on a ticket. A conflict loads what stands now into the page and keeps what was typed:
 * the next try goes against the new version.
 */
export function useAct(
  ticket: Ticket,
  opt: {
    done?: (x: Ticket, a: AllowedAction) => void;
    /** Saves what is typed first and gives the ticket as it then stands. */
    before?: () => Promise<Ticket>;
  } = {},
) {
  const client = useQueryClient();
  const [busy, setBusy] = useState<string | null>(null);
  const [problem, setProblem] = useState<ActProblem | null>(null);
  const latest = useRef(ticket);
  if (latest.current.id !== ticket.id || ticket.version >= latest.current.version) latest.current = ticket;
  const keep = (x: Ticket) => {
    latest.current = x;
    for (const id of [x.id, x.number]) if (id) client.setQueryData(['/tickets', id], x);
  };
  const act = async (a: AllowedAction, values: ActValues = {}): Promise<Ticket | null> => {
    setBusy(actionKey(a));
    setProblem(null);
    let seen = latest.current;
    try {
      if (opt.before) seen = await opt.before();
      const { id, version } = seen;
      const result = await post<Ticket>(
        `/tickets/${id}/actions/${a.name}`,
        { version, ...bodyOf(a, values) },
        { headers: { 'Idempotency-Key': `${id}-${version}-${actionKey(a)}` } },
      );
      keep(result);
      void client.invalidateQueries({ queryKey: ['/tickets'] });
      void client.invalidateQueries({ predicate: (q) => String(q.queryKey[0]).startsWith('/desk/') });
      opt.done?.(result, a);
      return result;
    } catch (e) {
      const current = e instanceof ApiError ? (e.body.current as Ticket | undefined) : undefined;
      if (e instanceof ApiError && e.code === 'version' && current) {
        const since = stepsSince(seen, current);
        const still = (current.allowed_actions ?? []).some((x) => actionKey(x) === actionKey(a));
        keep(current);
        setProblem({ text: tr(errorText(e)), since, still, current });
      } else {
        setProblem({ text: tr(errorText(e)) });
      }
      return null;
    } finally {
      setBusy(null);
    }
  };
  return { act, busy, problem, clear: () => setProblem(null) };
}
