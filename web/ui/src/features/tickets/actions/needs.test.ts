import { describe, expect, it } from 'vitest';
import type { AllowedAction, Ticket } from '@/api/contract';
import { actionKey, bodyOf, missingOf, needText, targetOf, visitProblem, warningOf } from './needs';

const action = (name: string, needs: string[] = [], more: Partial<AllowedAction> = {}): AllowedAction => ({
  name,
  needs,
  ...more,
});

describe('what an action asks for', () => {
  it.each([
    ['reason', {}, ['reason']],
    ['reason', { reason: '  \n' }, ['reason']],
    ['reason', { reason: '不属于本单位职责' }, []],
    ['units', { units: [] }, ['units']],
    ['units', { units: ['xxk'] }, []],
    ['days', { days: 3 }, []],
    ['days', {}, ['days']],
    ['opinion', {}, []],
    ['due_at', {}, []],
    ['proposed', {}, []],
  ])('%s with %j lacks %j', (need, values, lacks) => {
    expect(missingOf(action('x', [need]), values)).toEqual(lacks);
  });

  it('lets further units be none where there is a first one', () => {
    expect(missingOf(action('delegate', ['unit', 'units']), { unit: 'xxk' })).toEqual([]);
    expect(missingOf(action('delegate', ['unit', 'units']), {})).toEqual(['unit']);
  });

  it('names its fields as the action does', () => {
    expect(needText('delegate', 'opinion')).toBe('交办意见');
    expect(needText('dispatch', 'opinion')).toBe('派单意见');
    expect(needText('send_back', 'reason')).toBe('退回原因');
    expect(needText('anything', 'basis')).toBe('政策法规依据');
  });

  it('asks for the answers of a follow-up one by one', () => {
    expect(visitProblem('visit_close', {})).toBeTruthy();
    expect(visitProblem('visit_close', { contacted: true })).toBeTruthy();
    expect(visitProblem('visit_close', { contacted: true, solved: '1' })).toBeTruthy();
    expect(visitProblem('visit_close', { contacted: true, solved: '1', result: 0 })).toBeUndefined();
    expect(visitProblem('visit_missed', {})).toBeTruthy();
    expect(visitProblem('visit_missed', { failure: '无人接听' })).toBeUndefined();
  });

  it('warns before a report, and whenever the server wants it confirmed', () => {
    expect(warningOf(action('report_reply'))).toContain('不能再修改');
    expect(warningOf(action('other', [], { confirm: true }))).toBeTruthy();
    expect(warningOf(action('sign'))).toBeUndefined();
  });
});

describe('what is sent with an action', () => {
  it('trims texts, leaves out what is empty and keeps rare characters', () => {
    const body = bodyOf(action('ask_return', ['reason', 'basis', 'proposed']), {
      reason: ' 𠮷😀 ',
      basis: '  ',
      proposed: 'csj',
    });
    expect(body).toEqual({ reason: '𠮷😀', unit: 'csj' });
  });

  it('carries the targets of the action', () => {
    expect(bodyOf(action('grant', [], { request: 2, leg: 3 }), { opinion: '同意' })).toEqual({
      request: 2,
      leg: 3,
      text: '同意',
    });
  });

  it('sends assists as units and a demand as text', () => {
    expect(bodyOf(action('dispatch'), { unit: 'csj', assists: ['hbj'] })).toEqual({
      unit: 'csj',
      units: ['hbj'],
    });
    expect(bodyOf(action('instruct'), { demand: '限三日内办结' })).toEqual({ text: '限三日内办结' });
  });

  it('keeps a refusal of the assists and a rating of 0', () => {
    expect(bodyOf(action('grant'), { keep: false })).toEqual({ keep: false });
    expect(bodyOf(action('visit_close'), { visit: { result: 0, solved: '2' } })).toEqual({
      visit: { result: 0, solved: '2' },
    });
  });
});

describe('the target of an action', () => {
  const ticket = {
    allowed_actions: [action('send_back', [], { leg: 2 }), action('send_back', [], { leg: 3 })],
    legs: [
      { n: 2, unit: { id: 'xxk', name: '信息科' } },
      { n: 3, unit: { id: 'yyk', name: '应用科' } },
    ],
    requests: [{ n: 1, kind_label: '退单' }],
  } as unknown as Ticket;

  it('is named where the same event has several', () => {
    expect(targetOf(ticket, action('send_back', [], { leg: 3 }))).toBe('应用科');
    expect(actionKey(action('send_back', [], { leg: 3 }))).not.toBe(
      actionKey(action('send_back', [], { leg: 2 })),
    );
  });

  it('is left out where there is one, and named for every request', () => {
    expect(
      targetOf(
        { ...ticket, allowed_actions: [action('sign', [], { leg: 2 })] } as Ticket,
        action('sign', [], { leg: 2 }),
      ),
    ).toBe('');
    expect(targetOf(ticket, action('grant', [], { request: 1 }))).toBe('退单');
  });
});
