import { compareIds } from './cursor';
import type { Reply, ServerFrame } from './frames';

/** A command the server refused, or that got no answer. `code` is stable. */
export class CommandError extends Error {
  constructor(
    readonly code: string,
    readonly detail: string,
  ) {
    super(detail || code);
    this.name = 'CommandError';
  }
}

export type SocketStatus = 'connecting' | 'open' | 'reconnecting' | 'ended';

export interface SocketLike {
  send(text: string): void;
  close(): void;
  onopen: (() => void) | null;
  onmessage: ((e: { data: string }) => void) | null;
  onclose: ((e: { code: number }) => void) | null;
}

export interface LiveOptions {
  url: (query: string) => string;
  open?: (url: string) => SocketLike;
  onFrame: (frame: ServerFrame) => void;
  onStatus: (status: SocketStatus) => void;
  /** Called after a bye; the socket is not opened again by itself. */
  onBye?: (reason: string) => void;
}

const replyDeadlineMs = 3_000;
const pingEveryMs = 10_000;
const backoffMs = [250, 500, 1_000, 2_000, 4_000];
/** Sleep of a laptop, a hanging proxy: no frame and no answer to a ping for this long is a dead line. */
const connectDeadlineMs = 8_000;

/**
 * The page's one live connection. It reconnects by itself with both cursors, applies frames in
 * the server's order, drops floor frames older than what was seen, and turns commands into promises.
 */
export class LiveSocket {
  private socket: SocketLike | null = null;
  private floor = '';
  private desk = '';
  private nextRef = 1;
  private waiting = new Map<
    string,
    { resolve: (v: unknown) => void; reject: (e: Error) => void; timer: ReturnType<typeof setTimeout> }
  >();
  private tries = 0;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private ping: ReturnType<typeof setInterval> | undefined;
  private opened = false;
  private ended = false;

  constructor(private readonly opt: LiveOptions) {}

  start() {
    this.ended = false;
    this.opt.onStatus('connecting');
    this.connect();
  }

  stop() {
    this.ended = true;
    clearTimeout(this.retry);
    clearInterval(this.ping);
    this.socket?.close();
    this.socket = null;
    this.failAll();
    this.opt.onStatus('ended');
  }

  /** Try again now instead of after the backoff (the network came back, the tab woke up). */
  nudge() {
    if (this.ended || this.opened || !this.retry) return;
    clearTimeout(this.retry);
    this.connect();
  }

  /** Sends one command; resolves with the reply's data within 3 s or rejects with CommandError. */
  command<R = unknown>(type: string, data?: unknown): Promise<R> {
    const socket = this.socket;
    if (!socket || !this.opened) return Promise.reject(new CommandError('socket_closed', 'not connected'));
    const ref = String(this.nextRef++);
    return new Promise<R>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.waiting.delete(ref);
        reject(new CommandError('no_reply', `${type}: no reply in ${replyDeadlineMs} ms`));
      }, replyDeadlineMs);
      this.waiting.set(ref, { resolve: resolve as (v: unknown) => void, reject, timer });
      socket.send(JSON.stringify({ ref, type, ...(data === undefined ? {} : { data }) }));
    });
  }

  private connect() {
    this.retry = undefined;
    const q = new URLSearchParams();
    if (this.floor) q.set('floor', this.floor);
    if (this.desk) q.set('desk', this.desk);
    const url = this.opt.url(q.toString());
    const socket = this.opt.open ? this.opt.open(url) : (new WebSocket(url) as unknown as SocketLike);
    this.socket = socket;
    const dead = setTimeout(() => {
      if (this.socket === socket && !this.opened) socket.close();
    }, connectDeadlineMs);
    socket.onopen = () => {
      clearTimeout(dead);
      if (this.socket !== socket) return;
      this.opened = true;
      clearInterval(this.ping);
      this.ping = setInterval(() => this.beat(socket), pingEveryMs);
    };
    socket.onmessage = (e) => {
      if (this.socket !== socket) return;
      let frame: ServerFrame;
      try {
        frame = JSON.parse(e.data) as ServerFrame;
      } catch {
        return;
      }
      this.take(frame);
    };
    socket.onclose = () => {
      clearTimeout(dead);
      if (this.socket === socket) this.lost();
    };
  }

  private beat(socket: SocketLike) {
    this.command('ping').catch((e: CommandError) => {
      if (e.code === 'no_reply' && this.socket === socket) {
        socket.close();
        this.lost();
      }
    });
  }

  private lost() {
    this.socket = null;
    this.opened = false;
    clearInterval(this.ping);
    this.failAll();
    if (this.ended) return;
    this.opt.onStatus('reconnecting');
    const base = backoffMs[Math.min(this.tries, backoffMs.length - 1)] as number;
    this.tries++;
    this.retry = setTimeout(() => this.connect(), base * (0.75 + Math.random() * 0.5));
  }

  private failAll() {
    for (const w of this.waiting.values()) {
      clearTimeout(w.timer);
      w.reject(new CommandError('socket_closed', 'connection lost'));
    }
    this.waiting.clear();
  }

  private take(frame: ServerFrame) {
    switch (frame.type) {
      case 'reply':
        this.settle(frame.data);
        return;
      case 'hello':
        // The cursor moves with the frames that follow, not with the greeting: a drop between
        // the two must not skip what was missed.
        this.tries = 0;
        this.opt.onFrame(frame);
        this.opt.onStatus('open');
        return;
      case 'bye':
        this.opt.onBye?.(frame.data.reason);
        this.stop();
        return;
      case 'desk':
        if (frame.id) this.desk = frame.id;
        break;
      default:
        if (frame.id) {
          if (this.floor && compareIds(frame.id, this.floor) < 0) return;
          this.floor = frame.id;
        }
    }
    this.opt.onFrame(frame);
  }

  private settle(reply: Reply) {
    const w = this.waiting.get(String(reply.ref));
    if (!w) return;
    this.waiting.delete(String(reply.ref));
    clearTimeout(w.timer);
    if (reply.ok) w.resolve(reply.data);
    else w.reject(new CommandError(reply.error?.code ?? 'unknown', reply.error?.detail ?? ''));
  }
}
