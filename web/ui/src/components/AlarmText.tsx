import { useT } from '@/i18n';
import { label, recordingFlaws } from '@/labels';

/** What an alarm says about itself: the flaws of a recording in words, a fault as the machine put it. */
export function AlarmText({ detail }: { detail: string }) {
  const t = useT();
  const [head = '', ...rest] = detail.split(': ');
  if (recordingFlaws[head]) return <>{[t(label(recordingFlaws, head)), ...rest].join('：')}</>;
  const flaws = (rest.at(-1) ?? head).split(/,\s*/);
  const known = flaws.every((f) => recordingFlaws[f]);
  if (known) return <>{flaws.map((f) => t(label(recordingFlaws, f))).join('、')}</>;
  return <code>{detail}</code>;
}
