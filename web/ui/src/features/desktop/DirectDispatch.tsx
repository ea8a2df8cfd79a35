import { useQuery } from '@tanstack/react-query';
import { Button, Tooltip } from 'antd';
import type { DispatchPreview, Ticket } from '@/api/contract';
import { get } from '@/api/http';
import { dueText } from '@/components/format';
import { useT } from '@/i18n';

/** 直派: straight to the one unit that the catalogue names, for an agent with the right. */
export function DirectDispatch({
  ticket,
  busy,
  send,
}: {
  ticket: Ticket | null;
  busy: boolean;
  send: () => void;
}) {
  const t = useT();
  const allowed = ticket?.allowed_actions?.some((a) => a.name === 'direct_dispatch') ?? false;
  const q = useQuery({
    queryKey: ['/tickets', ticket?.id ?? '', 'dispatch-preview', ticket?.class_id, ticket?.place?.area],
    queryFn: ({ signal }) => get<DispatchPreview>(`/tickets/${ticket?.id}/dispatch-preview`, {}, signal),
    enabled: allowed,
  });
  const unit = q.data?.proposal?.lead.name;
  if (!allowed || !unit) return null;
  const due = q.data?.legs[0]?.due_at;
  return (
    <Tooltip title={due ? t('派单目录：{{unit}}，{{at}} 前答复', { unit, at: dueText(due) }) : ''}>
      <Button loading={busy} onClick={send} data-act="direct-dispatch">
        {t('直派')} {unit}
      </Button>
    </Tooltip>
  );
}
