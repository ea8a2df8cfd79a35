import { Button, Input, Radio } from 'antd';
import { useState } from 'react';
import type { CallNote, CallView, SeatView } from '@/api/contract';
import { Until } from '@/components/Since';
import { useT } from '@/i18n';
import { notes, ratings } from '@/labels';
import { floor } from '@/live';
import { suggestedNote, useDone } from './model';
import { useRun } from './useRun';

/** 整理: the call note, preselected from what was done, and the end of wrap-up. */
export function WrapUp({
  seat,
  id,
  call,
}: {
  seat: SeatView;
  id: string;
  /** Unknown on a page that was opened after the call. */
  call: CallView | undefined;
}) {
  const t = useT();
  const done = useDone((s) => s.byCall[id]);
  const [chosen, setChosen] = useState<CallNote | null>(null);
  const [text, setText] = useState('');
  const [run, busy] = useRun();
  const note = chosen ?? suggestedNote(call, done);
  const finish = () =>
    run('done', async () => {
      await floor.note(id, note, text.trim() || undefined);
      await floor.wrapUpDone();
      setChosen(null);
      setText('');
    });
  return (
    <div className="strip" data-panel="wrap-up" data-note={note}>
      <b>{t('来电小结')}</b>
      <Radio.Group
        value={note}
        onChange={(e) => setChosen(e.target.value)}
        optionType="button"
        buttonStyle="solid"
        size="small"
        options={Object.entries(notes).map(([value, l]) => ({ value, label: t(l) }))}
      />
      <Input
        size="small"
        style={{ width: 220 }}
        value={text}
        maxLength={200}
        placeholder={t('补充说明（可不填）')}
        onChange={(e) => setText(e.target.value)}
        onPressEnter={finish}
      />
      {call?.rating ? (
        <span className="tag">
          {t('市民评价')} {t(ratings[call.rating] ?? '')}
        </span>
      ) : null}
      <span className="grow" />
      {seat.reason === 'note_missing' ? (
        <b>{t('整理时间已到，请选择小结后完成')}</b>
      ) : (
        <span>
          {t('整理剩余')} <b>{<Until at={seat.wrap_up_ends} />}</b>
        </span>
      )}
      <Button
        size="small"
        loading={busy === 'extend'}
        onClick={() => run('extend', () => floor.extendWrapUp(60))}
      >
        {t('延长 1 分钟')}
      </Button>
      <Button size="small" type="primary" loading={busy === 'done'} onClick={finish} data-act="wrap-up-done">
        {t('完成整理')}
      </Button>
    </div>
  );
}
