import { Button, Checkbox, Form, Input, InputNumber, Select } from 'antd';
import type { AdminQueue, AdminSkill } from '@/api/contract';
import { put } from '@/api/http';
import { useT } from '@/i18n';
import { HouseList, LevelsField, useAdminList } from './parts';

const strategies: Record<string, string> = {
  longest_idle: '专长优先，空闲最久',
  least_occupied: '占用最少',
  round_robin: '轮流',
};

export default function Queues() {
  const t = useT();
  const skills = useAdminList<AdminSkill>('/admin/skills');
  const skillName = (id: string) => skills.data?.find((x) => x.id === id)?.name ?? id;
  return (
    <HouseList<AdminQueue>
      title={t('队列')}
      path="/admin/queues"
      rowKey="id"
      width={560}
      name={(q) => q.name}
      fresh={() => ({
        id: '',
        name: '',
        skills: {},
        target_s: 15,
        priority: 0,
        strategy: 'longest_idle',
        relax: [],
        overflow: [],
        max_length: 0,
        max_wait_s: 0,
        ceiling_s: 120,
        schedule: '',
        announce_every_s: 30,
        disabled: false,
      })}
      save={(q) => put('/admin/queues', { ...q, relax: q.relax ?? [], overflow: q.overflow ?? [] })}
      columns={[
        { title: t('代码'), width: 110, render: (_, q) => <code>{q.id}</code> },
        { title: t('名称'), dataIndex: 'name', width: 150 },
        {
          title: t('要求的技能'),
          width: 200,
          render: (_, q) =>
            Object.entries(q.skills ?? {})
              .map(([k, v]) => `${skillName(k)} ≥${v}`)
              .join('、'),
        },
        { title: t('接通目标（秒）'), dataIndex: 'target_s', width: 110, align: 'right' },
        { title: t('优先级'), dataIndex: 'priority', width: 70, align: 'right' },
        { title: t('选席方式'), width: 160, render: (_, q) => t(strategies[q.strategy] ?? q.strategy) },
        { title: t('最大长度'), width: 80, align: 'right', render: (_, q) => q.max_length || t('不限') },
        {
          title: t('最长等待（秒）'),
          width: 110,
          align: 'right',
          render: (_, q) => q.max_wait_s || t('不限'),
        },
        { title: t('状态'), width: 70, render: (_, q) => (q.disabled ? t('停用') : t('启用')) },
      ]}
      form={(_, isNew) => (
        <>
          <Form.Item name="id" label={t('代码')} rules={[{ required: true, message: t('必填') }]}>
            <Input disabled={!isNew} maxLength={40} />
          </Form.Item>
          <Form.Item name="name" label={t('名称')} rules={[{ required: true, message: t('必填') }]}>
            <Input maxLength={40} />
          </Form.Item>
          <Form.Item name="skills" label={t('要求的技能与最低级别')}>
            <LevelsField />
          </Form.Item>
          <Form.Item name="strategy" label={t('选席方式')}>
            <Select options={Object.entries(strategies).map(([value, l]) => ({ value, label: t(l) }))} />
          </Form.Item>
          <div className="row wrap">
            <Num name="target_s" text={t('接通目标（秒）')} min={1} max={600} />
            <Num name="priority" text={t('优先级')} min={0} max={100} />
            <Num name="max_length" text={t('最大长度，0 不限')} />
            <Num name="max_wait_s" text={t('最长等待（秒），0 不限')} />
            <Num name="ceiling_s" text={t('技能等待上限（秒）')} />
            <Num name="announce_every_s" text={t('播报间隔（秒）')} />
          </div>
          <Form.Item name="schedule" label={t('开放时间表，空为全天')}>
            <Input maxLength={40} />
          </Form.Item>
          <Form.List name="relax">
            {(fields, { add, remove }) => (
              <Form.Item label={t('放宽：等待若干秒后降低技能要求（0 级为不再要求）')}>
                {fields.map((f) => (
                  <div key={f.key} className="row">
                    <Form.Item name={[f.name, 'after_s']} noStyle rules={[{ required: true }]}>
                      <InputNumber min={1} suffix={t('秒')} />
                    </Form.Item>
                    <Form.Item name={[f.name, 'skill']} noStyle rules={[{ required: true }]}>
                      <Select
                        style={{ width: 160 }}
                        options={skills.data?.map((s) => ({ value: s.id, label: s.name }))}
                      />
                    </Form.Item>
                    <Form.Item name={[f.name, 'level']} noStyle rules={[{ required: true }]}>
                      <InputNumber min={0} max={10} suffix={t('级')} />
                    </Form.Item>
                    <Button type="text" onClick={() => remove(f.name)}>
                      {t('移除')}
                    </Button>
                  </div>
                ))}
                <Button size="small" onClick={() => add({ after_s: 30, level: 0 })}>
                  {t('添加')}
                </Button>
              </Form.Item>
            )}
          </Form.List>
          <Form.List name="overflow">
            {(fields, { add, remove }) => (
              <Form.Item label={t('溢出：等待若干秒或队列达到长度后转往')}>
                {fields.map((f) => (
                  <div key={f.key} className="row">
                    <Form.Item name={[f.name, 'after_s']} noStyle>
                      <InputNumber min={0} suffix={t('秒')} />
                    </Form.Item>
                    <Form.Item name={[f.name, 'length']} noStyle>
                      <InputNumber min={0} suffix={t('人')} />
                    </Form.Item>
                    <Form.Item name={[f.name, 'to']} noStyle rules={[{ required: true }]}>
                      <Input style={{ width: 170 }} placeholder="queue:… / callback / voicemail" />
                    </Form.Item>
                    <Button type="text" onClick={() => remove(f.name)}>
                      {t('移除')}
                    </Button>
                  </div>
                ))}
                <Button size="small" onClick={() => add({ after_s: 120, to: 'voicemail' })}>
                  {t('添加')}
                </Button>
              </Form.Item>
            )}
          </Form.List>
          <Form.Item name="disabled" valuePropName="checked">
            <Checkbox>{t('停用')}</Checkbox>
          </Form.Item>
        </>
      )}
    />
  );
}

function Num({ name, text, min = 0, max }: { name: string; text: string; min?: number; max?: number }) {
  return (
    <Form.Item name={name} label={text} style={{ width: 160 }}>
      <InputNumber min={min} max={max} style={{ width: '100%' }} />
    </Form.Item>
  );
}
