import { App, Button, Popover, Space } from 'antd';
import { type Dispatch, memo, type SetStateAction, useState } from 'react';
import type { SeatState, SeatView } from '@/api/contract';
import { errorText } from '@/api/errors';
import { may, P } from '@/app/permissions';
import { useSession } from '@/app/session';
import { Since } from '@/components/Since';
import { useT } from '@/i18n';
import { label, reasons, seatStates } from '@/labels';
import { floor, useLive } from '@/live';
import { type Status, statusOfSeat } from '@/theme/status';

const collapseAbove = 200;
/** Up to so many seats the tiles are large. */
const roomyUpTo = 40;
const inCall = new Set<SeatState>(['ringing', 'talking', 'holding', 'consult', 'three_way', 'dialling']);

interface Props {
  groups: [string, SeatView[]][];
  total: number;
  picked: ReadonlySet<string>;
  setPicked: Dispatch<SetStateAction<ReadonlySet<string>>>;
}

export function SeatMap({ groups, total, picked, setPicked }: Props) {
  const t = useT();
  const { message } = App.useApp();
  const session = useSession();
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const canForce = may(session, P.floorForce);
  const pick = (seat: string) =>
    setPicked((old) => {
      const next = new Set(old);
      if (!next.delete(seat)) next.add(seat);
      return next;
    });
  const force = async (seats: Iterable<string>, state: SeatState) => {
    const board = useLive.getState().board.seats;
    let later = 0;
    for (const seat of seats) {
      try {
        await floor.force(seat, state);
        if (board[seat] && inCall.has(board[seat].state)) later++;
      } catch (e) {
        void message.error(`${seat}：${t(errorText(e))}`);
      }
    }
    if (later) void message.info(t('{{n}} 个席位正在通话，通话后生效', { n: later }));
    setPicked(new Set());
  };
  return (
    <section className={`card seats ${total <= roomyUpTo ? 'roomy' : ''}`} aria-label={t('席位图')}>
      {picked.size > 0 && (
        <div className="seats-bulk">
          {t('已选 {{n}} 个席位', { n: picked.size })}
          <ForceButtons force={(state) => force(picked, state)} />
          <Button size="small" type="text" onClick={() => setPicked(new Set())}>
            {t('取消选择')}
          </Button>
        </div>
      )}
      {groups.map(([name, seats]) => {
        const folded = total > collapseAbove && !open.has(name);
        return (
          <div key={name} className="seat-group">
            <header>
              <b>{name || t('未分组')}</b>
              <Counts seats={seats} />
              {total > collapseAbove && (
                <Button
                  size="small"
                  type="link"
                  onClick={() => {
                    const next = new Set(open);
                    if (!next.delete(name)) next.add(name);
                    setOpen(next);
                  }}
                >
                  {folded ? t('展开') : t('收起')}
                </Button>
              )}
              {canForce && !folded && (
                <Button
                  size="small"
                  type="text"
                  onClick={() => setPicked(new Set([...picked, ...seats.map((s) => s.seat)]))}
                >
                  {t('全选')}
                </Button>
              )}
            </header>
            {!folded && (
              <div className="seat-tiles">
                {seats.map((s) => (
                  <Tile
                    key={s.seat}
                    s={s}
                    picked={picked.has(s.seat)}
                    canForce={canForce}
                    onPick={pick}
                    onForce={(state) => force([s.seat], state)}
                  />
                ))}
              </div>
            )}
          </div>
        );
      })}
    </section>
  );
}

const order: Status[] = ['idle', 'talking', 'ringing', 'notready', 'alarm'];

function Counts({ seats }: { seats: SeatView[] }) {
  const counts = new Map<Status, number>();
  let out = 0;
  for (const s of seats) {
    if (s.state === 'signed_out') out++;
    else counts.set(statusOfSeat[s.state], (counts.get(statusOfSeat[s.state]) ?? 0) + 1);
  }
  const t = useT();
  return (
    <span className="row small num">
      {order
        .filter((s) => counts.get(s))
        .map((s) => (
          <span key={s} className={`row st-${s}`} style={{ gap: 3 }}>
            <span className="dot" /> {counts.get(s)}
          </span>
        ))}
      {out > 0 && (
        <span className="muted">
          {t('签出')} {out}
        </span>
      )}
    </span>
  );
}

interface TileProps {
  s: SeatView;
  picked: boolean;
  canForce: boolean;
  onPick: (seat: string) => void;
  onForce: (state: SeatState) => void;
}

const same = (a: TileProps, b: TileProps) =>
  a.s === b.s && a.picked === b.picked && a.canForce === b.canForce;

const Tile = memo(function Tile({ s, picked, canForce, onPick, onForce }: TileProps) {
  const t = useT();
  const word = label(seatStates, s.state);
  const reason = s.reason ? label(reasons, s.reason) : '';
  const tile = (
    <button
      type="button"
      className={`seat st-${statusOfSeat[s.state]} ${s.state === 'signed_out' ? 'out' : ''} ${picked ? 'picked' : ''}`}
      data-seat={s.seat}
      data-state={s.state}
      onClick={(e) => (e.ctrlKey || e.shiftKey) && canForce && onPick(s.seat)}
    >
      <span className="seat-head num">
        <b>{s.seat}</b>
        <Since at={s.since} />
      </span>
      <span className="ellipsis">{s.name ?? ''}</span>
      <span className="seat-state ellipsis">
        {t(word)}
        {reason && reason !== word ? ` · ${t(reason)}` : ''}
      </span>
      <span className="small muted num ellipsis">{s.caller_masked ?? ' '}</span>
    </button>
  );
  return (
    <Popover
      trigger="click"
      mouseEnterDelay={0.4}
      content={<Detail s={s} canForce={canForce} force={onForce} pick={() => onPick(s.seat)} />}
    >
      {tile}
    </Popover>
  );
}, same);

function Detail({
  s,
  canForce,
  force,
  pick,
}: {
  s: SeatView;
  canForce: boolean;
  force: (state: SeatState) => void;
  pick: () => void;
}) {
  const t = useT();
  return (
    <div style={{ minWidth: 220 }}>
      <b className="num">
        {s.seat} {s.name}
      </b>
      <dl className="facts" style={{ margin: '8px 0' }}>
        <dt>{t('状态')}</dt>
        <dd>
          {t(label(seatStates, s.state))} <Since at={s.since} />
        </dd>
        {s.wish && s.wish.state !== s.state && (
          <>
            <dt>{t('通话后')}</dt>
            <dd>{t(label(seatStates, s.wish.state))}</dd>
          </>
        )}
        {s.call && (
          <>
            <dt>{t('通话')}</dt>
            <dd className="num">
              {s.caller_masked} {s.call_since && <Since at={s.call_since} />}
            </dd>
          </>
        )}
        {s.queue && (
          <>
            <dt>{t('队列')}</dt>
            <dd>
              <QueueName id={s.queue} />
            </dd>
          </>
        )}
        <dt>{t('话机')}</dt>
        <dd>
          {s.device === 'phone' ? t('桌面话机') : s.device === 'browser' ? t('浏览器电话') : ''}{' '}
          {s.state === 'signed_out' ? '' : s.registered ? t('已注册') : t('未注册')}
        </dd>
      </dl>
      {canForce && s.state !== 'signed_out' && (
        <>
          <ForceButtons force={force} />
          {inCall.has(s.state) && <div className="small muted">{t('通话后生效')}</div>}
        </>
      )}
      {canForce && (
        <div>
          <Button size="small" type="link" onClick={pick} style={{ paddingInline: 0 }}>
            {t('加入批量选择')}
          </Button>
        </div>
      )}
    </div>
  );
}

/** Name of a queue on the board. */
function QueueName({ id }: { id: string }) {
  return useLive((s) => s.board.queues[id]?.name) ?? <code>{id}</code>;
}

function ForceButtons({ force }: { force: (state: SeatState) => void }) {
  const t = useT();
  return (
    <Space size={4}>
      <Button size="small" onClick={() => force('not_ready')} data-force="not_ready">
        {t('强制示忙')}
      </Button>
      <Button size="small" onClick={() => force('idle')} data-force="idle">
        {t('强制示闲')}
      </Button>
      <Button size="small" onClick={() => force('signed_out')} data-force="signed_out">
        {t('强制签出')}
      </Button>
    </Space>
  );
}
