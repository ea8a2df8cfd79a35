import { useQueryClient } from '@tanstack/react-query';
import { App, Button, DatePicker, Form, Input, Modal, Table } from 'antd';
import dayjs, { type Dayjs } from 'dayjs';
import { useState } from 'react';
import type { BlackEntry } from '@/api/contract';
import { post } from '@/api/http';
import { shortTime } from '@/components/format';
import { Loaded, Nothing, PageShell } from '@/components/page';
import { useRun } from '@/features/desktop/useRun';
import { useT } from '@/i18n';
import { useAdminList } from './parts';

/** Refused numbers, each with a reason, an approver and an end. Numbers are shown masked only. */
export default function Blacklist() {
  const t = useT();
  const { message } = App.useApp();
  const client = useQueryClient();
  const q = useAdminList<BlackEntry>('/admin/blacklist');
  const [adding, setAdding] = useState<'add' | 'remove' | null>(null);
  const [run, busy] = useRun();
  const finish = async (v: { number: string; reason?: string; until?: Dayjs }) => {
    const ok = await run('save', () =>
      adding === 'add'
        ? post('/admin/blacklist', {
            number: v.number,
            reason: v.reason,
            until: v.until?.endOf('day').toISOString(),
          })
        : post('/admin/blacklist/remove', { number: v.number }),
    );
    if (!ok) return;
    void message.success(t('已保存'));
    setAdding(null);
    await client.invalidateQueries({ queryKey: ['/admin/blacklist'] });
  };
  return (
    <PageShell
      title={t('黑名单')}
      extra={
        <>
          <Button onClick={() => setAdding('remove')}>{t('移出号码')}</Button>
          <Button type="primary" onClick={() => setAdding('add')} data-act="new">
            {t('列入号码')}
          </Button>
        </>
      }
    >
      <Loaded query={q}>
        {(items) => (
          <div className="card">
            <Table<BlackEntry>
              size="small"
              rowKey={(x) => x.number_masked + x.at}
              dataSource={items}
              pagination={false}
              locale={{ emptyText: <Nothing text={t('黑名单是空的')} /> }}
              columns={[
                { title: t('号码'), dataIndex: 'number_masked', width: 140 },
                { title: t('原因'), dataIndex: 'reason' },
                { title: t('批准人'), dataIndex: 'approver', width: 120 },
                { title: t('列入时间'), width: 130, render: (_, x) => shortTime(x.at) },
                { title: t('到期'), width: 130, render: (_, x) => shortTime(x.until) },
              ]}
            />
          </div>
        )}
      </Loaded>
      {adding && (
        <Modal
          open
          footer={null}
          title={adding === 'add' ? t('列入号码') : t('移出号码')}
          onCancel={() => setAdding(null)}
        >
          <Form layout="vertical" onFinish={finish} initialValues={{ until: dayjs().add(30, 'day') }}>
            <Form.Item
              name="number"
              label={t('完整号码')}
              rules={[{ required: true, min: 3, message: t('必填') }]}
            >
              <Input maxLength={24} />
            </Form.Item>
            {adding === 'add' && (
              <>
                <Form.Item name="reason" label={t('原因')} rules={[{ required: true, message: t('必填') }]}>
                  <Input.TextArea maxLength={500} autoSize={{ minRows: 2 }} />
                </Form.Item>
                <Form.Item name="until" label={t('到期')} rules={[{ required: true, message: t('必填') }]}>
                  <DatePicker />
                </Form.Item>
              </>
            )}
            <Button type="primary" htmlType="submit" loading={busy === 'save'}>
              {t('确定')}
            </Button>
          </Form>
        </Modal>
      )}
    </PageShell>
  );
}
