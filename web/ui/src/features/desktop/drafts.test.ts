import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Ticket } from '@/api/contract';
import { ApiError } from '@/api/http';
import { type DraftApi, Drafts, elementsOf, emptyFields, valuesOf, wireFields } from './drafts';

const ticket = (t: Partial<Ticket> = {}): Ticket =>
  ({
    id: 't1',
    state: 'draft',
    version: 1,
    type: '',
    title: '',
    content: '',
    urgency: 'normal',
    source: 'phone',
    secret: false,
    caller: {},
    created_at: '',
    ...t,
  }) as Ticket;

/** A server that keeps one draft and counts its versions. */
function server() {
  let current = ticket();
  const api = {
    create: vi.fn(async () => current),
    patch: vi.fn(async (_: string, body: { version: number } & Record<string, unknown>) => {
      if (body.version !== current.version) {
        throw new ApiError(409, 'version', '', { current });
      }
      const { version, ...fields } = body;
      current = { ...current, ...(fields as Partial<Ticket>), version: version + 1 };
      return current;
    }),
  } satisfies DraftApi;
  return {
    api,
    change: (c: Partial<Ticket>) => (current = { ...current, ...c, version: current.version + 1 }),
  };
}

const fresh = (api: DraftApi) =>
  new Drafts(
    api,
    localStorage,
    () => '8001',
    () => 42,
  );
const title = (d: Drafts, key: string) => {
  const x = d.get(key);
  return x ? valuesOf(x).title : undefined;
};

beforeEach(() => localStorage.clear());

describe('the draft store', () => {
  it('makes the draft of a call at the first save and binds it to the call', async () => {
    const { api } = server();
    const d = fresh(api);
    d.open('call:c1', { call: 'c1' });
    await d.save('call:c1');
    expect(api.create).not.toHaveBeenCalled(); // nothing typed yet
    d.edit('call:c1', { title: '噪音' });
    await d.save('call:c1');
    expect(api.create).toHaveBeenCalledWith({ call: 'c1', source: 'phone' }, expect.any(String));
    expect(d.get('call:c1')).toMatchObject({ savedAt: 42, error: null, changes: {} });
  });

  it('never replaces what was typed while a save was on its way', async () => {
    const { api } = server();
    const d = fresh(api);
    d.open('k', {});
    d.edit('k', { title: '一' });
    const saving = d.save('k');
    d.edit('k', { title: '一二' });
    await saving;
    expect(title(d, 'k')).toBe('一二');
    await d.save('k');
    expect(api.patch).toHaveBeenLastCalledWith('t1', { version: 2, title: '一二' });
  });

  it('one save at a time for one draft', async () => {
    const { api } = server();
    const d = fresh(api);
    d.open('k', {});
    d.edit('k', { title: '一' });
    await Promise.all([d.save('k'), d.save('k'), d.saveAll()]);
    expect(api.create).toHaveBeenCalledTimes(1);
    expect(api.patch).toHaveBeenCalledTimes(1);
  });

  it('a new call gets its own tab and leaves the others as they are', () => {
    const d = fresh(server().api);
    d.open('call:c1', { call: 'c1' });
    d.edit('call:c1', { title: '旧' });
    d.open('call:c2', { call: 'c2' });
    expect(d.store.getState().active).toBe('call:c2');
    expect(title(d, 'call:c1')).toBe('旧');
    expect(title(d, 'call:c2')).toBe('');
    d.open('call:c1', { call: 'c1' });
    expect(title(d, 'call:c1')).toBe('旧');
  });

  it('keeps the text on this machine while the server is down, and sends it again', async () => {
    const { api } = server();
    const d = fresh(api);
    d.open('k', { call: 'c1' });
    d.edit('k', { title: '断网时写的' });
    api.create.mockRejectedValueOnce(new ApiError(0, 'offline', ''));
    await d.save('k');
    expect(d.get('k')).toMatchObject({ error: 'offline', changes: { title: '断网时写的' } });
    expect(localStorage.length).toBe(1);
    await d.saveAll();
    expect(d.get('k')).toMatchObject({ error: null, changes: {} });
    expect(localStorage.length).toBe(0);
  });

  it('a refused text is not sent again until it is changed, and is never lost', async () => {
    const { api } = server();
    const d = fresh(api);
    d.open('k', {});
    d.edit('k', { title: 'x' });
    api.patch.mockRejectedValueOnce(new ApiError(409, 'too_long', ''));
    await d.save('k');
    await d.saveAll();
    expect(api.patch).toHaveBeenCalledTimes(1);
    expect(title(d, 'k')).toBe('x');
  });

  it('a page that was closed before saving gives its text to the next one', async () => {
    const { api } = server();
    const before = fresh(api);
    before.open('call:c1', { call: 'c1' });
    before.edit('call:c1', { title: '未保存' });
    const after = fresh(api);
    after.restore([]);
    expect(title(after, 'call:c1')).toBe('未保存');
    await after.saveAll();
    expect(api.create).toHaveBeenCalledWith({ call: 'c1', source: 'phone' }, expect.any(String));
  });

  it('asks for one creation under one key, also from a page opened since', async () => {
    const { api } = server();
    api.create.mockRejectedValueOnce(new ApiError(0, 'offline', ''));
    const before = fresh(api);
    before.open('call:c1', { call: 'c1' });
    before.edit('call:c1', { title: '未保存' });
    await before.save('call:c1');
    const after = fresh(api);
    after.open('call:c1', { call: 'c1' }); // the desk opens the call's tab before the drafts have come
    after.restore([]);
    await after.saveAll();
    const keys = api.create.mock.calls.map((args: unknown[]) => args[1]);
    expect(keys).toHaveLength(2);
    expect(keys[1]).toBe(keys[0]);
  });

  it('asks for a new creation once the first draft of the call is done with', async () => {
    const { api } = server();
    const d = fresh(api);
    for (let i = 0; i < 2; i++) {
      d.open('call:c1', { call: 'c1' });
      d.edit('call:c1', { title: '一件' });
      await d.save('call:c1');
      d.forget('call:c1');
    }
    const keys = api.create.mock.calls.map((args: unknown[]) => args[1]);
    expect(new Set(keys).size).toBe(2);
  });

  it('opens no second tab for a draft whose creation is being answered', async () => {
    const { api } = server();
    const made = ticket({ calls: [{ id: 'c1', role: 'complaint', at: '' }] });
    const d = fresh(api);
    api.create.mockImplementationOnce(async () => {
      d.restore([made]); // the news of the draft is faster than the answer
      return made;
    });
    d.open('call:c1', { call: 'c1' });
    d.edit('call:c1', { title: '噪音' });
    await d.save('call:c1');
    expect(Object.keys(d.store.getState().drafts)).toEqual(['call:c1']);
  });

  it("doesn't take up another account's text, nor that of a draft that is finished", () => {
    const { api } = server();
    const other = new Drafts(api, localStorage, () => '8002');
    other.open('k', {});
    other.edit('k', { title: '别人的' });
    const mine = fresh(api);
    mine.open('m', { ticket: ticket({ id: 'gone' }) });
    mine.edit('m', { title: '已提交后剩下的' });
    const after = fresh(api);
    after.restore([]);
    expect(Object.keys(after.store.getState().drafts)).toEqual([]);
  });

  it('on a version conflict puts its own fields over the newer ticket', async () => {
    const { api, change } = server();
    const d = fresh(api);
    d.open('k', {});
    d.edit('k', { title: '甲' });
    await d.save('k');
    change({ content: '别处改的' });
    d.edit('k', { title: '乙' });
    await d.save('k');
    const v = valuesOf(d.get('k') as NonNullable<ReturnType<typeof d.get>>);
    expect(v).toMatchObject({ title: '乙', content: '别处改的' });
  });

  it("the server's open drafts become tabs, that of the running call its own", () => {
    const d = fresh(server().api);
    d.open('call:c1', { call: 'c1' });
    d.restore([
      ticket({ id: 'a', title: '本次', calls: [{ id: 'c1', role: 'complaint', at: '' }] }),
      ticket({ id: 'b', title: '早先' }),
    ]);
    expect(title(d, 'call:c1')).toBe('本次');
    expect(title(d, 'ticket:b')).toBe('早先');
    expect(d.store.getState().active).toBe('call:c1');
  });

  it('takes no more text after submission', () => {
    const d = fresh(server().api);
    d.open('k', { ticket: ticket() });
    d.finish('k', ticket({ number: '261124000010', state: 'to_dispatch' }));
    d.edit('k', { title: 'x' });
    expect(d.get('k')?.changes).toEqual({});
  });
});

describe('what is sent', () => {
  it('has only what can be typed of the citizen: masks and the number called from stay here', () => {
    const sent = wireFields({
      caller: {
        name: '王',
        phone_masked: '138****5678',
        number: '138',
        kind: '',
        contact_same_as_caller: true,
      },
      place: { address: '幸福路' },
      subject: { name: '工地' },
    });
    expect(sent).toEqual({
      caller: { name: '王', kind: 'person', contact_same_as_caller: true },
      place: { area: [], address: '幸福路' },
      subject: { name: '工地', phone: '' },
    });
  });
});

describe('the five elements', () => {
  it.each([
    ['', { time: false, cause: false, course: false }],
    ['昨天晚上工地施工噪音很大', { time: true, cause: true, course: false }],
    [
      '每天晚上 23 点以后工地还在浇筑混凝土，噪音很大，家里老人休息不好，多次反映没有人管',
      { time: true, cause: true, course: true },
    ],
  ])('of "%s"', (content, want) => {
    expect(elementsOf({ ...emptyFields, content })).toMatchObject(want);
  });

  it('name and place come from their fields', () => {
    expect(
      elementsOf({ ...emptyFields, caller: { name: '王' }, place: { address: '幸福路' } }),
    ).toMatchObject({
      name: true,
      address: true,
    });
  });
});
