import { audioContext } from './tones';

export interface AudioPrefs {
  input: string;
  output: string;
  /** Echo cancelling, noise suppression, gain control. Off only for measurements. */
  processing: boolean;
}

const key = 'hotline.phone.audio';

export function audioPrefs(): AudioPrefs {
  const d: AudioPrefs = { input: '', output: '', processing: true };
  try {
    return { ...d, ...JSON.parse(localStorage.getItem(key) ?? '{}') };
  } catch {
    return d;
  }
}

export function saveAudioPrefs(p: AudioPrefs) {
  localStorage.setItem(key, JSON.stringify(p));
}

/** Opens the chosen microphone; falls back to any when the chosen one is gone. */
export async function openMic(): Promise<MediaStream> {
  if (!navigator.mediaDevices) throw new DOMException('no secure context', 'NotAllowedError');
  const p = audioPrefs();
  const base = {
    echoCancellation: p.processing,
    noiseSuppression: p.processing,
    autoGainControl: p.processing,
  };
  if (p.input) {
    try {
      return await navigator.mediaDevices.getUserMedia({
        audio: { ...base, deviceId: { exact: p.input } },
      });
    } catch {
      // The chosen device is unplugged: any other is better than none.
    }
  }
  return navigator.mediaDevices.getUserMedia({ audio: base });
}

/** A stream that carries silence, for answering without a microphone. */
export function silentStream(): MediaStream {
  return audioContext().createMediaStreamDestination().stream;
}

/** Measures a stream's level (0–1) about 15 times a second. Returns the way to stop. */
export function meter(stream: MediaStream, onLevel: (level: number) => void): () => void {
  const c = audioContext();
  const source = c.createMediaStreamSource(stream);
  const analyser = c.createAnalyser();
  analyser.fftSize = 512;
  source.connect(analyser);
  const buf = new Float32Array(analyser.fftSize);
  const timer = setInterval(() => {
    analyser.getFloatTimeDomainData(buf);
    let sum = 0;
    for (const v of buf) sum += v * v;
    // −50 dB … −6 dB on a scale that a speaking voice fills.
    const db = 10 * Math.log10(sum / buf.length + 1e-10);
    onLevel(Math.min(1, Math.max(0, (db + 50) / 44)));
  }, 66);
  return () => {
    clearInterval(timer);
    source.disconnect();
  };
}

export const stopStream = (s: MediaStream | null) => {
  for (const t of s?.getTracks() ?? []) t.stop();
};
