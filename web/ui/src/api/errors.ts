import { ApiError } from './http';

/** What to tell a person for each stable error code. Keys of the translation are the Chinese texts. */
const texts: Record<string, string> = {
  offline: '连不上服务器，请检查网络，稍后会自动重试',
  timeout: '服务器没有及时答复，请再试一次',
  bad_credentials: '账号或密码不对',
  captcha_required: '请输入验证码',
  bad_captcha: '验证码不对，请重新输入',
  locked: '账号已锁定，请稍后再试或联系管理员解锁',
  forbidden: '您没有这项权限',
  not_found: '没有找到，可能已被删除或编号有误',
  version: '别人刚改过这件工单，已载入最新内容，请核对后再提交',
  validation: '有内容填得不对，请检查标红的项目',
  bad_args: '操作的内容不完整',
  unknown_command: '服务器不认识这个操作，请刷新页面',
  not_signed_in: '请先签入席位',
  seat_taken: '席位已在别处签入',
  not_your_seat: '这不是您的席位',
  phone_not_registered: '话机未注册，暂时不能示闲',
  no_such_call: '通话已结束',
  wrong_stage: '通话的当前阶段不能这样操作',
  seat_busy: '席位正忙，请稍后再试',
  already_calling: '您的上一个通话还没有结束',
  target_not_ready: '对方坐席现在不空闲',
  number_not_allowed: '这个号码不在允许外呼的范围内',
  note_missing: '请先选择来电小结',
  reason_missing: '请先选择挂断原因',
  switch_unavailable: '话务交换机暂时不可用',
  no_leader: '话务服务正在切换，请几秒后再试',
  bad_sound: '声音文件无法播放：请上传 PCM 编码的 WAV',
  weak_password: '密码至少 10 个字符',
  no_role: '这个账号还没有分配角色，请联系系统管理员',
  exists: '已经存在同名的记录',
  not_yours: '不在您手中，可能已被别人领取',
  stale: '别人刚改过，已载入最新内容，请核对后再提交',
  handled: '已经处理过了',
  spoken_missing: '电话播报的指南须填写播报文字',
  too_many_exports: '已有三个导出在进行，请等其中一个完成',
  no_number: '没有可以拨打的号码',
  too_many_requests: '操作太快，请稍等再试',
  unavailable: '服务暂时不可用，请稍后再试',
  too_large: '内容太大',
  wrong_state: '工单当前状态不能进行此操作',
  wrong_role: '您的角色不能进行此操作',
  taken: '工单已被他人领取',
  call_not_yours: '该通话不属于您的坐席',
  call_missing: '电话工单必须关联通话',
  wrong_source: '受理渠道不适用此操作',
  answer_missing: '请填写答复内容',
  fields_missing: '必填项未填写',
  contact_missing: '未留联系方式时，时间、地址、起因、经过须完整',
  not_an_emergency_line: '只能转接 110、119、120、122',
  master_not_open: '主单已不在办理中',
  same_ticket: '不能与自身并单',
  old_ticket_not_open: '原工单已不在办理中',
  urged_in_this_call: '本次通话已催办过该工单',
  text_missing: '请填写内容',
  call_not_transferred: '通话未转给该坐席，请由班长改归属',
  target_missing: '请选择接收人',
  bad_value: '填写的值无效',
  too_long: '填写的内容过长',
  empty_draft: '还没有填写内容',
  socket_closed: '实时连接已断开，正在重连',
  no_reply: '服务器没有及时答复，请再试一次',
};

/** Chinese text (translation key) of any error. */
export function errorText(e: unknown): string {
  const code = (e as { code?: string })?.code;
  const more = e instanceof ApiError && e.status === 409 ? /[:：](.+)$/.exec(e.detail)?.[1] : undefined;
  if (code && texts[code]) return more ? `${texts[code]}：${more}` : texts[code];
  if (e instanceof ApiError) {
    if (e.status === 403) return texts.forbidden as string;
    if (e.status === 404) return texts.not_found as string;
    if (e.status === 422 || e.status === 400) return e.detail || (texts.validation as string);
    if (e.status >= 500) return '服务器出错，已记录；请稍后再试';
    return e.detail || e.code;
  }
  return e instanceof Error ? e.message : String(e);
}

export const errorTexts = texts;
