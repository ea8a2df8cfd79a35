import { type FormEvent, type ReactNode, useEffect, useState } from 'react';
import { errorText } from '@/api/errors';
import { ApiError, get, post } from '@/api/http';
import { useT } from '@/i18n';

interface Question {
  code: string;
  text: string;
  answers: { code: string; label: string }[];
}

interface PublicTicket {
  number: string;
  title: string;
  said: string;
  unit?: string;
  reply?: string;
  replied_at?: string;
  files: { id: string; name: string; size: number }[];
  rated: boolean;
  may_rate: boolean;
  may_reopen: boolean;
  may_withdraw: boolean;
  questions?: Question[];
}

/** What a citizen opens from a message: `/r/<token>` the reply, `/p/<token>` the questions. */
export function Portal() {
  const t = useT();
  const [, kind = '', token = ''] = location.pathname.split('/');
  const [ticket, setTicket] = useState<PublicTicket | null>(null);
  const [error, setError] = useState('');
  useEffect(() => {
    const path = kind === 'p' ? 'rating' : 'reply';
    get<PublicTicket>(`/public/${path}/${encodeURIComponent(token)}`).then(setTicket, (e) =>
      setError(e instanceof ApiError && e.status === 404 ? '链接已失效，请拨打 12345 查询。' : errorText(e)),
    );
  }, [kind, token]);
  return (
    <main className="portal">
      <header>
        <b>12345</b> {t('政务服务便民热线')}
      </header>
      {error && (
        <p className="portal-card" role="alert">
          {t(error)}
        </p>
      )}
      {!ticket && !error && <p className="portal-card">{t('正在打开…')}</p>}
      {ticket && <Ticket x={ticket} token={token} set={setTicket} />}
      <footer>
        {t('如需帮助请拨打')} <a href="tel:12345">12345</a>
      </footer>
    </main>
  );
}

function Ticket({ x, token, set }: { x: PublicTicket; token: string; set: (x: PublicTicket) => void }) {
  const t = useT();
  return (
    <>
      <section className="portal-card" data-number={x.number}>
        <h1>{x.title}</h1>
        <p className="portal-number">
          {t('工单号')} {x.number}
        </p>
        <p className="portal-said">{x.said}</p>
      </section>
      {x.reply && (
        <section className="portal-card">
          <h2>{t('答复')}</h2>
          {x.unit && <p className="portal-muted">{x.unit}</p>}
          <p className="portal-text" data-field="reply">
            {x.reply}
          </p>
          {x.files.map((f) => (
            <p key={f.id}>
              <a href={`/api/v1/public/files/${token}/${f.id}`}>{f.name}</a>
            </p>
          ))}
        </section>
      )}
      {x.rated && (
        <p className="portal-card portal-thanks" role="status">
          {t('感谢您的评价。')}
        </p>
      )}
      {x.may_rate && <Rating x={x} token={token} set={set} />}
      <Wish
        shown={x.may_reopen}
        open={t('问题仍未解决？')}
        label={t('请说明情况，我们会核实后重新办理')}
        send={(reason) => post<PublicTicket>(`/public/reopen/${token}`, { reason }).then(set)}
      />
      <Wish
        shown={x.may_withdraw}
        open={t('不需要办理了？')}
        label={t('请说明撤回诉求的原因')}
        send={(reason) => post<PublicTicket>(`/public/withdraw/${token}`, { reason }).then(set)}
      />
    </>
  );
}

/** The questions one below the other, large enough for a thumb. */
function Rating({ x, token, set }: { x: PublicTicket; token: string; set: (x: PublicTicket) => void }) {
  const t = useT();
  const [answers, setAnswers] = useState<Record<string, string>>({});
  const [text, setText] = useState('');
  const [error, setError] = useState('');
  const [busy, setBusy] = useState(false);
  const open = (x.questions ?? []).filter((q) => !answers[q.code]).length;
  const send = async (e: FormEvent) => {
    e.preventDefault();
    setBusy(true);
    setError('');
    try {
      set(
        await post<PublicTicket>(`/public/rating/${token}`, {
          contacted: answers.contacted === 'true',
          solved: answers.solved,
          result: Number(answers.result),
          unit: Number(answers.unit),
          agent: Number(answers.agent),
          text: text || undefined,
        }),
      );
    } catch (err) {
      setError(errorText(err));
    } finally {
      setBusy(false);
    }
  };
  return (
    <form className="portal-card" onSubmit={send} data-form="rating">
      <h2>{t('请您评价')}</h2>
      {x.questions?.map((q) => (
        <fieldset key={q.code} data-question={q.code}>
          <legend>{t(q.text)}</legend>
          <div className="portal-answers">
            {q.answers.map((a) => (
              <label key={a.code}>
                <input
                  type="radio"
                  name={q.code}
                  value={a.code}
                  checked={answers[q.code] === a.code}
                  onChange={() => setAnswers({ ...answers, [q.code]: a.code })}
                />
                <span>{t(a.label)}</span>
              </label>
            ))}
          </div>
        </fieldset>
      ))}
      <label className="portal-field">
        {t('还想说的话（可不填）')}
        <textarea maxLength={500} rows={3} value={text} onChange={(e) => setText(e.target.value)} />
      </label>
      <Failure text={error} />
      <button type="submit" disabled={busy || open > 0}>
        {open > 0 ? t('还有 {{n}} 题', { n: open }) : t('提交评价')}
      </button>
    </form>
  );
}

function Wish(p: { shown: boolean; open: string; label: string; send: (reason: string) => Promise<void> }) {
  const t = useT();
  const [reason, setReason] = useState('');
  const [error, setError] = useState('');
  const [sent, setSent] = useState(false);
  if (sent) {
    return (
      <p className="portal-card portal-thanks" role="status">
        {t('已收到，我们会尽快处理。')}
      </p>
    );
  }
  if (!p.shown) return null;
  const send = async (e: FormEvent) => {
    e.preventDefault();
    try {
      await p.send(reason);
      setSent(true);
    } catch (err) {
      setError(errorText(err));
    }
  };
  return (
    <details className="portal-card">
      <summary>{p.open}</summary>
      <form onSubmit={send}>
        <label className="portal-field">
          {p.label}
          <textarea
            required
            maxLength={500}
            rows={3}
            value={reason}
            onChange={(e) => setReason(e.target.value)}
          />
        </label>
        <Failure text={error} />
        <button type="submit" disabled={!reason.trim()}>
          {t('提交')}
        </button>
      </form>
    </details>
  );
}

function Failure({ text }: { text: string }): ReactNode {
  const t = useT();
  return text ? (
    <p className="portal-error" role="alert">
      {t(text)}
    </p>
  ) : null;
}
