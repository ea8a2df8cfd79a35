import { beforeEach, describe, expect, it } from 'vitest';
import { combination, commandOf, commands, keyMap, remap, reserved } from './keys';

const press = (
  key: string,
  mod: Partial<Record<'ctrlKey' | 'altKey' | 'shiftKey' | 'metaKey', boolean>> = {},
  target: EventTarget | null = null,
) => ({
  key,
  ctrlKey: false,
  altKey: false,
  shiftKey: false,
  metaKey: false,
  ...mod,
  target,
});

beforeEach(() => localStorage.clear());

describe('the key map', () => {
  it.each([
    ['F2', {}, 'answer'],
    ['F4', {}, 'hold'],
    ['F8', {}, 'mute'],
    ['F9', {}, 'party'],
    ['F2', { ctrlKey: true }, 'hangup'],
    ['s', { ctrlKey: true }, 'save'],
    ['S', { ctrlKey: true }, 'save'],
    ['Enter', { ctrlKey: true }, 'submit'],
    ['k', { ctrlKey: true }, 'palette'],
    ['k', { metaKey: true }, 'palette'],
    ['?', { shiftKey: true }, 'help'],
    ['q', {}, null],
  ] as const)('%s with %o is %s', (key, mod, want) => {
    expect(commandOf(press(key, mod), keyMap())).toBe(want);
  });

  it('takes no plain character away from somebody who types', () => {
    const input = document.createElement('textarea');
    expect(commandOf(press('?', { shiftKey: true }, input), keyMap())).toBeNull();
    expect(commandOf(press('F2', {}, input), keyMap())).toBe('answer');
  });

  it('has no key twice and none of the browser', () => {
    const keys = Object.values(commands).map((c) => c.keys);
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys.filter((k) => reserved.has(k))).toEqual([]);
  });

  it('can be changed for this device and back', () => {
    remap('answer', 'Alt+A');
    expect(commandOf(press('a', { altKey: true }), keyMap())).toBe('answer');
    expect(commandOf(press('F2'), keyMap())).toBeNull();
    remap('answer', null);
    expect(commandOf(press('F2'), keyMap())).toBe('answer');
  });

  it('writes combinations in one order', () => {
    expect(combination(press('F2', { shiftKey: true, ctrlKey: true, altKey: true }))).toBe(
      'Ctrl+Alt+Shift+F2',
    );
  });
});
