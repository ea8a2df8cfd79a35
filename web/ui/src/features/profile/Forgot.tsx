import { Alert, Button, Form, Input, Modal } from 'antd';
import { useState } from 'react';
import { errorText } from '@/api/errors';
import { get, post } from '@/api/http';
import { useT } from '@/i18n';

/** 取回密码: account, then its question, then a new password. */
export function Forgot() {
  const t = useT();
  const [open, setOpen] = useState(false);
  const [account, setAccount] = useState('');
  const [question, setQuestion] = useState('');
  const [failure, setFailure] = useState('');
  const [done, setDone] = useState(false);
  const close = () => {
    setOpen(false);
    setQuestion('');
    setFailure('');
    setDone(false);
  };
  const ask = async (v: { account: string }) => {
    setFailure('');
    try {
      const x = await get<{ question: string }>('/password/question', { account: v.account });
      setAccount(v.account);
      setQuestion(x.question);
    } catch (e) {
      setFailure(t(errorText(e)));
    }
  };
  const reset = async (v: { answer: string; password: string }) => {
    setFailure('');
    try {
      await post<void>('/password/reset', { account, ...v }, { anonymous: true });
      setDone(true);
    } catch (e) {
      setFailure(t(errorText(e)));
    }
  };
  const must = [{ required: true, message: t('必填') }];
  return (
    <>
      <Button type="link" size="small" onClick={() => setOpen(true)} data-act="forgot">
        {t('忘记密码')}
      </Button>
      <Modal open={open} title={t('取回密码')} footer={null} onCancel={close} destroyOnHidden>
        {done ? (
          <Alert type="success" showIcon title={t('密码已重置，请用新密码登录')} />
        ) : question ? (
          <Form layout="vertical" onFinish={(v) => void reset(v)}>
            <Form.Item name="answer" label={question} rules={must}>
              <Input maxLength={100} autoComplete="off" />
            </Form.Item>
            <Form.Item
              name="password"
              label={t('新密码')}
              rules={[{ required: true, min: 10, message: t('至少 10 位') }]}
            >
              <Input.Password autoComplete="new-password" />
            </Form.Item>
            <Button type="primary" htmlType="submit">
              {t('重置密码')}
            </Button>
          </Form>
        ) : (
          <Form layout="vertical" onFinish={(v) => void ask(v)}>
            <Form.Item name="account" label={t('登录账号')} rules={must}>
              <Input maxLength={64} />
            </Form.Item>
            <Button type="primary" htmlType="submit">
              {t('下一步')}
            </Button>
            <p className="muted small">{t('没有设置过问题的，请找本单位领导或系统管理员重置。')}</p>
          </Form>
        )}
        {failure && <Alert type="error" showIcon title={failure} style={{ marginTop: 12 }} />}
      </Modal>
    </>
  );
}
