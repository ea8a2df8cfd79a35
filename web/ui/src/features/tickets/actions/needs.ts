import type { AllowedAction, Ticket } from '@/api/contract';

/** What a person fills in for an action; the names are those of the server's needs. */
export interface ActValues {
  reason?: string;
  opinion?: string;
  text?: string;
  lawful_way?: string;
  missing?: string;
  master?: string;
  old?: string;
  account?: string;
  emergency?: string;
  unit?: string;
  proposed?: string;
  assists?: string[];
  units?: string[];
  due_at?: string;
  basis?: string;
  days?: number;
  until?: string;
  plan?: string;
  keep?: boolean;
  outcome?: string;
  kind?: string;
  demand?: string;
  proof?: string;
  public?: string;
  urgency?: string;
  visit?: VisitValues;
  reply?: unknown;
}

/** Answers of a follow-up, as VisitRequest of the server takes them. */
export interface VisitValues {
  channel?: string;
  for?: string;
  call?: string;
  failure?: string;
  contacted?: boolean;
  solved?: string;
  result?: number;
  unit?: number;
  agent?: number;
  text?: string;
}

/** Needs that may stay empty; the policy or the server fills them in then. */
const optional = new Set(['assists', 'due_at', 'opinion', 'proposed', 'keep', 'public']);

/** May the need stay empty? Further units beside a first one may. */
export const isOptional = (a: Pick<AllowedAction, 'needs'>, need: string): boolean =>
  optional.has(need) || (need === 'units' && !!a.needs?.includes('unit'));

/** What each need asks for, as the label of its field. */
export const needTexts: Record<string, string> = {
  reason: '理由',
  lawful_way: '已告知的合法途径',
  missing: '缺少什么，请市民补充',
  master: '主单',
  old: '原工单',
  text: '内容',
  account: '转给（账号）',
  emergency: '紧急热线',
  unit: '承办单位',
  assists: '协办单位',
  units: '单位',
  due_at: '办理期限',
  opinion: '意见',
  basis: '政策法规依据',
  proposed: '建议承办单位',
  days: '延期（工作日）',
  until: '挂起至',
  plan: '工作计划',
  keep: '协办单位',
  outcome: '会商结论',
  kind: '督办类别',
  demand: '督办要求',
  proof: '撤诉凭据',
  public: '公开答复',
  urgency: '紧急程度',
  visit: '回访结果',
};

/** Where an action calls the same field by another name. */
const ownTexts: Record<string, string> = {
  'dispatch.unit': '主办单位',
  'dispatch.opinion': '派单意见',
  'direct_dispatch.opinion': '派单意见',
  'delegate.unit': '交办给',
  'delegate.units': '同时交办',
  'delegate.due_at': '下级时限',
  'add_delegate.due_at': '下级时限',
  'delegate.opinion': '交办意见',
  'add_delegate.unit': '加派给',
  'add_delegate.units': '同时加派',
  'add_delegate.opinion': '交办意见',
  'recall_delegate.reason': '撤回原因',
  'recall.reason': '撤回原因',
  'ask_return.reason': '退单理由',
  'ask_return.basis': '退单依据',
  'hand_back.reason': '办理意见（退回原因）',
  'hand_back.text': '办理意见（退回原因）',
  'send_back.reason': '退回原因',
  'leader_return.reason': '退改意见',
  'leader_approve.opinion': '审核意见',
  'interim_reply.text': '阶段性答复内容',
  'ask_extension.reason': '延期理由',
  'ask_suspension.reason': '挂起理由',
  'ask_unreasonable.reason': '认定理由',
  'ask_appeal.reason': '申诉理由',
  'review_rework.reason': '退回重办原因',
  'visit_rework.reason': '重办原因',
  'visit_supervise.reason': '督办原因',
  'grant.opinion': '决定意见',
  'deny.reason': '不同意的理由',
  'deny.opinion': '不同意的理由',
  'pass.opinion': '审核意见',
  'instruct.demand': '批示内容',
  'instruct.text': '批示内容',
  'supervise.unit': '被督办单位',
  'supervise.reason': '督办原因',
  'reply_supervise.text': '督办办理情况',
  'remind.text': '催办内容',
  'remind.opinion': '催办内容',
  'remind.reason': '催办内容',
  'conclude.text': '会商结论说明',
  'assign_duty.unit': '责任单位',
  'assign_duty.text': '定责结论',
  'revoke_card.reason': '撤牌原因',
  'issue_card.kind': '牌',
  'urge.text': '催办内容',
};

export const needText = (action: string, need: string): string =>
  ownTexts[`${action}.${need}`] ?? needTexts[need] ?? need;

/** Sentences that are often written; a click writes them, and they can be changed. */
export const suggestions: Record<string, string[]> = {
  'refuse.reason': [
    '不属于本市受理范围',
    '应通过诉讼、仲裁、纪检监察、行政复议、政府信息公开等程序解决',
    '已进入信访渠道办理',
    '涉及国家秘密、商业秘密、个人隐私',
    '违反法律法规或公序良俗',
  ],
  'refuse.lawful_way': [
    '向人民法院起诉',
    '申请劳动仲裁',
    '申请行政复议',
    '向信访部门反映',
    '向当地 12345 反映',
  ],
  'discard.reason': ['误建', '市民撤回诉求', '无实质内容', '与其他工单重复'],
  'ask_return.reason': ['不属于本单位职责', '属地不符', '诉求内容不清，无法办理', '同一诉求已在办理'],
  'hand_back.reason': ['不属于本科室职责', '诉求内容不清，无法办理'],
  'hand_back.text': ['不属于本科室职责', '诉求内容不清，无法办理'],
  'send_back.reason': [
    '未联系群众，请补充联系记录',
    '未正面回应诉求，请逐项答复',
    '请补充政策依据',
    '请补充现场照片',
  ],
  'leader_return.reason': ['请补充政策依据', '未正面回应诉求，请逐项答复', '请与群众联系后再上报'],
  'review_rework.reason': ['未正面回应诉求', '未与群众联系', '答复内容与诉求不符', '缺少政策依据'],
  'ask_extension.reason': ['需现场勘查', '需多部门会商', '需检测鉴定', '受天气影响无法施工'],
  'recall_delegate.reason': ['交办单位有误', '由本单位直接办理'],
  'recall.reason': ['派单单位有误', '市民补充了情况'],
  'return_to_writer.reason': ['事发地不详', '诉求内容不清', '缺少联系方式'],
};

/** What a person should know before doing it. */
const warnings: Record<string, string> = {
  report_reply: '上报后答复内容不能再修改，确定上报吗？',
  handle: '办理后送交上级单位汇总，答复内容不能再修改，确定办理吗？',
  to_leader: '提交后由本单位领导审核，同意后即上报；审核期间答复内容不能修改。',
  leader_approve: '同意后答复即上报热线，不能再修改。',
  hand_back: '退回后本科室不再办理此件，由上级单位另行安排。',
  recall_delegate: '撤回后下级单位的办理随即终止。',
  recall: '撤回后承办单位的办理随即终止，工单回到待派单。',
  ask_void: '作废须由第二人决定，作废后不可恢复。',
  citizen_withdraw: '撤诉后各单位的办理随即终止。',
  refuse: '不予受理的工单不再派给任何单位。',
  visit_close: '办结后按期归档。',
  unreachable: '办结后按期归档。',
};

/** Text of the dialog before an action that can't be undone. */
export function warningOf(a: AllowedAction): string | undefined {
  return warnings[a.name] ?? (a.confirm ? '此操作不能撤回，确定继续吗？' : undefined);
}

/** Actions shown in red: somebody's work ends by them. */
export const isDanger = (a: AllowedAction) =>
  ['ask_void', 'refuse', 'discard', 'citizen_withdraw', 'recall', 'recall_delegate'].includes(a.name);

/** Key of an action: the same event can have several targets. */
export const actionKey = (a: AllowedAction) =>
  [a.name, a.leg, a.request, a.supervision, a.card].map((x) => x ?? 0).join('-');

/** Needs that only one choice of the form has: a conclusion's date and plan belong to 挂起. */
const onlyOf: Record<string, (v: ActValues) => boolean> = {
  'conclude.unit': (v) => v.outcome === 'suspend',
  'conclude.until': (v) => v.outcome === 'suspend',
  'conclude.plan': (v) => v.outcome === 'suspend',
};

/** What the form asks for, as it is filled in now. */
export const askedOf = (a: AllowedAction, v: ActValues): string[] =>
  (a.needs ?? []).filter((need) => onlyOf[`${a.name}.${need}`]?.(v) ?? true);

/** Fields of the form that say nothing yet, in the order they are asked for. */
export function missingOf(a: AllowedAction, v: ActValues): string[] {
  return askedOf(a, v).filter((need) => {
    if (isOptional(a, need)) return false;
    const value = v[need as keyof ActValues];
    if (need === 'visit') return !!visitProblem(a.name, v.visit ?? {});
    if (Array.isArray(value)) return value.length === 0;
    if (typeof value === 'string') return value.trim() === '';
    return value === undefined || value === null;
  });
}

/** Why the answers of a follow-up can't be sent with the action yet. */
export function visitProblem(action: string, v: VisitValues): string | undefined {
  if (action === 'visit_missed') return v.failure?.trim() ? undefined : '请选择未联系上的原因';
  if (action === 'unreachable') return undefined;
  if (v.contacted === undefined) return '请填写承办单位是否联系过您';
  if (!v.solved) return '请填写是否解决';
  if (v.result === undefined) return '请填写对办理结果的满意度';
  return undefined;
}

/** What is sent to the server: texts trimmed, empty ones left out, targets of the action added. */
export function bodyOf(a: AllowedAction, v: ActValues): Record<string, unknown> {
  const body: Record<string, unknown> = {};
  for (const k of ['leg', 'request', 'supervision', 'card'] as const) if (a[k]) body[k] = a[k];
  for (const [k, value] of Object.entries(v)) {
    if (value === undefined || value === null) continue;
    const sent = typeof value === 'string' ? value.trim() : value;
    if (sent === '' || (Array.isArray(sent) && sent.length === 0)) continue;
    if (k === 'proposed') body.unit = sent;
    else if (k === 'assists') body.units = sent;
    else if (k === 'demand' || k === 'opinion') body.text = sent;
    else body[k] = sent;
  }
  return body;
}

/** Units that the unit of the action's leg may give work to. */
export function parentUnitOf(ticket: Ticket, a: AllowedAction): string | undefined {
  if (a.name !== 'delegate' && a.name !== 'add_delegate') return undefined;
  const leg = ticket.legs?.find((l) => (a.leg ? l.n === a.leg : l.mine));
  return leg?.unit.id;
}

/** Whom or what the action is about, when the same event has several targets. */
export function targetOf(ticket: Ticket, a: AllowedAction): string {
  const same = (ticket.allowed_actions ?? []).filter((x) => x.name === a.name).length > 1;
  const request = ticket.requests?.find((r) => r.n === a.request);
  if (request) return request.kind_label;
  if (!same) return '';
  const supervision = ticket.supervisions?.find((s) => s.n === a.supervision);
  if (supervision) return supervision.unit.name;
  const card = ticket.cards?.find((c) => c.n === a.card);
  if (card) return `${card.kind_label} ${card.unit.name}`;
  return ticket.legs?.find((l) => l.n === a.leg)?.unit.name ?? '';
}
