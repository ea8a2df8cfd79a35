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
  target_not_ready: '对方坐席现在不空闲',
  number_not_allowed: '这个号码不在允许外呼的范围内',
  note_missing: '请先选择来电小结',
  reason_missing: '请先选择挂断原因',
  switch_unavailable: '话务交换机暂时不可用',
  no_leader: '话务服务正在切换，请几秒后再试',
  socket_closed: '实时连接已断开，正在重连',
  no_reply: '服务器没有及时答复，请再试一次',
};

/** Chinese text (translation key) of any error. */
export function errorText(e: unknown): string {
  const code = (e as { code?: string })?.code;
  if (code && texts[code]) return texts[code];
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
