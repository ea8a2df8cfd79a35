import { PlusOutlined } from '@ant-design/icons';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Checkbox, DatePicker, Form, Input, Modal, Select, Table, Tabs } from 'antd';
import dayjs, { type Dayjs } from 'dayjs';
import { useState } from 'react';
import type { List } from '@/api/contract';
import { errorText } from '@/api/errors';
import { del, get, post, put } from '@/api/http';
import { itemsOf } from '@/api/lists';
import { may, P } from '@/app/permissions';
import { useSession } from '@/app/session';
import { fullTime, shortTime } from '@/components/format';
import { Loaded, Nothing, PageShell } from '@/components/page';
import { UnitPicker } from '@/features/tickets/actions/UnitPicker';
import { useT } from '@/i18n';
import { label, roles } from '@/labels';
import { type Announcement, announcementsQuery, audiences, type Reader } from './api';
import './announcements.css';

/** 公告区: what is meant for the person, and for who writes them all of them with their readers. */
export default function Announcements() {
  const t = useT();
  const session = useSession();
  const writes = may(session, P.announcements);
  const [edit, setEdit] = useState<Announcement | 'new' | null>(null);
  return (
    <PageShell
      title={t('公告')}
      extra={
        writes && (
          <Button type="primary" icon={<PlusOutlined />} onClick={() => setEdit('new')} data-act="announce">
            {t('发布公告')}
          </Button>
        )
      }
    >
      <div className="card pad">
        {writes ? (
          <Tabs
            items={[
              { key: 'mine', label: t('公告区'), children: <Mine /> },
              { key: 'all', label: t('发布与阅读情况'), children: <All edit={setEdit} /> },
            ]}
          />
        ) : (
          <Mine />
        )}
      </div>
      {edit && <Edit x={edit === 'new' ? undefined : edit} close={() => setEdit(null)} />}
    </PageShell>
  );
}

function Mine() {
  const t = useT();
  const client = useQueryClient();
  const q = useQuery(announcementsQuery());
  const read = async (a: Announcement) => {
    await post<void>(`/announcements/${a.id}/read`);
    await client.invalidateQueries({ queryKey: ['/announcements'] });
  };
  return (
    <Loaded query={q}>
      {(list) =>
        list.length === 0 ? (
          <Nothing text={t('没有公告')} />
        ) : (
          list.map((a) => (
            <article
              key={a.id}
              className={`announcement ${a.read_at ? '' : 'unread'}`}
              data-announcement={a.id}
            >
              <h3>
                {a.title}{' '}
                {a.must_confirm && !a.read_at && <span className="tag tag-strong">{t('须确认')}</span>}
              </h3>
              <p className="muted small num">
                {a.by_name} · {fullTime(a.at)}
                {a.version > 1 && ` · ${t('第 {{n}} 版', { n: a.version })}`}
              </p>
              <p className="announcement-text">{a.text}</p>
              {a.read_at ? (
                <span className="muted small">{t('已读 {{time}}', { time: shortTime(a.read_at) })}</span>
              ) : (
                <Button size="small" onClick={() => void read(a)} data-act="read-announcement">
                  {t('我已阅读')}
                </Button>
              )}
            </article>
          ))
        )
      }
    </Loaded>
  );
}

function All({ edit }: { edit: (a: Announcement) => void }) {
  const t = useT();
  const client = useQueryClient();
  const { modal } = App.useApp();
  const q = useQuery(announcementsQuery(true));
  const [readers, setReaders] = useState<Announcement | null>(null);
  const withdraw = (a: Announcement) =>
    modal.confirm({
      title: t('撤下公告“{{title}}”？', { title: a.title }),
      okText: t('撤下'),
      onOk: async () => {
        await del<void>(`/announcements/${a.id}`);
        await client.invalidateQueries({ queryKey: ['/announcements'] });
      },
    });
  return (
    <>
      <Table<Announcement>
        size="small"
        rowKey="id"
        loading={q.isPending}
        dataSource={q.data ?? []}
        pagination={false}
        locale={{ emptyText: t('还没有发布过公告') }}
        columns={[
          { title: t('标题'), dataIndex: 'title' },
          { title: t('范围'), width: 140, render: (_, a) => t(audiences[a.audience] ?? a.audience) },
          { title: t('发布'), width: 150, render: (_, a) => <span className="num">{fullTime(a.at)}</span> },
          {
            title: t('状态'),
            width: 100,
            render: (_, a) =>
              a.withdrawn_at ? t('已撤下') : a.to && dayjs(a.to).isBefore(dayjs()) ? t('已到期') : t('在用'),
          },
          {
            title: t('已读'),
            width: 90,
            render: (_, a) => (
              <Button size="small" onClick={() => setReaders(a)} data-act="readers">
                {a.read}
              </Button>
            ),
          },
          {
            title: '',
            width: 140,
            render: (_, a) =>
              !a.withdrawn_at && (
                <div className="row">
                  <Button size="small" onClick={() => edit(a)}>
                    {t('编辑')}
                  </Button>
                  <Button size="small" danger onClick={() => withdraw(a)}>
                    {t('撤下')}
                  </Button>
                </div>
              ),
          },
        ]}
      />
      {readers && <Readers a={readers} close={() => setReaders(null)} />}
    </>
  );
}

function Readers({ a, close }: { a: Announcement; close: () => void }) {
  const t = useT();
  const q = useQuery({
    queryKey: ['/announcements', a.id, 'readers'],
    queryFn: () => get<List<Reader>>(`/announcements/${a.id}/readers`).then(itemsOf),
  });
  return (
    <Modal open title={t('阅读情况')} footer={null} width={640} onCancel={close}>
      <Table<Reader>
        size="small"
        rowKey="account"
        loading={q.isPending}
        dataSource={q.data ?? []}
        columns={[
          { title: t('姓名'), dataIndex: 'name' },
          { title: t('单位'), dataIndex: 'unit' },
          { title: t('阅读时间'), render: (_, r) => (r.read_at ? fullTime(r.read_at) : t('未读')) },
        ]}
      />
    </Modal>
  );
}

interface Fields {
  title: string;
  text: string;
  audience: string;
  units?: string[];
  roles?: string[];
  to?: Dayjs;
  must_confirm?: boolean;
}

function Edit({ x, close }: { x?: Announcement; close: () => void }) {
  const t = useT();
  const client = useQueryClient();
  const [form] = Form.useForm<Fields>();
  const audience = Form.useWatch('audience', form);
  const [failure, setFailure] = useState('');
  const save = async (v: Fields) => {
    const body = { ...v, must_confirm: !!v.must_confirm, to: v.to?.toISOString() };
    try {
      await (x ? put(`/announcements/${x.id}`, body) : post('/announcements', body));
      await client.invalidateQueries({ queryKey: ['/announcements'] });
      close();
    } catch (e) {
      setFailure(t(errorText(e)));
    }
  };
  return (
    <Modal
      open
      title={x ? t('编辑公告（发布为新版，须重新阅读）') : t('发布公告')}
      okText={t('发布')}
      onOk={() => form.submit()}
      onCancel={close}
      width={640}
    >
      <Form<Fields>
        form={form}
        layout="vertical"
        initialValues={x ? { ...x, to: x.to ? dayjs(x.to) : undefined } : { audience: 'all' }}
        onFinish={(v) => void save(v)}
      >
        <Form.Item name="title" label={t('标题')} rules={[{ required: true, message: t('必填') }]}>
          <Input maxLength={100} data-field="title" />
        </Form.Item>
        <Form.Item name="text" label={t('内容')} rules={[{ required: true, message: t('必填') }]}>
          <Input.TextArea rows={6} maxLength={20000} data-field="text" />
        </Form.Item>
        <Form.Item name="audience" label={t('范围')}>
          <Select options={Object.entries(audiences).map(([value, l]) => ({ value, label: t(l) }))} />
        </Form.Item>
        {audience === 'chosen' && (
          <>
            <Form.Item name="units" label={t('单位')}>
              <UnitPicker multiple all label={t('单位')} field="units" />
            </Form.Item>
            <Form.Item name="roles" label={t('角色')}>
              <Select
                mode="multiple"
                options={Object.keys(roles).map((value) => ({ value, label: t(label(roles, value)) }))}
              />
            </Form.Item>
          </>
        )}
        <Form.Item name="to" label={t('截止时间（不填：直到撤下）')}>
          <DatePicker showTime minDate={dayjs()} />
        </Form.Item>
        <Form.Item name="must_confirm" valuePropName="checked" noStyle>
          <Checkbox>{t('须每个人确认已阅读')}</Checkbox>
        </Form.Item>
        {failure && <p className="like-problem">{failure}</p>}
      </Form>
    </Modal>
  );
}
