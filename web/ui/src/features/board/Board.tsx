import { AlertOutlined } from '@ant-design/icons';
import { Skeleton } from 'antd';
import { useEffect, useMemo, useState } from 'react';
import type { SeatView } from '@/api/contract';
import { useUi } from '@/app/ui';
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

function Alarms() {
  const t = useT();
  const alarms = useLive((s) => s.board.alarms);
  const list = Object.values(alarms);
  if (list.length === 0) return null;
  return (
    <div className="board-alarms" role="alert">
      {list.map((a) => (
        <span key={a.code + a.detail} className="board-alarm" data-alarm={a.code}>
          <AlertOutlined /> <b>{t(label(alarmTexts, a.code))}</b> {a.detail}
        </span>
      ))}
    </div>
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
    return [...m.entries()].sort(([a], [b]) => a.localeCompare(b));
  }, [seats]);
  return <SeatMap groups={groups} total={Object.keys(seats).length} picked={picked} setPicked={setPicked} />;
}
