import { PhoneOutlined } from '@ant-design/icons';
import { Button, Input, Popover } from 'antd';
import { useState } from 'react';
import type { LegView, Ticket } from '@/api/contract';
import { get, post } from '@/api/http';
import { duration, shortTime } from '@/components/format';
import Player from '@/features/calls/Player';
import { useRun } from '@/features/desktop/useRun';
import { useT } from '@/i18n';
import { Outcome } from './Outcome';

const ownNumber = 'hotline.contact.number';

const ways: Record<string, string> = { call: '电话', visit: '上门', other: '其他' };

/** 联系群众: the hotline rings the clerk, then the citizen; the recorded call is the proof. */
export function ContactRecord({
  ticket,
  leg,
  take,
}: {
  ticket: Ticket;
  leg: LegView;
  take: (x: Ticket) => void;
}) {
  const t = useT();
  const [run, busy] = useRun();
  const [open, setOpen] = useState(false);
  const [number, setNumber] = useState(() => localStorage.getItem(ownNumber) ?? '');
  const [ringing, setRinging] = useState(false);
  const may = (ticket.allowed_actions ?? []).some((a) => a.name === 'contact_citizen');
  const call = () =>
    run('contact', async () => {
      localStorage.setItem(ownNumber, number);
      await post(`/tickets/${ticket.id}/contact`, { leg: leg.n, ...(number ? { number } : {}) });
      setOpen(false);
      setRinging(true);
      take(await get<Ticket>(`/tickets/${ticket.id}`));
    });
  return (
    <div className="contacts">
      {(leg.contacts ?? []).map((c, i) => {
        const made = ticket.calls?.find((x) => x.id === c.call);
        return (
          <div key={i} className="contact-row" data-contact={c.call ?? c.way}>
            <span className="num">{shortTime(c.at)}</span>
            <span>{t(ways[c.way] ?? c.way)}</span>
            {made?.talk_s ? <span className="num muted">{duration(made.talk_s)}</span> : null}
            {c.text && <span className="grow">{c.text}</span>}
            {made?.end && !made.talk_s && <Outcome end={made.end} />}
            {made?.recordings?.map((r) => (
              <Player key={r.id} recording={r} compact />
            ))}
          </div>
        );
      })}
      {may && (
        <Popover
          open={open}
          onOpenChange={setOpen}
          trigger="click"
          title={t('联系群众')}
          content={
            <div className="contact-pop">
              <p>
                {t('热线先拨打您的电话，您接听后再接通市民。双方都看不到对方号码，通话录音自动存入本件。')}
              </p>
              <Input
                value={number}
                inputMode="tel"
                placeholder={t('您的电话，不填用账号登记的号码')}
                aria-label={t('您的电话')}
                onChange={(e) => setNumber(e.target.value.replace(/[^\d]/g, ''))}
                onPressEnter={call}
                data-field="contact_number"
              />
              <Button
                type="primary"
                icon={<PhoneOutlined />}
                loading={busy === 'contact'}
                onClick={call}
                data-act="contact-call"
              >
                {t('呼叫')}
              </Button>
            </div>
          }
        >
          <Button size="small" icon={<PhoneOutlined />} data-act="contact">
            {t('联系群众')}
          </Button>
        </Popover>
      )}
      {ringing && (
        <span className="muted small" role="status">
          {t('正在呼叫您的电话，请接听；通话记录稍后出现在这里')}
        </span>
      )}
    </div>
  );
}
