import { useQueryClient } from '@tanstack/react-query';
import { App, Button, Checkbox, Form, Input, Modal, Select, Space, Table } from 'antd';
import { useState } from 'react';
import type { AdminAccount, AdminRole, Unit } from '@/api/contract';
import { patch, post } from '@/api/http';
import { shortTime } from '@/components/format';
import { Loaded, Nothing, PageShell } from '@/components/page';
import { useUrlFilters } from '@/components/useUrlFilters';
import { useRun } from '@/features/desktop/useRun';
import { useT } from '@/i18n';
import { FormDrawer, useAdminList } from './parts';

interface Fields {
  account: string;
  name: string;
  unit?: string;
  roles: string[];
  mobile?: string;
  disabled: boolean;
  password?: string;
}

export default function Accounts() {
  const t = useT();
  const { message } = App.useApp();
  const client = useQueryClient();
  const [f, set] = useUrlFilters();
  const q = useAdminList<AdminAccount>('/admin/accounts');
  const roles = useAdminList<AdminRole>('/admin/roles');
  const units = useAdminList<Unit>('/units');
  const [row, setRow] = useState<Fields | null>(null);
  const [isNew, setIsNew] = useState(false);
  const [password, setPassword] = useState<string | null>(null);
  const [run, busy] = useRun();
  const refetch = () => client.invalidateQueries({ queryKey: ['/admin/accounts'] });
  const roleName = (code: string) => roles.data?.find((r) => r.code === code)?.label ?? code;
  const unitName = (id?: string) => units.data?.find((u) => u.id === id)?.name ?? id ?? '';
  const open = (a: AdminAccount | null) => {
    setIsNew(a === null);
    setRow(
      a
        ? { account: a.account, name: a.name, unit: a.unit, roles: a.roles, disabled: a.disabled }
        : { account: '', name: '', roles: [], disabled: false },
    );
  };
  const save = async (v: Fields) => {
    const { account, password: secret, mobile, ...rest } = v;
    const body = { ...rest, unit: rest.unit ?? '', ...(mobile ? { mobile } : {}) };
    if (isNew) await post('/admin/accounts', { account, password: secret, ...body });
    else await patch(`/admin/accounts/${row?.account}`, body);
    await refetch();
  };
  return (
    <PageShell
      title={t('账号')}
      extra={
        <>
          <Input.Search
            allowClear
            placeholder={t('账号、姓名或单位')}
            defaultValue={f.q}
            onSearch={(x) => set({ q: x.trim() })}
            style={{ width: 220 }}
          />
          <Button type="primary" onClick={() => open(null)} data-act="new">
            {t('新增')}
          </Button>
        </>
      }
    >
      <Loaded query={q}>
        {(items) => (
          <div className="card" data-list="/admin/accounts">
            <Table<AdminAccount>
              size="small"
              rowKey="account"
              dataSource={items.filter(
                (a) => !f.q || [a.account, a.name, unitName(a.unit)].some((x) => x.includes(f.q as string)),
              )}
              pagination={items.length > 50 ? { pageSize: 50, showSizeChanger: false } : false}
              scroll={{ x: 'max-content' }}
              locale={{ emptyText: <Nothing text={t('没有符合条件的账号')} /> }}
              columns={[
                { title: t('账号'), width: 120, render: (_, a) => <code>{a.account}</code> },
                { title: t('姓名'), dataIndex: 'name', width: 120 },
                { title: t('单位'), width: 170, render: (_, a) => unitName(a.unit) },
                {
                  title: t('角色'),
                  width: 220,
                  render: (_, a) =>
                    a.roles.map((r) => t(roleName(r))).join('、') || <b>{t('无角色，不能使用')}</b>,
                },
                { title: t('席位'), dataIndex: 'seat', width: 80 },
                { title: t('手机'), dataIndex: 'mobile_masked', width: 120 },
                {
                  title: t('状态'),
                  width: 110,
                  render: (_, a) => (a.disabled ? t('已停用') : a.locked ? t('已锁定') : t('正常')),
                },
                {
                  title: t('最近登录'),
                  width: 110,
                  render: (_, a) => <span className="num">{shortTime(a.last_sign_in)}</span>,
                },
                {
                  title: t('操作'),
                  width: 220,
                  render: (_, a) => (
                    <Space size={4}>
                      <Button size="small" onClick={() => open(a)} data-act="edit">
                        {t('编辑')}
                      </Button>
                      <Button size="small" onClick={() => setPassword(a.account)}>
                        {t('重置密码')}
                      </Button>
                      {a.locked && (
                        <Button
                          size="small"
                          loading={busy === a.account}
                          onClick={async () => {
                            if (await run(a.account, () => post(`/admin/accounts/${a.account}/unlock`)))
                              await refetch();
                          }}
                        >
                          {t('解锁')}
                        </Button>
                      )}
                    </Space>
                  ),
                },
              ]}
            />
          </div>
        )}
      </Loaded>
      {row && (
        <FormDrawer
          title={isNew ? t('新增账号') : `${row.account} ${row.name}`}
          initial={row}
          close={() => setRow(null)}
          save={save}
        >
          {() => (
            <>
              {isNew && (
                <Form.Item
                  name="account"
                  label={t('登录账号')}
                  rules={[{ required: true, message: t('必填') }]}
                >
                  <Input maxLength={40} />
                </Form.Item>
              )}
              <Form.Item name="name" label={t('姓名')} rules={[{ required: true, message: t('必填') }]}>
                <Input maxLength={40} />
              </Form.Item>
              {isNew && (
                <Form.Item
                  name="password"
                  label={t('初始密码')}
                  rules={[{ required: true, min: 10, message: t('密码至少 10 个字符') }]}
                >
                  <Input.Password autoComplete="new-password" />
                </Form.Item>
              )}
              <Form.Item name="roles" label={t('角色')} extra={t('没有角色的账号不能做任何事')}>
                <Select
                  mode="multiple"
                  options={roles.data?.map((r) => ({ value: r.code, label: t(r.label) }))}
                />
              </Form.Item>
              <Form.Item name="unit" label={t('单位')}>
                <Select
                  allowClear
                  showSearch={{ optionFilterProp: 'label' }}
                  options={units.data?.map((u) => ({ value: u.id, label: u.name }))}
                />
              </Form.Item>
              <Form.Item name="mobile" label={t('手机')} extra={isNew ? '' : t('不填则不变')}>
                <Input maxLength={20} />
              </Form.Item>
              <Form.Item name="disabled" valuePropName="checked">
                <Checkbox>{t('停用')}</Checkbox>
              </Form.Item>
            </>
          )}
        </FormDrawer>
      )}
      {password && (
        <Modal open footer={null} title={`${t('重置密码')} · ${password}`} onCancel={() => setPassword(null)}>
          <Form
            layout="vertical"
            onFinish={async (v: { password: string }) => {
              if (await run('pw', () => post(`/admin/accounts/${password}/password`, v))) {
                void message.success(t('密码已重置，请当面告知本人'));
                setPassword(null);
              }
            }}
          >
            <Form.Item
              name="password"
              label={t('新密码')}
              rules={[{ required: true, min: 10, message: t('密码至少 10 个字符') }]}
            >
              <Input.Password autoComplete="new-password" />
            </Form.Item>
            <Button type="primary" htmlType="submit" loading={busy === 'pw'}>
              {t('确定')}
            </Button>
          </Form>
        </Modal>
      )}
    </PageShell>
  );
}
