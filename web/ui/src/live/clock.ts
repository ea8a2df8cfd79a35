import { useSyncExternalStore } from 'react';

// One clock for the whole page: hundreds of timers tick together and each renders only its own text.
let second = Math.floor(Date.now() / 1000);
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

function subscribe(f: () => void) {
  listeners.add(f);
  timer ??= setInterval(() => {
    second = Math.floor(Date.now() / 1000);
    for (const l of listeners) l();
  }, 1000);
  return () => {
    listeners.delete(f);
    if (listeners.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  };
}

/** This machine's time in whole seconds; renders again each second. */
export const useSecond = () => useSyncExternalStore(subscribe, () => second);
