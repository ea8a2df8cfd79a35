import { UndoOutlined } from '@ant-design/icons';
import { App, Button, Progress } from 'antd';
import { useEffect, useRef, useState } from 'react';
import type { Ticket } from '@/api/contract';
import { useCommands } from '@/app/keys';
import { ticketNumber } from '@/components/format';
import { useAct } from '@/features/tickets/actions/useAct';
import { useT } from '@/i18n';

/** How long a dispatch can be undone with one key. Messages about it leave after this. */
const undoMs = 10_000;

/** The dispatch just made, and the way back while nobody signed. */
export function UndoBar({ sent, over }: { sent: Ticket; over: (undone?: Ticket) => void }) {
  const t = useT();
  const { message } = App.useApp();
  const [left, setLeft] = useState(undoMs);
  const { act, busy, problem } = useAct(sent);
  useEffect(() => {
    const began = Date.now();
    const timer = setInterval(() => setLeft(undoMs - (Date.now() - began)), 200);
    return () => clearInterval(timer);
  }, []);
  const undoing = busy !== null;
  const expired = left <= 0 && !undoing;
  const end = useRef(over);
  end.current = over;
  useEffect(() => {
    if (expired) end.current();
  }, [expired]);
  const undo = async () => {
    const back = await act({ name: 'recall' }, { reason: t('派单后即撤销') });
    if (!back) return;
    void message.success(t('已撤销派单，工单回到待派单'));
    over(back);
  };
  useCommands({ undo: () => void undo() });
  const lead = sent.legs?.findLast((l) => l.role === 'lead' && !l.parent);
  const assists = sent.legs?.filter((l) => l.role === 'assist' && !l.parent && l.round === lead?.round) ?? [];
  return (
    <div className="undo" role="status" data-panel="undo">
      <span className="grow ellipsis">
        {t('已派单')} <span className="num">{ticketNumber(sent.number)}</span> → <b>{lead?.unit.name}</b>
        {assists.length > 0 && ` ${t('协办')}：${assists.map((l) => l.unit.name).join('、')}`}
        {problem && <span className="like-problem"> {problem.text}</span>}
      </span>
      <Progress
        type="circle"
        size={20}
        strokeWidth={14}
        strokeColor="var(--primary)"
        percent={Math.max(0, (left / undoMs) * 100)}
        format={() => ''}
        aria-label={t('撤销')}
      />
      <span className="num muted">{t('{{n}} 秒内可撤销', { n: Math.max(0, Math.ceil(left / 1000)) })}</span>
      <Button size="small" icon={<UndoOutlined />} loading={undoing} onClick={undo} data-act="undo">
        {t('撤销')} <kbd>Z</kbd>
      </Button>
    </div>
  );
}
