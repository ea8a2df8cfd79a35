import { useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Form, Input } from 'antd';
import { type ReactNode, useState } from 'react';
import { errorText } from '@/api/errors';
import { get, patch, post } from '@/api/http';
import { Loaded, PageShell } from '@/components/page';
import { useT } from '@/i18n';

interface ProfileView {
  account: string;
  name: string;
  unit?: { name: string };
  mobile: string;
  email: string;
  quota: number;
  question?: string;
}

/** 个人信息: how one is reached, the password, and the way back to it. */
export default function Profile() {
  const t = useT();
  const q = useQuery({ queryKey: ['/profile'], queryFn: () => get<ProfileView>('/profile') });
  return (
    <PageShell title={t('个人信息')}>
      <Loaded query={q}>
        {(x) => (
          <div style={{ display: 'grid', gap: 12, maxWidth: 560 }} data-panel="profile">
            <Section title={`${x.name} · ${x.account}${x.unit ? ` · ${x.unit.name}` : ''}`}>
              <Reach x={x} />
            </Section>
            <Section title={t('修改密码')}>
              <Password />
            </Section>
            <Section title={t('取回密码的问题')}>
              <Question x={x} />
            </Section>
          </div>
        )}
      </Loaded>
    </PageShell>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="card pad">
      <h3 style={{ marginTop: 0 }}>{title}</h3>
      {children}
    </section>
  );
}

/** A small form that says whether it was saved. */
function Small<T extends object>(p: {
  initial?: Partial<T>;
  save: (v: T) => Promise<unknown>;
  button: string;
  children: ReactNode;
}) {
  const t = useT();
  const { message } = App.useApp();
  const client = useQueryClient();
  const [form] = Form.useForm<T>();
  const [failure, setFailure] = useState('');
  const save = async (v: T) => {
    setFailure('');
    try {
      await p.save(v);
      await client.invalidateQueries({ queryKey: ['/profile'] });
      if (!p.initial) form.resetFields();
      void message.success(t('已保存'));
    } catch (e) {
      setFailure(t(errorText(e)));
    }
  };
  return (
    <Form<T>
      form={form}
      layout="vertical"
      initialValues={p.initial as T | undefined}
      onFinish={(v: T) => void save(v)}
    >
      {p.children}
      {failure && <p className="like-problem">{failure}</p>}
      <Button htmlType="submit">{p.button}</Button>
    </Form>
  );
}

function Reach({ x }: { x: ProfileView }) {
  const t = useT();
  return (
    <Small<{ mobile: string; email: string }>
      initial={{ mobile: x.mobile, email: x.email }}
      save={(v) => patch<void>('/profile', v)}
      button={t('保存')}
    >
      <Form.Item name="mobile" label={t('手机')} extra={t('用于接收短信提醒')}>
        <Input maxLength={20} inputMode="tel" />
      </Form.Item>
      <Form.Item name="email" label={t('邮箱')}>
        <Input maxLength={100} type="email" />
      </Form.Item>
    </Small>
  );
}

function Password() {
  const t = useT();
  const must = [{ required: true, message: t('必填') }];
  return (
    <Small<{ old: string; new: string; again: string }>
      save={(v) => post<void>('/session/password', { old: v.old, new: v.new })}
      button={t('修改密码')}
    >
      <Form.Item name="old" label={t('现在的密码')} rules={must}>
        <Input.Password autoComplete="current-password" />
      </Form.Item>
      <Form.Item
        name="new"
        label={t('新密码')}
        rules={[{ required: true, min: 10, message: t('至少 10 位') }]}
        extra={t('修改后，其他地方的登录立即失效')}
      >
        <Input.Password autoComplete="new-password" />
      </Form.Item>
      <Form.Item
        name="again"
        label={t('再输一次')}
        dependencies={['new']}
        rules={[
          ...must,
          ({ getFieldValue }) => ({
            validator: (_, v) =>
              v === getFieldValue('new') ? Promise.resolve() : Promise.reject(new Error(t('两次输入不一致'))),
          }),
        ]}
      >
        <Input.Password autoComplete="new-password" />
      </Form.Item>
    </Small>
  );
}

function Question({ x }: { x: ProfileView }) {
  const t = useT();
  const must = [{ required: true, message: t('必填') }];
  return (
    <Small<{ question: string; answer: string; password: string }>
      save={(v) => patch<void>('/profile', v)}
      button={t('保存')}
    >
      <Form.Item
        name="question"
        label={t('问题')}
        rules={must}
        extra={x.question ? t('现在的问题：{{question}}', { question: x.question }) : undefined}
      >
        <Input maxLength={100} />
      </Form.Item>
      <Form.Item name="answer" label={t('答案')} rules={must}>
        <Input maxLength={100} autoComplete="off" />
      </Form.Item>
      <Form.Item name="password" label={t('现在的密码')} rules={must}>
        <Input.Password autoComplete="current-password" />
      </Form.Item>
    </Small>
  );
}
