import { App, Button, Input } from 'antd';
import { useEffect, useRef, useState } from 'react';
import type { AllowedAction, Ticket } from '@/api/contract';
import { useCommands } from '@/app/keys';
import { Hand } from '@/features/dispatch/DispatchForm';
import { ActionButtons } from '@/features/tickets/actions/ActionButtons';
import { diffTexts } from '@/features/tickets/actions/diff';
import { suggestions } from '@/features/tickets/actions/needs';
import { Problem } from '@/features/tickets/actions/Problem';
import { useAct } from '@/features/tickets/actions/useAct';
import { atPage } from '@/features/workbench/Workbench';
import { useT } from '@/i18n';
import { repliesOf } from './Replies';

/** What a good reply has: read down before passing. */
const checks = ['正面回应每一项诉求', '有政策依据或办理结果', '已联系群众或说明原因', '用语规范，无内部信息'];

/** Passing with the public text as it is to be read, or sending back with a reason. */
export function ReviewForm({
  ticket,
  done,
}: {
  ticket: Ticket;
  done: (x: Ticket, a: AllowedAction) => void;
}) {
  const t = useT();
  const { message } = App.useApp();
  const original = repliesOf(ticket)[0]?.reply?.answer ?? '';
  const start = ticket.public_reply || original;
  const [text, setText] = useState(start);
  const [reason, setReason] = useState('');
  const [returning, setReturning] = useState(false);
  const reasonBox = useRef<HTMLDivElement>(null);
  // A new reply came while nobody had typed: it is what is passed.
  const base = useRef(start);
  useEffect(() => {
    setText((now) => (now === base.current ? start : now));
    base.current = start;
  }, [start]);
  useEffect(() => {
    if (returning) reasonBox.current?.querySelector('textarea')?.focus();
  }, [returning]);
  const { act, busy, problem, clear } = useAct(ticket, { done });
  const allowed = (name: string) => ticket.allowed_actions?.find((a) => a.name === name);
  const pass = allowed('pass');
  const without = allowed('pass_without_visit');
  const rework = allowed('review_rework');
  const send = (a: AllowedAction | undefined) => {
    if (!a || busy) return;
    if (!text.trim()) {
      void message.warning(t('公开答复不能为空'));
      return;
    }
    void act(a, { public: text });
  };
  const sendBack = () => {
    if (!rework || busy) return;
    if (!returning) return setReturning(true);
    if (!reason.trim()) {
      void message.warning(t('请写明退回原因'));
      return;
    }
    void act(rework, { reason });
  };
  useCommands({
    yes: () => atPage() && send(pass),
    no: () => atPage() && sendBack(),
    submit: () => (returning ? sendBack() : send(pass)),
  });
  const edited = text.trim() !== original.trim();
  return (
    <>
      <Hand ticket={ticket} />
      <div className="bench-side-body">
        <ul className="review-checks small">
          {checks.map((x) => (
            <li key={x}>{t(x)}</li>
          ))}
        </ul>
        {pass || without || rework ? (
          <>
            <div className="bench-field">
              <span className="act-label">
                {t('公开答复')}
                {edited && <span className="tag tag-strong">{t('已修改，原文保留在流转明细')}</span>}
              </span>
              <Input.TextArea
                value={text}
                autoSize={{ minRows: 6, maxRows: 16 }}
                onChange={(e) => setText(e.target.value)}
                aria-label={t('公开答复')}
                data-field="public"
              />
              {edited && original && (
                <div className="review-diff small" data-panel="diff">
                  {diffTexts(original, text).map((p, i) =>
                    p.kind === 'added' ? (
                      <ins key={i}>{p.text}</ins>
                    ) : p.kind === 'removed' ? (
                      <del key={i}>{p.text}</del>
                    ) : (
                      <span key={i}>{p.text}</span>
                    ),
                  )}
                  <Button size="small" type="link" onClick={() => setText(original)} data-act="original">
                    {t('恢复原文')}
                  </Button>
                </div>
              )}
            </div>
            {returning && (
              <div className="bench-field" ref={reasonBox}>
                <span className="act-label must">{t('退回重办原因')}</span>
                <Input.TextArea
                  value={reason}
                  autoSize={{ minRows: 3, maxRows: 8 }}
                  maxLength={1000}
                  onChange={(e) => setReason(e.target.value)}
                  aria-label={t('退回重办原因')}
                  data-field="reason"
                />
                <div className="suggests">
                  {suggestions['review_rework.reason']?.map((x) => (
                    <button
                      key={x}
                      type="button"
                      className="suggest"
                      onClick={() => setReason((r) => (r.trim() ? `${r.trim()}；${t(x)}` : t(x)))}
                    >
                      {t(x)}
                    </button>
                  ))}
                </div>
              </div>
            )}
          </>
        ) : (
          <p className="muted">{t('这一件现在不能审核：先领取，或已由他人处理')}</p>
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
          without={['pass', 'pass_without_visit', 'review_rework', 'take', 'release']}
          done={done}
        />
        {rework && (
          <Button
            ghost={returning}
            type={returning ? 'primary' : 'default'}
            loading={!!busy && returning}
            onClick={sendBack}
            data-act="review-rework"
          >
            {t('退回重办')} <kbd>N</kbd>
          </Button>
        )}
        {without && (
          <Button disabled={!!busy} onClick={() => send(without)} data-act="pass-without-visit">
            {t('通过，无需回访')}
          </Button>
        )}
        {pass && (
          <Button type="primary" loading={!!busy && !returning} onClick={() => send(pass)} data-act="pass">
            {t('审核通过')} <kbd>Y</kbd>
          </Button>
        )}
      </footer>
    </>
  );
}
