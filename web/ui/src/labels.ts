/** Chinese names of every code the server speaks in. They are also the keys of their translations. */

export const seatStates: Record<string, string> = {
  signed_out: '签出',
  idle: '空闲',
  ringing: '振铃',
  talking: '通话',
  holding: '保持',
  consult: '咨询',
  three_way: '三方',
  wrap_up: '整理',
  not_ready: '示忙',
  rest: '小休',
  dialling: '外呼',
  faulty: '分机未注册',
};

export const reasons: Record<string, string> = {
  self: '自己示忙',
  no_answer: '久不应答',
  rejected: '拒接',
  forced: '被强制',
  signed_in: '签入默认',
  meal: '就餐',
  meeting: '会议',
  training: '培训',
  coaching: '辅导',
  unregistered: '分机未注册',
  note_missing: '待选小结',
  rest: '普通小休',
};

export const callStages: Record<string, string> = {
  incoming: '呼入',
  menu: '语音菜单',
  queue: '排队',
  ringing: '振铃',
  talk: '通话',
  hold: '保持',
  consult: '咨询',
  three_way: '三方',
  rating: '评价',
  voicemail: '留言',
  callback: '登记回拨',
  dialling: '外呼中',
  transfer: '已转出',
  ended: '已结束',
};

export const notes: Record<string, string> = {
  ticket: '已建单',
  urge: '催办',
  progress: '查询',
  answered: '解答',
  silent: '无声',
  harassment: '骚扰',
  misdialled: '误拨',
  transferred: '转接',
  dropped: '掉线',
};

export const endSides: Record<string, string> = {
  citizen: '市民',
  seat: '坐席',
  system: '系统',
  switch: '交换机',
  clerk: '承办人员',
};

export const endCauses: Record<string, string> = {
  normal: '正常结束',
  self_served: '自助办结',
  menu_abandoned: '菜单中挂断',
  queue_abandoned: '排队中放弃',
  ring_abandoned: '振铃中放弃',
  queue_cleared: '排队拆线',
  platform_failed: '平台中断',
  no_conversation: '应答无通话',
  seat_hung_up_early: '坐席提前挂机',
  voicemail_left: '已留言',
  callback_wanted: '已登记回拨',
  transferred: '已转接',
  refused: '拒绝接入',
  busy: '对方忙',
  no_answer: '无人接听',
  unreachable: '无法接通',
  number_not_allowed: '号码不允许外呼',
  cancelled: '已取消',
  switch_lost: '通道丢失',
  heard: '已确认收听',
  not_heard: '接听未确认',
};

export const ticketTypes: Record<string, string> = {
  consult: '咨询',
  help: '求助',
  complaint: '投诉',
  report: '举报',
  suggestion: '建议',
  praise: '表扬',
  other: '其他',
};

export const urgencies: Record<string, string> = { normal: '一般', urgent: '紧急', critical: '特急' };

export const ticketStates: Record<string, string> = {
  draft: '草稿',
  received: '待受理',
  supplement: '待补充',
  to_dispatch: '待派单',
  dispatched: '已转办',
  under_review: '待审核',
  to_follow_up: '待回访',
  suspended: '挂起',
  deliberation: '疑难会商',
  closed: '已办结',
  not_accepted: '不予受理',
  transferred: '已转接',
  merged: '已并单',
  discarded: '已废弃',
  withdrawn: '已撤销',
  voided: '作废',
  shut: '已关闭',
  archived: '已归档',
};

export const sources: Record<string, string> = {
  phone: '电话',
  voicemail: '语音留言',
  sms: '短信',
  web: '网站',
  wechat: '微信',
  app: 'APP',
  rating: '好差评',
  email: '电子邮件',
  leader_board: '领导留言板',
  secretary_mailbox: '书记信箱',
  mayor_mailbox: '市长信箱',
  letter: '来信',
  visit: '来访',
  forwarded: '转办件',
};

/** Why a call was ended without asking for a rating. */
export const hangupReasons: Record<string, string> = {
  finished: '市民要求不评价',
  silent: '无声',
  harassment: '骚扰',
  misdialled: '误拨',
  bad_line: '线路不清',
  other: '其他',
};

export const callRoles: Record<string, string> = {
  complaint: '诉求来电',
  urge: '催办来电',
  supplement: '补充来电',
  progress: '查询来电',
  follow_up: '回访',
  click_to_call: '联系群众',
};

export const callbackKinds: Record<string, string> = { voicemail: '留言', callback: '回拨', missed: '漏接' };
export const callbackStates: Record<string, string> = { waiting: '待处理', taken: '处理中', done: '已完成' };

export const actions: Record<string, string> = {
  submit: '提交派单',
  close_direct: '直办办结',
  refuse: '不予受理',
  to_emergency: '转紧急热线',
  discard: '废弃',
  save: '保存',
  supplement: '追加内容',
  urge: '追加催办',
  progress: '查询进度',
  take: '领取',
  release: '释放',
  return_for_supplement: '退回补充',
  resubmit: '补充提交',
  merge: '并单',
  reassign: '改归属',
  create_by_call: '来电建单',
  register: '登记',
  submit_online: '网络提交',
  expire: '逾期关闭',
  split: '拆单',
  direct_dispatch: '直派',
};

export const whyNext: Record<string, string> = {
  longest: '等得最久',
  order: '按次序',
  priority: '优先级高',
  returned: '退回队首',
  relaxed: '已放宽技能',
  ceiling: '已到等待上限',
  seats_busy: '坐席全忙',
  no_seat: '无合适坐席签入',
};

export const ratings: Record<number, string> = {
  1: '非常满意',
  2: '满意',
  3: '基本满意',
  4: '不满意',
  5: '非常不满意',
};

export const elements: Record<string, string> = {
  time: '时间',
  address: '地址',
  cause: '起因',
  course: '经过',
  name: '姓名',
};

export const recordingFlaws: Record<string, string> = {
  length_off: '时长有出入',
  length_alarm: '时长异常',
  empty: '录音为空',
  silent_left: '市民一侧无声',
  silent_right: '坐席一侧无声',
  not_sealed: '未能封存',
  orphan: '无主录音',
};

export const alarms: Record<string, string> = {
  switch_down: '交换机断开',
  state_store_down: '状态库断开',
  recording_flaw: '录音异常',
  journal_slow: '日志写入缓慢',
  journal_failed: '日志写入失败',
  journal_behind: '日志积压',
  database_down: '数据库断开',
};

export const roles: Record<string, string> = {
  agent: '坐席',
  supervisor: '班长',
  intake: '受理员',
  dispatcher: '派单员',
  reviewer: '审核员',
  follow_up: '回访员',
  office: '热线办',
  quality: '质检员',
  knowledge: '知识管理员',
  city_leader: '分管领导',
  admin: '系统管理员',
  unit_clerk: '职能部门(经办)',
  unit_leader: '职能部门(领导)',
};

export const languages: Record<string, string> = { zh: '普通话', en: '英语', mn: '蒙古语', cmn: '普通话' };

export const lights: Record<string, string> = { green: '绿灯', yellow: '黄灯', red: '红灯' };

export const legStates: Record<string, string> = {
  to_sign: '待签收',
  handling: '办理中',
  delegated: '已交办',
  to_compile: '待汇总',
  return_asked: '退单待审',
  with_leader: '待领导审核',
  replied: '已反馈',
  left: '已退出',
  terminated: '已终止',
  archived: '已归档',
};

export const legRoles: Record<string, string> = { lead: '主办', assist: '协办' };

export const solvedTexts: Record<string, string> = { '1': '已解决', '0': '未解决', '2': '未表态' };

export const supervisionKinds: Record<string, string> = {
  rule: '制度督办',
  written: '书面督办',
  special: '专项督办',
  instruction: '指令督办',
};

/** What a deliberation can conclude besides naming the unit. */
export const outcomes: Record<string, string> = {
  refuse: '不予受理',
  suspend: '挂起',
  dispatch: '退回派单',
};

export const visitChannels: Record<string, string> = {
  phone: '电话回访',
  sms: '短信回访',
  robot: '智能外呼',
};

/** Why a citizen was not reached. */
export const visitFailures: Record<string, string> = {
  no_answer: '无人接听',
  busy: '对方忙',
  off: '关机或停机',
  wrong: '号码有误',
  refused: '拒绝回访',
};

/** Label of a code, or the code itself when the server knows more than this page. */
export function label(table: Record<string, string>, code: string | undefined | null): string {
  return code ? (table[code] ?? code) : '';
}
