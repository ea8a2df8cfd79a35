import { DownOutlined, RightOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import type { FlowStep, Reply, Ticket } from '@/api/contract';
import { dueText, fullTime, shortTime } from '@/components/format';
import { useT } from '@/i18n';
import { actions, label, legStates, solvedTexts, ticketStates } from '@/labels';
import { diffTexts } from './diff';
import { comparedWith, dataOf, type Line, linesOf, unitOf, versionOf } from './flow';
import './flow.css';
import { unitsQuery } from './UnitPicker';

/** 流转明细: every step with its own opinion, and the reply as it was written at that step. */
export function FlowTimeline({ ticket }: { ticket: Ticket }) {
  const t = useT();
  const units = useQuery(unitsQuery);
  const [newest, setNewest] = useState(true);
  const flow = ticket.flow ?? [];
  const lines = linesOf(flow);
  const shown = newest ? lines.toReversed() : lines;
  const unitName = (id: string) => units.data?.find((u) => u.id === id)?.name ?? '';
  return (
    <div className="flow" data-flow-list>
      <div className="flow-head">
        <h3>{t('流转明细')}</h3>
        <span className="muted small num">{t('{{n}} 步', { n: flow.length })}</span>
        <span className="grow" />
        <Button size="small" type="text" onClick={() => setNewest((x) => !x)} data-act="flow-order">
          {newest ? t('最新在上') : t('最早在上')}
        </Button>
      </div>
      <ol className="flow-lines">
        {shown.map((line) => (
          <FlowLine key={line.step.seq} line={line} ticket={ticket} unitName={unitName} />
        ))}
      </ol>
    </div>
  );
}

function FlowLine({
  line,
  ticket,
  unitName,
}: {
  line: Line;
  ticket: Ticket;
  unitName: (id: string) => string;
}) {
  const t = useT();
  const [open, setOpen] = useState(false);
  const { step, earlier, also } = line;
  const d = dataOf(step);
  const flow = ticket.flow ?? [];
  const version = versionOf(flow, step);
  const who = step.actor_name || (step.actor === 'system' || !step.actor ? t('系统') : step.actor);
  const unit = unitOf(ticket, step, unitName);
  const to = legTo(ticket, step, unitName);
  const moved = [
    ...new Set([step, ...also].map(dataOf).map((x) => (x.leg_from !== x.leg_to ? x.leg_to : ''))),
  ].filter((x): x is string => !!x);
  const due = [d, ...also.map(dataOf)].find((x) => x.due_at);
  return (
    <li className={`flow-line ${line.quiet ? 'flow-quiet' : ''}`} data-flow={step.event} data-seq={step.seq}>
      <div className="flow-what">
        <b>{t(step.event_label || label(actions, step.event))}</b>
        {earlier.length > 0 && <span className="muted small">×{earlier.length + 1}</span>}
        {to && <span className="flow-to">→ {to}</span>}
        {step.to && step.from !== step.to && (
          <span className="tag tag-strong">{t(label(ticketStates, step.to))}</span>
        )}
        {moved.map((to) => (
          <span key={to} className="tag">
            {t(label(legStates, to))}
          </span>
        ))}
        {!!d.round && d.round > 1 && <span className="tag">{t('第 {{n}} 轮', { n: d.round })}</span>}
      </div>
      <div className="muted small">
        {who}
        {unit && ` · ${unit}`}
        {' · '}
        <span className="num" title={fullTime(step.at)}>
          {shortTime(step.at)}
        </span>
        {due && (
          <span className="num">
            {' · '}
            {due.was_due_at
              ? t('时限 {{was}} → {{now}}', { was: dueText(due.was_due_at), now: dueText(due.due_at) })
              : t('时限 {{now}}', { now: dueText(due.due_at) })}
          </span>
        )}
      </div>
      {step.opinion && step.event !== 'child_left' && <p className="flow-opinion">{step.opinion}</p>}
      {notes(d, t).map(([name, text]) => (
        <p key={name} className="flow-note small">
          <span className="muted">{name}：</span>
          {text}
        </p>
      ))}
      {d.reply && (
        <>
          <button
            type="button"
            className="flow-open"
            aria-expanded={open}
            onClick={() => setOpen((x) => !x)}
            data-act="flow-reply"
          >
            {open ? <DownOutlined /> : <RightOutlined />} {t('此步的答复')}
            {version > 0 && <span className="muted"> {t('第 {{n}} 稿', { n: version })}</span>}
            {!open && <span className="flow-peek muted">{d.reply.answer || d.reply.handling}</span>}
          </button>
          {open && <ReplyAsWritten reply={d.reply} step={step} ticket={ticket} />}
          {open &&
            earlier.toReversed().map((s) => {
              const reply = dataOf(s).reply;
              return reply && <ReplyAsWritten key={s.seq} reply={reply} step={s} ticket={ticket} dated />;
            })}
        </>
      )}
    </li>
  );
}

/** To whom a step sent the ticket. */
function legTo(ticket: Ticket, step: FlowStep, unitName: (id: string) => string): string {
  const d = dataOf(step);
  const nameOf = (id: string) => ticket.legs?.find((l) => l.unit.id === id)?.unit.name || unitName(id);
  const names = [...new Set([d.unit, ...(d.units ?? [])])]
    .map((id) => (id ? nameOf(id) : ''))
    .filter(Boolean);
  return names.join('、');
}

function notes(d: ReturnType<typeof dataOf>, t: ReturnType<typeof useT>): [string, string][] {
  const list: [string, string | undefined][] = [
    [t('依据'), d.basis],
    [t('延期'), d.days ? t('{{n}} 个工作日', { n: d.days }) : undefined],
    [t('已告知'), d.lawful_way],
    [t('需补充'), d.missing],
    [t('凭据'), d.proof],
    [t('另一件'), d.ticket],
    [t('联系群众'), d.contact?.text],
  ];
  return list.filter((x): x is [string, string] => !!x[1]);
}

/** The form of a unit as it stood at one step; edits are shown against what it was made from. */
export function ReplyAsWritten({
  reply,
  step,
  ticket,
  dated,
}: {
  reply: Reply;
  step: FlowStep;
  ticket: Ticket;
  dated?: boolean;
}) {
  const t = useT();
  const [compare, setCompare] = useState(false);
  const other = comparedWith(ticket.flow ?? [], ticket.legs ?? [], step);
  const differs = other && other.text !== reply.answer;
  const rows: [string, string | undefined][] = [
    ['办理情况', reply.handling],
    ['承办人', [reply.person, reply.phone].filter(Boolean).join(' ')],
    ['政策依据', reply.basis],
    [
      '是否解决',
      reply.solved ? [t(label(solvedTexts, reply.solved)), reply.unsolved].filter(Boolean).join('：') : '',
    ],
    ['未联系原因', reply.no_contact],
  ];
  return (
    <div className="flow-reply" data-reply-of={step.seq}>
      {dated && <div className="muted small num">{fullTime(step.at)}</div>}
      <p className="flow-answer">
        {compare && other
          ? diffTexts(other.text, reply.answer).map((p, i) =>
              p.kind === 'same' ? (
                <span key={i}>{p.text}</span>
              ) : p.kind === 'added' ? (
                <ins key={i}>{p.text}</ins>
              ) : (
                <del key={i}>{p.text}</del>
              ),
            )
          : reply.answer}
      </p>
      {differs && (
        <Button size="small" onClick={() => setCompare((x) => !x)} data-act="flow-compare">
          {compare ? t('只看此步') : other.with === 'below' ? t('与下级所报对照') : t('与上次上报对照')}
        </Button>
      )}
      <dl className="facts small">
        {rows.filter(([, v]) => v).map(([k, v]) => [<dt key={k}>{t(k)}</dt>, <dd key={`${k}v`}>{v}</dd>])}
      </dl>
    </div>
  );
}
