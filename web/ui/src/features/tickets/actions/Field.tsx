import { AutoComplete, DatePicker, Input, InputNumber, Radio, Select } from 'antd';
import dayjs from 'dayjs';
import type { AllowedAction, Ticket } from '@/api/contract';
import { useT } from '@/i18n';
import { outcomes, supervisionKinds, urgencies } from '@/labels';
import { type ActValues, needText, parentUnitOf, suggestions } from './needs';
import { TicketPicker } from './TicketPicker';
import { UnitPicker } from './UnitPicker';
import { VisitFields } from './VisitFields';

/** The control of one need of an action. */
export function Field({
  ticket,
  action,
  need,
  values,
  set,
  autoFocus,
}: {
  ticket: Ticket;
  action: AllowedAction;
  need: string;
  values: ActValues;
  set: (change: Partial<ActValues>) => void;
  autoFocus?: boolean;
}) {
  const t = useT();
  const key = need as keyof ActValues;
  const text = (values[key] as string | undefined) ?? '';
  const label = t(needText(action.name, need));
  const options = (table: Record<string, string>) =>
    Object.entries(table).map(([value, l]) => ({ value, label: t(l) }));
  switch (need) {
    case 'unit':
    case 'proposed':
      return (
        <UnitPicker
          field={need}
          label={label}
          below={need === 'unit' ? parentUnitOf(ticket, action) : undefined}
          value={text}
          autoFocus={autoFocus}
          onChange={(id) => set({ [key]: id })}
        />
      );
    case 'units':
    case 'assists':
      return (
        <UnitPicker
          multiple
          field={need}
          label={label}
          below={parentUnitOf(ticket, action)}
          without={values.unit ? [values.unit] : undefined}
          value={values[key] as string[] | undefined}
          onChange={(ids) => set({ [key]: ids })}
        />
      );
    case 'due_at':
      return (
        <DatePicker
          showTime={{ format: 'HH:mm', minuteStep: 30 }}
          format="YYYY-MM-DD HH:mm"
          style={{ width: '100%' }}
          value={text ? dayjs(text) : null}
          placeholder={t('不填：按规则计算')}
          aria-label={label}
          onChange={(d) => set({ due_at: d?.toISOString() })}
          data-field={need}
        />
      );
    case 'until':
      return (
        <DatePicker
          style={{ width: '100%' }}
          value={text ? dayjs(text) : null}
          aria-label={label}
          disabledDate={(d) => d.isBefore(dayjs().startOf('day'))}
          onChange={(d) => set({ until: d?.endOf('day').toISOString() })}
          data-field={need}
        />
      );
    case 'days':
      return (
        <InputNumber
          min={1}
          max={60}
          precision={0}
          value={values.days}
          aria-label={label}
          suffix={t('工作日')}
          style={{ width: 150 }}
          onChange={(days) => set({ days: days ?? undefined })}
          data-field={need}
        />
      );
    case 'keep':
      return (
        <Radio.Group
          value={values.keep ?? true}
          onChange={(e) => set({ keep: e.target.value })}
          options={[
            { value: true, label: t('继续办理') },
            { value: false, label: t('一并终止') },
          ]}
          data-field={need}
        />
      );
    case 'emergency':
      return (
        <Select
          value={text || undefined}
          aria-label={label}
          options={['110', '119', '120', '122'].map((value) => ({ value, label: value }))}
          onChange={(emergency) => set({ emergency })}
          data-field={need}
        />
      );
    case 'outcome':
    case 'kind':
    case 'urgency': {
      const cards = { yellow: '黄牌', red: '红牌' };
      const table =
        need === 'outcome'
          ? outcomes
          : need === 'urgency'
            ? urgencies
            : action.name === 'issue_card'
              ? cards
              : supervisionKinds;
      return (
        <Radio.Group
          value={text}
          onChange={(e) => set({ [key]: e.target.value })}
          options={options(table)}
          data-field={need}
        />
      );
    }
    case 'master':
    case 'old':
      return <TicketPicker of={ticket} value={text} onChange={(v) => set({ [key]: v })} field={need} />;
    case 'visit':
      return (
        <VisitFields action={action.name} value={values.visit ?? {}} onChange={(visit) => set({ visit })} />
      );
    case 'account':
      return (
        <Input
          maxLength={40}
          value={text}
          aria-label={label}
          onChange={(e) => set({ account: e.target.value })}
          data-field={need}
        />
      );
    case 'lawful_way':
    case 'proof':
      return (
        <AutoComplete
          value={text}
          options={suggestions[`${action.name}.${need}`]?.map((x) => ({ value: t(x) }))}
          aria-label={label}
          onChange={(v) => set({ [key]: v })}
          data-field={need}
        />
      );
  }
  return (
    <TextField
      value={text}
      label={label}
      autoFocus={autoFocus}
      suggest={suggestions[`${action.name}.${need}`]}
      field={need}
      onChange={(v) => set({ [key]: v })}
    />
  );
}

/** A text with sentences that a click writes. */
function TextField(p: {
  value: string;
  label: string;
  field: string;
  suggest?: string[];
  autoFocus?: boolean;
  onChange: (v: string) => void;
}) {
  const t = useT();
  return (
    <>
      <Input.TextArea
        value={p.value}
        autoSize={{ minRows: 3, maxRows: 14 }}
        aria-label={p.label}
        autoFocus={p.autoFocus}
        onChange={(e) => p.onChange(e.target.value)}
        data-field={p.field}
      />
      {p.suggest && (
        <div className="suggests">
          {p.suggest.map((x) => (
            <button
              key={x}
              type="button"
              className="suggest"
              onClick={() => p.onChange(p.value.trim() ? `${p.value.trim()}；${t(x)}` : t(x))}
            >
              {t(x)}
            </button>
          ))}
        </div>
      )}
    </>
  );
}
