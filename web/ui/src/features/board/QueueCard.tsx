import { memo, useRef } from 'react';
import { clockTime, duration, percent } from '@/components/format';
import { useT } from '@/i18n';
import { useLive } from '@/live';
import { useSecond } from '@/live/clock';
import { serverNow } from '@/live/store';
import type { Status } from '@/theme/status';
import { hourMs, type Sample, useTrail } from './trail';

export const QueueCard = memo(function QueueCard({ queue }: { queue: string }) {
  const t = useT();
  const q = useLive((s) => s.board.queues[queue]);
  const trail = useTrail(queue);
  if (!q) return null;
  const late = q.longest_s > q.target_s;
  const status: Status = q.waiting === 0 ? 'idle' : late ? 'alarm' : 'ringing';
  return (
    <section className={`card queue st-${status}`} data-queue={queue} data-waiting={q.waiting}>
      <header>
        <span className="dot" />
        <b className="ellipsis">{q.name || q.queue}</b>
        <span className="muted small">
          {t('示闲 {{n}} / 签入 {{m}}', { n: q.seats_ready, m: q.seats_signed_in })}
        </span>
      </header>
      <div className="queue-figures num">
        <Figure value={String(q.waiting)} text={t('排队')} big />
        <Longest queue={queue} />
        <Figure
          value={q.offered ? percent(q.service_level) : '—'}
          text={t('{{n}} 秒接通率', { n: q.target_s })}
        />
        <Figure value={String(q.answered)} text={t('已接')} />
        <Figure value={String(q.abandoned)} text={t('放弃')} />
      </div>
      <Spark trail={trail} now={q.waiting} />
    </section>
  );
});

function Figure({ value, text, big }: { value: string; text: string; big?: boolean }) {
  return (
    <div className={big ? 'figure big' : 'figure'}>
      <b>{value}</b>
      <span>{text}</span>
    </div>
  );
}

/** The oldest caller's wait goes on ticking between the server's updates. */
function Longest({ queue }: { queue: string }) {
  const t = useT();
  const second = useSecond();
  const q = useLive((s) => s.board.queues[queue]);
  const seen = useRef({ value: -1, at: second });
  const value = q?.longest_s ?? 0;
  if (seen.current.value !== value) seen.current = { value, at: second };
  const shown = q?.waiting ? value + (second - seen.current.at) : 0;
  return <Figure value={duration(shown)} text={t('最长等待')} />;
}

/** The last hour from left to right; where this tab has not watched there is no line. */
function Spark({ trail, now }: { trail: Sample[]; now: number }) {
  const t = useT();
  const end = serverNow();
  const samples = [...trail, { at: end, n: now }];
  const from = samples[0]?.at ?? end;
  const max = Math.max(4, ...samples.map((s) => s.n));
  const w = 240;
  const h = 26;
  const points = samples
    .map((s) => {
      const x = w - ((end - s.at) / hourMs) * w;
      return `${x.toFixed(1)},${(h - 2 - (s.n / max) * (h - 4)).toFixed(1)}`;
    })
    .join(' ');
  return (
    <figure className="spark">
      <figcaption>
        {t('近一小时排队，本页从 {{time}} 起看到', { time: clockTime(from).slice(0, 5) })}
      </figcaption>
      <svg viewBox={`0 0 ${w} ${h}`} preserveAspectRatio="none" aria-hidden="true">
        <polyline
          points={points}
          fill="none"
          stroke="currentColor"
          strokeWidth="1.5"
          vectorEffect="non-scaling-stroke"
        />
      </svg>
    </figure>
  );
}
