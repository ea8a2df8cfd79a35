import { useT } from '@/i18n';
import { label, recordingFlaws } from '@/labels';

/** What an alarm says about itself; the flaws of a recording in words. */
export function AlarmText({ detail }: { detail: string }) {
  const t = useT();
  const [head = '', ...rest] = detail.split(': ');
  if (recordingFlaws[head]) return <>{[t(label(recordingFlaws, head)), ...rest].join('：')}</>;
  const flaws = (rest.at(-1) ?? head).split(/,\s*/);
  const known = flaws.every((f) => recordingFlaws[f]);
  return <>{known ? flaws.map((f) => t(label(recordingFlaws, f))).join('、') : detail}</>;
}
