import { useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Checkbox, Form, Input, Modal, Table } from 'antd';
import { useState } from 'react';
import type { List } from '@/api/contract';
import { errorText } from '@/api/errors';
import { get } from '@/api/http';
import { Loaded, PageShell } from '@/components/page';
import { useT } from '@/i18n';
import { saveTemplate, type Template } from './api';
import './notices.css';

const templatesQuery = {
  queryKey: ['/admin/templates'],
  queryFn: () => get<List<Template>>('/admin/templates'),
};

/** The words of messages to citizens and staff. */
export default function Templates() {
  const t = useT();
  const q = useQuery(templatesQuery);
  const [edit, setEdit] = useState<Template | null>(null);
  return (
    <PageShell title={t('消息模板')}>
      <Loaded query={q}>
        {(list) => (
          <div className="card" data-list="/admin/templates">
            <Table<Template>
              size="small"
              rowKey={(x) => `${x.audience}-${x.kind}`}
              pagination={false}
              dataSource={list.items ?? []}
              columns={[
                {
                  title: t('发给'),
                  width: 70,
                  render: (_, x) => (x.audience === 'citizen' ? t('群众') : t('工作人员')),
                },
                { title: t('场合'), width: 150, render: (_, x) => <code>{x.kind}</code> },
                { title: t('示例'), render: (_, x) => <span className="template-text">{x.sample}</span> },
                {
                  title: t('短信'),
                  width: 60,
                  render: (_, x) => (x.audience === 'citizen' || x.sms ? t('是') : t('否')),
                },
                {
                  title: t('修改'),
                  width: 110,
                  render: (_, x) => (x.changed ? <span className="tag tag-strong">{x.by}</span> : t('默认')),
                },
                {
                  title: '',
                  width: 70,
                  render: (_, x) => (
                    <Button size="small" onClick={() => setEdit(x)} data-act="edit">
                      {t('编辑')}
                    </Button>
                  ),
                },
              ]}
            />
          </div>
        )}
      </Loaded>
      {edit && <Edit x={edit} close={() => setEdit(null)} />}
    </PageShell>
  );
}

function Edit({ x, close }: { x: Template; close: () => void }) {
  const t = useT();
  const { message } = App.useApp();
  const client = useQueryClient();
  const [form] = Form.useForm<{ title: string; text: string; sms: boolean }>();
  const [failure, setFailure] = useState('');
  const save = async (words: { title: string; text: string; sms: boolean }) => {
    try {
      await saveTemplate(x, words);
      await client.invalidateQueries({ queryKey: templatesQuery.queryKey });
      void message.success(t('已保存'));
      close();
    } catch (e) {
      setFailure(t(errorText(e)));
    }
  };
  return (
    <Modal
      open
      title={`${x.audience === 'citizen' ? t('群众') : t('工作人员')} · ${x.kind}`}
      onCancel={close}
      footer={[
        x.changed && (
          <Button key="default" onClick={() => void save({ title: '', text: '', sms: false })}>
            {t('恢复默认')}
          </Button>
        ),
        <Button key="save" type="primary" onClick={() => form.submit()} data-act="save">
          {t('保存')}
        </Button>,
      ]}
    >
      <Form form={form} layout="vertical" initialValues={x} onFinish={(v) => void save(v)}>
        {x.audience === 'staff' && (
          <Form.Item name="title" label={t('标题')}>
            <Input maxLength={40} />
          </Form.Item>
        )}
        <Form.Item
          name="text"
          label={t('内容')}
          extra={t('大括号里的词会换成工单里的内容；方括号里的词不知道时，整段不说。')}
          validateStatus={failure ? 'error' : ''}
          help={failure || undefined}
          rules={[{ required: true, message: t('请填写内容') }]}
        >
          <Input.TextArea rows={5} maxLength={400} showCount />
        </Form.Item>
        {x.audience === 'staff' && (
          <Form.Item name="sms" valuePropName="checked">
            <Checkbox>{t('同时发短信')}</Checkbox>
          </Form.Item>
        )}
      </Form>
      <p className="muted small template-text">
        {t('默认')}：{x.default.text}
      </p>
    </Modal>
  );
}
