import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App, Button, Input, Modal, Select } from 'antd';
import { useState } from 'react';
import type { KnowledgeReport } from '@/api/contract';
import { errorText } from '@/api/errors';
import { post } from '@/api/http';
import { DataTable } from '@/components/DataTable';
import { shortTime } from '@/components/format';
import { useT } from '@/i18n';

const states: Record<string, string> = { open: '待处理', fixed: '已更正', refused: '未采纳' };

/** 纠错: what readers found wrong, and what became of it. */
export function Reports({ write, onOpen }: { write: boolean; onOpen: (article: string) => void }) {
  const t = useT();
  const cache = useQueryClient();
  const { message } = App.useApp();
  const [state, setState] = useState<string | undefined>(write ? 'open' : undefined);
  const [handling, setHandling] = useState<KnowledgeReport | null>(null);
  const [answer, setAnswer] = useState('');
  const handle = useMutation({
    mutationFn: (fixed: boolean) => post(`/knowledge-reports/${handling?.id}/handle`, { fixed, answer }),
    onSuccess: () => {
      setHandling(null);
      setAnswer('');
      return Promise.all([
        cache.invalidateQueries({ queryKey: ['/knowledge-reports'] }),
        cache.invalidateQueries({ queryKey: ['/knowledge'] }),
      ]);
    },
    onError: (e) => void message.error(t(errorText(e))),
  });
  return (
    <>
      <div className="filters">
        <Select
          allowClear
          style={{ width: 120 }}
          value={state}
          onChange={setState}
          placeholder={t('状态')}
          aria-label={t('状态')}
          options={Object.entries(states).map(([value, l]) => ({ value, label: t(l) }))}
        />
      </div>
      <DataTable<KnowledgeReport>
        path="/knowledge-reports"
        query={{ state }}
        rowKey="id"
        empty={t('没有纠错')}
        columns={[
          {
            title: t('文章'),
            width: 240,
            render: (_, r) => (
              <button type="button" className="k-link" onClick={() => onOpen(r.article)}>
                {r.title}
              </button>
            ),
          },
          {
            title: t('问题'),
            render: (_, r) => (
              <>
                {r.quote && <div className="small muted">“{r.quote}”</div>}
                {r.text}
              </>
            ),
          },
          { title: t('提出人'), width: 90, dataIndex: 'by_name' },
          { title: t('时间'), width: 110, render: (_, r) => <span className="num">{shortTime(r.at)}</span> },
          {
            title: t('状态'),
            width: 90,
            render: (_, r) => <span className="tag">{t(states[r.state] ?? r.state)}</span>,
          },
          {
            title: t('处理'),
            width: 240,
            render: (_, r) =>
              r.state === 'open' && write ? (
                <Button size="small" onClick={() => setHandling(r)} data-act="handle-report">
                  {t('处理')}
                </Button>
              ) : (
                <>
                  {r.answer} <span className="small muted">{r.handled_by}</span>
                </>
              ),
          },
        ]}
      />
      <Modal
        open={!!handling}
        title={t('处理纠错')}
        onCancel={() => setHandling(null)}
        footer={[
          <Button
            key="no"
            disabled={!answer.trim()}
            loading={handle.isPending}
            onClick={() => handle.mutate(false)}
          >
            {t('不采纳')}
          </Button>,
          <Button
            key="yes"
            type="primary"
            disabled={!answer.trim()}
            loading={handle.isPending}
            onClick={() => handle.mutate(true)}
          >
            {t('已更正')}
          </Button>,
        ]}
      >
        <p>{handling?.text}</p>
        <Input.TextArea
          autoFocus
          rows={3}
          maxLength={2000}
          value={answer}
          onChange={(e) => setAnswer(e.target.value)}
          placeholder={t('答复提出人：改了什么，或为什么不改')}
          aria-label={t('答复提出人：改了什么，或为什么不改')}
        />
      </Modal>
    </>
  );
}
