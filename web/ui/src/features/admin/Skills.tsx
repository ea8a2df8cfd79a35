import { Form, Input, Select } from 'antd';
import type { AdminSkill } from '@/api/contract';
import { put } from '@/api/http';
import { useT } from '@/i18n';
import { HouseList } from './parts';

const kinds: Record<string, string> = { domain: '业务', language: '语言' };

export default function Skills() {
  const t = useT();
  return (
    <HouseList<AdminSkill>
      title={t('技能')}
      path="/admin/skills"
      rowKey="id"
      name={(s) => s.name}
      fresh={() => ({ id: '', name: '', kind: 'domain' })}
      save={(s) => put('/admin/skills', s)}
      columns={[
        { title: t('代码'), width: 160, render: (_, s) => <code>{s.id}</code> },
        { title: t('名称'), dataIndex: 'name', width: 220 },
        { title: t('类别'), width: 100, render: (_, s) => t(kinds[s.kind] ?? s.kind) },
      ]}
      form={(_, isNew) => (
        <>
          <Form.Item name="id" label={t('代码')} rules={[{ required: true, message: t('必填') }]}>
            <Input disabled={!isNew} maxLength={40} />
          </Form.Item>
          <Form.Item name="name" label={t('名称')} rules={[{ required: true, message: t('必填') }]}>
            <Input maxLength={40} />
          </Form.Item>
          <Form.Item name="kind" label={t('类别')}>
            <Select options={Object.entries(kinds).map(([value, l]) => ({ value, label: t(l) }))} />
          </Form.Item>
        </>
      )}
    />
  );
}
