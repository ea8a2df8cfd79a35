import i18next from 'i18next';

/** A refusal or failure of the server. `code` is stable; `status` 0 means that no answer came. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
    readonly body: Record<string, unknown> = {},
  ) {
    super(detail || code);
    this.name = 'ApiError';
  }
}

const deadlineMs = 15_000;

type Query = Record<string, string | number | boolean | undefined | null>;

/** Path with a query string of the values that are set. */
export function withQuery(path: string, query: Query = {}): string {
  const q = new URLSearchParams();
  for (const [k, v] of Object.entries(query)) {
    if (v !== undefined && v !== null && v !== '') q.set(k, String(v));
  }
  const s = q.toString();
  return s ? `${path}?${s}` : path;
}

let onUnauthorized: () => void = () => {};

/** Tells who is to be told when the session is over. */
export function setUnauthorizedHandler(f: () => void) {
  onUnauthorized = f;
}

interface Options {
  method?: string;
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal;
  /** Don't treat 401 as the end of the session (sign-in itself). */
  anonymous?: boolean;
}

/** One request to `/api/v1`. Throws ApiError. */
export async function request<T>(path: string, opt: Options = {}): Promise<T> {
  const timeout = AbortSignal.timeout(deadlineMs);
  const signal = opt.signal ? AbortSignal.any([opt.signal, timeout]) : timeout;
  const form = opt.body instanceof FormData ? opt.body : null;
  let res: Response;
  try {
    res = await fetch(`/api/v1${path}`, {
      method: opt.method ?? 'GET',
      credentials: 'same-origin',
      signal,
      headers: {
        Accept: 'application/json',
        'Accept-Language': i18next.language ?? 'zh-CN',
        ...(opt.body === undefined || form ? {} : { 'Content-Type': 'application/json' }),
        ...opt.headers,
      },
      body: form ?? (opt.body === undefined ? undefined : JSON.stringify(opt.body)),
    });
  } catch (e) {
    if (opt.signal?.aborted) throw e;
    throw new ApiError(0, timeout.aborted ? 'timeout' : 'offline', String(e));
  }
  if (res.status === 204) return undefined as T;
  const text = await res.text();
  let json: unknown;
  try {
    json = text ? JSON.parse(text) : undefined;
  } catch {
    json = undefined;
  }
  if (!res.ok) {
    const body = (json ?? {}) as Record<string, unknown>;
    if (res.status === 401 && !opt.anonymous) onUnauthorized();
    throw new ApiError(
      res.status,
      String(body.code ?? `http_${res.status}`),
      String(body.detail ?? ''),
      body,
    );
  }
  return json as T;
}

export const get = <T>(path: string, query?: Query, signal?: AbortSignal) =>
  request<T>(withQuery(path, query), { signal });
export const post = <T>(path: string, body: unknown = {}, opt: Options = {}) =>
  request<T>(path, { ...opt, method: 'POST', body });
export const put = <T>(path: string, body: unknown) => request<T>(path, { method: 'PUT', body });
export const patch = <T>(path: string, body: unknown) => request<T>(path, { method: 'PATCH', body });
export const del = <T>(path: string) => request<T>(path, { method: 'DELETE' });
