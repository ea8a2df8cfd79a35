import { Alert, Button, Checkbox, Input, Radio } from 'antd';
import { useId, useState } from 'react';
import type { AllowedAction, LegView, Ticket } from '@/api/contract';
import { useCommands } from '@/app/keys';
import { useSession } from '@/app/session';
import { clockTime } from '@/components/format';
import { useT } from '@/i18n';
import { ActionButtons, ActionDialog, useActionWord } from '../actions';
import { ContactRecord } from './ContactRecord';
import { FileList, FileUploader } from './Files';
import { ReplyHelp } from './ReplyHelp';
import { contactedIn, lengthOf, problemsOf, type ReplyProblems, replyOf, submitsOf } from './reply';
import { type SaveState, useReplyDraft } from './useReplyDraft';

/** The reply form of a unit: typed here, saved as a draft by itself, sent away by 上报. */
export function ReplyForm({
  ticket,
  leg,
  done,
  take,
}: {
  ticket: Ticket;
  leg: LegView;
  done: (x: Ticket, a: AllowedAction) => void;
  /** The ticket as a saving left it. */
  take: (x: Ticket) => void;
}) {
  const t = useT();
  const word = useActionWord();
  const id = useId();
  const { account } = useSession();
  const draft = useReplyDraft(ticket, leg, account, take);
  const { values: v, set } = draft;
  const [report, setReport] = useState(false);
  const [asked, setAsked] = useState<AllowedAction | null>(null);
  const [problems, setProblems] = useState<ReplyProblems>({});
  const submits = submitsOf(ticket);
  const main = submits.find((a) => a.primary) ?? submits[0];
  // What goes to the unit above needs a result only; what is reported needs the whole form.
  const whole = main?.name !== 'handle';
  const contacted = contactedIn(ticket, leg);
  const files = (ticket.files ?? []).filter((f) => f.leg === leg.n || v.files.includes(f.id));
  const submit = async (a: AllowedAction) => {
    const found = problemsOf(a.name, v, contacted);
    setProblems(found);
    const first = Object.keys(found)[0];
    if (first) {
      document.querySelector<HTMLElement>(`[data-reply-field=${first}] :is(textarea, input)`)?.focus();
      return;
    }
    await draft.flush();
    setAsked(a);
  };
  const save = () => (report && main ? void submit(main) : void draft.flush());
  useCommands({ save, submit: () => main && void submit(main) });
  return (
    <section className="card pad reply-form" data-reply-form={leg.n} id="reply">
      <div className="section-head">
        <h3>{t('答复')}</h3>
        <span className="muted small">{leg.unit.name}</span>
      </div>
      {draft.from === 'below' && (
        <Alert
          type="info"
          title={t('已带入下级所报内容，请核对完整后修改上报；下级原文留在流转明细中。')}
          showIcon
        />
      )}
      {draft.from === 'last' && (
        <Alert type="info" title={t('已带入上一轮的答复，请按重办要求修改。')} showIcon />
      )}
      {draft.restored && <Alert type="info" title={t('已恢复本机上未存的内容。')} showIcon closable />}
      {draft.theirs && (
        <Alert
          type="warning"
          showIcon
          title={t('{{who}} 也在填这份答复', { who: draft.theirs.by })}
          description={draft.theirs.values.answer}
          action={
            <div className="row">
              <Button size="small" onClick={() => draft.settle('theirs')}>
                {t('用对方的')}
              </Button>
              <Button size="small" type="primary" onClick={() => draft.settle('mine')}>
                {t('用我的')}
              </Button>
            </div>
          }
        />
      )}
      <ReplyHelp ticket={ticket} answer={v.answer} insert={(answer) => set({ answer })} />
      <Line name="answer" text="答复内容" note="对市民公开" must problem={problems.answer} id={id}>
        <Input.TextArea
          value={v.answer}
          autoSize={{ minRows: 6, maxRows: 18 }}
          onChange={(e) => set({ answer: e.target.value })}
          placeholder={t('称呼、核查情况、处理结果、依据、后续安排')}
          aria-label={t('答复内容')}
          data-field="answer"
        />
        <span className="reply-count muted small num">{t('{{n}} 字', { n: lengthOf(v.answer) })}</span>
      </Line>
      <Line name="handling" text="办理情况" note="内部" problem={problems.handling} id={id}>
        <Input.TextArea
          value={v.handling}
          autoSize={{ minRows: 2, maxRows: 12 }}
          onChange={(e) => set({ handling: e.target.value })}
          aria-label={t('办理情况')}
          data-field="handling"
        />
      </Line>
      <div className="reply-grid">
        <Line name="person" text="承办人" must={whole} problem={problems.person} id={id}>
          <Input
            value={v.person}
            onChange={(e) => set({ person: e.target.value })}
            aria-label={t('承办人')}
            data-field="person"
          />
        </Line>
        <Line name="phone" text="联系电话" must={whole} problem={problems.phone} id={id}>
          <Input
            value={v.phone}
            inputMode="tel"
            onChange={(e) => set({ phone: e.target.value })}
            aria-label={t('联系电话')}
            data-field="phone"
          />
        </Line>
        <Line name="basis" text="政策依据" id={id}>
          <Input
            value={v.basis}
            onChange={(e) => set({ basis: e.target.value })}
            aria-label={t('政策依据')}
            data-field="basis"
          />
        </Line>
      </div>
      <Line name="no_contact" text="与群众联系" must={whole} problem={problems.no_contact} id={id}>
        <ContactRecord ticket={ticket} leg={leg} take={take} />
        {!contacted && (
          <Input
            value={v.no_contact}
            placeholder={t('没有联系记录时，写明未联系原因')}
            onChange={(e) => set({ no_contact: e.target.value })}
            aria-label={t('未联系原因')}
            data-field="no_contact"
          />
        )}
      </Line>
      <div className="reply-grid">
        <Line name="solved" text="是否解决" must={whole} problem={problems.solved} id={id}>
          <Radio.Group
            value={v.solved}
            onChange={(e) => set({ solved: e.target.value })}
            options={[
              { value: '1', label: t('已解决') },
              { value: '0', label: t('未解决') },
            ]}
            data-field="solved"
          />
        </Line>
        {v.solved === '0' && (
          <Line name="unsolved" text="未解决原因" must problem={problems.unsolved} id={id}>
            <Input
              value={v.unsolved}
              onChange={(e) => set({ unsolved: e.target.value })}
              aria-label={t('未解决原因')}
              data-field="unsolved"
            />
          </Line>
        )}
      </div>
      <Line name="files" text="附件" id={id}>
        <FileList files={files} />
        <FileUploader ticket={ticket.id} leg={leg.n} onUploaded={(f) => set({ files: [...v.files, f.id] })} />
      </Line>
      <footer className="reply-foot">
        {main && (
          <Checkbox checked={report} onChange={(e) => setReport(e.target.checked)} data-field="report">
            <b>{t('上报')}</b>
          </Checkbox>
        )}
        <Button onClick={save} data-act="save-reply">
          {report ? t('储存并上报') : t('储存')} <kbd>Ctrl+S</kbd>
        </Button>
        <SaveLine s={draft.state} />
        {report && <span className="reply-warn small">{t('勾选上报后储存即报出，内容不能再修改')}</span>}
        <span className="grow" />
        <ActionButtons
          up
          ticket={{
            ...ticket,
            allowed_actions: (ticket.allowed_actions ?? [])
              .filter((a) => a.name === 'interim_reply')
              .map((a) => ({ ...a, primary: false })),
          }}
          before={async () => {
            await draft.flush();
            return draft.latest();
          }}
          done={done}
        />
        {submits
          .toSorted((a, b) => Number(a === main) - Number(b === main))
          .map((a) => (
            <Button
              key={a.name}
              type={a === main ? 'primary' : 'default'}
              onClick={() => void submit(a)}
              data-action={a.name}
            >
              {word(a)}
            </Button>
          ))}
      </footer>
      {asked && (
        <ActionDialog
          action={asked}
          ticket={ticket}
          hide={['reply']}
          initial={{ reply: replyOf(v) }}
          onCancel={() => setAsked(null)}
          onDone={(x, a) => {
            draft.ended();
            setAsked(null);
            done(x, a);
          }}
        />
      )}
    </section>
  );
}

function SaveLine({ s }: { s: SaveState }) {
  const t = useT();
  const text = {
    clean: '',
    dirty: t('未保存的修改'),
    saving: t('正在保存…'),
    saved: `✓ ${t('已存')} ${clockTime(s.at)}`,
    failed: `${t('未存到服务器，已保存在本机')}：${s.text ?? ''}`,
  }[s.state];
  return (
    <span
      className={`small num ${s.state === 'failed' ? 'act-bad' : 'muted'}`}
      role="status"
      data-save-state={s.state}
    >
      {text}
    </span>
  );
}

function Line({
  name,
  text,
  note,
  must,
  problem,
  id,
  children,
}: {
  name: string;
  text: string;
  note?: string;
  must?: boolean;
  problem?: string;
  id: string;
  children: React.ReactNode;
}) {
  const t = useT();
  return (
    <div className="act-field" data-reply-field={name} data-bad={!!problem}>
      <span className={`act-label ${must ? 'must' : ''}`} id={`${id}${name}`}>
        {t(text)}
        {note && <span className="tag reply-note">{t(note)}</span>}
      </span>
      <div className="reply-control">{children}</div>
      {problem && (
        <span className="act-bad small" role="alert">
          {t(problem)}
        </span>
      )}
    </div>
  );
}
