import { LockOutlined, UserOutlined } from '@ant-design/icons';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, Button, Form, Input } from 'antd';
import { type ReactNode, useEffect, useState } from 'react';
import { useNavigate, useSearchParams } from 'react-router';
import type { Captcha, PublicInfo, Session } from '@/api/contract';
import { errorText } from '@/api/errors';
import { ApiError, post, request } from '@/api/http';
import { publicQuery, sessionQuery } from '@/app/session';
import { useTitle } from '@/components/page';
import { GuideSteps } from '@/features/demo/Guide';
import { Forgot } from '@/features/profile/Forgot';
import { currentLang, setLang, useT } from '@/i18n';
import { label, roles } from '@/labels';
import './signin.css';

interface Fields {
  account: string;
  password: string;
  captcha?: string;
}

type Card = NonNullable<PublicInfo['cards']>[number];

const groups: { title: string; roles: string[]; first?: boolean }[] = [
  { title: '热线', first: true, roles: ['agent', 'intake', 'dispatcher', 'reviewer', 'follow_up'] },
  { title: '监督管理', roles: ['supervisor', 'office', 'city_leader', 'quality', 'knowledge', 'admin'] },
  { title: '部门', roles: ['unit_clerk', 'unit_leader'] },
];
const agentsShown = 2;
const unitShown = 'pt-xxb';

const roleOf = (c: Card) =>
  Object.entries(roles).find(([code, text]) => c.role === code || c.role === text)?.[0] ?? '';

/** The cards of a group: those of the first ten minutes, and the rest that opens on demand. */
function split(cards: Card[], of: string[]): [Card[], Card[]] {
  const all = of.flatMap((role) => cards.filter((c) => roleOf(c) === role));
  const agents = all.filter((c) => roleOf(c) === 'agent');
  const main = all.filter((c) =>
    roleOf(c).startsWith('unit_')
      ? c.account.startsWith(unitShown)
      : roleOf(c) !== 'agent' || agents.indexOf(c) < agentsShown,
  );
  return [main, all.filter((c) => !main.includes(c))];
}

function PersonCard({ c }: { c: Card }) {
  const t = useT();
  return (
    <a className="card" href={c.url} target="_blank" rel="noopener" data-card={c.account}>
      <b className="ellipsis" title={c.name}>
        {c.name}
      </b>
      <span className="muted small">{t(label(roles, c.role))}</span>
      <code>{c.account}</code>
    </a>
  );
}

function CitizenCard() {
  const t = useT();
  return (
    <a
      className="card signin-citizen"
      href="/demo/citizen"
      target="_blank"
      rel="noopener"
      data-card="citizen"
    >
      <b>{t('市民电话')}</b>
      <span className="muted small">{t('在浏览器里拨打 12345')}</span>
    </a>
  );
}

function Group({
  title,
  main,
  others,
  children,
}: {
  title: string;
  main: Card[];
  others: Card[];
  children?: ReactNode;
}) {
  const t = useT();
  return (
    <section className="signin-group" aria-label={t(title)}>
      <h3>{t(title)}</h3>
      <div className="signin-cards">
        {children}
        {main.map((c) => (
          <PersonCard key={c.account} c={c} />
        ))}
      </div>
      {others.length > 0 && (
        <details className="signin-more">
          <summary>{t('其他 {{n}} 位', { n: others.length })}</summary>
          <div className="signin-cards">
            {others.map((c) => (
              <PersonCard key={c.account} c={c} />
            ))}
          </div>
        </details>
      )}
    </section>
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
  return (
    <div className="signin">
      {demo && (
        <div className="signin-banner" role="note" data-banner="demo">
          {t('演示环境')} · {t('城市、人员和来电都是模拟的，请勿录入真实个人信息')}
        </div>
      )}
      <div className={`signin-main ${demo ? 'with-cards' : ''}`}>
        <div className="signin-left">
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
                    <Form.Item
                      name="captcha"
                      noStyle
                      rules={[{ required: true, message: t('请输入验证码') }]}
                    >
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
            <Forgot />
            <Button
              type="link"
              size="small"
              onClick={() => setLang(currentLang() === 'zh-CN' ? 'en-US' : 'zh-CN')}
            >
              中文 / English
            </Button>
          </section>
          {demo && (
            <section className="card signin-guide">
              <h2>{t('第一通电话的五步')}</h2>
              <GuideSteps />
            </section>
          )}
        </div>
        {demo && (
          <section className="signin-demo">
            <h2>{t('以谁的身份看看？')}</h2>
            <p className="muted">
              {t('每张卡片在新标签页里以此人登录，可以同时打开多人：先开一位坐席，再开市民电话。')}
            </p>
            {groups.map((g) => {
              const [main, others] = split(info.data?.cards ?? [], g.roles);
              return (
                <Group key={g.title} title={g.title} main={main} others={others}>
                  {g.first && <CitizenCard />}
                </Group>
              );
            })}
          </section>
        )}
      </div>
    </div>
  );
}
