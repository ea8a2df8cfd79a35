// One real browser, driven by lines of JSON: a test in another language says what to do
// ({ "do": "click", "at": "[data-act=answer]" }), and each line is answered by one line,
// { "ok": true, "value": … } or { "ok": false, "error": "…" }. Ends with its input.
//
// Environment: BROWSER (program), VOICE (WAV file that is the microphone), HOME_DIR (a new folder).
import { createInterface } from 'node:readline';
import { chromium } from 'playwright-core';

const patience = 15_000;
const context = await chromium.launchPersistentContext(process.env.HOME_DIR, {
  executablePath: process.env.BROWSER,
  headless: true,
  viewport: { width: 1440, height: 900 },
  locale: 'zh-CN',
  timezoneId: 'Asia/Shanghai',
  args: [
    '--allow-loopback-in-peer-connection',
    '--use-fake-device-for-media-stream',
    '--use-fake-ui-for-media-stream',
    `--use-file-for-fake-audio-capture=${process.env.VOICE}`,
    '--autoplay-policy=no-user-gesture-required',
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
});
context.setDefaultTimeout(patience);
const page = context.pages()[0] ?? (await context.newPage());
const faults = [];
page.on('pageerror', (e) => faults.push(String(e.stack ?? e)));
page.on('console', (m) => {
  // Who is not signed in yet is told so.
  const asked = m.location().url.endsWith('/api/v1/session');
  if (m.type() === 'error' && !asked) faults.push(m.text());
});
await page.addInitScript(() => {
  // A pure tone is what the browser's speech processing removes.
  if (!localStorage.getItem('hotline.phone.audio'))
    localStorage.setItem('hotline.phone.audio', JSON.stringify({ input: '', output: '', processing: false }));
  // When each call's screen pop stood in the page, and when its INVITE came: milliseconds by call id.
  window.marks = { pop: {}, invite: {} };
  const Socket = WebSocket;
  window.WebSocket = class extends Socket {
    constructor(...a) {
      super(...a);
      this.addEventListener('message', (e) => {
        const id =
          typeof e.data === 'string' &&
          e.data.startsWith('INVITE') &&
          /^X-Call-Id: *(\S+)/im.exec(e.data)?.[1];
        if (id) window.marks.invite[id] ??= performance.now();
      });
    }
  };
  new MutationObserver(() => {
    const id = document.querySelector('[data-panel=pop]')?.dataset.call;
    if (id) window.marks.pop[id] ??= performance.now();
  }).observe(document, { childList: true, subtree: true, attributes: true, attributeFilter: ['data-call'] });
  const Native = RTCPeerConnection;
  window.peers = [];
  window.RTCPeerConnection = class extends Native {
    constructor(...a) {
      super(...a);
      window.peers.push(this);
    }
  };
});

/** Waits until the frequency (Hz) is the loudest of what the page's phone receives. */
const hears = (hz) =>
  page.waitForFunction(
    (wanted) => {
      const pc = window.peers.findLast((p) => p.connectionState === 'connected');
      const track = pc?.getReceivers().find((r) => r.track?.kind === 'audio')?.track;
      if (!track) return false;
      if (window.ear?.track !== track) {
        const audio = new AudioContext({ sampleRate: 48_000 });
        const analyser = audio.createAnalyser();
        analyser.fftSize = 8192;
        audio.createMediaStreamSource(new MediaStream([track])).connect(analyser);
        window.ear = { track, analyser, bins: new Float32Array(analyser.frequencyBinCount) };
      }
      const { analyser, bins } = window.ear;
      analyser.getFloatFrequencyData(bins);
      let loudest = 0;
      for (let i = 1; i < bins.length; i++) if (bins[i] > bins[loudest]) loudest = i;
      return bins[loudest] > -60 && Math.abs((loudest * 48_000) / 8192 - wanted) < 15;
    },
    hz,
    { polling: 50 },
  );

/** Draws characters in the page's own font; the bitmaps as text, to be compared. */
const glyphs = (characters) =>
  page.evaluate(async (list) => {
    await document.fonts.ready;
    const font = getComputedStyle(document.body).fontFamily;
    return list.map((c) => {
      const canvas = document.createElement('canvas');
      canvas.width = canvas.height = 48;
      const g = canvas.getContext('2d');
      g.font = `32px ${font}`;
      g.fillText(c, 4, 36);
      const { data } = g.getImageData(0, 0, 48, 48);
      let bits = '';
      for (let i = 3; i < data.length; i += 4) bits += data[i] > 96 ? '1' : '0';
      return bits;
    });
  }, characters);

const acts = {
  open: ({ url }) => page.goto(url).then(() => page.url()),
  click: ({ at }) => page.locator(at).first().click(),
  clickIfThere: async ({ at }) => {
    if (await page.locator(at).count()) await page.locator(at).first().click();
  },
  fill: ({ at, text }) => page.locator(at).first().fill(text),
  type: ({ text }) => page.keyboard.type(text),
  key: ({ key }) => page.keyboard.press(key),
  wait: ({ at }) => page.locator(at).first().waitFor({ state: 'attached' }),
  gone: ({ at }) => page.locator(at).first().waitFor({ state: 'detached' }),
  read: ({ at, attribute }) =>
    attribute ? page.locator(at).first().getAttribute(attribute) : page.locator(at).first().innerText(),
  picture: ({ file }) => page.screenshot({ path: file }),
  hears: ({ hz }) => hears(hz).then(() => true),
  glyphs: ({ characters }) => glyphs(characters),
  faults: () => faults,
  marks: () => page.evaluate(() => window.marks),
};

const say = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);
say({ ok: true });
for await (const line of createInterface({ input: process.stdin })) {
  const asked = JSON.parse(line);
  try {
    say({ ok: true, value: (await acts[asked.do](asked)) ?? null });
  } catch (e) {
    say({ ok: false, error: String(e.message ?? e), url: page.url(), faults });
  }
}
await context.close();
