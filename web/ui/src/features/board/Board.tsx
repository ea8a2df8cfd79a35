import { AlertOutlined } from '@ant-design/icons';
import { Popover, Skeleton } from 'antd';
import { useEffect, useMemo, useState } from 'react';
import { Link } from 'react-router';
import type { Alarm, SeatView } from '@/api/contract';
import { useUi } from '@/app/ui';
import { AlarmText } from '@/components/AlarmText';
import { useTitle } from '@/components/page';
import { useT } from '@/i18n';
import { alarms as alarmTexts, label } from '@/labels';
import { useLive, watchBoard } from '@/live';
import './board.css';
import { QueueCard } from './QueueCard';
import { SeatMap } from './SeatMap';
import { SideLists, WaitingList } from './SideLists';

/** 班长席: alarms first, queues, the seat map, who waits and why. */
export default function Board() {
  const t = useT();
  useTitle(t('班长席'));
  useEffect(() => watchBoard(), []);
  useEffect(() => {
    useUi.setState({ board: true });
    return () => useUi.setState({ board: false });
  }, []);
  const loaded = useLive((s) => s.board.loaded);
  if (!loaded) return <Skeleton active style={{ padding: 24 }} paragraph={{ rows: 14 }} />;
  return (
    <main className="board" data-board>
      <Alarms />
      <Queues />
      <div className="board-main">
        <Seats />
        <aside className="board-side">
          <WaitingList />
          <SideLists />
        </aside>
      </div>
    </main>
  );
}

const alarmCode = (a: Alarm) => a.code.split(':')[0] ?? '';

/** One chip for each kind of alarm; those about a call lead to it. */
function Alarms() {
  const t = useT();
  const alarms = useLive((s) => s.board.alarms);
  const kinds = new Map<string, Alarm[]>();
  for (const a of Object.values(alarms)) kinds.set(alarmCode(a), [...(kinds.get(alarmCode(a)) ?? []), a]);
  if (kinds.size === 0) return null;
  return (
    <div className="board-alarms" role="alert">
      {[...kinds].map(([code, list]) => (
        <Popover
          key={code}
          trigger="click"
          placement="bottomLeft"
          content={
            <ul className="waiting alarm-list">
              {list.map((a) => (
                <li key={a.code + a.detail}>
                  <AlarmDetail a={a} />
                </li>
              ))}
            </ul>
          }
        >
          <button type="button" className="board-alarm" data-alarm={code} data-count={list.length}>
            <AlertOutlined /> <b>{t(label(alarmTexts, code))}</b>{' '}
            {list.length > 1 ? (
              t('{{n}} 处', { n: list.length })
            ) : (
              <AlarmText detail={list[0]?.detail ?? ''} />
            )}
          </button>
        </Popover>
      ))}
    </div>
  );
}

function AlarmDetail({ a }: { a: Alarm }) {
  const t = useT();
  const call = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/.exec(a.code)?.[0];
  return (
    <>
      <span className="grow">
        <AlarmText detail={a.detail} />
      </span>
      {call && <Link to={`/calls/${call}`}>{t('查看通话')}</Link>}
    </>
  );
}

function Queues() {
  const queues = useLive((s) => s.board.queues);
  return (
    <div className="board-queues">
      {Object.keys(queues)
        .sort()
        .map((q) => (
          <QueueCard key={q} queue={q} />
        ))}
    </div>
  );
}

function Seats() {
  const seats = useLive((s) => s.board.seats);
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  const groups = useMemo(() => {
    const m = new Map<string, SeatView[]>();
    for (const s of Object.values(seats).sort((a, b) => a.seat.localeCompare(b.seat))) {
      const g = s.group ?? '';
      m.set(g, [...(m.get(g) ?? []), s]);
    }
    // Seats come in order of their numbers, and so do groups by their first seat.
    return [...m.entries()];
  }, [seats]);
  return <SeatMap groups={groups} total={Object.keys(seats).length} picked={picked} setPicked={setPicked} />;
}
