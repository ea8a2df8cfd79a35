import type { QueueCount, QueueItem } from '@/api/contract';

/** What the empty list of each queue says. */
export const emptyTexts: Record<string, string> = {
  unit_inbox: '没有待签收或在办的工单',
  unit_below: '没有交办给下级、正在办理的工单',
  unit_compile: '下级还没有报来需要汇总的工单',
  unit_approve: '没有等您审批的答复',
  unit_decide: '下级没有提出延期等申请',
  unit_supervise: '没有督办件',
  unit_sent: '没有已上报、等待审核或回访的工单',
  unit_done: '还没有办结的工单',
  unit_cards: '没有黄牌或红牌',
  due_soon: '没有将要超期的工单',
  overdue: '没有超期的工单',
};

/** Queues where somebody of the unit has to act: their counts are strong. */
const working = new Set([
  'unit_inbox',
  'unit_compile',
  'unit_approve',
  'unit_decide',
  'unit_supervise',
  'due_soon',
  'overdue',
]);

export interface QueueGroup {
  text: string;
  queues: QueueCount[];
}

/** The queues in two groups, in the order of the server: to act on, and to look up. */
export function groupsOf(counts: QueueCount[]): QueueGroup[] {
  return [
    { text: '待办', queues: counts.filter((c) => working.has(c.queue)) },
    { text: '查阅', queues: counts.filter((c) => !working.has(c.queue)) },
  ].filter((g) => g.queues.length > 0);
}

/** Nobody of the unit has looked at it yet: its title is red. */
export const unviewed = (x: QueueItem) => !!x.leg && !x.leg.first_viewed_at;

/** Not signed yet: the tag 未签收. */
export const unsigned = (x: QueueItem) => x.leg?.state === 'to_sign' && !x.leg.signed_at;

/** Of the chosen rows those that allow the action, as a batch names them. */
export function batchItems(rows: QueueItem[], action: string) {
  return rows.flatMap((x) => {
    const a = x.allowed_actions?.find((y) => y.name === action);
    return a ? [{ id: x.id, version: x.version, ...(a.leg ? { leg: a.leg } : {}) }] : [];
  });
}
