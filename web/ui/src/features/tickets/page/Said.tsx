import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router';
import type { Ticket, TicketCaller } from '@/api/contract';
import { areasQuery } from '@/api/lists';
import { fullTime, phoneNumber, shortTime, ticketNumber } from '@/components/format';
import { useT } from '@/i18n';
import { label, sources } from '@/labels';
import { areaNames } from '../areas';

/** Longer texts begin folded. */
const longText = 1_200;

/** What the citizen said, who it is, and those whose tickets were merged into this one. */
export function Said({ ticket: x }: { ticket: Ticket }) {
  const t = useT();
  const areas = useQuery(areasQuery);
  const place = [areaNames(areas.data, x.place?.area ?? []), x.place?.address].filter(Boolean).join(' ');
  const facts: [string, React.ReactNode][] = [
    ['来电人', callerText(x.caller, t)],
    ['联系电话', x.caller.hidden ? t('保密') : phoneOf(x.caller)],
    ['事发地', place],
    ['发生时间', x.happened_at],
    ['被反映人', x.subject?.name],
    ['问题分类', x.class_path?.join(' / ')],
    [
      '受理渠道',
      [t(label(sources, x.source)), x.external_ref?.system, x.external_ref?.no].filter(Boolean).join(' · '),
    ],
    ['回复要求', [x.need_reply && t('需答复'), x.need_follow_up && t('需回访')].filter(Boolean).join('、')],
    ['需补充', x.missing],
  ];
  return (
    <section className="card pad" data-said>
      <h3>{t('市民诉求')}</h3>
      <Long text={x.content} field="content" empty={t('没有填写内容')} />
      <dl className="facts said-facts">
        {facts
          .filter(([, value]) => value)
          .map(([name, value]) => [
            <dt key={name}>{t(name)}</dt>,
            <dd key={`${name}v`} className="num">
              {value}
            </dd>,
          ])}
      </dl>
      {x.answer && (
        <>
          <h3>{t('热线当场答复')}</h3>
          <Long text={x.answer} />
        </>
      )}
      {!!x.requesters?.length && (
        <>
          <h3>{t('并入本件的诉求人 {{n}} 位', { n: x.requesters.length })}</h3>
          <ul className="requesters">
            {x.requesters.map((r) => (
              <li key={r.id} data-requester={r.id}>
                <Link to={`/tickets/${r.id}`} className="num">
                  {ticketNumber(r.number)}
                </Link>
                <span>{callerText(r.caller, t)}</span>
                <span className="num muted">{r.caller.hidden ? t('保密') : phoneOf(r.caller)}</span>
                <span className="num muted small">{shortTime(r.at)}</span>
                <span className="tag">{t(r.followed ? '已回访' : '待回访')}</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

const phoneOf = (c: TicketCaller) => phoneNumber(c.phone) || c.phone_masked || c.number_masked || '';

function callerText(c: TicketCaller, t: ReturnType<typeof useT>): string {
  const title = c.gender === 'female' ? t('女士') : c.gender === 'male' ? t('先生') : '';
  return [c.name, title, c.company].filter(Boolean).join(' ');
}

/** A text as it was written; a very long one opens on demand. */
export function Long({ text, field, empty }: { text?: string; field?: string; empty?: string }) {
  const t = useT();
  const [open, setOpen] = useState(false);
  if (!text) return empty ? <p className="muted">{empty}</p> : null;
  const folded = !open && text.length > longText;
  return (
    <>
      <p className="ticket-text" data-field={field}>
        {folded ? `${[...text.slice(0, longText)].slice(0, -1).join('')}…` : text}
      </p>
      {folded && (
        <Button size="small" type="link" onClick={() => setOpen(true)}>
          {t('展开全文（{{n}} 字）', { n: [...text].length })}
        </Button>
      )}
    </>
  );
}

/** When things happened, for who wants to know. */
export function Dates({ ticket: x }: { ticket: Ticket }) {
  const t = useT();
  const rows: [string, React.ReactNode][] = [
    ['建单时间', fullTime(x.created_at)],
    ['提交时间', fullTime(x.submitted_at)],
    ['办结时间', fullTime(x.closed_at)],
    ['受理人', x.writer_name],
    ['查询码', x.query_code],
    ['延期次数', x.extensions || ''],
    ['退单次数', x.returns || ''],
    ['重办次数', x.reworks || ''],
  ];
  return (
    <section className="card pad">
      <h3>{t('登记信息')}</h3>
      <dl className="facts small">
        {rows
          .filter(([, v]) => v)
          .map(([k, v]) => [
            <dt key={k}>{t(k)}</dt>,
            <dd key={`${k}v`} className="num">
              {v}
            </dd>,
          ])}
      </dl>
    </section>
  );
}
