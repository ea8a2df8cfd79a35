import { queryOptions, useQuery } from '@tanstack/react-query';
import type { PublicInfo, Session } from '@/api/contract';
import { ApiError, get, request } from '@/api/http';

/** Who is signed in; null when nobody is. */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: async (): Promise<Session | null> => {
    try {
      return await request<Session>('/session', { anonymous: true });
    } catch (e) {
      if (e instanceof ApiError && e.status === 401) return null;
      throw e;
    }
  },
  staleTime: Number.POSITIVE_INFINITY,
});

export const publicQuery = queryOptions({
  queryKey: ['public'],
  queryFn: () => get<PublicInfo>('/public'),
  staleTime: 60_000,
});

/** The session of a signed-in page. */
export function useSession(): Session {
  const { data } = useQuery(sessionQuery);
  if (!data) throw new Error('no session on a signed-in page');
  return data;
}
