import type { Light as LightName } from '@/api/contract';
import { dueText, remainsText } from '@/components/format';
import { useT } from '@/i18n';
import { label, lights } from '@/labels';
import './actions.css';

/** The light of a deadline: a colour with its word. */
export function Light({ light, word }: { light?: LightName | string; word?: boolean }) {
  const t = useT();
  if (!light) return null;
  const text = t(label(lights, light));
  return (
    <span className={`light light-${light}`} data-light={light} title={text}>
      <span className="dot" aria-hidden />
      <span className={word ? '' : 'sr-only'}>{text}</span>
    </span>
  );
}

/** 11-30 周一 17:30 前 · 剩 1 工作日 3 小时. `remains` is counted by the server in working time. */
export function Deadline({
  at,
  remains,
  light,
  short,
}: {
  at?: string;
  remains?: string;
  light?: LightName | string;
  /** Date above, remainder below: for columns of tables. */
  short?: boolean;
}) {
  const t = useT();
  const due = dueText(at);
  if (!due) return <span className="muted">—</span>;
  return (
    <span
      className={`deadline num ${short ? 'deadline-two' : ''}`}
      data-due={at}
      data-light={light || undefined}
    >
      <span className="deadline-at">
        <Light light={light} />
        {t('{{date}} 前', { date: due })}
      </span>
      {remains && (
        <span className={`deadline-left ${light ? `light-text-${light}` : ''}`}>{remainsText(remains)}</span>
      )}
    </span>
  );
}
