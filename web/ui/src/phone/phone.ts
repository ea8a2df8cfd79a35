import type { UA } from 'jssip';
import type { RTCSession } from 'jssip/lib/RTCSession';
import type { PhoneSecret } from '@/api/contract';
import { audioPrefs, meter, openMic, silentStream, stopStream } from './devices';
import { initialPhone, type PhoneEvent, type PhoneState, phoneReducer } from './state';
import { StatsReader } from './stats';
import { beep, startRing, stopRing } from './tones';

export interface PhoneOptions {
  /** A fresh secret of this phone; the former one stops to work. */
  secret: () => Promise<PhoneSecret>;
  /** Only one tab with this name registers. */
  lock: string;
  onState: (s: PhoneState) => void;
  /** Input level 0–1 while a call has a microphone. */
  onLevel?: (level: number) => void;
  /** Something a person should read; the code is translated by the page. */
  onNotice?: (code: 'no_microphone' | 'microphone_lost' | 'auto_answered') => void;
  /** Is a call answered without a click? */
  autoAnswer?: () => boolean;
  /** Incoming calls ring aloud. */
  ring?: boolean;
}

interface Lease {
  release: () => void;
}

const statsEveryMs = 500;
const secretAgainMs = 3_000;

/**
 * A telephone in the page: registers through the server's own SIP path, rings, talks, measures.
 * It holds at most one call; hold, transfer and conference are the floor's commands, not SIP's.
 */
export class Phone {
  state: PhoneState = initialPhone;
  private ua: UA | null = null;
  private session: RTCSession | null = null;
  private lease: Lease | null = null;
  private mic: Promise<MediaStream> | null = null;
  private stopMeter: (() => void) | null = null;
  private statsTimer: ReturnType<typeof setInterval> | undefined;
  private secretTimer: ReturnType<typeof setTimeout> | undefined;
  private readonly speaker = new Audio();
  private running = 0;

  constructor(private readonly opt: PhoneOptions) {
    this.speaker.autoplay = true;
    navigator.mediaDevices?.addEventListener('devicechange', () => void this.devicesChanged());
  }

  /** Registers once this tab owns the phone; waits for another tab to give it up. */
  start() {
    if (this.running) return;
    const run = ++this.running;
    if (!navigator.locks) {
      this.dispatch({ type: 'owner', owner: 'this' });
      void this.register(run);
      return;
    }
    void navigator.locks.query().then((q) => {
      if (q.held?.some((l) => l.name === this.opt.lock) && !this.lease) {
        this.dispatch({ type: 'owner', owner: 'other' });
      }
    });
    void navigator.locks.request(this.opt.lock, () => {
      if (run !== this.running) return;
      this.dispatch({ type: 'owner', owner: 'this' });
      void this.register(run);
      return new Promise<void>((release) => {
        this.lease = { release };
      });
    });
  }

  /** Unregisters and lets another tab have the phone. */
  stop() {
    if (!this.running) return;
    this.running = 0;
    clearTimeout(this.secretTimer);
    this.ua?.stop();
    this.ua = null;
    this.endCall('stopped');
    this.lease?.release();
    this.lease = null;
    this.dispatch({ type: 'owner', owner: 'none' });
    this.dispatch({ type: 'reg', reg: 'off' });
    this.dispatch({ type: 'reset' });
  }

  private dispatch(e: PhoneEvent) {
    const next = phoneReducer(this.state, e);
    if (next === this.state) return;
    const was = this.state;
    this.state = next;
    if (this.opt.ring !== false && next.direction === 'in') {
      if (next.call === 'ringing' && was.call !== 'ringing') startRing();
      if (next.call !== 'ringing' && was.call === 'ringing') stopRing();
    }
    this.opt.onState(next);
  }

  private async register(run: number) {
    this.dispatch({ type: 'reg', reg: 'connecting' });
    let secret: PhoneSecret;
    try {
      secret = await this.opt.secret();
    } catch {
      if (run !== this.running) return;
      this.dispatch({ type: 'reg', reg: 'failed' });
      this.again(run);
      return;
    }
    const { default: JsSIP } = await import('jssip');
    if (run !== this.running) return;
    const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
    const url = `${scheme}://${location.host}${secret.ws_path}`;
    const ua = new JsSIP.UA({
      sockets: [new JsSIP.WebSocketInterface(url)],
      uri: secret.uri,
      authorization_user: secret.user,
      ha1: secret.ha1,
      realm: secret.realm,
      register_expires: 60,
      session_timers: false,
      connection_recovery_min_interval: 1,
      connection_recovery_max_interval: 4,
      user_agent: 'hotline-browser-phone',
    });
    this.ua?.stop();
    this.ua = ua;
    ua.on('registered', () => {
      this.dispatch({ type: 'reg', reg: 'on' });
      // After a drop of the line the switch still knows the old connection: without this the
      // other side's BYE never arrives.
      if (this.session?.isEstablished()) this.session.renegotiate();
    });
    ua.on('unregistered', () => this.ua === ua && this.dispatch({ type: 'reg', reg: 'connecting' }));
    ua.on('disconnected', () => {
      if (this.ua !== ua) return;
      this.dispatch({ type: 'reg', reg: 'connecting' });
      if (this.session?.isInProgress()) this.endCall('line_lost');
    });
    ua.on('registrationFailed', (e) => {
      if (this.ua !== ua) return;
      this.dispatch({ type: 'reg', reg: 'failed' });
      const status = e.response?.status_code;
      if (status === 401 || status === 403 || status === 404) this.again(run);
    });
    ua.on('newRTCSession', (e: { originator: string; session: RTCSession; request: SipRequest }) => {
      if (e.originator === 'remote') this.incoming(e.session, e.request);
    });
    ua.start();
  }

  private again(run: number) {
    clearTimeout(this.secretTimer);
    this.secretTimer = setTimeout(() => run === this.running && void this.register(run), secretAgainMs);
  }

  private incoming(session: RTCSession, request: SipRequest) {
    if (this.session && !this.session.isEnded()) {
      session.terminate({ status_code: 486 });
      return;
    }
    this.hook(session);
    this.dispatch({
      type: 'ring',
      callId: request.getHeader('X-Call-Id') ?? '',
      peer: session.remote_identity.uri.user ?? '',
    });
    this.mic = openMic(); // asked for while it rings, so that answering doesn't wait
    this.mic.catch(() => {});
    const byHeader = /answer-after=0/.test(request.getHeader('Call-Info') ?? '');
    if (byHeader || this.opt.autoAnswer?.()) {
      beep();
      this.opt.onNotice?.('auto_answered');
      void this.answer();
    }
  }

  private hook(session: RTCSession) {
    this.session = session;
    const mine = () => this.session === session;
    session.on('icecandidate', (e: { ready: () => void }) => e.ready());
    session.on('confirmed', () => mine() && this.connected(session));
    session.on('ended', (e: { cause: string }) => mine() && this.endCall(e.cause));
    session.on('failed', (e: { cause: string }) => mine() && this.endCall(e.cause));
    const onPc = (pc: RTCPeerConnection) =>
      pc.addEventListener('track', (t) => {
        this.speaker.srcObject = t.streams[0] ?? new MediaStream([t.track]);
        void this.speaker.play().catch(() => {});
      });
    session.on('peerconnection', (e: { peerconnection: RTCPeerConnection }) => onPc(e.peerconnection));
    if (session.connection) onPc(session.connection);
  }

  private async micOrSilence(): Promise<MediaStream> {
    try {
      const s = await (this.mic ?? openMic());
      this.dispatch({ type: 'mic', mic: 'ok' });
      s.getAudioTracks()[0]?.addEventListener('ended', () => this.micLost());
      return s;
    } catch {
      this.dispatch({ type: 'mic', mic: 'missing' });
      this.opt.onNotice?.('no_microphone');
      return silentStream();
    }
  }

  /** Takes the ringing call. Without a microphone it is taken all the same, and said so. */
  async answer() {
    const session = this.session;
    if (session?.direction !== 'incoming' || !session.isInProgress()) return;
    const stream = await this.micOrSilence();
    if (this.session !== session || !session.isInProgress()) {
      stopStream(stream);
      return;
    }
    this.mic = Promise.resolve(stream);
    await this.applyOutput();
    session.answer({ mediaStream: stream, pcConfig: { iceServers: [] } });
  }

  /** Dials a number (the citizen's phone of the demo). */
  async dial(number: string) {
    if (!this.ua || (this.session && !this.session.isEnded())) return;
    this.dispatch({ type: 'dial', callId: '', peer: number });
    const stream = await this.micOrSilence();
    this.mic = Promise.resolve(stream);
    await this.applyOutput();
    if (!this.ua) return;
    const session = this.ua.call(number, {
      mediaStream: stream,
      pcConfig: { iceServers: [] },
      rtcOfferConstraints: { offerToReceiveAudio: true },
    });
    this.hook(session);
  }

  private connected(session: RTCSession) {
    this.dispatch({ type: 'connected' });
    void this.mic?.then((s) => {
      if (this.session === session && this.opt.onLevel) this.stopMeter = meter(s, this.opt.onLevel);
    });
    const reader = new StatsReader();
    clearInterval(this.statsTimer);
    this.statsTimer = setInterval(() => {
      if (session.connection && this.session === session) {
        void reader.read(session.connection).then((m) => this.dispatch({ type: 'media', ...m }));
      }
    }, statsEveryMs);
  }

  private endCall(cause: string) {
    const session = this.session;
    this.session = null;
    clearInterval(this.statsTimer);
    this.stopMeter?.();
    this.stopMeter = null;
    void this.mic?.then(stopStream, () => {});
    this.mic = null;
    this.speaker.srcObject = null;
    if (session && !session.isEnded()) {
      try {
        session.terminate();
      } catch {
        // The line is gone: there is nobody to tell.
      }
    }
    this.dispatch({ type: 'ended', cause });
  }

  /** Ends or refuses the call from this side. */
  hangUp() {
    if (this.session) this.endCall('hung_up');
  }

  /** After the call's end has been shown. */
  reset() {
    this.dispatch({ type: 'reset' });
  }

  mute(on: boolean) {
    if (!this.session) return;
    if (on) this.session.mute({ audio: true });
    else this.session.unmute({ audio: true });
    this.dispatch({ type: 'muted', on });
  }

  /** The floor holds the citizen; the phone only shows it. */
  held(on: boolean) {
    this.dispatch({ type: 'held', on });
  }

  dtmf(digits: string) {
    if (!this.session?.isEstablished()) return;
    this.session.sendDTMF(digits, {
      duration: 100,
      interToneGap: 100,
      transportType: 'INFO' as never,
    });
  }

  /** Uses newly chosen devices, also in the running call. */
  async devicesChosen() {
    await this.applyOutput();
    const session = this.session;
    if (!session?.isEstablished() || !session.connection) return;
    const old = this.mic;
    const stream = await openMic();
    const sender = session.connection.getSenders().find((x) => x.track?.kind === 'audio' || !x.track);
    await sender?.replaceTrack(stream.getAudioTracks()[0] ?? null);
    stream.getAudioTracks()[0]?.addEventListener('ended', () => this.micLost());
    this.mic = Promise.resolve(stream);
    void old?.then(stopStream, () => {});
    this.stopMeter?.();
    if (this.opt.onLevel) this.stopMeter = meter(stream, this.opt.onLevel);
    this.dispatch({ type: 'mic', mic: 'ok' });
  }

  private async applyOutput() {
    const { output } = audioPrefs();
    if ('setSinkId' in this.speaker) {
      await this.speaker.setSinkId(output).catch(() => {});
    }
  }

  private micLost() {
    this.dispatch({ type: 'mic', mic: 'lost' });
    this.opt.onNotice?.('microphone_lost');
  }

  private async devicesChanged() {
    const list = await navigator.mediaDevices.enumerateDevices();
    const inputs = list.filter((d) => d.kind === 'audioinput');
    const { input } = audioPrefs();
    const chosenGone = input !== '' && !inputs.some((d) => d.deviceId === input);
    if (inputs.length === 0 || chosenGone) {
      if (this.running && this.state.mic !== 'lost') this.micLost();
    } else if (this.state.mic === 'lost' || this.state.mic === 'missing') {
      await this.devicesChosen().catch(() => {});
      this.dispatch({ type: 'mic', mic: 'ok' });
    }
  }
}

interface SipRequest {
  getHeader(name: string): string | undefined;
}
