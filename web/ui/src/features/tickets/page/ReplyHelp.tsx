import { BulbOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Button, Popover, Spin } from 'antd';
import { useState } from 'react';
import type { List, ReplyLike, ReplyTemplate, Ticket } from '@/api/contract';
import { errorText } from '@/api/errors';
import { get } from '@/api/http';
import { itemsOf } from '@/api/lists';
import { ticketNumber } from '@/components/format';
import { useT } from '@/i18n';

/** Where an answer can begin: the templates, and what was answered to tickets like this one. */
export function ReplyHelp({
  ticket,
  answer,
  insert,
}: {
  ticket: Ticket;
  answer: string;
  insert: (answer: string) => void;
}) {
  const t = useT();
  const put = (text: string) => insert(answer.trim() ? `${answer.trimEnd()}\n${text}` : text);
  return (
    <div className="row reply-help">
      <Offer
        title={t('答复模板')}
        act="templates"
        load={() => get<List<ReplyTemplate>>('/reply-templates').then(itemsOf)}
        name="/reply-templates"
      >
        {(items, close) =>
          items.map((x) => (
            <Choice
              key={x.id}
              head={x.name}
              text={x.text}
              use={() => {
                put(x.text);
                close();
              }}
            />
          ))
        }
      </Offer>
      <Offer
        title={t('像这件的答复')}
        act="replies-like"
        name={`/tickets/${ticket.id}/replies-like`}
        load={() => get<List<ReplyLike>>(`/tickets/${ticket.id}/replies-like`).then(itemsOf)}
      >
        {(items, close) =>
          items.map((x) => (
            <Choice
              key={x.id}
              head={`${ticketNumber(x.number)} ${x.title}`}
              text={x.answer}
              use={() => {
                put(x.answer);
                close();
              }}
            />
          ))
        }
      </Offer>
    </div>
  );
}

function Offer<T>({
  title,
  act,
  name,
  load,
  children,
}: {
  title: string;
  act: string;
  name: string;
  load: () => Promise<T[]>;
  children: (items: T[], close: () => void) => React.ReactNode;
}) {
  const t = useT();
  const [open, setOpen] = useState(false);
  const q = useQuery({ queryKey: [name], queryFn: load, enabled: open, staleTime: 60_000 });
  return (
    <Popover
      open={open}
      onOpenChange={setOpen}
      trigger="click"
      placement="bottomLeft"
      title={title}
      content={
        <div className="offer" data-offer={act}>
          {q.isPending ? (
            <Spin size="small" />
          ) : q.error ? (
            <span className="muted">{t(errorText(q.error))}</span>
          ) : q.data.length === 0 ? (
            <span className="muted">{t('还没有可用的')}</span>
          ) : (
            children(q.data, () => setOpen(false))
          )}
        </div>
      }
    >
      <Button size="small" icon={<BulbOutlined />} data-act={act}>
        {title}
      </Button>
    </Popover>
  );
}

function Choice({ head, text, use }: { head: string; text: string; use: () => void }) {
  return (
    <button type="button" className="offer-choice" onClick={use} data-choice>
      <b className="ellipsis">{head}</b>
      <span className="offer-text">{text}</span>
    </button>
  );
}
