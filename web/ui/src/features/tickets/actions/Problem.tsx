import { Alert } from 'antd';
import { clockTime } from '@/components/format';
import { useT } from '@/i18n';
import type { ActProblem } from './useAct';

/** Why an action was not done; after a conflict, who did what meanwhile. */
export function Problem({ problem, close }: { problem: ActProblem | null; close?: () => void }) {
  const t = useT();
  if (!problem) return null;
  if (!problem.since) {
    return (
      <Alert
        type="error"
        showIcon
        closable={close ? { onClose: close } : undefined}
        title={problem.text}
        data-problem="refused"
      />
    );
  }
  return (
    <Alert
      type="warning"
      showIcon
      closable={close ? { onClose: close } : undefined}
      data-problem="conflict"
      title={t('您填写期间，别人动过这件工单')}
      description={
        <>
          <ul className="since">
            {problem.since.map((s) => (
              <li key={s.seq}>
                <span className="num">{clockTime(s.at)}</span> <b>{s.actor_name || s.actor}</b>{' '}
                {t(s.event_label || s.event)}
                {s.opinion && <span className="muted">：{s.opinion}</span>}
              </li>
            ))}
            {problem.since.length === 0 && <li>{t('有人保存了内容，流转没有变化')}</li>}
          </ul>
          {problem.still
            ? t('页面已是最新内容，您填的还在。核对后可以再次提交。')
            : t('现在不能再做这个操作；您填的内容还在，可以复制后关闭。')}
        </>
      }
    />
  );
}
