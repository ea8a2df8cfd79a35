import { describe, expect, it } from 'vitest';
import type { LegView, Ticket } from '@/api/contract';
import { mustsOf, treeOf, worstLight } from './now';
import { beginning, contactedIn, emptyReply, legToAnswer, lengthOf, problemsOf, replyOf } from './reply';

const leg = (n: number, more: Partial<LegView> = {}): LegView =>
  ({
    n,
    round: 1,
    role: 'lead',
    unit: { id: `u${n}`, name: `单位${n}` },
    level: 1,
    state: 'handling',
    state_label: '',
    ...more,
  }) as LegView;
const ticket = (more: Partial<Ticket>): Ticket =>
  ({ id: 't', version: 1, state: 'dispatched', ...more }) as Ticket;

describe('what is missing in a reply', () => {
  const full = { ...emptyReply, answer: '已修复', person: '林志明', phone: '2288001', solved: '1' };
  it.each([
    ['report_reply', full, true, []],
    ['report_reply', full, false, ['no_contact']],
    ['report_reply', { ...full, no_contact: '市民不愿接听' }, false, []],
    ['report_reply', { ...full, solved: '0' }, true, ['unsolved']],
    ['report_reply', { ...full, answer: ' ' }, true, ['answer']],
    ['to_leader', emptyReply, false, ['answer', 'person', 'phone', 'solved', 'no_contact']],
    ['handle', { ...emptyReply, handling: '已到现场' }, false, []],
    ['handle', emptyReply, false, ['answer']],
  ])('%s %#', (event, values, contacted, lacks) => {
    expect(Object.keys(problemsOf(event, values, contacted))).toEqual(lacks);
  });

  it('a contact of the unit below counts', () => {
    const below = leg(2, { parent: 1, contacts: [{ at: '', by: 'x', way: 'call' }] });
    expect(contactedIn(ticket({ legs: [leg(1), below] }), leg(1))).toBe(true);
    expect(contactedIn(ticket({ legs: [leg(1)] }), leg(1))).toBe(false);
  });

  it('leaves out the reason of what was solved', () => {
    expect(replyOf({ ...full, unsolved: '旧' })).not.toHaveProperty('unsolved');
    expect(replyOf({ ...full, solved: '0', unsolved: '缺料' })).toHaveProperty('unsolved', '缺料');
  });

  it('counts characters as a reader does', () => expect(lengthOf('𠮷😀好')).toBe(3));
});

describe('a reply begins with', () => {
  const reply = { answer: '下级所报', person: '陈' };
  it("the unit's own draft", () => {
    const x = ticket({
      legs: [leg(1, { draft: { answer: '草稿' } }), leg(2, { parent: 1, state: 'replied', reply })],
    });
    expect(beginning(x, x.legs?.[0] as LegView)).toMatchObject({ from: 'draft', values: { answer: '草稿' } });
  });
  it('what the units below answered, each under its name when there are several', () => {
    const one = ticket({ legs: [leg(1), leg(2, { parent: 1, state: 'replied', reply })] });
    expect(beginning(one, one.legs?.[0] as LegView)).toMatchObject({
      from: 'below',
      values: { answer: '下级所报' },
    });
    const two = ticket({
      legs: [...(one.legs ?? []), leg(3, { parent: 1, state: 'replied', reply: { answer: '另一份' } })],
    });
    expect(beginning(two, two.legs?.[0] as LegView).values.answer).toBe('【单位2】下级所报\n【单位3】另一份');
  });
  it('the last report, when it is done again', () => {
    const x = ticket({ legs: [leg(1, { round: 2, reply })] });
    expect(beginning(x, x.legs?.[0] as LegView)).toMatchObject({ from: 'last' });
  });
  it('nothing', () => expect(beginning(ticket({ legs: [leg(1)] }), leg(1)).from).toBe(''));
});

describe('the part that may be answered', () => {
  it('is the one that the allowed action names', () => {
    const x = ticket({ legs: [leg(1), leg(2)], allowed_actions: [{ name: 'save_reply', leg: 2 }] });
    expect(legToAnswer(x)?.n).toBe(2);
    expect(
      legToAnswer(ticket({ legs: [leg(1)], allowed_actions: [{ name: 'sign', leg: 1 }] })),
    ).toBeUndefined();
  });
});

describe('who must act now', () => {
  it("is the hotline's stage with its limit", () => {
    expect(
      mustsOf(ticket({ state: 'to_dispatch', stage_due_at: '2026-11-25T09:00:00Z', owner_name: '罗俊杰' })),
    ).toEqual([expect.objectContaining({ who: '派单员 罗俊杰', what: '派单', at: '2026-11-25T09:00:00Z' })]);
  });
  it('are the units with an open part, the first level first, each with its own deadline', () => {
    const legs = [
      leg(3, { level: 2, parent: 1, due_at: 'b', light: 'red' }),
      leg(1, { state: 'delegated', due_at: 'a', light: 'green' }),
      leg(2, { role: 'assist', state: 'replied' }),
    ];
    const musts = mustsOf(ticket({ legs }));
    expect(musts.map((m) => [m.who, m.what, m.at])).toEqual([
      ['单位1', '汇总上报', 'a'],
      ['单位3', '办理', 'b'],
    ]);
    expect(worstLight(musts)).toBe('red');
  });
  it('is who has to sign, by the limit of signing', () => {
    const legs = [leg(1, { state: 'to_sign', sign_due_at: 's', due_at: 'd' })];
    expect(mustsOf(ticket({ legs }))).toMatchObject([{ what: '签收', at: 's' }]);
  });
  it('is who decides a request, beside the unit', () => {
    const requests = [{ n: 1, kind_label: '延期', state: 'open', decide_due_at: 'x' }] as Ticket['requests'];
    expect(mustsOf(ticket({ legs: [leg(1)], requests })).at(-1)).toMatchObject({
      who: '热线办',
      of: '延期',
      at: 'x',
    });
  });
  it('is nobody when it is closed', () =>
    expect(mustsOf(ticket({ state: 'closed', legs: [leg(1, { state: 'replied' })] }))).toEqual([]));
});

describe('the tree of the parts', () => {
  it('hangs units below those that delegated to them', () => {
    const tree = treeOf([leg(1), leg(2, { parent: 1 }), leg(3, { role: 'assist' })]);
    expect(tree.map((n) => [n.leg.n, n.below.map((b) => b.leg.n)])).toEqual([
      [1, [2]],
      [3, []],
    ]);
  });
});
