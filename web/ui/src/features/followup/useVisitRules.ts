import { useQuery } from '@tanstack/react-query';
import { get } from '@/api/http';
import { useSession } from '@/app/session';
import { useSecond } from '@/live/clock';
import { type Hours, wallClock } from './visit';

interface VisitPolicy {
  follow_up?: { tries?: number; from?: string; to?: string };
}

const minutes = (clock: string | undefined, otherwise: number) => {
  const m = /^(\d{1,2}):(\d{2})$/.exec(clock ?? '');
  return m ? Number(m[1]) * 60 + Number(m[2]) : otherwise;
};

/** How the policy wants citizens followed up: how often, when, and whether that is now. */
export function useVisitRules(): { tries: number; hours: Hours; open: boolean; text: string } {
  const { timezone } = useSession();
  useSecond();
  const q = useQuery({
    queryKey: ['/policy'],
    queryFn: () => get<VisitPolicy>('/policy'),
    staleTime: 600_000,
  });
  const rule = q.data?.follow_up;
  const hours = { from: minutes(rule?.from, 0), to: minutes(rule?.to, 24 * 60) };
  const { minute } = wallClock(new Date(), timezone);
  return {
    tries: rule?.tries ?? 3,
    hours,
    open: minute >= hours.from && minute < hours.to,
    text: rule?.from ? `${rule.from}–${rule.to}` : '',
  };
}
