import { ApiError } from './http';

/** How long a file may take in all. */
const deadlineMs = 10 * 60_000;

/** Sends a form with a file to `/api/v1` and tells how much of it is gone, 0 to 1. */
export function upload<T>(
  path: string,
  form: FormData,
  progress: (share: number) => void,
  signal?: AbortSignal,
): Promise<T> {
  return new Promise((done, fail) => {
    const x = new XMLHttpRequest();
    x.open('POST', `/api/v1${path}`);
    x.timeout = deadlineMs;
    x.setRequestHeader('Accept', 'application/json');
    x.upload.onprogress = (e) => e.lengthComputable && progress(e.loaded / e.total);
    x.onload = () => {
      let body: Record<string, unknown> = {};
      try {
        body = JSON.parse(x.responseText || '{}');
      } catch {
        body = {};
      }
      if (x.status >= 200 && x.status < 300) done(body as T);
      else
        fail(
          new ApiError(x.status, String(body.code ?? `http_${x.status}`), String(body.detail ?? ''), body),
        );
    };
    x.onerror = () => fail(new ApiError(0, 'offline', ''));
    x.ontimeout = () => fail(new ApiError(0, 'timeout', ''));
    x.onabort = () => fail(new DOMException('', 'AbortError'));
    signal?.addEventListener('abort', () => x.abort());
    x.send(form);
  });
}
