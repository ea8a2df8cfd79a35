import { useQueryClient } from '@tanstack/react-query';
import { App, Button, Input, Popconfirm, Space, Table, Upload } from 'antd';
import { useState } from 'react';
import type { Prompt } from '@/api/contract';
import { errorText } from '@/api/errors';
import { del, request } from '@/api/http';
import { Loaded, Nothing, PageShell } from '@/components/page';
import { useT } from '@/i18n';
import { label, languages } from '@/labels';
import { useAdminList } from './parts';

/** Spoken lines: listen, replace a synthesised one by a recording, go back. */
export default function Prompts() {
  const t = useT();
  const { message } = App.useApp();
  const client = useQueryClient();
  const q = useAdminList<Prompt>('/admin/prompts');
  const [find, setFind] = useState('');
  const [playing, setPlaying] = useState<string | null>(null);
  const [busy, setBusy] = useState<string | null>(null);
  const change = async (id: string, f: () => Promise<unknown>) => {
    setBusy(id);
    try {
      await f();
      void message.success(t('已更新，从下一通来电起生效'));
      await client.invalidateQueries({ queryKey: ['/admin/prompts'] });
    } catch (e) {
      void message.error(t(errorText(e)));
    } finally {
      setBusy(null);
    }
  };
  const replace = (id: string, file: File) => {
    const form = new FormData();
    form.append('file', file);
    return change(id, () =>
      request(`/admin/prompts/${encodeURIComponent(id)}`, { method: 'PUT', body: form }),
    );
  };
  return (
    <PageShell
      title={t('提示音')}
      extra={
        <Input.Search allowClear placeholder={t('编号或文字')} onSearch={setFind} style={{ width: 240 }} />
      }
    >
      <Loaded query={q}>
        {(items) => (
          <div className="card" data-list="/admin/prompts">
            <Table<Prompt>
              size="small"
              rowKey="id"
              dataSource={items.filter((p) => !find || p.id.includes(find) || p.text.includes(find))}
              pagination={items.length > 50 ? { pageSize: 50, showSizeChanger: false } : false}
              locale={{ emptyText: <Nothing text={t('没有符合条件的提示音')} /> }}
              columns={[
                { title: t('编号'), width: 220, render: (_, p) => <code>{p.id}</code> },
                { title: t('文字'), render: (_, p) => <span lang={p.lang}>{p.text}</span> },
                { title: t('语言'), width: 80, render: (_, p) => t(label(languages, p.lang)) },
                {
                  title: t('来源'),
                  width: 80,
                  render: (_, p) => (p.kind === 'recorded' ? t('人工录制') : t('合成')),
                },
                {
                  title: t('试听与更换'),
                  width: 300,
                  render: (_, p) => (
                    <Space size={4}>
                      {playing === p.id ? (
                        // biome-ignore lint/a11y/useMediaCaption: the text stands in the same row
                        <audio controls autoPlay src={p.audio_url} style={{ height: 28, width: 170 }} />
                      ) : (
                        <Button
                          size="small"
                          disabled={!p.audio_url}
                          onClick={() => setPlaying(p.id)}
                          data-act="listen"
                        >
                          {t('试听')}
                        </Button>
                      )}
                      <Upload
                        accept=".wav,audio/wav"
                        showUploadList={false}
                        beforeUpload={(file) => {
                          void replace(p.id, file);
                          return false;
                        }}
                      >
                        <Button size="small" loading={busy === p.id}>
                          {t('上传录音')}
                        </Button>
                      </Upload>
                      {p.kind === 'recorded' && (
                        <Popconfirm
                          title={t('恢复为合成语音？')}
                          okText={t('恢复')}
                          cancelText={t('取消')}
                          onConfirm={() =>
                            change(p.id, () => del(`/admin/prompts/${encodeURIComponent(p.id)}`))
                          }
                        >
                          <Button size="small" type="text">
                            {t('恢复合成')}
                          </Button>
                        </Popconfirm>
                      )}
                    </Space>
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
