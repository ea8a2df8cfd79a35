import { BellOutlined } from '@ant-design/icons';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Badge, Button, Drawer, Tooltip } from 'antd';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { shortTime } from '@/components/format';
import { Loaded, Nothing } from '@/components/page';
import { useT } from '@/i18n';
import { type Notice, noticesQuery, readNotices } from './api';
import './notices.css';

/** What the desk has to tell the person: a bell with the unread, and the list behind it. */
export function Bell() {
  const t = useT();
  const [open, setOpen] = useState(false);
  const q = useQuery(noticesQuery);
  const unread = q.data?.unread ?? 0;
  return (
    <>
      <Tooltip title={t('提醒')}>
        <Badge count={unread} size="small" offset={[-12, 8]} overflowCount={99}>
          <Button
            type="text"
            icon={<BellOutlined />}
            aria-label={unread ? t('提醒，{{n}} 条未读', { n: unread }) : t('提醒')}
            data-act="notices"
            data-unread={unread}
            onClick={() => setOpen(true)}
          />
        </Badge>
      </Tooltip>
      <Drawer
        title={t('提醒')}
        open={open}
        onClose={() => setOpen(false)}
        size={420}
        extra={<ReadAll disabled={!unread} />}
      >
        <Loaded query={q}>
          {(page) =>
            page.items?.length ? (
              <ul className="notices" data-panel="notices">
                {page.items.map((n) => (
                  <Row key={n.id} n={n} close={() => setOpen(false)} />
                ))}
              </ul>
            ) : (
              <Nothing text={t('没有提醒')} />
            )
          }
        </Loaded>
      </Drawer>
    </>
  );
}

function ReadAll({ disabled }: { disabled: boolean }) {
  const t = useT();
  const client = useQueryClient();
  const all = async () => {
    await readNotices();
    await client.invalidateQueries({ queryKey: noticesQuery.queryKey });
  };
  return (
    <Button size="small" disabled={disabled} onClick={() => void all()} data-act="read-all">
      {t('全部已读')}
    </Button>
  );
}

function Row({ n, close }: { n: Notice; close: () => void }) {
  const go = useNavigate();
  const client = useQueryClient();
  const openIt = async () => {
    if (n.ticket) {
      go(`/tickets/${n.ticket}`);
      close();
    }
    if (!n.read_at) {
      await readNotices([n.id]);
      await client.invalidateQueries({ queryKey: noticesQuery.queryKey });
    }
  };
  return (
    <li className={n.read_at ? '' : 'unread'} data-kind={n.kind}>
      <button type="button" onClick={() => void openIt()}>
        <span className="row">
          <b>{n.title}</b>
          <span className="muted small num">{shortTime(n.at)}</span>
        </span>
        <span>{n.text}</span>
      </button>
    </li>
  );
}
