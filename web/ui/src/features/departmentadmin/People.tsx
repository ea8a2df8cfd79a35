import { PlusOutlined } from '@ant-design/icons';
import { App, Button, Checkbox, Form, Input, InputNumber, Modal, Table } from 'antd';
import { useState } from 'react';
import { errorText } from '@/api/errors';
import { del, patch, post } from '@/api/http';
import { useSession } from '@/app/session';
import { fullTime } from '@/components/format';
import { useT } from '@/i18n';
import { label, roles } from '@/labels';
import type { DepartmentView, Person } from './api';

const unitRoles = ['unit_clerk', 'unit_leader'];

/** 人员: add, edit, 分配角色, delete. */
export function People({ d, again }: { d: DepartmentView; again: () => Promise<void> }) {
  const t = useT();
  const session = useSession();
  const { message, modal } = App.useApp();
  const [adding, setAdding] = useState(false);
  const [editing, setEditing] = useState<Person | null>(null);
  const [granting, setGranting] = useState<Person | null>(null);
  const remove = (p: Person) =>
    modal.confirm({
      title: t('删除账号 {{account}}？', { account: p.account }),
      content: t('删除操作需谨慎使用：账号将不能再登录，办过的工单仍保留姓名。'),
      okText: t('删除'),
      okButtonProps: { danger: true },
      onOk: async () => {
        try {
          await del(`/department/people/${p.account}`);
          await again();
          void message.success(t('已删除'));
        } catch (e) {
          void message.error(t(errorText(e)));
        }
      },
    });
  const buttons = (p: Person) =>
    d.editable && (
      <div className="row">
        <Button size="small" onClick={() => setEditing(p)} data-act="edit-person">
          {t('编辑')}
        </Button>
        {p.account !== session.account && (
          <>
            <Button size="small" onClick={() => setGranting(p)} data-act="grant-role">
              {t('分配角色')}
            </Button>
            <Button size="small" danger onClick={() => remove(p)} data-act="delete-person">
              {t('删除')}
            </Button>
          </>
        )}
      </div>
    );
  return (
    <>
      {d.editable && (
        <div className="filters">
          <Button
            type="primary"
            icon={<PlusOutlined />}
            onClick={() => setAdding(true)}
            data-act="add-person"
          >
            {t('人员添加')}
          </Button>
        </div>
      )}
      <Table<Person>
        size="small"
        rowKey="account"
        pagination={false}
        dataSource={d.people}
        locale={{ emptyText: t('还没有人员，点“人员添加”开始') }}
        columns={[
          { title: t('登录账号'), width: 150, render: (_, p) => <code>{p.account}</code> },
          { title: t('姓名'), dataIndex: 'name' },
          {
            title: t('角色'),
            render: (_, p) =>
              p.roles.length ? (
                p.roles.map((r) => t(label(roles, r))).join('、')
              ) : (
                <span className="tag tag-strong">{t('未分配角色，不能登录')}</span>
              ),
          },
          { title: t('手机'), width: 130, render: (_, p) => <span className="num">{p.mobile_masked}</span> },
          { title: t('每月短信量'), width: 100, render: (_, p) => p.quota || t('默认') },
          {
            title: t('最近登录'),
            width: 150,
            render: (_, p) => <span className="num">{p.last_sign_in ? fullTime(p.last_sign_in) : ''}</span>,
          },
          { title: '', width: 220, render: (_, p) => buttons(p) },
        ]}
      />
      {adding && <Add d={d} close={() => setAdding(false)} again={again} />}
      {editing && <Edit p={editing} close={() => setEditing(null)} again={again} />}
      {granting && <Grant p={granting} close={() => setGranting(null)} again={again} />}
    </>
  );
}

interface NewPerson {
  name: string;
  account: string;
  password: string;
  question?: string;
  answer?: string;
  quota: number;
  mobile?: string;
}

/** 人员添加, field by field as the manual of the departments has it. */
function Add({ d, close, again }: { d: DepartmentView; close: () => void; again: () => Promise<void> }) {
  const t = useT();
  const { message } = App.useApp();
  const [form] = Form.useForm<NewPerson>();
  const [failure, setFailure] = useState('');
  const [busy, setBusy] = useState(false);
  const add = async (v: NewPerson) => {
    setBusy(true);
    setFailure('');
    try {
      await post<void>('/department/people', { ...v, unit: d.id });
      await again();
      void message.success(t('已添加，请为其分配角色'));
      close();
    } catch (e) {
      setFailure(t(errorText(e)));
    } finally {
      setBusy(false);
    }
  };
  const must = [{ required: true, message: t('必填') }];
  return (
    <Modal
      open
      title={t('人员添加')}
      okText={t('提交')}
      confirmLoading={busy}
      onOk={() => form.submit()}
      onCancel={close}
    >
      <Form<NewPerson>
        form={form}
        layout="vertical"
        initialValues={{ quota: 0 }}
        onFinish={(v) => void add(v)}
      >
        <Form.Item label={t('当前用户名称')} required>
          <Input value={d.name} disabled />
        </Form.Item>
        <Form.Item name="name" label={t('领导/经办人姓名')} rules={must}>
          <Input maxLength={40} data-field="name" />
        </Form.Item>
        <Form.Item
          name="account"
          label={t('登录账号')}
          rules={must}
          extra={d.prefix ? t('须以 {{prefix}} 开头', { prefix: d.prefix }) : undefined}
        >
          <Input maxLength={32} autoComplete="off" data-field="account" />
        </Form.Item>
        <Form.Item name="password" label={t('登录密码')} rules={must} extra={t('至少 10 位')}>
          <Input.Password autoComplete="new-password" data-field="password" />
        </Form.Item>
        <Form.Item label={t('取回密码')}>
          <div className="row">
            <Form.Item name="question" noStyle>
              <Input placeholder={t('问题')} maxLength={100} data-field="question" />
            </Form.Item>
            <Form.Item name="answer" noStyle>
              <Input placeholder={t('答案')} maxLength={100} autoComplete="off" data-field="answer" />
            </Form.Item>
          </div>
        </Form.Item>
        <Form.Item name="quota" label={t('每月短信量')} rules={must} extra={t('统一填 0：按全市默认')}>
          <InputNumber min={0} max={100000} />
        </Form.Item>
        <Form.Item name="mobile" label={t('手机')} extra={t('推荐填写，用于接收短信提醒')}>
          <Input maxLength={20} inputMode="tel" data-field="mobile" />
        </Form.Item>
        {failure && <p className="like-problem">{failure}</p>}
      </Form>
    </Modal>
  );
}

function Edit({ p, close, again }: { p: Person; close: () => void; again: () => Promise<void> }) {
  const t = useT();
  const [form] = Form.useForm();
  const [failure, setFailure] = useState('');
  const save = async (v: { name: string; mobile?: string; quota: number; password?: string }) => {
    try {
      await patch<void>(`/department/people/${p.account}`, {
        name: v.name,
        mobile: v.mobile || undefined,
        quota: v.quota,
        password: v.password || undefined,
      });
      await again();
      close();
    } catch (e) {
      setFailure(t(errorText(e)));
    }
  };
  return (
    <Modal
      open
      title={`${t('编辑')} ${p.account}`}
      okText={t('保存')}
      onOk={() => form.submit()}
      onCancel={close}
    >
      <Form
        form={form}
        layout="vertical"
        initialValues={{ name: p.name, quota: p.quota }}
        onFinish={(v) => void save(v)}
      >
        <Form.Item name="name" label={t('领导/经办人姓名')} rules={[{ required: true, message: t('必填') }]}>
          <Input maxLength={40} />
        </Form.Item>
        <Form.Item
          name="mobile"
          label={t('手机')}
          extra={t('现为 {{mobile}}，不改则留空', { mobile: p.mobile_masked || '—' })}
        >
          <Input maxLength={20} inputMode="tel" />
        </Form.Item>
        <Form.Item name="quota" label={t('每月短信量')}>
          <InputNumber min={0} max={100000} />
        </Form.Item>
        <Form.Item name="password" label={t('重置密码')} extra={t('不重置则留空；重置后对方须重新登录')}>
          <Input.Password autoComplete="new-password" />
        </Form.Item>
        {failure && <p className="like-problem">{failure}</p>}
      </Form>
    </Modal>
  );
}

/** 分配角色, the step after 人员添加. */
function Grant({ p, close, again }: { p: Person; close: () => void; again: () => Promise<void> }) {
  const t = useT();
  const [chosen, setChosen] = useState<string[]>(p.roles);
  const [failure, setFailure] = useState('');
  const save = async () => {
    try {
      await patch<void>(`/department/people/${p.account}`, { roles: chosen });
      await again();
      close();
    } catch (e) {
      setFailure(t(errorText(e)));
    }
  };
  return (
    <Modal
      open
      title={`${t('分配角色')} ${p.name}`}
      okText={t('保存')}
      onOk={() => void save()}
      onCancel={close}
    >
      <Checkbox.Group
        value={chosen}
        onChange={setChosen}
        options={unitRoles.map((value) => ({ value, label: t(label(roles, value)) }))}
      />
      {failure && <p className="like-problem">{failure}</p>}
    </Modal>
  );
}
