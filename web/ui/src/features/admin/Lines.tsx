import { Checkbox, Form, Input, Select } from 'antd';
import type { AdminLine, AdminQueue, MenuInfo } from '@/api/contract';
import { put } from '@/api/http';
import { useT } from '@/i18n';
import { HouseList, useAdminList } from './parts';

export default function Lines() {
  const t = useT();
  const queues = useAdminList<AdminQueue>('/admin/queues');
  const menus = useAdminList<MenuInfo>('/admin/menus');
  return (
    <HouseList<AdminLine>
      title={t('接入号码')}
      path="/admin/lines"
      rowKey="called"
      name={(l) => l.called}
      fresh={() => ({ called: '', label: '', menu: '', queue: '', disabled: false })}
      save={(l) => put('/admin/lines', { ...l, menu: l.menu ?? '' })}
      columns={[
        { title: t('号码'), dataIndex: 'called', width: 120 },
        { title: t('来源标签（双号并行）'), dataIndex: 'label', width: 180 },
        { title: t('语音菜单'), width: 150, render: (_, l) => l.menu || t('直接进队列') },
        {
          title: t('队列'),
          width: 160,
          render: (_, l) => queues.data?.find((q) => q.id === l.queue)?.name ?? l.queue,
        },
        { title: t('状态'), width: 80, render: (_, l) => (l.disabled ? t('停用') : t('启用')) },
      ]}
      form={(_, isNew) => (
        <>
          <Form.Item
            name="called"
            label={t('号码')}
            rules={[{ required: true, pattern: /^\d{3,12}$/, message: t('3–12 位数字') }]}
          >
            <Input disabled={!isNew} />
          </Form.Item>
          <Form.Item name="label" label={t('来源标签（双号并行）')}>
            <Input maxLength={40} />
          </Form.Item>
          <Form.Item name="menu" label={t('语音菜单')}>
            <Select
              allowClear
              placeholder={t('直接进队列')}
              options={menus.data?.map((m) => ({ value: m.name, label: m.name }))}
            />
          </Form.Item>
          <Form.Item name="queue" label={t('队列')} rules={[{ required: true, message: t('必填') }]}>
            <Select options={queues.data?.map((q) => ({ value: q.id, label: q.name }))} />
          </Form.Item>
          <Form.Item name="disabled" valuePropName="checked">
            <Checkbox>{t('停用')}</Checkbox>
          </Form.Item>
        </>
      )}
    />
  );
}
