import { Tooltip } from 'antd';
import type { QueueCount } from '@/api/contract';
import { useT } from '@/i18n';
import { groupsOf } from './queues';

/** The queues of the unit with their counts and lights. */
export function QueueNav({
  counts,
  queue,
  choose,
}: {
  counts: QueueCount[];
  queue: string;
  choose: (queue: string) => void;
}) {
  const t = useT();
  return (
    <nav className="card dept-nav" aria-label={t('操作区')}>
      {groupsOf(counts).map((g) => (
        <div key={g.text} className="dept-nav-group">
          <span className="muted small dept-nav-title">{t(g.text)}</span>
          {g.queues.map((c) => (
            <button
              key={c.queue}
              type="button"
              aria-current={c.queue === queue}
              onClick={() => choose(c.queue)}
              data-queue={c.queue}
            >
              <span className="grow">{t(c.label)}</span>
              <Marks c={c} />
              <span className="num dept-count" data-count={c.count}>
                {c.count > 9_999 ? t('1万+') : c.count}
              </span>
            </button>
          ))}
        </div>
      ))}
    </nav>
  );
}

function Marks({ c }: { c: QueueCount }) {
  const t = useT();
  return (
    <>
      {c.unread > 0 && (
        <Tooltip title={t('未查看 {{n}} 件', { n: c.unread })}>
          <span className="num dept-unread">{t('新 {{n}}', { n: c.unread })}</span>
        </Tooltip>
      )}
      {c.yellow > 0 && (
        <Tooltip title={t('将到期 {{n}} 件', { n: c.yellow })}>
          <span className="light light-yellow num small">
            <span className="dot" />
            {c.yellow}
          </span>
        </Tooltip>
      )}
      {c.red > 0 && (
        <Tooltip title={t('已超期 {{n}} 件', { n: c.red })}>
          <span className="light light-red num small">
            <span className="dot" />
            {c.red}
          </span>
        </Tooltip>
      )}
    </>
  );
}
