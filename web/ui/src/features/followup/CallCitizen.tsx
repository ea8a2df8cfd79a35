import { PhoneOutlined } from '@ant-design/icons';
import { Button, Input } from 'antd';
import { useEffect, useState } from 'react';
import type { FollowUpCitizen } from '@/api/contract';
import { post } from '@/api/http';
import { useCommands } from '@/app/keys';
import { may, P } from '@/app/permissions';
import { useSession } from '@/app/session';
import { phoneNumber } from '@/components/format';
import { Since } from '@/components/Since';
import { useRun } from '@/features/desktop/useRun';
import { atPage } from '@/features/workbench/Workbench';
import { useT } from '@/i18n';
import { endCauses, label } from '@/labels';
import { floor, useLive } from '@/live';

const store = 'hotline.bridge.number';

/** Rings the citizen: from the person's seat, or by the hotline's bridge to the person's own phone first. */
export function CallCitizen({
  ticket,
  citizen,
  allowed,
  called,
}: {
  ticket: string;
  citizen: FollowUpCitizen;
  /** In the hours in which citizens may be called. */
  allowed: boolean;
  called: (call: string) => void;
}) {
  const t = useT();
  const session = useSession();
  const [run, busy] = useRun();
  const [number, setNumber] = useState(() => localStorage.getItem(store) ?? '');
  const [bridged, setBridged] = useState('');
  const seat = useLive((s) => s.seat?.state);
  const seated = may(session, P.seat) && !!seat && seat !== 'signed_out';
  const ready = seat === 'idle' || seat === 'not_ready' || seat === 'rest';
  const target = citizen.for ?? ticket;
  const call = useLive((s) =>
    Object.values(s.calls).findLast((c) => c.direction === 'outbound' && c.ticket === target),
  );
  const callId = call?.id;
  useEffect(() => {
    if (callId) called(callId);
  }, [callId, called]);
  const phone = citizen.caller.phone || citizen.caller.phone_masked || citizen.caller.number_masked;
  const can = allowed && !!phone && (!seated || ready);
  const dial = () => {
    if (!can || busy) return;
    void run('dial', async () => {
      if (seated) {
        await floor.dial({ ticket: target, purpose: 'follow_up' });
        return;
      }
      localStorage.setItem(store, number.trim());
      const made = await post<{ call: string }>(`/tickets/${ticket}/contact`, {
        number: number.trim() || undefined,
        for: citizen.for,
      });
      setBridged(made.call);
      called(made.call);
    });
  };
  useCommands({ dial: () => atPage() && dial() });
  return (
    <div className="visit-call" data-panel="call">
      <div className="row">
        <PhoneOutlined />
        <span className="grow">
          {[citizen.caller.name, citizen.caller.company].filter(Boolean).join(' ')}{' '}
          <b className="num">{phoneNumber(phone) || t('没有可以拨打的号码')}</b>
        </span>
        <Button
          type="primary"
          disabled={!can}
          loading={busy === 'dial'}
          title={allowed ? '' : t('不在允许回访的时段')}
          onClick={dial}
          data-act="dial"
        >
          {t('拨打')} <kbd>D</kbd>
        </Button>
      </div>
      {!seated && (
        <label className="row small visit-bridge">
          {t('先接通我的电话')}
          <Input
            value={number}
            size="small"
            maxLength={24}
            inputMode="tel"
            placeholder={session.seat ? t('或签入席位后直接拨打') : t('不填：用账号登记的电话')}
            onChange={(e) => setNumber(e.target.value)}
            data-field="own-number"
          />
        </label>
      )}
      {call ? (
        <div className="small" role="status" data-call={call.id}>
          {call.end ? (
            `${t('通话已结束')}：${t(label(endCauses, call.end.cause))}`
          ) : call.answered_at ? (
            <>
              {t('通话中')} <Since at={call.answered_at} />
            </>
          ) : (
            t('正在呼叫')
          )}
        </div>
      ) : (
        bridged && (
          <div className="small" role="status" data-call={bridged}>
            {t('热线正在呼叫您的电话，接听后接通市民；通话自动录音并挂在工单上')}
          </div>
        )
      )}
    </div>
  );
}
