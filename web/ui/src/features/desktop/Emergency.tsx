import { AlertFilled } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Button, Modal } from 'antd';
import { useState } from 'react';
import type { CallView } from '@/api/contract';
import { areasQuery } from '@/api/lists';
import { phoneNumber } from '@/components/format';
import { areaNames } from '@/features/tickets/areas';
import { useT } from '@/i18n';
import { floor } from '@/live';
import { valuesOf } from './drafts';
import { useDraftState } from './model';
import { PartyStrip } from './Parties';
import { useRun } from './useRun';

const lines = [
  { number: '110', text: '公安报警' },
  { number: '119', text: '火警' },
  { number: '120', text: '急救' },
  { number: '122', text: '交通事故' },
];

/** The red key: a warm transfer to an emergency line, with what to read out large on the screen. */
export function EmergencyButton({ call }: { call: CallView }) {
  const t = useT();
  const [open, setOpen] = useState(false);
  const [called, setCalled] = useState('');
  const [run, busy] = useRun();
  const draft = Object.values(useDraftState().drafts).find((d) => d.call === call.id && !d.done);
  const v = draft ? valuesOf(draft) : null;
  const areas = useQuery(areasQuery);
  const address = [areaNames(areas.data, v?.place.area ?? []), v?.place.address].filter(Boolean).join(' ');
  const dial = async (number: string) => {
    if (await run(number, () => floor.emergency(call.id, number))) setCalled(number);
  };
  return (
    <>
      <Button
        danger
        type="primary"
        icon={<AlertFilled />}
        onClick={() => setOpen(true)}
        data-act="emergency"
        style={{ background: 'var(--st-alarm)' }}
      >
        {t('紧急转接')}
      </Button>
      <Modal
        open={open}
        title={t('转紧急热线：三方接通后您仍在线，录音和工单保留')}
        onCancel={() => setOpen(false)}
        footer={null}
        width={640}
        data-panel="emergency"
      >
        <div className="emergency-keys">
          {lines.map((l) => (
            <Button
              key={l.number}
              danger
              type={called === l.number ? 'primary' : 'default'}
              loading={busy === l.number}
              onClick={() => dial(l.number)}
              data-emergency={l.number}
            >
              <span>
                {l.number}
                <small>{t(l.text)}</small>
              </span>
            </Button>
          ))}
        </div>
        <div className="muted">{t('请念给对方：来电号码')}</div>
        <p className="emergency-big num">{phoneNumber(call.caller) || t('未显示号码，请向市民询问')}</p>
        <div className="muted">{t('事发地址')}</div>
        <p className="emergency-big">{address || t('请先问清地址，填在“事发地”里')}</p>
        {v?.title && <p>{v.title}</p>}
        {call.parties?.length ? <PartyStrip call={call} /> : null}
      </Modal>
    </>
  );
}
