import { useQuery } from '@tanstack/react-query';
import { AutoComplete } from 'antd';
import { useState } from 'react';
import type { List, Ticket } from '@/api/contract';
import { get } from '@/api/http';
import { itemsOf } from '@/api/lists';
import { ticketNumber } from '@/components/format';
import { useT } from '@/i18n';

/** Chooses another ticket: those like this one are offered, others are found by number or words. */
export function TicketPicker(p: {
  of: Ticket;
  value: string;
  field: string;
  onChange: (number: string) => void;
}) {
  const t = useT();
  const [typed, setTyped] = useState('');
  const q = useQuery({
    queryKey: ['/tickets', 'pick', p.of.id, typed],
    queryFn: () =>
      typed
        ? get<List<Ticket>>('/tickets', { q: typed, open: true, limit: 10 }).then(itemsOf)
        : get<List<Ticket>>('/tickets/similar', { ticket: p.of.id }).then(itemsOf),
  });
  return (
    <AutoComplete
      value={p.value}
      style={{ width: '100%' }}
      placeholder={t('输入编号或标题，或从相似工单中选')}
      onChange={(v: string) => p.onChange(v)}
      showSearch={{ onSearch: (v) => setTyped(v.trim()), filterOption: false }}
      popupMatchSelectWidth={480}
      options={(q.data ?? [])
        .filter((x) => x.id !== p.of.id && x.number)
        .map((x) => ({
          value: x.number ?? '',
          label: (
            <div className="unit-option">
              <span className="num">{ticketNumber(x.number)}</span>
              <span className="tag">{t(x.state_label ?? '')}</span>
              <span className="ellipsis">{x.title}</span>
            </div>
          ),
        }))}
      data-field={p.field}
    />
  );
}
