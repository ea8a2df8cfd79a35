import { memo } from 'react';
import { useSecond } from '@/live/clock';
import { serverNow } from '@/live/store';
import { duration } from './format';

/** Time since an instant, ticking by itself. */
export const Since = memo(function Since({ at, className }: { at: string | undefined; className?: string }) {
  useSecond();
  const from = at ? Date.parse(at) : Number.NaN;
  return (
    <span className={`num ${className ?? ''}`}>
      {Number.isNaN(from) || from < 0 ? '' : duration((serverNow() - from) / 1000)}
    </span>
  );
});

/** Time left until an instant; negative is shown as 00:00. */
export const Until = memo(function Until({ at }: { at: string | undefined }) {
  useSecond();
  const to = at ? Date.parse(at) : Number.NaN;
  return <span className="num">{Number.isNaN(to) ? '--:--' : duration((to - serverNow()) / 1000)}</span>;
});
