import { useQuery } from '@tanstack/react-query';
import { Tabs } from 'antd';
import { Link } from 'react-router';
import type { Callback, List, Ticket } from '@/api/contract';
import { get } from '@/api/http';
import { itemsOf } from '@/api/lists';
import { may, P } from '@/app/permissions';
import { useSession } from '@/app/session';
import { shortTime } from '@/components/format';
import { Loaded, Nothing } from '@/components/page';
import { Since } from '@/components/Since';
import { useT } from '@/i18n';
import { callbackKinds, callbackStates, label, languages, whyNext } from '@/labels';
import { useLive } from '@/live';

/** Everybody who waits, in the order they will be served, and why. */
export function WaitingList() {
  const t = useT();
  const queues = useLive((s) => s.board.queues);
  const list = Object.values(queues).flatMap((q) =>
    (q.waiters ?? []).map((w, i) => ({ ...w, queue: q.name, place: i + 1 })),
  );
  list.sort((a, b) => a.place - b.place || Date.parse(a.entered_at) - Date.parse(b.entered_at));
  return (
    <section className="card side">
      <h2>
        {t('排队')} <span className="num">{list.length}</span>
      </h2>
      {list.length === 0 ? (
        <p className="muted">{t('没有人在等')}</p>
      ) : (
        <ul className="waiting">
          {list.map((w) => (
            <li key={w.call} data-waiting={w.call}>
              <span className="num waiting-place">{w.place}</span>
              <span className="grow">
                <span className="num">{w.caller_masked || t('匿名')}</span>{' '}
                <span className="muted small">
                  {w.queue}
                  {w.language && w.language !== 'zh' ? ` · ${t(label(languages, w.language))}` : ''}
                </span>
              </span>
              <span className="tag">{t(label(whyNext, w.why))}</span>
              <Since at={w.entered_at} />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

/** Drafts left open, and voicemails, call-backs and missed calls that wait. */
export function SideLists() {
  const t = useT();
  const session = useSession();
  const [seeDrafts, seeCallbacks] = [may(session, P.draftsAll), may(session, P.callbacks)];
  const drafts = useQuery({
    enabled: seeDrafts,
    queryKey: ['/tickets/drafts/all'],
    queryFn: () => get<Ticket[] | List<Ticket>>('/tickets/drafts/all').then(itemsOf),
    refetchInterval: 30_000,
  });
  const callbacks = useQuery({
    enabled: seeCallbacks,
    queryKey: ['/callbacks', 'board'],
    queryFn: async () => {
      const [waiting, taken] = await Promise.all(
        ['waiting', 'taken'].map((state) =>
          get<List<Callback>>('/callbacks', { state, limit: 50 }).then(itemsOf),
        ),
      );
      return [...(waiting ?? []), ...(taken ?? [])];
    },
    refetchInterval: 15_000,
  });
  if (!seeDrafts && !seeCallbacks) return null;
  return (
    <section className="card side">
      <Tabs
        size="small"
        items={[
          {
            key: 'drafts',
            label: `${t('未完成草稿')} ${drafts.data?.length ?? ''}`,
            children: (
              <Loaded query={drafts} rows={3}>
                {(list) =>
                  list.length ? (
                    <ul className="waiting">
                      {list.map((d) => (
                        <li key={d.id} data-draft={d.id}>
                          <Link to={`/tickets/${d.id}`} className="grow ellipsis">
                            {d.title || t('未命名草稿')}
                          </Link>
                          <span className="muted small">{d.owner_name || d.owner_account}</span>
                          <span className="num small">{shortTime(d.created_at)}</span>
                        </li>
                      ))}
                    </ul>
                  ) : (
                    <Nothing text={t('没有久未提交的草稿')} />
                  )
                }
              </Loaded>
            ),
          },
          {
            key: 'callbacks',
            label: `${t('漏接、留言与回拨')} ${callbacks.data?.length ?? ''}`,
            children: (
              <Loaded query={callbacks} rows={3}>
                {(list) =>
                  list.length ? (
                    <ul className="waiting">
                      {list.map((c) => (
                        <li key={c.id} data-callback={c.id}>
                          <span className="tag">{t(label(callbackKinds, c.kind))}</span>
                          <span className="grow num">{c.caller_masked || t('匿名')}</span>
                          <span className="muted small">
                            {c.taken_by_name || c.taken_by || t(label(callbackStates, c.state))}
                          </span>
                          <Since at={c.entered_at} />
                        </li>
                      ))}
                    </ul>
                  ) : (
                    <Nothing text={t('没有待处理的留言、回拨和漏接')} />
                  )
                }
              </Loaded>
            ),
          },
        ].filter((x) => (x.key === 'drafts' ? seeDrafts : seeCallbacks))}
      />
      {seeCallbacks && (
        <Link to="/callbacks" className="small">
          {t('全部留言与回拨')}
        </Link>
      )}
    </section>
  );
}
