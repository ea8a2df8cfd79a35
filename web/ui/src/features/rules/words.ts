/** Chinese names of what rules are about; they are also the keys of their translations. */

export const requestKinds: Record<string, string> = {
  return: '退单',
  extension: '延期',
  suspension: '挂起',
  unreasonable: '不合理诉求',
  appeal: '考核申诉',
  deliberation: '疑难会商',
  reopening: '重开',
  void: '作废',
  withdrawal: '撤诉确认',
  at_limit: '达上限办结',
};

export const callerKinds: Record<string, string> = { person: '市民', enterprise: '企业' };

/** Opening hours that come with the system; others are called by their own names. */
export const schedules: Record<string, string> = {
  always: '全天',
  office: '办公时间',
  day: '每天白天',
  workday: '工作日全天',
};
