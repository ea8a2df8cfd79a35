import type { AllowedAction, LegView, Reply, Ticket } from '@/api/contract';

/** What is typed in the reply form of a unit. */
export interface ReplyValues {
  answer: string;
  handling: string;
  person: string;
  phone: string;
  basis: string;
  solved: string;
  unsolved: string;
  no_contact: string;
  files: string[];
}

export const emptyReply: ReplyValues = {
  answer: '',
  handling: '',
  person: '',
  phone: '',
  basis: '',
  solved: '',
  unsolved: '',
  no_contact: '',
  files: [],
};

const formEvents = ['save_reply', 'handle', 'report_reply', 'to_leader'];

/** The part of the ticket that the person may answer now, if there is one. */
export function legToAnswer(x: Ticket): LegView | undefined {
  const a = (x.allowed_actions ?? []).find((y) => formEvents.includes(y.name));
  if (!a) return undefined;
  return x.legs?.find((l) => (a.leg ? l.n === a.leg : l.mine && l.state !== 'replied'));
}

/** The action that sends the form away: 办理, 办理（上报） or 提交领导审核, as the server allows. */
export function submitsOf(x: Ticket): AllowedAction[] {
  return (x.allowed_actions ?? []).filter((a) => formEvents.includes(a.name) && a.name !== 'save_reply');
}

/**
 * What the form begins with: the unit's own draft; at 汇总 what the units below answered; in a later
 * round what the unit reported last. The original stays in the flow.
 */
export function beginning(
  x: Ticket,
  leg: LegView,
): { values: ReplyValues; from: 'draft' | 'below' | 'last' | '' } {
  const filled = (r: Reply | null | undefined): r is Reply => !!r && !!(r.answer || r.handling || r.person);
  if (filled(leg.draft)) return { values: valuesOf(leg.draft), from: 'draft' };
  const below = (x.legs ?? []).filter((l) => l.parent === leg.n && l.state === 'replied' && filled(l.reply));
  if (below.length > 0) {
    const first = valuesOf(below[0]?.reply as Reply);
    const join = (k: 'answer' | 'handling') =>
      below.length === 1
        ? first[k]
        : below
            .filter((l) => l.reply?.[k])
            .map((l) => `【${l.unit.name}】${l.reply?.[k]}`)
            .join('\n');
    const files = below.flatMap((l) => l.reply?.files ?? []);
    return { values: { ...first, answer: join('answer'), handling: join('handling'), files }, from: 'below' };
  }
  if (filled(leg.reply)) return { values: valuesOf(leg.reply), from: 'last' };
  return { values: emptyReply, from: '' };
}

export function valuesOf(r: Reply): ReplyValues {
  return {
    answer: r.answer ?? '',
    handling: r.handling ?? '',
    person: r.person ?? '',
    phone: r.phone ?? '',
    basis: r.basis ?? '',
    solved: r.solved ?? '',
    unsolved: r.unsolved ?? '',
    no_contact: r.no_contact ?? '',
    files: r.files ?? [],
  };
}

/** What is sent: empty texts left out. */
export function replyOf(v: ReplyValues): Reply {
  const reply: Reply = { answer: v.answer };
  for (const k of ['handling', 'person', 'phone', 'basis', 'solved', 'no_contact'] as const)
    if (v[k]) reply[k] = v[k];
  if (v.solved === '0' && v.unsolved) reply.unsolved = v.unsolved;
  if (v.files.length) reply.files = v.files;
  return reply;
}

export type ReplyProblems = Partial<Record<keyof ReplyValues, string>>;

/** What is still missing before the form can be sent away with the event. */
export function problemsOf(event: string, v: ReplyValues, contacted: boolean): ReplyProblems {
  const p: ReplyProblems = {};
  if (event === 'handle') {
    if (!v.answer.trim() && !v.handling.trim()) p.answer = '请填写办理结果';
    return p;
  }
  if (!v.answer.trim()) p.answer = '请填写答复内容';
  if (!v.person.trim()) p.person = '请填写承办人';
  if (!v.phone.trim()) p.phone = '请填写联系电话';
  if (!v.solved) p.solved = '请选择是否解决';
  if (v.solved === '0' && !v.unsolved.trim()) p.unsolved = '请填写未解决原因';
  if (!contacted && !v.no_contact.trim()) p.no_contact = '没有联系记录时，请填写未联系原因';
  return p;
}

/** Was the citizen contacted in the leg, or in one below it? */
export function contactedIn(x: Ticket, leg: LegView): boolean {
  return (x.legs ?? []).some((l) => (l.n === leg.n || l.parent === leg.n) && !!l.contacts?.length);
}

export const same = (a: ReplyValues, b: ReplyValues): boolean =>
  (Object.keys(emptyReply) as (keyof ReplyValues)[]).every((k) => String(a[k]) === String(b[k]));

/** Characters as a reader counts them: a rare one or an emoji is one. */
export const lengthOf = (text: string): number => [...text].length;
