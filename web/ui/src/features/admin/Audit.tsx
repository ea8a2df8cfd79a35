import { DatePicker, Input, Select } from 'antd';
import dayjs from 'dayjs';
import type { AuditEntry } from '@/api/contract';
import { DataTable } from '@/components/DataTable';
import { fullTime } from '@/components/format';
import { PageShell } from '@/components/page';
import { useUrlFilters } from '@/components/useUrlFilters';
import { useT } from '@/i18n';

const acts: Record<string, string> = {
  'session.begin': '登录',
  'session.end': '退出',
  'session.failed': '登录失败',
  'session.locked': '账号锁定',
  'recording.play': '听录音',
  'seat.force': '强制席位状态',
  'account.create': '新增账号',
  'account.change': '修改账号',
  'account.password': '重置密码',
  'account.unlock': '解锁账号',
  'blacklist.add': '列入黑名单',
  'blacklist.remove': '移出黑名单',
  'callback.dial': '回拨',
  'ticket.dial': '联系群众',
  'class.save': '修改分类',
  'queue.save': '修改队列',
  'seat.save': '修改席位',
  'seat.password': '更换话机密码',
  'skill.save': '修改技能',
  'line.save': '修改接入号码',
  'menus.reload': '重新读取菜单',
  'prompt.replace': '更换提示音',
  'prompt.restore': '恢复合成提示音',
  'token.create': '新建访问令牌',
  'token.revoke': '吊销访问令牌',
};

export default function Audit() {
  const t = useT();
  const [f, set] = useUrlFilters();
  return (
    <PageShell title={t('审计日志')}>
      <div className="filters">
        <Input.Search
          allowClear
          defaultValue={f.actor}
          placeholder={t('账号')}
          aria-label={t('账号')}
          onSearch={(x) => set({ actor: x.trim() })}
          style={{ width: 150 }}
        />
        <Select
          allowClear
          showSearch={{ optionFilterProp: 'label' }}
          value={f.act}
          placeholder={t('动作')}
          aria-label={t('动作')}
          onChange={(act) => set({ act })}
          options={Object.entries(acts).map(([value, l]) => ({ value, label: t(l) }))}
          style={{ width: 170 }}
        />
        <Input.Search
          allowClear
          defaultValue={f.object}
          placeholder={t('对象')}
          aria-label={t('对象')}
          onSearch={(x) => set({ object: x.trim() })}
          style={{ width: 220 }}
        />
        <DatePicker.RangePicker
          value={f.from && f.to ? [dayjs(f.from), dayjs(f.to).subtract(1, 'second')] : null}
          onChange={(r) =>
            set({
              from: r?.[0]?.startOf('day').toISOString(),
              to: r?.[1]?.endOf('day').add(1, 'millisecond').toISOString(),
            })
          }
        />
      </div>
      <DataTable<AuditEntry>
        path="/admin/audit"
        query={f}
        rowKey="id"
        empty={t('没有符合条件的记录')}
        columns={[
          { title: t('时间'), width: 160, render: (_, x) => <span className="num">{fullTime(x.at)}</span> },
          { title: t('账号'), width: 110, render: (_, x) => <code>{x.actor}</code> },
          {
            title: t('动作'),
            width: 170,
            render: (_, x) => (acts[x.act] ? t(acts[x.act] as string) : <code>{x.act}</code>),
          },
          {
            title: t('对象'),
            width: 290,
            ellipsis: true,
            render: (_, x) => <code title={x.object}>{x.object}</code>,
          },
          {
            title: t('说明'),
            width: 300,
            ellipsis: true,
            render: (_, x) => <code title={x.detail}>{x.detail}</code>,
          },
          { title: t('来源地址'), dataIndex: 'remote', width: 130 },
        ]}
      />
    </PageShell>
  );
}
