import { memo, useEffect, useRef, useState } from 'react';
import { duration, percent } from '@/components/format';
import { useT } from '@/i18n';
import { useLive } from '@/live';
import { useSecond } from '@/live/clock';
import type { Status } from '@/theme/status';

const sampleMs = 15_000;
const samples = 240; // an hour

/** Waiting callers over the last hour, as far as this page has seen it. */
function useTrail(value: number): number[] {
  const latest = useRef(value);
  latest.current = value;
  const [trail, setTrail] = useState<number[]>([value]);
  useEffect(() => {
    const timer = setInterval(() => setTrail((x) => [...x.slice(1 - samples), latest.current]), sampleMs);
    return () => clearInterval(timer);
  }, []);
  return [...trail, value];
}

export const QueueCard = memo(function QueueCard({ queue }: { queue: string }) {
  const t = useT();
  const q = useLive((s) => s.board.queues[queue]);
  const trail = useTrail(q?.waiting ?? 0);
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
        <Figure value={percent(q.service_level)} text={t('{{n}} 秒接通率', { n: q.target_s })} />
        <Figure value={String(q.answered)} text={t('已接')} />
        <Figure value={String(q.abandoned)} text={t('放弃')} />
      </div>
      <Spark values={trail} />
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

function Spark({ values }: { values: number[] }) {
  const max = Math.max(4, ...values);
  const w = 240;
  const h = 26;
  const step = w / Math.max(1, values.length - 1);
  const points = values
    .map((v, i) => `${(i * step).toFixed(1)},${(h - 2 - (v / max) * (h - 4)).toFixed(1)}`)
    .join(' ');
  return (
    <svg className="spark" viewBox={`0 0 ${w} ${h}`} preserveAspectRatio="none" aria-hidden="true">
      <polyline
        points={points}
        fill="none"
        stroke="currentColor"
        strokeWidth="1.5"
        vectorEffect="non-scaling-stroke"
      />
    </svg>
  );
}
