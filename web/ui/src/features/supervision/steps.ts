import type { SupervisionView } from '@/api/contract';

/** The steps of a supervision on its usual way, with the state that waits in each. */
export const steps: [string, string][] = [
  ['filed', '提交'],
  ['issued', '下发'],
  ['to_review', '待审核'],
  ['done', '办理完成'],
  ['closed', '督办办结'],
];

/** Which step a supervision is in; 申请退回 stands beside 下发, 已退回 is an end of its own. */
export function stepOf(s: Pick<SupervisionView, 'state'>): number {
  const state = s.state === 'return_asked' ? 'issued' : s.state === 'released' ? 'closed' : s.state;
  return Math.max(
    0,
    steps.findIndex(([x]) => x === state),
  );
}
