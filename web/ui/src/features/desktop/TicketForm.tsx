import { CheckOutlined, CloseOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { App, Button, Cascader, Checkbox, Input, Radio, Select } from 'antd';
import type { ReactNode } from 'react';
import { useState } from 'react';
import type { AllowedAction, Ticket, TicketType } from '@/api/contract';
import { errorText } from '@/api/errors';
import { areasQuery, classesQuery } from '@/api/lists';
import { useCommands } from '@/app/keys';
import { clockTime, phoneNumber } from '@/components/format';
import { ActionButtons } from '@/features/tickets/actions';
import { useT } from '@/i18n';
import { elements, sources, ticketTypes, urgencies } from '@/labels';
import { useLive } from '@/live';
import { DirectDispatch } from './DirectDispatch';
import { type Draft, type DraftFields, elementsOf, valuesOf } from './drafts';
import './form.css';
import { act, did, drafts, savedTicket, useDraft } from './model';
import { Submitted } from './Submitted';

/** The ticket form of one tab. `letter` is a ticket entered by hand: it has a source and an outside number. */
export function TicketForm({ id }: { id: string }) {
  const d = useDraft(id);
  if (!d) return null;
  return d.done ? <Submitted draft={d} /> : <Form d={d} />;
}

function Form({ d }: { d: Draft }) {
  const t = useT();
  const { message } = App.useApp();
  const [busy, setBusy] = useState<string | null>(null);
  const v = valuesOf(d);
  const call = useLive((s) => (d.call ? s.calls[d.call] : undefined));
  const set = (c: Partial<DraftFields>) => drafts.edit(d.key, c);
  const caller = (c: Partial<DraftFields['caller']>) => set({ caller: { ...v.caller, ...c } });
  const place = (c: Partial<DraftFields['place']>) => set({ place: { ...v.place, ...c } });
  const letter = v.source !== 'phone' && v.source !== 'voicemail';

  const missing = (direct: boolean): string[] => [
    ...(v.type ? [] : ['诉求类型']),
    ...(v.title.trim() ? [] : ['标题']),
    ...(v.content.trim() ? [] : ['主要内容']),
    ...(v.class_id ? [] : ['问题分类']),
    ...(direct && !v.answer.trim() ? ['答复内容'] : []),
  ];
  const finish = async (action: 'submit' | 'close_direct' | 'direct_dispatch') => {
    const gaps = missing(action === 'close_direct');
    if (gaps.length) {
      void message.warning(t('还缺：{{list}}', { list: gaps.map((g) => t(g)).join('、') }));
      return;
    }
    setBusy(action);
    try {
      const returned = action === 'submit' && d.ticket?.state === 'supplement';
      const ticket: Ticket = await act(d.key, returned ? 'resubmit' : action);
      drafts.finish(d.key, ticket);
      did(d.call, 'ticket');
    } catch (e) {
      void message.error(t(errorText(e)));
    } finally {
      setBusy(null);
    }
  };
  const save = async () => {
    await drafts.save(d.key);
    const now = drafts.get(d.key);
    if (now?.error) void message.error(t(errorText({ code: now.error })));
    else if (!now?.ticket) void message.info(t('还没有填写内容'));
  };
  const ended = (ticket: Ticket, a: AllowedAction) => {
    drafts.forget(d.key);
    if (a.name !== 'discard') did(d.call, 'ticket');
    void message.success(
      `${t('已完成：{{action}}', { action: t(a.label || a.name) })} ${ticket.number ?? ''}`,
    );
  };
  useCommands({ save: () => void save(), submit: () => void finish('submit') });

  return (
    <form
      className="tform"
      onBlur={() => void drafts.save(d.key)}
      onSubmit={(e) => e.preventDefault()}
      data-form={d.key}
      data-ticket={d.ticket?.id ?? ''}
      data-saved={d.savedAt && !d.error ? 'yes' : 'no'}
    >
      <div className="tform-body">
        <div className="tform-line">
          <Label text="诉求类型" required />
          <Radio.Group
            value={v.type}
            onChange={(e) => {
              const type = e.target.value as TicketType;
              set(type === 'report' ? { type, secret: true } : { type });
            }}
            options={Object.entries(ticketTypes).map(([value, l]) => ({ value, label: t(l) }))}
            data-field="type"
          />
          <span className="grow" />
          <Label text="紧急程度" />
          <Select
            value={v.urgency}
            style={{ width: 84 }}
            onChange={(urgency) => set({ urgency })}
            options={Object.entries(urgencies).map(([value, l]) => ({ value, label: t(l) }))}
            data-field="urgency"
          />
          <Checkbox
            checked={v.secret}
            onChange={(e) => set({ secret: e.target.checked })}
            data-field="secret"
          >
            {t('保密')}
          </Checkbox>
        </div>
        {letter && (
          <div className="tform-line">
            <Label text="受理渠道" required />
            <Select
              value={v.source}
              style={{ width: 150 }}
              onChange={(source) => set({ source })}
              options={Object.entries(sources)
                .filter(([k]) => k !== 'phone' && k !== 'voicemail')
                .map(([value, l]) => ({ value, label: t(l) }))}
              data-field="source"
            />
            <Label text="来源系统" />
            <Input
              value={v.external_ref.system ?? ''}
              maxLength={60}
              onChange={(e) => set({ external_ref: { ...v.external_ref, system: e.target.value } })}
              data-field="external_system"
            />
            <Label text="外部编号" />
            <Input
              value={v.external_ref.no ?? ''}
              maxLength={60}
              onChange={(e) => set({ external_ref: { ...v.external_ref, no: e.target.value } })}
              data-field="external_no"
            />
          </div>
        )}
        <div className="tform-line">
          <Label text="标题" required />
          <Input
            value={v.title}
            maxLength={100}
            onChange={(e) => set({ title: e.target.value })}
            placeholder={t('一句话说清：哪里、什么事')}
            data-field="title"
          />
        </div>
        <div className="tform-line">
          <Label text="来电人" />
          <Input
            value={v.caller.name ?? ''}
            maxLength={40}
            style={{ width: 110 }}
            onChange={(e) => caller({ name: e.target.value })}
            placeholder={t('姓名')}
            data-field="caller_name"
          />
          <Radio.Group
            value={v.caller.gender ?? ''}
            onChange={(e) => caller({ gender: e.target.value })}
            options={[
              { value: 'male', label: t('先生') },
              { value: 'female', label: t('女士') },
            ]}
          />
          <Radio.Group
            value={v.caller.kind || 'person'}
            onChange={(e) => caller({ kind: e.target.value })}
            options={[
              { value: 'person', label: t('个人') },
              { value: 'enterprise', label: t('企业') },
            ]}
            data-field="caller_kind"
          />
          {v.caller.kind === 'enterprise' && (
            <Input
              value={v.caller.company ?? ''}
              maxLength={100}
              onChange={(e) => caller({ company: e.target.value })}
              placeholder={t('企业名称')}
              data-field="company"
            />
          )}
        </div>
        <div className="tform-line">
          <Label text="联系电话" />
          {d.call && (
            <Checkbox
              checked={v.caller.contact_same_as_caller !== false}
              onChange={(e) => caller({ contact_same_as_caller: e.target.checked })}
              data-field="contact_same"
            >
              {t('与来电号码相同')}{' '}
              <span className="num muted">
                {phoneNumber(call?.caller ?? v.caller.number) || v.caller.number_masked || ''}
              </span>
            </Checkbox>
          )}
          {(!d.call || v.caller.contact_same_as_caller === false) && (
            <Input
              value={v.caller.phone ?? ''}
              maxLength={24}
              style={{ width: 170 }}
              inputMode="tel"
              placeholder={v.caller.phone_masked || t('市民希望用的号码')}
              onChange={(e) => caller({ phone: e.target.value })}
              data-field="contact"
            />
          )}
          <span className="grow" />
          <Checkbox checked={v.need_reply} onChange={(e) => set({ need_reply: e.target.checked })}>
            {t('需答复')}
          </Checkbox>
          <Checkbox checked={v.need_follow_up} onChange={(e) => set({ need_follow_up: e.target.checked })}>
            {t('需回访')}
          </Checkbox>
        </div>
        <div className="tform-line top">
          <Label text="主要内容" required />
          <div className="grow">
            <Input.TextArea
              value={v.content}
              autoSize={{ minRows: 5, maxRows: 12 }}
              maxLength={20000}
              onChange={(e) => set({ content: e.target.value })}
              placeholder={t('何时、何地、何人、因何、经过如何；市民想要怎么解决')}
              data-field="content"
            />
            <ElementMarks v={v} />
          </div>
        </div>
        <div className="tform-line">
          <Label text="发生时间" />
          <Input
            value={v.happened_at}
            maxLength={60}
            style={{ width: 170 }}
            placeholder={t('如：每晚 23 点后')}
            onChange={(e) => set({ happened_at: e.target.value })}
            data-field="happened_at"
          />
          <Label text="被反映人" />
          <Input
            value={v.subject.name ?? ''}
            maxLength={80}
            placeholder={t('单位或个人')}
            onChange={(e) => set({ subject: { ...v.subject, name: e.target.value } })}
            data-field="subject"
          />
        </div>
        <div className="tform-line">
          <Label text="事发地" />
          <AreaSelect value={v.place.area ?? []} onChange={(area) => place({ area })} />
          <Input
            value={v.place.address ?? ''}
            maxLength={200}
            placeholder={t('街道、小区、楼栋门牌')}
            onChange={(e) => place({ address: e.target.value })}
            data-field="address"
          />
        </div>
        <div className="tform-line">
          <Label text="问题分类" required />
          <ClassSelect value={v.class_id} onChange={(class_id) => set({ class_id })} />
        </div>
        <div className="tform-line top">
          <Label text="答复内容" />
          <Input.TextArea
            value={v.answer}
            autoSize={{ minRows: 2, maxRows: 8 }}
            maxLength={4000}
            onChange={(e) => set({ answer: e.target.value })}
            placeholder={t('当场答复市民的内容（直办办结时必填）')}
            data-field="answer"
          />
        </div>
      </div>
      <footer className="tform-foot">
        <Button onClick={save} data-act="save">
          {t('暂存')} <kbd>Ctrl+S</kbd>
        </Button>
        <SaveState d={d} />
        <span className="grow" />
        {d.ticket ? (
          <ActionButtons
            up
            ticket={{
              ...d.ticket,
              allowed_actions: d.ticket.allowed_actions?.filter((a) => !ownButtons.has(a.name)),
            }}
            before={() => savedTicket(d.key)}
            done={ended}
          />
        ) : (
          Object.keys(d.changes).length > 0 && (
            <Button type="text" onClick={() => drafts.forget(d.key)} data-act="discard">
              {t('清空')}
            </Button>
          )
        )}
        <DirectDispatch
          ticket={d.ticket}
          busy={busy === 'direct_dispatch'}
          send={() => void finish('direct_dispatch')}
        />
        <Button
          loading={busy === 'close_direct'}
          onClick={() => finish('close_direct')}
          data-act="close-direct"
        >
          {t('直办办结')}
        </Button>
        <Button type="primary" loading={busy === 'submit'} onClick={() => finish('submit')} data-act="submit">
          {t('提交派单')} <kbd>Ctrl+Enter</kbd>
        </Button>
      </footer>
    </form>
  );
}

/** Actions that have their own button in the form. */
const ownButtons = new Set(['submit', 'resubmit', 'close_direct', 'direct_dispatch', 'take', 'release']);

function Label({ text, required }: { text: string; required?: boolean }): ReactNode {
  const t = useT();
  return <span className={`tform-label ${required ? 'must' : ''}`}>{t(text)}</span>;
}

/** 五要素: which of them the text has. Incomplete is allowed. */
function ElementMarks({ v }: { v: DraftFields }) {
  const t = useT();
  const has = elementsOf(v);
  return (
    <div className="elements small" data-elements={Object.values(has).filter(Boolean).length}>
      {t('五要素')}
      {Object.entries(elements).map(([k, l]) => {
        const ok = has[k as keyof typeof has];
        return (
          <span key={k} className={ok ? 'have' : ''} data-element={k} data-have={ok}>
            {t(l)} {ok ? <CheckOutlined /> : <CloseOutlined />}
          </span>
        );
      })}
      <span className="muted num">{v.content.length}/20000</span>
    </div>
  );
}

function SaveState({ d }: { d: Draft }) {
  const t = useT();
  const waiting = Object.keys(d.changes).length > 0;
  let text = '';
  if (d.error) text = `${t('未存到服务器，已保存在本机')}：${t(errorText({ code: d.error }))}`;
  else if (d.saving) text = t('正在保存…');
  else if (waiting) text = t('未保存的修改');
  else if (d.savedAt) text = `✓ ${t('已存')} ${clockTime(d.savedAt)}`;
  return (
    <span className={`small num ${d.error ? '' : 'muted'}`} data-save-state role="status">
      {text}
    </span>
  );
}

function AreaSelect({ value, onChange }: { value: string[]; onChange: (codes: string[]) => void }) {
  const t = useT();
  const q = useQuery(areasQuery);
  return (
    <Cascader
      value={value}
      options={q.data}
      loading={q.isPending}
      changeOnSelect
      showSearch
      style={{ width: 230, flex: 'none' }}
      placeholder={t('区县 / 街道')}
      onChange={(codes) => onChange((codes as string[] | undefined) ?? [])}
      data-field="area"
    />
  );
}

/** Class of the request, found by words or pinyin initials. */
export function ClassSelect({
  value,
  onChange,
  placeholder,
}: {
  value: string;
  onChange: (id: string) => void;
  placeholder?: string;
}) {
  const t = useT();
  const q = useQuery(classesQuery);
  return (
    <Select
      value={value || undefined}
      showSearch
      allowClear
      loading={q.isPending}
      style={{ flex: 1, minWidth: 0 }}
      aria-label={t('问题分类')}
      placeholder={placeholder ?? t('输入汉字或拼音首字母，如 zsrm → 噪声扰民')}
      options={q.data}
      filterOption={(input, o) =>
        input
          .toLowerCase()
          .split(/\s+/)
          .every((w) => o?.search.includes(w) ?? false)
      }
      filterSort={(a, b, { searchValue }) => {
        const first = (o: typeof a) => (o.initials.startsWith(searchValue.toLowerCase()) ? 0 : 1);
        return first(a) - first(b);
      }}
      onChange={(id) => onChange(id ?? '')}
      data-field="class"
    />
  );
}
