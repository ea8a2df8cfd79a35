/** Sounds the page makes itself; no files, so they work before anything is loaded. */
let ctx: AudioContext | null = null;

/** The page's audio context, woken up if the browser put it to sleep. */
export function audioContext(): AudioContext {
  ctx ??= new AudioContext();
  if (ctx.state === 'suspended') void ctx.resume();
  return ctx;
}

function tone(at: number, seconds: number, hz: number, gain: number) {
  const c = audioContext();
  const osc = c.createOscillator();
  const vol = c.createGain();
  osc.frequency.value = hz;
  vol.gain.setValueAtTime(0, at);
  vol.gain.linearRampToValueAtTime(gain, at + 0.02);
  vol.gain.setValueAtTime(gain, at + seconds - 0.03);
  vol.gain.linearRampToValueAtTime(0, at + seconds);
  osc.connect(vol).connect(c.destination);
  osc.start(at);
  osc.stop(at + seconds);
}

let ringTimer: ReturnType<typeof setInterval> | undefined;

/** Rings until stopRing: two short notes every two seconds. */
export function startRing() {
  stopRing();
  const once = () => {
    const t = audioContext().currentTime;
    tone(t, 0.35, 659, 0.12);
    tone(t + 0.4, 0.5, 523, 0.12);
  };
  once();
  ringTimer = setInterval(once, 2_000);
}

export function stopRing() {
  clearInterval(ringTimer);
  ringTimer = undefined;
}

/** One beep: a call was answered by itself. */
export const beep = () => tone(audioContext().currentTime, 0.25, 880, 0.15);

/** Two low notes: something needs the agent's eyes. */
export function alarmTone() {
  const t = audioContext().currentTime;
  tone(t, 0.25, 320, 0.2);
  tone(t + 0.35, 0.25, 320, 0.2);
}
