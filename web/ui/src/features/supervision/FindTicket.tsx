import { useQuery } from '@tanstack/react-query';
import { type RefSelectProps, Select } from 'antd';
import { type Ref, useState } from 'react';
import type { List, Ticket } from '@/api/contract';
import { get } from '@/api/http';
import { itemsOf } from '@/api/lists';
import { ticketNumber } from '@/components/format';
import { useT } from '@/i18n';

/** Finds an open ticket by number or words. */
export function FindTicket({
  value,
  onChange,
  picker,
}: {
  value?: string;
  onChange: (id?: string) => void;
  picker?: Ref<RefSelectProps>;
}) {
  const t = useT();
  const [typed, setTyped] = useState('');
  const q = useQuery({
    queryKey: ['/tickets', 'find', typed],
    queryFn: () => get<List<Ticket>>('/tickets', { q: typed, open: true, limit: 20 }).then(itemsOf),
    enabled: typed.length > 1,
    placeholderData: (old) => old,
  });
  return (
    <Select
      ref={picker}
      value={value}
      aria-label={t('工单')}
      allowClear
      style={{ width: '100%' }}
      placeholder={t('输入工单编号或标题')}
      showSearch={{ onSearch: (v) => setTyped(v.trim()), filterOption: false }}
      loading={q.isFetching}
      onChange={(id?: string) => onChange(id)}
      notFoundContent={typed.length > 1 && !q.isFetching ? t('没有找到在办的工单') : t('输入两个字以上')}
      options={(q.data ?? [])
        .filter((x) => x.number)
        .map((x) => ({ value: x.id, label: `${ticketNumber(x.number)} ${x.title}` }))}
      data-field="find-ticket"
    />
  );
}
