import { describe, expect, it } from 'vitest';
import type { Ticket } from '@/api/contract';
import { likeness } from './likeness';

const ticket = (more: object): Ticket =>
  ({
    caller: { phone_masked: '138****5678' },
    place: { area: ['1', '2'], address: '中山路 1 号' },
    class_id: 'zs',
    ...more,
  }) as Ticket;

describe('in what two tickets are alike', () => {
  it('names number, place and class', () =>
    expect(likeness(ticket({}), ticket({}))).toEqual(['同一号码', '同一地点', '同一分类']));
  it('names the area where the address differs', () =>
    expect(
      likeness(ticket({}), ticket({ place: { area: ['1', '2'], address: '湖滨路' }, class_id: 'x' })),
    ).toEqual(['同一号码', '同一辖区']));
  it('does not compare a hidden citizen', () =>
    expect(
      likeness(ticket({}), ticket({ caller: { phone_masked: '138****5678', hidden: true } })),
    ).not.toContain('同一号码'));
  it('says that the words are near, when nothing else is the same', () =>
    expect(likeness(ticket({}), ticket({ caller: {}, place: { area: ['9'] }, class_id: 'x' }))).toEqual([
      '文字相近',
    ]));
});
