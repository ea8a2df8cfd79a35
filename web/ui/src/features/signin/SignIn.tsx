import { LockOutlined, UserOutlined } from '@ant-design/icons';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, Button, Form, Input } from 'antd';
import { useEffect, useState } from 'react';
import { useNavigate, useSearchParams } from 'react-router';
import type { Captcha, PublicInfo, Session } from '@/api/contract';
import { errorText } from '@/api/errors';
import { ApiError, post, request } from '@/api/http';
import { publicQuery, sessionQuery } from '@/app/session';
import { useTitle } from '@/components/page';
import { GuideSteps } from '@/features/demo/Guide';
import { currentLang, setLang, useT } from '@/i18n';
import { label, roles } from '@/labels';
import './signin.css';

interface Fields {
  account: string;
  password: string;
  captcha?: string;
}

type Card = NonNullable<PublicInfo['cards']>[number];

/** The people of the first ten minutes apart from the rest: two agents, one of each role, one department. */
function split(cards: Card[]): [Card[], Card[]] {
  const seen = new Map<string, number>();
  const main = cards.filter((c) => {
    const role = Object.entries(roles).find(([code, text]) => c.role === code || c.role === text)?.[0] ?? '';
    const n = (seen.get(role) ?? 0) + 1;
    seen.set(role, n);
    if (role.startsWith('unit_')) return c.account.startsWith('pt-xxb');
    return n <= (role === 'agent' ? 2 : 1);
  });
  return [main, cards.filter((c) => !main.includes(c))];
}

function PersonCard({ c }: { c: Card }) {
  const t = useT();
  return (
    <a className="card" href={c.url} target="_blank" rel="noopener" data-card={c.account}>
      <b>{c.name}</b>
      <span className="muted">{t(label(roles, c.role))}</span>
      <code>{c.account}</code>
    </a>
  );
}

/** Only a path of this site may follow the sign-in. */
const safeNext = (next: string | null) => (next?.startsWith('/') && !next.startsWith('//') ? next : '/');

export default function SignIn() {
  const t = useT();
  useTitle(t('登录'));
  const go = useNavigate();
  const [params] = useSearchParams();
  const client = useQueryClient();
  const info = useQuery(publicQuery);
  const session = useQuery(sessionQuery);
  const [captcha, setCaptcha] = useState<Captcha | null>(null);
  const [wanted, setWanted] = useState(false);
  const [error, setError] = useState('');
  const [busy, setBusy] = useState(false);
  const needed = wanted || info.data?.captcha_always;
  const next = safeNext(params.get('next'));
  const fresh = () =>
    post<Captcha>('/captcha')
      .then(setCaptcha)
      .catch((e) => setError(errorText(e)));
  useEffect(() => {
    if (needed) void post<Captcha>('/captcha').then(setCaptcha, (e) => setError(errorText(e)));
  }, [needed]);
  useEffect(() => {
    if (session.data) void go(next, { replace: true });
  }, [session.data, go, next]);

  const submit = async (v: Fields) => {
    setBusy(true);
    setError('');
    try {
      const s = await request<Session>('/session', {
        method: 'POST',
        anonymous: true,
        body: { ...v, account: v.account.trim(), ...(captcha ? { captcha_id: captcha.id } : {}) },
      });
      client.clear();
      client.setQueryData(sessionQuery.queryKey, s);
    } catch (e) {
      setError(errorText(e));
      if (e instanceof ApiError && e.body.captcha_required) setWanted(true);
      if (needed) void fresh();
    } finally {
      setBusy(false);
    }
  };
  const demo = info.data?.demo;
  const [main, others] = split(info.data?.cards ?? []);
  return (
    <div className="signin">
      {demo && (
        <div className="signin-banner" role="note" data-banner="demo">
          {t('演示环境')} · {t('城市、人员和来电都是模拟的，请勿录入真实个人信息')}
        </div>
      )}
      <div className={`signin-main ${demo ? 'with-cards' : ''}`}>
        <section className="signin-box card">
          <div className="signin-brand">
            <b>12345</b>
            <div>
              {t('政务服务便民热线')}
              <small>{t('接得更快 · 分得更准 · 办得更实')}</small>
            </div>
          </div>
          <Form<Fields> layout="vertical" onFinish={submit} requiredMark={false} size="large">
            <Form.Item
              name="account"
              label={t('账号')}
              rules={[{ required: true, message: t('请输入账号') }]}
            >
              <Input prefix={<UserOutlined />} autoFocus autoComplete="username" data-field="account" />
            </Form.Item>
            <Form.Item
              name="password"
              label={t('密码')}
              rules={[{ required: true, message: t('请输入密码') }]}
            >
              <Input.Password
                prefix={<LockOutlined />}
                autoComplete="current-password"
                data-field="password"
              />
            </Form.Item>
            {needed && (
              <Form.Item label={t('验证码')} required>
                <div className="row">
                  <Form.Item name="captcha" noStyle rules={[{ required: true, message: t('请输入验证码') }]}>
                    <Input autoComplete="off" inputMode="numeric" data-field="captcha" />
                  </Form.Item>
                  {captcha && (
                    <button type="button" className="captcha" onClick={fresh} title={t('看不清，换一张')}>
                      <img src={captcha.image_url} alt={t('验证码')} height={40} />
                    </button>
                  )}
                </div>
              </Form.Item>
            )}
            {error && (
              <Alert type="error" showIcon title={t(error)} style={{ marginBottom: 12 }} data-error />
            )}
            <Button type="primary" htmlType="submit" block loading={busy} data-act="sign-in">
              {t('登录')}
            </Button>
          </Form>
          <Button
            type="link"
            size="small"
            onClick={() => setLang(currentLang() === 'zh-CN' ? 'en-US' : 'zh-CN')}
          >
            中文 / English
          </Button>
        </section>
        {demo && (
          <section className="signin-demo">
            <h2>{t('以谁的身份看看？')}</h2>
            <p className="muted">
              {t('每张卡片在新标签页里以此人登录，可以同时打开多人：先开一位坐席，再开市民电话。')}
            </p>
            <div className="signin-cards">
              {main.map((c) => (
                <PersonCard key={c.account} c={c} />
              ))}
              <a
                className="card citizen"
                href="/demo/citizen"
                target="_blank"
                rel="noopener"
                data-card="citizen"
              >
                <b>{t('市民电话')}</b>
                <span className="muted">{t('在浏览器里拨打 12345')}</span>
              </a>
            </div>
            {others.length > 0 && (
              <details className="signin-more">
                <summary>{t('其他 {{n}} 位：坐席与承办单位', { n: others.length })}</summary>
                <div className="signin-cards">
                  {others.map((c) => (
                    <PersonCard key={c.account} c={c} />
                  ))}
                </div>
              </details>
            )}
            <h2>{t('第一通电话的五步')}</h2>
            <GuideSteps />
          </section>
        )}
      </div>
    </div>
  );
}
