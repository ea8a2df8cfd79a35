import { CloseOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useUi } from '@/app/ui';
import { useT } from '@/i18n';
import { useLive } from '@/live';
import '@/features/signin/signin.css';

const steps = [
  '打开坐席 8001 的卡片，选“浏览器电话”签入，说一句话通过麦克风检测，然后示闲。',
  '打开市民电话，选“老户王女士”，拨 12345，听到菜单后按 1（或按 0 直接找人工）。',
  '坐席这边先弹屏后振铃：按 F2 接听，看左侧的历史工单，边听边填工单，内容自动保存。',
  '按 Ctrl+Enter 提交派单，把工单编号和查询码念给市民；按 Ctrl+F2 挂断并邀评，市民按 1–5 评价。',
  '选好来电小结，结束整理；几秒后录音出现在工单里，左声道市民、右声道坐席。',
];

/** The first call in five steps. `done` ticks off what has happened already. */
export function GuideSteps({ done = 0 }: { done?: number }) {
  const t = useT();
  return (
    <ol className="guide" data-guide>
      {steps.map((s, i) => (
        <li key={s} className={i < done ? 'done' : ''}>
          <span>{t(s)}</span>
        </li>
      ))}
    </ol>
  );
}

/** The guide beside the page; it follows the agent's own steps. */
export function GuidePanel() {
  const t = useT();
  const shown = useUi((s) => s.guide);
  const done = useLive((s) => {
    const call = s.current ? s.calls[s.current] : undefined;
    if (call?.note) return 5;
    if (call?.end) return 4;
    if (call?.answered_at) return 3;
    if (call) return 2;
    return s.seat && s.seat.state !== 'signed_out' ? 1 : 0;
  });
  if (!shown) return null;
  return (
    <aside className="guide-panel card" aria-label={t('第一通电话的五步')}>
      <div className="row">
        <b className="grow">{t('第一通电话的五步')}</b>
        <Button
          size="small"
          type="text"
          icon={<CloseOutlined />}
          aria-label={t('关闭')}
          onClick={() => useUi.setState({ guide: false })}
        />
      </div>
      <GuideSteps done={done} />
    </aside>
  );
}
