import { useEffect, useRef } from 'react';

/** Every key command of the console. F5, F6 and F7 stay the browser's. */
export const commands = {
  answer: { keys: 'F2', text: '接听', group: '通话' },
  hold: { keys: 'F4', text: '保持 / 取回', group: '通话' },
  mute: { keys: 'F8', text: '静音', group: '通话' },
  party: { keys: 'F9', text: '转接 / 三方', group: '通话' },
  hangup: { keys: 'Ctrl+F2', text: '挂断并邀评', group: '通话' },
  ready: { keys: 'Alt+1', text: '示闲', group: '席位' },
  notready: { keys: 'Alt+2', text: '示忙', group: '席位' },
  save: { keys: 'Ctrl+S', text: '暂存工单', group: '工单' },
  submit: { keys: 'Ctrl+Enter', text: '提交派单', group: '工单' },
  newTicket: { keys: 'Alt+N', text: '本次通话的新工单', group: '工单' },
  nextTab: { keys: 'Alt+J', text: '下一个工单页签', group: '工单' },
  nextItem: { keys: 'J', text: '下一条', group: '工作台' },
  previousItem: { keys: 'K', text: '上一条', group: '工作台' },
  choose: { keys: 'X', text: '选中 / 取消选中', group: '工作台' },
  takeMostUrgent: { keys: 'G', text: '下一件（领取最急）', group: '工作台' },
  take: { keys: 'T', text: '领取 / 释放', group: '工作台' },
  unit: { keys: 'U', text: '选承办单位', group: '工作台' },
  adopt: { keys: 'A', text: '采用派单目录', group: '工作台' },
  yes: { keys: 'Y', text: '同意 / 通过', group: '工作台' },
  no: { keys: 'N', text: '不同意 / 退回', group: '工作台' },
  undo: { keys: 'Z', text: '撤销派单', group: '工作台' },
  dial: { keys: 'D', text: '拨打', group: '工作台' },
  answer0: { keys: '0', text: '未解决', group: '回访' },
  answer1: { keys: '1', text: '非常满意 / 是 / 已解决', group: '回访' },
  answer2: { keys: '2', text: '满意 / 否 / 未表态', group: '回访' },
  answer3: { keys: '3', text: '基本满意', group: '回访' },
  answer4: { keys: '4', text: '不满意', group: '回访' },
  answer5: { keys: '5', text: '非常不满意', group: '回访' },
  palette: { keys: 'Ctrl+K', text: '命令栏', group: '通用' },
  help: { keys: '?', text: '快捷键', group: '通用' },
} as const;

export type CommandName = keyof typeof commands;

const store = 'hotline.keys';

/** Key map with this device's own choices over the defaults. */
export function keyMap(): Record<CommandName, string> {
  let own: Partial<Record<CommandName, string>> = {};
  try {
    own = JSON.parse(localStorage.getItem(store) ?? '{}');
  } catch {
    own = {};
  }
  return Object.fromEntries(
    Object.entries(commands).map(([name, c]) => [name, own[name as CommandName] ?? c.keys]),
  ) as Record<CommandName, string>;
}

export function remap(name: CommandName, keys: string | null) {
  const own = JSON.parse(localStorage.getItem(store) ?? '{}');
  if (keys && keys !== commands[name].keys) own[name] = keys;
  else delete own[name];
  localStorage.setItem(store, JSON.stringify(own));
}

/** The pressed combination as the key map writes it: Ctrl+Shift+F2. */
export function combination(
  e: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>,
): string {
  const key = e.key.length === 1 && e.key !== '?' ? e.key.toUpperCase() : e.key;
  return [
    e.ctrlKey || e.metaKey ? 'Ctrl' : '',
    e.altKey ? 'Alt' : '',
    e.shiftKey && e.key.length > 1 ? 'Shift' : '',
    key,
  ]
    .filter(Boolean)
    .join('+');
}

/** Reserved by the browser: they can't be chosen. */
export const reserved = new Set([
  'F1',
  'F3',
  'F5',
  'F6',
  'F7',
  'F11',
  'F12',
  'Ctrl+W',
  'Ctrl+T',
  'Ctrl+N',
  'Ctrl+R',
]);

/** Choices and buttons take no text: there a plain key is still a command. */
const choices = new Set(['radio', 'checkbox', 'button', 'submit']);

const typing = (el: EventTarget | null) =>
  el instanceof HTMLElement &&
  (el.isContentEditable ||
    ['TEXTAREA', 'SELECT'].includes(el.tagName) ||
    (el instanceof HTMLInputElement && !choices.has(el.type)));

/** Which command a key press means; plain characters mean none while somebody types. */
export function commandOf(
  e: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey' | 'target'>,
  map: Record<CommandName, string>,
): CommandName | null {
  const pressed = combination(e);
  if (pressed.length === 1 && typing(e.target)) return null;
  for (const [name, keys] of Object.entries(map)) if (keys === pressed) return name as CommandName;
  return null;
}

type Handlers = Partial<Record<CommandName, () => void>>;
const stack: { current: Handlers }[] = [];
let listening = false;

function listen() {
  if (listening) return;
  listening = true;
  addEventListener(
    'keydown',
    (e) => {
      const name = commandOf(e, keyMap());
      if (!name) return;
      for (let i = stack.length - 1; i >= 0; i--) {
        const f = stack[i]?.current[name];
        if (f) {
          e.preventDefault();
          e.stopPropagation(); // the field that has the focus must not act on it as well
          if (!e.repeat) f();
          return;
        }
      }
    },
    true,
  );
}

/** Handles key commands while the component is there; the latest handler of a command wins. */
export function useCommands(handlers: Handlers) {
  const ref = useRef(handlers);
  ref.current = handlers;
  useEffect(() => {
    listen();
    stack.push(ref);
    return () => {
      stack.splice(stack.indexOf(ref), 1);
    };
  }, []);
}
