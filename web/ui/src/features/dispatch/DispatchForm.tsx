import { App, Button, DatePicker, Input } from 'antd';
import dayjs from 'dayjs';
import { useRef, useState } from 'react';
import type { AllowedAction, Ticket } from '@/api/contract';
import { useCommands } from '@/app/keys';
import { useSession } from '@/app/session';
import { ActionButtons } from '@/features/tickets/actions/ActionButtons';
import { Problem } from '@/features/tickets/actions/Problem';
import { UnitPicker } from '@/features/tickets/actions/UnitPicker';
import { useAct } from '@/features/tickets/actions/useAct';
import { atPage } from '@/features/workbench/Workbench';
import { useT } from '@/i18n';
import { PreviewTable, usePreview } from './Preview';
import { Suggestion } from './Suggestion';
import { Triage } from './Triage';

/** Everything the dispatcher decides by and with: triage, catalogue, units, deadlines, opinion. */
export function DispatchForm({
  ticket,
  sent,
  left,
}: {
  ticket: Ticket;
  /** The ticket was dispatched. */
  sent: (x: Ticket) => void;
  /** It left the queue in another way. */
  left: (x: Ticket, a: AllowedAction) => void;
}) {
  const t = useT();
  const { message } = App.useApp();
  const [unit, setUnit] = useState<string>();
  const [assists, setAssists] = useState<string[]>([]);
  const [due, setDue] = useState<string>();
  const [opinion, setOpinion] = useState('');
  const picker = useRef<HTMLDivElement>(null);
  const preview = usePreview(ticket.id, unit, assists);
  const allowed = (name: string) => ticket.allowed_actions?.find((a) => a.name === name);
  const dispatch = allowed('dispatch');
  const { act, busy, problem, clear } = useAct(ticket);
  const proposal = preview.data?.proposal;
  const adopt = () => {
    if (!proposal) return;
    setUnit(proposal.lead.id);
    setAssists(proposal.assists.map((u) => u.id));
  };
  const send = async () => {
    if (!dispatch || busy) return;
    if (!unit) {
      void message.warning(t('请选主办单位'));
      picker.current?.querySelector('input')?.focus();
      return;
    }
    const x = await act(dispatch, { unit, assists, due_at: due, opinion });
    if (x) sent(x);
  };
  useCommands({
    submit: () => void send(),
    unit: () => atPage() && picker.current?.querySelector('input')?.focus(),
    adopt: () => atPage() && adopt(),
  });
  const returnsOf = (id: string) => {
    const n = preview.data?.returns.find((r) => r.unit.id === id)?.count;
    const words = [
      n ? t('此类退单 {{n}} 次', { n }) : '',
      proposal?.lead.id === id ? t('目录主办') : '',
      proposal?.assists.some((u) => u.id === id) ? t('目录协办') : '',
    ];
    return words.filter(Boolean).join(' · ') || undefined;
  };
  return (
    <>
      <Hand ticket={ticket} />
      <div className="bench-side-body">
        <Triage ticket={ticket} />
        {proposal && (
          <div className="proposal" data-panel="proposal">
            <div className="row">
              <span className="grow">
                {t('派单目录')}：<b>{proposal.lead.name}</b>
                {proposal.assists.length > 0 && (
                  <span className="muted">
                    {' '}
                    {t('协办')} {proposal.assists.map((u) => u.name).join('、')}
                  </span>
                )}
              </span>
              <Button size="small" onClick={adopt} data-act="adopt">
                {t('采用')} <kbd>A</kbd>
              </Button>
            </div>
            <div className="muted small">{proposal.why}</div>
          </div>
        )}
        {preview.data && !proposal && (
          <p className="muted small">{t('派单目录没有这一类的单位，请按职责选择')}</p>
        )}
        {dispatch && <Suggestion ticket={ticket.id} unit={unit} take={setUnit} />}
        {dispatch ? (
          <>
            <div ref={picker} className="bench-field">
              <span className="act-label must">
                {t('主办单位')} <kbd>U</kbd>
              </span>
              <UnitPicker
                value={unit}
                onChange={setUnit}
                without={assists}
                hint={returnsOf}
                label={t('主办单位')}
                field="lead"
              />
            </div>
            <div className="bench-field">
              <span className="act-label">{t('协办单位')}</span>
              <UnitPicker
                multiple
                value={assists}
                onChange={setAssists}
                without={unit ? [unit] : []}
                hint={returnsOf}
                label={t('协办单位')}
                field="assists"
              />
            </div>
            {unit && <PreviewTable query={preview} />}
            <div className="bench-field">
              <span className="act-label">
                {t('办理期限')}
                <span className="muted small"> {t('不填：按规则计算')}</span>
              </span>
              <DatePicker
                showTime={{ format: 'HH:mm', minuteStep: 30 }}
                format="YYYY-MM-DD HH:mm"
                style={{ width: '100%' }}
                value={due ? dayjs(due) : null}
                minDate={preview.data?.min_due_at ? dayjs(preview.data.min_due_at) : undefined}
                maxDate={preview.data?.max_due_at ? dayjs(preview.data.max_due_at) : undefined}
                onChange={(d) => setDue(d?.toISOString())}
                aria-label={t('办理期限')}
                data-field="due_at"
              />
            </div>
            <div className="bench-field">
              <span className="act-label">{t('派单意见')}</span>
              <Input.TextArea
                value={opinion}
                autoSize={{ minRows: 2, maxRows: 8 }}
                maxLength={1000}
                onChange={(e) => setOpinion(e.target.value)}
                aria-label={t('派单意见')}
                data-field="opinion"
              />
            </div>
          </>
        ) : (
          <p className="muted">{t('这一件现在不能派单：先领取，或已由他人处理')}</p>
        )}
      </div>
      {problem && (
        <div className="bench-side-problem">
          <Problem problem={problem} close={clear} />
        </div>
      )}
      <footer className="bench-side-foot">
        <ActionButtons
          ticket={ticket}
          up
          beside={0}
          without={['dispatch', 'take', 'release', 'overrule', 'merge']}
          done={left}
        />
        {dispatch && (
          <Button type="primary" loading={!!busy} onClick={send} data-act="dispatch">
            {t('派单')} <kbd>Ctrl+Enter</kbd>
          </Button>
        )}
      </footer>
    </>
  );
}

/** Whose hands the ticket is in, with take and give back. */
export function Hand({ ticket }: { ticket: Ticket }) {
  const t = useT();
  const { account } = useSession();
  const { act, busy, problem } = useAct(ticket);
  const own = ticket.allowed_actions?.find((a) => a.name === 'take' || a.name === 'release');
  const go = () => own && void act(own);
  useCommands({ take: () => atPage() && go() });
  const word = !ticket.owner_account
    ? t('在公共池中，尚未领取')
    : ticket.owner_account === account
      ? t('已由您领取')
      : t('{{name}} 已领取', { name: ticket.owner_name ?? ticket.owner_account });
  return (
    <div className="bench-hand">
      <span className="grow">
        {word}
        {problem && <span className="like-problem small"> {problem.text}</span>}
      </span>
      {own && (
        <Button size="small" loading={!!busy} onClick={go} data-act={own.name}>
          {own.name === 'take' ? t('领取') : t('释放')} <kbd>T</kbd>
        </Button>
      )}
    </div>
  );
}
