import { App, Button, Checkbox, Form, Input, InputNumber, Select } from 'antd';
import type { AdminAccount, AdminQueue, AdminSeat, AdminSkill } from '@/api/contract';
import { errorText } from '@/api/errors';
import { post, put } from '@/api/http';
import { useT } from '@/i18n';
import { HouseList, LevelsField, useAdminList } from './parts';

export default function Seats() {
  const t = useT();
  const { modal, message } = App.useApp();
  const accounts = useAdminList<AdminAccount>('/admin/accounts');
  const queues = useAdminList<AdminQueue>('/admin/queues');
  const skills = useAdminList<AdminSkill>('/admin/skills');
  const nameOf = (a?: string) => accounts.data?.find((x) => x.account === a)?.name ?? '';
  const queueName = (id: string) => queues.data?.find((x) => x.id === id)?.name ?? id;
  const skillName = (id: string) => skills.data?.find((x) => x.id === id)?.name ?? id;
  const newPassword = (seat: string) =>
    modal.confirm({
      title: t('为话机 {{seat}} 生成新密码？', { seat }),
      content: t('旧密码立即失效，话机需用新密码重新注册。'),
      okText: t('生成'),
      cancelText: t('取消'),
      onOk: async () => {
        try {
          const { password } = await post<{ password: string }>(`/admin/seats/${seat}/password`);
          modal.info({ title: t('新密码，只显示这一次'), content: <code>{password}</code> });
        } catch (e) {
          void message.error(t(errorText(e)));
        }
      },
    });
  return (
    <HouseList<AdminSeat>
      title={t('席位')}
      path="/admin/seats"
      rowKey="id"
      name={(s) => `${t('席位')} ${s.id}`}
      fresh={() => ({
        id: '',
        group: '',
        skills: {},
        queues: [],
        auto_answer: false,
        wrap_up_s: 60,
        disabled: false,
      })}
      save={(s, isNew) => (isNew ? post('/admin/seats', s) : put('/admin/seats', s))}
      columns={[
        { title: t('席位'), dataIndex: 'id', width: 70 },
        {
          title: t('坐席'),
          width: 130,
          render: (_, s) => (s.account ? `${nameOf(s.account)} ${s.account}` : ''),
        },
        { title: t('班组'), dataIndex: 'group', width: 120 },
        {
          title: t('技能与级别'),
          width: 300,
          render: (_, s) =>
            Object.entries(s.skills ?? {})
              .map(([k, v]) => `${skillName(k)} ${v}`)
              .join('、'),
        },
        { title: t('队列'), width: 240, render: (_, s) => (s.queues ?? []).map(queueName).join('、') },
        { title: t('整理时长（秒）'), dataIndex: 'wrap_up_s', width: 110, align: 'right' },
        { title: t('自动应答'), width: 80, render: (_, s) => (s.auto_answer ? t('是') : '') },
        { title: t('状态'), width: 70, render: (_, s) => (s.disabled ? t('停用') : t('启用')) },
        {
          title: t('操作'),
          width: 110,
          render: (_, s) => (
            <Button
              size="small"
              onClick={(e) => {
                e.stopPropagation();
                newPassword(s.id);
              }}
            >
              {t('话机密码')}
            </Button>
          ),
        },
      ]}
      form={(_, isNew) => (
        <>
          <Form.Item
            name="id"
            label={t('席位号')}
            rules={[{ required: true, pattern: /^\d{3,6}$/, message: t('3–6 位数字') }]}
          >
            <Input disabled={!isNew} maxLength={6} />
          </Form.Item>
          <Form.Item name="account" label={t('坐席账号')}>
            <Select
              allowClear
              showSearch={{ optionFilterProp: 'label' }}
              options={accounts.data?.map((a) => ({ value: a.account, label: `${a.account} ${a.name}` }))}
            />
          </Form.Item>
          <Form.Item name="group" label={t('班组')}>
            <Input maxLength={40} />
          </Form.Item>
          <Form.Item name="skills" label={t('技能与级别（1–10）')}>
            <LevelsField />
          </Form.Item>
          <Form.Item name="queues" label={t('队列')}>
            <Select mode="multiple" options={queues.data?.map((q) => ({ value: q.id, label: q.name }))} />
          </Form.Item>
          <Form.Item name="wrap_up_s" label={t('整理时长（秒）')}>
            <InputNumber min={0} max={3600} />
          </Form.Item>
          <Form.Item name="auto_answer" valuePropName="checked">
            <Checkbox>{t('自动应答')}</Checkbox>
          </Form.Item>
          <Form.Item name="disabled" valuePropName="checked">
            <Checkbox>{t('停用')}</Checkbox>
          </Form.Item>
        </>
      )}
    />
  );
}
