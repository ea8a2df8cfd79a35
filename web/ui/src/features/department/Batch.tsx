import { PrinterOutlined } from '@ant-design/icons';
import { useQueryClient } from '@tanstack/react-query';
import { Alert, Button, Dropdown, Modal } from 'antd';
import { useState } from 'react';
import type { AllowedAction, BatchResult, List, QueueItem, Ticket } from '@/api/contract';
import { errorText } from '@/api/errors';
import { post } from '@/api/http';
import { itemsOf } from '@/api/lists';
import { useSession } from '@/app/session';
import { ticketNumber } from '@/components/format';
import { Field } from '@/features/tickets/actions/Field';
import { type ActValues, bodyOf, isOptional, missingOf, needText } from '@/features/tickets/actions/needs';
import { papers } from '@/features/tickets/page/Head';
import { useT } from '@/i18n';
import { batchItems } from './queues';

/** What can be done to many tickets at once. */
const events = ['sign', 'delegate', 'leader_approve'];

/** The chosen rows: sign, delegate, approve, print them together. Each is tried by itself. */
export function Batch({ rows, clear }: { rows: QueueItem[]; clear: () => void }) {
  const t = useT();
  const [asked, setAsked] = useState<AllowedAction | null>(null);
  const offers = events
    .map((name) => ({
      name,
      items: batchItems(rows, name),
      action: rows.flatMap((x) => x.allowed_actions ?? []).find((a) => a.name === name),
    }))
    .filter((o) => o.action && o.items.length > 0);
  return (
    <div className="dept-batch" data-batch={rows.length}>
      <span className="num">{t('已选 {{n}} 件', { n: rows.length })}</span>
      {offers.map((o) => (
        <Button
          key={o.name}
          size="small"
          type={o.name === 'sign' ? 'primary' : 'default'}
          onClick={() => setAsked(o.action ?? null)}
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
      {asked && <BatchDialog action={asked} rows={rows} close={() => setAsked(null)} clear={clear} />}
    </div>
  );
}

/** Asks once for all of them, then says of each what became of it. */
function BatchDialog({
  action,
  rows,
  close,
  clear,
}: {
  action: AllowedAction;
  rows: QueueItem[];
  close: () => void;
  clear: () => void;
}) {
  const t = useT();
  const client = useQueryClient();
  const { unit } = useSession();
  const [values, setValues] = useState<ActValues>({});
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState('');
  const [results, setResults] = useState<BatchResult[] | null>(null);
  const items = batchItems(rows, action.name);
  const plain = { ...action, leg: undefined };
  const missing = missingOf(plain, values);
  // The form asks about the unit's own part, which is the same unit in every row.
  const sample = { ...rows[0], legs: unit ? [{ n: 1, unit, mine: true }] : [] } as unknown as Ticket;
  const send = async () => {
    setTried(true);
    if (missing.length > 0) return;
    setBusy(true);
    setError('');
    try {
      const list = await post<List<BatchResult> | BatchResult[]>(`/desk/batch/${action.name}`, {
        items,
        version: 0,
        ...bodyOf(plain, values),
      });
      setResults(itemsOf(list));
      void client.invalidateQueries({
        predicate: (q) => ['/desk', '/tickets'].some((p) => String(q.queryKey[0]).startsWith(p)),
      });
    } catch (e) {
      setError(t(errorText(e)));
    } finally {
      setBusy(false);
    }
  };
  const word = t(action.label ?? '');
  const failed = (results ?? []).filter((r) => !r.done);
  const end = () => {
    close();
    if (results) clear();
  };
  return (
    <Modal
      open
      title={t('{{action}} {{n}} 件', { action: word, n: items.length })}
      onCancel={end}
      footer={null}
      width={600}
      mask={{ closable: false }}
    >
      {results ? (
        <div className="act-form" data-batch-results>
          <Alert
            type={failed.length ? 'warning' : 'success'}
            showIcon
            title={t('完成 {{n}} 件，未完成 {{m}} 件', {
              n: results.length - failed.length,
              m: failed.length,
            })}
          />
          {failed.length > 0 && (
            <ul className="batch-results">
              {failed.map((r) => (
                <li key={r.id} data-result={r.code}>
                  <span className="num">{ticketNumber(r.number)}</span>
                  <span className="grow ellipsis">{rows.find((x) => x.id === r.id)?.title}</span>
                  <span className="act-bad">{r.detail || t(errorText({ code: r.code }))}</span>
                </li>
              ))}
            </ul>
          )}
          <div className="act-foot">
            <Button type="primary" onClick={end}>
              {t('知道了')}
            </Button>
          </div>
        </div>
      ) : (
        <form
          className="act-form"
          onSubmit={(e) => {
            e.preventDefault();
            void send();
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
          {!action.needs?.length && <p>{t('逐件处理，互不影响；处理后列出每件的结果。')}</p>}
          {error && <Alert type="error" showIcon title={error} />}
          <div className="act-foot">
            <Button onClick={close}>{t('取消')}</Button>
            <Button type="primary" htmlType="submit" loading={busy} data-act="confirm">
              {word} {items.length}
            </Button>
          </div>
        </form>
      )}
    </Modal>
  );
}
