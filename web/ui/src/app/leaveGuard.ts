import { useEffect } from 'react';
import { useLive } from '@/live';
import { usePhone } from '@/phone';

/** Is somebody talking to, or ringing at, this page? */
export const inCall = () => {
  const seat = useLive.getState().seat?.state ?? 'signed_out';
  const call = usePhone.getState().call;
  return (
    ['talking', 'holding', 'consult', 'three_way', 'ringing', 'dialling'].includes(seat) ||
    ['ringing', 'active', 'held'].includes(call)
  );
};

/** Asks before the page is closed or reloaded in a call. */
export function useLeaveGuard() {
  useEffect(() => {
    const ask = (e: BeforeUnloadEvent) => {
      if (inCall()) e.preventDefault();
    };
    addEventListener('beforeunload', ask);
    return () => removeEventListener('beforeunload', ask);
  }, []);
}
