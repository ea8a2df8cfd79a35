import { PrinterOutlined } from '@ant-design/icons';
import { useQueryClient } from '@tanstack/react-query';
import { Alert, App, Button, Dropdown, Modal } from 'antd';
import { useState } from 'react';
import type { AllowedAction, BatchResult, List, QueueItem, Ticket } from '@/api/contract';
import { errorText } from '@/api/errors';
import { post } from '@/api/http';
import { itemsOf } from '@/api/lists';
import { useSession } from '@/app/session';
import { ticketNumber } from '@/components/format';
import { Field } from '@/features/tickets/actions/Field';
import {
  type ActValues,
  bodyOf,
  isOptional,
  missingOf,
  needText,
  warningOf,
} from '@/features/tickets/actions/needs';
import { papers } from '@/features/tickets/page/Head';
import { useT } from '@/i18n';
import { batchItems } from './queues';

/** What can be done to many tickets at once. */
const events = ['sign', 'delegate', 'leader_approve'];

/** Sends a batch and keeps what became of each. */
function useBatch() {
  const t = useT();
  const client = useQueryClient();
  const [busy, setBusy] = useState('');
  const send = async (
    action: AllowedAction,
    items: ReturnType<typeof batchItems>,
    values: ActValues,
  ): Promise<BatchResult[] | string> => {
    setBusy(action.name);
    try {
      const list = await post<List<BatchResult> | BatchResult[]>(`/desk/batch/${action.name}`, {
        items,
        version: 0,
        ...bodyOf({ ...action, leg: undefined }, values),
      });
      void client.invalidateQueries({
        predicate: (q) => ['/desk', '/tickets'].some((p) => String(q.queryKey[0]).startsWith(p)),
      });
      return itemsOf(list);
    } catch (e) {
      return t(errorText(e));
    } finally {
      setBusy('');
    }
  };
  return { send, busy };
}

/** The chosen rows: sign, delegate, approve, print them together. Each is tried by itself. */
export function Batch({ rows, clear }: { rows: QueueItem[]; clear: () => void }) {
  const t = useT();
  const { message } = App.useApp();
  const { send, busy } = useBatch();
  const [asked, setAsked] = useState<AllowedAction | null>(null);
  const [results, setResults] = useState<BatchResult[] | null>(null);
  const offers = events
    .map((name) => ({
      name,
      items: batchItems(rows, name),
      action: rows.flatMap((x) => x.allowed_actions ?? []).find((a) => a.name === name),
    }))
    .filter((o) => o.action && o.items.length > 0);
  const take = (action: AllowedAction, list: BatchResult[]) => {
    setAsked(null);
    if (list.every((r) => r.done)) {
      void message.success(t('{{action}} {{n}} 件', { action: t(action.label ?? ''), n: list.length }));
      clear();
    } else {
      setResults(list);
    }
  };
  const choose = async (action: AllowedAction, items: ReturnType<typeof batchItems>) => {
    if (action.needs?.length || warningOf(action)) return setAsked(action);
    const answer = await send(action, items, {});
    if (typeof answer === 'string') void message.error(answer);
    else take(action, answer);
  };
  return (
    <div className="dept-batch" data-batch={rows.length}>
      <span className="num">{t('已选 {{n}} 件', { n: rows.length })}</span>
      {offers.map((o) => (
        <Button
          key={o.name}
          size="small"
          type={o.name === 'sign' ? 'primary' : 'default'}
          loading={busy === o.name}
          onClick={() => o.action && void choose(o.action, o.items)}
          data-batch-act={o.name}
        >
          {t(o.action?.label ?? '')} {o.items.length}
        </Button>
      ))}
      <Dropdown
        trigger={['click']}
        menu={{
          items: (['intake', 'dispatch', 'flow'] as const).map((form) => ({
            key: form,
            label: <span data-print={form}>{t(papers[form] ?? form)}</span>,
            onClick: () => {
              const ids = rows.map((x) => x.id).join(',');
              open(`/api/v1/print/${form}.pdf?ids=${encodeURIComponent(ids)}`, '_blank', 'noopener');
            },
          })),
        }}
      >
        <Button size="small" icon={<PrinterOutlined />} data-act="batch-print">
          {t('打印')}
        </Button>
      </Dropdown>
      <Button size="small" type="text" onClick={clear}>
        {t('取消选择')}
      </Button>
      {asked && (
        <BatchDialog
          action={asked}
          rows={rows}
          close={() => setAsked(null)}
          done={(list) => take(asked, list)}
        />
      )}
      {results && (
        <Results
          results={results}
          rows={rows}
          close={() => {
            setResults(null);
            clear();
          }}
        />
      )}
    </div>
  );
}

/** Asks once for all of them. */
function BatchDialog({
  action,
  rows,
  close,
  done,
}: {
  action: AllowedAction;
  rows: QueueItem[];
  close: () => void;
  done: (list: BatchResult[]) => void;
}) {
  const t = useT();
  const { unit } = useSession();
  const { send, busy } = useBatch();
  const [values, setValues] = useState<ActValues>({});
  const [tried, setTried] = useState(false);
  const [error, setError] = useState('');
  const items = batchItems(rows, action.name);
  const plain = { ...action, leg: undefined };
  const missing = missingOf(plain, values);
  const warning = warningOf(action);
  // The form asks about the unit's own part, which is the same unit in every row.
  const sample = { ...rows[0], legs: unit ? [{ n: 1, unit, mine: true }] : [] } as unknown as Ticket;
  const submit = async () => {
    setTried(true);
    if (missing.length > 0) return;
    setError('');
    const answer = await send(action, items, values);
    if (typeof answer === 'string') setError(answer);
    else done(answer);
  };
  const word = t(action.label ?? '');
  return (
    <Modal
      open
      title={t('{{action}} {{n}} 件', { action: word, n: items.length })}
      onCancel={close}
      footer={null}
      width={600}
      mask={{ closable: false }}
    >
      <form
        className="act-form"
        data-batch-form={action.name}
        onSubmit={(e) => {
          e.preventDefault();
          void submit();
        }}
      >
        {items.length < rows.length && (
          <Alert
            type="info"
            showIcon
            title={t('所选 {{n}} 件中有 {{m}} 件现在不能{{action}}，已略过', {
              n: rows.length,
              m: rows.length - items.length,
              action: word,
            })}
          />
        )}
        {warning && <p className="act-warning">{t(warning)}</p>}
        {(action.needs ?? []).map((need) => (
          <div key={need} className="act-field" data-need={need} data-bad={tried && missing.includes(need)}>
            <span className={`act-label ${isOptional(action, need) ? '' : 'must'}`}>
              {t(needText(action.name, need))}
            </span>
            <Field
              ticket={sample}
              action={plain}
              need={need}
              values={values}
              set={(x) => setValues((v) => ({ ...v, ...x }))}
            />
            {tried && missing.includes(need) && <span className="act-bad small">{t('必填')}</span>}
          </div>
        ))}
        {error && <Alert type="error" showIcon title={error} />}
        <div className="act-foot">
          <Button onClick={close}>{t('取消')}</Button>
          <Button type="primary" htmlType="submit" loading={!!busy} data-act="confirm">
            {word} {items.length}
          </Button>
        </div>
      </form>
    </Modal>
  );
}

/** What became of each ticket of a batch, where not all were done. */
function Results({ results, rows, close }: { results: BatchResult[]; rows: QueueItem[]; close: () => void }) {
  const t = useT();
  const failed = results.filter((r) => !r.done);
  return (
    <Modal open title={t('逐件结果')} onCancel={close} footer={null} width={600}>
      <div className="act-form" data-batch-results={failed.length}>
        <Alert
          type="warning"
          showIcon
          title={t('完成 {{n}} 件，未完成 {{m}} 件', { n: results.length - failed.length, m: failed.length })}
        />
        <ul className="batch-results">
          {failed.map((r) => (
            <li key={r.id} data-result={r.code}>
              <span className="num">{ticketNumber(r.number)}</span>
              <span className="grow ellipsis">{rows.find((x) => x.id === r.id)?.title}</span>
              <span className="act-bad">{r.detail || t(errorText({ code: r.code }))}</span>
            </li>
          ))}
        </ul>
        <div className="act-foot">
          <Button type="primary" onClick={close}>
            {t('知道了')}
          </Button>
        </div>
      </div>
    </Modal>
  );
}
