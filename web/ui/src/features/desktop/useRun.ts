import { App } from 'antd';
import { useState } from 'react';
import { errorText } from '@/api/errors';
import { useT } from '@/i18n';

/** Runs a command, shows that it runs, and says what went wrong. */
export function useRun() {
  const t = useT();
  const { message } = App.useApp();
  const [busy, setBusy] = useState<string | null>(null);
  const run = async (name: string, f: () => Promise<unknown>): Promise<boolean> => {
    setBusy(name);
    try {
      await f();
      return true;
    } catch (e) {
      void message.error(t(errorText(e)));
      return false;
    } finally {
      setBusy(null);
    }
  };
  return [run, busy] as const;
}
