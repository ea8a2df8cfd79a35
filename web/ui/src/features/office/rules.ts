import { tr } from '@/i18n';

/** Of the city's policy what decisions go by; spans are "5 working_days". */
export interface DecisionPolicy {
  name?: string;
  extension?: { times?: number; max_days?: number };
  max_returns?: number;
  max_reworks?: number;
  deciders?: Record<string, string>;
  stages?: { deliberation?: string };
  reopen?: string;
}

const units: Record<string, string> = {
  minutes: '{{n}} 分钟',
  hours: '{{n}} 小时',
  working_hours: '{{n}} 工作小时',
  working_days: '{{n}} 个工作日',
  natural_days: '{{n}} 个自然日',
};

/** A span of the policy in words: 5 个工作日. */
export function spanText(span: string | undefined): string {
  const [n, unit = ''] = (span ?? '').split(' ');
  return n && units[unit] ? tr(units[unit], { n }) : '';
}

/** The rule that a decision goes by, in sentences. */
export function ruleOf(kind: string, p: DecisionPolicy): string[] {
  const own: Record<string, () => string[]> = {
    return: () => [
      tr('退单须说明理由、依据，在回退截止前提出。'),
      p.max_returns ? tr('同一工单退单满 {{n}} 次后进入疑难会商，不再退单。', { n: p.max_returns }) : '',
      tr('同意后重新派单，新单位另计时限；协办可继续办理或一并终止。'),
    ],
    extension: () => [
      tr('须在到期前提出；同意后时限从原期限顺延，并告知市民。'),
      p.extension?.times ? tr('每轮最多延期 {{n}} 次。', { n: p.extension.times }) : '',
      p.extension?.max_days
        ? tr('每次不超过 {{n}} 个工作日。', { n: p.extension.max_days })
        : tr('每次不超过原办理时限。'),
    ],
    suspension: () => [
      tr('须有工作计划和恢复日期，由主办单位提出。'),
      tr('挂起期间停表，保留剩余时间，并告知市民。'),
    ],
    unreasonable: () => [tr('认定后可用解释说明作为答复，须告知市民，不计入考核。')],
    appeal: () => [tr('只改变是否纳入考核，不改变办理结果。')],
    deliberation: () => [
      spanText(p.stages?.deliberation)
        ? tr('认定疑难后进入会商，{{span}}内定责或作出结论。', { span: spanText(p.stages?.deliberation) })
        : tr('认定疑难后进入会商。'),
      tr('经会商定责的单位不得再退单。'),
    ],
    reopening: () => [
      spanText(p.reopen) ? tr('办结后 {{span}}内可申请重开。', { span: spanText(p.reopen) }) : '',
      tr('同意后回到待派单，重新选定承办单位。'),
    ],
    void: () => [tr('作废须两人：一人申请，另一人决定。作废后不可恢复。')],
    withdrawal: () => [tr('举报、督办件和主单的撤诉由热线办确认；确认后各单位的办理随即终止。')],
    at_limit: () => [
      p.max_reworks ? tr('重办最多 {{n}} 次。', { n: p.max_reworks }) : '',
      tr('须有说明和证据；同意后以“不满意”办结，不同意可转督办。'),
    ],
  };
  const decide = spanText(p.deciders?.[kind]);
  return [
    ...(own[kind]?.() ?? []),
    decide ? tr('决定时限 {{span}}，超过的时间不计入承办单位。', { span: decide }) : '',
  ].filter(Boolean);
}
