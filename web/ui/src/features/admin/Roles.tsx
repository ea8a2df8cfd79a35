import { Table } from 'antd';
import type { AdminRole } from '@/api/contract';
import { Loaded, PageShell } from '@/components/page';
import { useT } from '@/i18n';
import { useAdminList } from './parts';

const permissions: Record<string, string> = {
  'floor.seat': '坐席话务',
  'floor.watch': '看板',
  'floor.force': '强制席位状态',
  'call.list': '通话记录',
  'call.play': '听录音',
  'callback.work': '留言与回拨',
  'ticket.create': '建单与登记',
  'ticket.list': '查看工单',
  'ticket.act': '办理工单',
  'ticket.drafts': '全部草稿',
  'caller.history': '来电人历史',
  export: '导出',
  'admin.accounts': '账号与角色',
  'admin.seats': '席位与技能',
  'admin.queues': '队列',
  'admin.classes': '问题分类',
  'admin.lines': '接入号码',
  'admin.menus': '语音菜单',
  'admin.prompts': '提示音',
  'admin.audit': '审计日志',
  'admin.health': '运行状态',
  'admin.blacklist': '黑名单',
  'admin.templates': '消息模板',
  'admin.rules': '修改规则',
  'rules.read': '查看规则',
  'knowledge.read': '查看知识',
  'knowledge.write': '编写知识',
  'knowledge.publish': '发布知识',
  'department.admin': '部门管理',
  'announcement.write': '发布公告',
  'report.read': '日报',
};
const scopes: Record<string, string> = { own: '本人', unit: '本单位', subtree: '本单位及下级', all: '全部' };

/** Roles and what each may do: the server's one table, read only. */
export default function Roles() {
  const t = useT();
  const q = useAdminList<AdminRole>('/admin/roles');
  return (
    <PageShell title={t('角色')}>
      <Loaded query={q}>
        {(items) => (
          <div className="card">
            <Table<AdminRole>
              size="small"
              rowKey="code"
              dataSource={items}
              pagination={false}
              columns={[
                { title: t('角色'), width: 160, render: (_, r) => <b>{t(r.label)}</b> },
                {
                  title: t('权限与范围'),
                  render: (_, r) => (
                    <div className="row wrap" style={{ gap: 5 }}>
                      {Object.entries(r.permissions)
                        .sort()
                        .map(([p, scope]) => (
                          <span key={p} className="tag">
                            {t(permissions[p] ?? p)}{' '}
                            <span className="muted">{t(scopes[scope] ?? scope)}</span>
                          </span>
                        ))}
                    </div>
                  ),
                },
              ]}
            />
          </div>
        )}
      </Loaded>
    </PageShell>
  );
}
