import { DownOutlined } from '@ant-design/icons';
import { AutoComplete, Button, Dropdown, Form, Input, Modal, Select } from 'antd';
import { useState } from 'react';
import type { AllowedAction, Ticket } from '@/api/contract';
import { post } from '@/api/http';
import { useRun } from '@/features/desktop/useRun';
import { useT } from '@/i18n';
import { actions, label } from '@/labels';

/** Actions that belong to the form or to a call, not to the ticket's page. */
const elsewhere = new Set(['save', 'urge', 'supplement', 'progress']);

const fieldTexts: Record<string, string> = {
  reason: '理由',
  lawful_way: '已告知的合法途径',
  missing: '缺少什么，请市民补充',
  master: '主单编号',
  text: '内容',
  account: '转给（账号）',
  emergency: '紧急热线',
};

const suggestions: Record<string, string[]> = {
  'refuse.reason': [
    '不属于本市受理范围',
    '应通过诉讼、仲裁、纪检监察、行政复议、政府信息公开等程序解决',
    '已进入信访渠道办理',
    '涉及国家秘密、商业秘密、个人隐私',
    '违反法律法规或公序良俗',
  ],
  'refuse.lawful_way': [
    '向人民法院起诉',
    '申请劳动仲裁',
    '申请行政复议',
    '向信访部门反映',
    '向当地 12345 反映',
  ],
  'discard.reason': ['误建', '市民撤回诉求', '无实质内容', '与其他工单重复'],
};

/** What may be done with the ticket now: the one primary action as a button, the rest under 更多. */
export function ActionButtons({
  ticket,
  done,
  before,
  up,
}: {
  ticket: Ticket;
  done: (x: Ticket, a: AllowedAction) => void;
  /** Saves what is typed first and gives the ticket as it then stands. */
  before?: () => Promise<Ticket>;
  up?: boolean;
}) {
  const t = useT();
  const [asked, setAsked] = useState<AllowedAction | null>(null);
  const [run, busy] = useRun();
  const list = (ticket.allowed_actions ?? []).filter((a) => !elsewhere.has(a.name));
  const word = (a: AllowedAction) => t(a.label || label(actions, a.name));
  const send = async (a: AllowedAction, fields: Record<string, string>) => {
    let result: Ticket | null = null;
    const ok = await run(a.name, async () => {
      const { id, version } = before ? await before() : ticket;
      result = await post<Ticket>(
        `/tickets/${id}/actions/${a.name}`,
        { version, ...fields },
        { headers: { 'Idempotency-Key': `${id}-${version}-${a.name}` } },
      );
    });
    if (ok && result) {
      setAsked(null);
      done(result, a);
    }
  };
  const choose = (a: AllowedAction) => (a.needs?.length ? setAsked(a) : void send(a, {}));
  const primary = list.filter((a) => a.primary);
  const rest = list.filter((a) => !a.primary);
  return (
    <>
      {rest.length > 0 && (
        <Dropdown
          trigger={['click']}
          placement={up ? 'topRight' : undefined}
          menu={{
            items: rest.map((a) => ({
              key: a.name,
              label: <span data-action={a.name}>{word(a)}</span>,
              onClick: () => choose(a),
            })),
          }}
        >
          <Button icon={<DownOutlined />} iconPlacement="end" data-act="more-actions">
            {t('更多')}
          </Button>
        </Dropdown>
      )}
      {primary.map((a) => (
        <Button
          key={a.name}
          type="primary"
          loading={busy === a.name}
          onClick={() => choose(a)}
          data-action={a.name}
        >
          {word(a)}
        </Button>
      ))}
      {asked && (
        <Modal open title={word(asked)} footer={null} onCancel={() => setAsked(null)} destroyOnHidden>
          <Form layout="vertical" onFinish={(v) => send(asked, v)}>
            {asked.needs?.map((need) => (
              <Form.Item
                key={need}
                name={need}
                label={t(fieldTexts[need] ?? need)}
                rules={[{ required: true, whitespace: true, message: t('必填') }]}
              >
                {need === 'emergency' ? (
                  <Select
                    options={['110', '119', '120', '122'].map((value) => ({ value, label: value }))}
                    data-field={need}
                  />
                ) : suggestions[`${asked.name}.${need}`] ? (
                  <AutoComplete
                    options={suggestions[`${asked.name}.${need}`]?.map((x) => ({ value: t(x) }))}
                    maxLength={500}
                    data-field={need}
                  />
                ) : need === 'account' || need === 'master' ? (
                  <Input maxLength={40} data-field={need} />
                ) : (
                  <Input.TextArea autoSize={{ minRows: 3 }} maxLength={1000} data-field={need} />
                )}
              </Form.Item>
            ))}
            <div className="row" style={{ justifyContent: 'flex-end' }}>
              <Button onClick={() => setAsked(null)}>{t('取消')}</Button>
              <Button type="primary" htmlType="submit" loading={busy === asked.name} data-act="confirm">
                {word(asked)}
              </Button>
            </div>
          </Form>
        </Modal>
      )}
    </>
  );
}
