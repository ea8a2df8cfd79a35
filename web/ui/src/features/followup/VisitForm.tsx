import { useQuery } from '@tanstack/react-query';
import { App, Button, Input, Select } from 'antd';
import { useCallback, useState } from 'react';
import type { AllowedAction, FollowUpCitizen, FollowUpPlan, Ticket } from '@/api/contract';
import { get } from '@/api/http';
import { useCommands } from '@/app/keys';
import { dueText, shortTime, ticketNumber } from '@/components/format';
import { Loaded } from '@/components/page';
import { Hand } from '@/features/dispatch/DispatchForm';
import { ActionButtons } from '@/features/tickets/actions/ActionButtons';
import { Problem } from '@/features/tickets/actions/Problem';
import { UnitPicker } from '@/features/tickets/actions/UnitPicker';
import { useAct } from '@/features/tickets/actions/useAct';
import { atPage } from '@/features/workbench/Workbench';
import { useT } from '@/i18n';
import { visitFailures } from '@/labels';
import { serverNow } from '@/live';
import { CallCitizen } from './CallCitizen';
import { Questions } from './Questions';
import { type Answers, answerBy, isDissatisfied, nextQuestion, openQuestion, type Question } from './visit';

/** Whom to call, what to ask, what follows from the answers. */
export function VisitForm({ ticket, done }: { ticket: Ticket; done: (x: Ticket, a: AllowedAction) => void }) {
  const t = useT();
  const q = useQuery({
    queryKey: ['/tickets', ticket.id, 'follow-up'],
    queryFn: ({ signal }) => get<FollowUpPlan>(`/tickets/${ticket.id}/follow-up`, {}, signal),
    refetchInterval: 60_000,
  });
  const [chosen, setChosen] = useState<string>();
  const keyOf = (c: FollowUpCitizen) => c.for ?? '';
  return (
    <>
      <Hand ticket={ticket} />
      <Loaded query={q}>
        {(plan) => {
          const people = plan.citizens;
          const citizen =
            people.find((c) => keyOf(c) === chosen) ??
            people.find((c) => c.wanted && !c.done) ??
            (people[0] as FollowUpCitizen);
          return (
            <>
              {people.length > 1 && (
                <div className="bench-strip" role="tablist" aria-label={t('诉求人')}>
                  {people.map((c) => (
                    <button
                      key={keyOf(c)}
                      type="button"
                      role="tab"
                      aria-selected={c === citizen}
                      onClick={() => setChosen(keyOf(c))}
                      data-person={keyOf(c) || 'own'}
                    >
                      {c.caller.name || t('匿名')}{' '}
                      <span className="num small muted">{ticketNumber(c.number)}</span>
                      {c.done && <span className="small"> ✓ {t('已回访')}</span>}
                    </button>
                  ))}
                </div>
              )}
              <OneCitizen
                key={keyOf(citizen)}
                ticket={ticket}
                plan={plan}
                citizen={citizen}
                done={(x, a) => {
                  setChosen(undefined);
                  done(x, a);
                }}
              />
            </>
          );
        }}
      </Loaded>
    </>
  );
}

/** When to try next, and how often it was tried. */
function Tries({ plan, citizen }: { plan: FollowUpPlan; citizen: FollowUpCitizen }) {
  const t = useT();
  const now = serverNow();
  const next = citizen.next_at ? Date.parse(citizen.next_at) : Number.NaN;
  return (
    <div className="small muted" data-panel="tries">
      {citizen.half_days.length > 0 && (
        <div>
          {t('未联系上的半天 {{n}} / {{max}}', { n: citizen.half_days.length, max: plan.tries })}：
          {citizen.half_days.join('、')}
        </div>
      )}
      {!citizen.wanted && <div>{t('诉求人不需要回访，或没有联系方式')}</div>}
      {citizen.by_sms && citizen.link_until && (
        <div>{t('已发评价链接，{{at}} 前有效', { at: shortTime(citizen.link_until) })}</div>
      )}
      <div data-next-try={citizen.next_at ?? ''}>
        {!plan.allowed_now && `${t('现在不在允许回访的时段')} · `}
        {Number.isNaN(next)
          ? ''
          : plan.allowed_now && next <= now + 60_000
            ? t('现在可以拨打')
            : t('建议下次拨打：{{at}}', { at: dueText(citizen.next_at) })}
      </div>
    </div>
  );
}

function OneCitizen({
  ticket,
  plan,
  citizen,
  done,
}: {
  ticket: Ticket;
  plan: FollowUpPlan;
  citizen: FollowUpCitizen;
  done: (x: Ticket, a: AllowedAction) => void;
}) {
  const t = useT();
  const { message } = App.useApp();
  const [answers, setAnswers] = useState<Answers>({});
  const [at, setAt] = useState<Question | undefined>('contacted');
  const [text, setText] = useState('');
  const [call, setCall] = useState<string>();
  const [failure, setFailure] = useState<string>();
  const [reason, setReason] = useState('');
  const [other, setOther] = useState<string>();
  const called = useCallback((id: string) => setCall(id), []);
  const { act, busy, problem, clear } = useAct(ticket, { done });
  const allowed = (name: string) => ticket.allowed_actions?.find((a) => a.name === name);

  const choose = (q: Question, digit: number) => {
    const answer = answerBy(q, digit);
    if (!answer) return;
    const now = { ...answers, ...answer };
    setAnswers(now);
    setAt(nextQuestion(now, q));
  };
  const digit = (n: number) => () => {
    if (atPage() && at) choose(at, n);
  };
  const unit = plan.unit?.name ?? t('承办单位');
  const tries = citizen.half_days.length;
  const made = call ?? earlierCall(ticket);
  const whom = { channel: 'phone', for: citizen.for, call: made };
  const visit = { ...whom, text: text.trim() || undefined, ...answers };
  const whole = openQuestion(answers) === undefined;
  const bad = isDissatisfied(answers);
  const close = allowed('visit_close');
  const rework = allowed('visit_rework');
  const limit = allowed('ask_close_at_limit');
  const missed = allowed('visit_missed');
  const unreachable = allowed('unreachable');
  const send = (a: AllowedAction | undefined, values: Parameters<typeof act>[1]) => {
    if (a && !busy) void act(a, values);
  };
  const unanswered = () => {
    if (whole) return false;
    void message.warning(t('还有问题没有问到'));
    setAt(openQuestion(answers));
    return true;
  };
  const finish = () => {
    if (!made) {
      void message.warning(t('请先拨打：回访须关联通话'));
      return;
    }
    if (unanswered()) return;
    if (!bad) send(close, { visit });
    else if (!reason.trim()) void message.warning(t('请写明市民不满意的原因'));
    else if (rework) send(rework, { visit, reason, proposed: other });
    else send(limit, { visit, reason, basis: t('已达重办次数上限') });
  };
  useCommands({
    answer0: digit(0),
    answer1: digit(1),
    answer2: digit(2),
    answer3: digit(3),
    answer4: digit(4),
    answer5: digit(5),
    submit: finish,
  });
  if (citizen.done) {
    return <div className="bench-side-body muted">{t('这位诉求人本轮已回访')}</div>;
  }
  return (
    <>
      <div className="bench-side-body">
        <CallCitizen ticket={ticket.id} citizen={citizen} allowed={plan.allowed_now} called={called} />
        <Tries plan={plan} citizen={citizen} />
        <p className="visit-say">
          {t(
            '您好，这里是 12345 政务服务便民热线。您反映的“{{title}}”，{{unit}}已经办理并答复，耽误您一分钟做个回访，可以吗？',
            { title: ticket.title, unit },
          )}
        </p>
        <Questions unit={unit} answers={answers} current={at} choose={choose} focus={setAt} />
        <Input.TextArea
          value={text}
          autoSize={{ minRows: 2, maxRows: 6 }}
          maxLength={1000}
          placeholder={t('市民的意见')}
          aria-label={t('市民的意见')}
          onChange={(e) => setText(e.target.value)}
          data-field="visit-text"
        />
        {bad && (
          <div className="visit-bad" data-panel="dissatisfied">
            <b>{rework ? t('市民不满意：重办') : t('市民不满意，已达重办上限')}</b>
            <Input.TextArea
              value={reason}
              autoSize={{ minRows: 2, maxRows: 6 }}
              maxLength={1000}
              placeholder={rework ? t('不满意的原因，写给承办单位') : t('说明与证据，报热线办决定')}
              aria-label={t('不满意的原因')}
              onChange={(e) => setReason(e.target.value)}
              data-field="rework-reason"
            />
            {rework && (
              <UnitPicker
                value={other}
                onChange={setOther}
                without={plan.unit ? [plan.unit.id] : []}
                placeholder={t('原单位重办；改派其他单位请选择')}
                field="rework-unit"
              />
            )}
          </div>
        )}
      </div>
      {problem && (
        <div className="bench-side-problem">
          <Problem problem={problem} close={clear} />
        </div>
      )}
      <footer className="bench-side-foot">
        {missed && (
          <span className="row visit-missed">
            <Select
              size="small"
              value={failure}
              style={{ width: 118 }}
              placeholder={t('未联系上')}
              aria-label={t('未联系上的原因')}
              options={Object.values(visitFailures).map((value) => ({ value, label: t(value) }))}
              onChange={setFailure}
              data-field="failure"
            />
            <Button
              size="small"
              disabled={!failure}
              loading={!!busy && !!failure && !whole}
              onClick={() => send(missed, { visit: { ...whom, failure, contacted: false } })}
              data-act="visit-missed"
            >
              {t('记未联系上')}
            </Button>
          </span>
        )}
        <span className="grow" />
        {unreachable && (
          <Button
            size="small"
            disabled={tries < plan.tries}
            title={tries < plan.tries ? t('{{n}} 个不同半天未联系上后可用', { n: plan.tries }) : ''}
            onClick={() => send(unreachable, {})}
            data-act="unreachable"
          >
            {t('联系不上办结')}
          </Button>
        )}
        <ActionButtons
          ticket={ticket}
          up
          beside={0}
          without={[
            'visit_close',
            'visit_rework',
            'visit_missed',
            'unreachable',
            'ask_close_at_limit',
            'take',
            'release',
          ]}
          done={done}
        />
        {(close || rework || limit) && (
          <Button
            type="primary"
            loading={!!busy && whole}
            disabled={bad ? !rework && !limit : !close}
            onClick={finish}
            data-act="visit-finish"
          >
            {bad ? (rework ? t('重办') : t('达上限办结')) : t('回访办结')} <kbd>Ctrl+Enter</kbd>
          </Button>
        )}
      </footer>
    </>
  );
}

/** A call of this follow-up made before the page was opened: one that no visit is about yet. */
function earlierCall(ticket: Ticket): string | undefined {
  const used = new Set((ticket.visits ?? []).map((v) => v.call));
  return ticket.calls?.findLast((c) => c.role === 'follow_up' && !used.has(c.id))?.id;
}
