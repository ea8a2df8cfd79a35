import { DownloadOutlined, FileOutlined, PaperClipOutlined } from '@ant-design/icons';
import { useQueryClient } from '@tanstack/react-query';
import { Button, Checkbox, Image, Progress, Upload } from 'antd';
import { useRef, useState } from 'react';
import type { FileView } from '@/api/contract';
import { errorText } from '@/api/errors';
import { upload } from '@/api/upload';
import { fileSize, shortTime } from '@/components/format';
import { useT } from '@/i18n';

const urlOf = (f: FileView) => `/api/v1/files/${f.id}`;

/** Attachments: pictures are shown and open large, everything can be downloaded. */
export function FileList({ files }: { files: FileView[] }) {
  const t = useT();
  if (files.length === 0) return null;
  const pictures = files.filter((f) => f.type.startsWith('image/'));
  const others = files.filter((f) => !f.type.startsWith('image/'));
  return (
    <div className="files" data-files={files.length}>
      {pictures.length > 0 && (
        <Image.PreviewGroup>
          <div className="file-pictures">
            {pictures.map((f) => (
              <figure key={f.id} className="file-picture" data-file={f.id}>
                <Image src={urlOf(f)} alt={f.name} width={92} height={92} />
                <figcaption className="small ellipsis" title={about(f)}>
                  <a href={urlOf(f)} download={f.name}>
                    {f.name}
                  </a>
                </figcaption>
              </figure>
            ))}
          </div>
        </Image.PreviewGroup>
      )}
      {others.map((f) => (
        <div key={f.id} className="file-row" data-file={f.id}>
          <FileOutlined />
          <a href={urlOf(f)} download={f.name} className="ellipsis" title={f.name}>
            {f.name}
          </a>
          {f.public && <span className="tag">{t('市民可见')}</span>}
          <span className="muted small num">{about(f)}</span>
          <a href={urlOf(f)} download={f.name} aria-label={`${t('下载')} ${f.name}`}>
            <DownloadOutlined />
          </a>
        </div>
      ))}
    </div>
  );
}

const about = (f: FileView) => [fileSize(f.size), f.by, shortTime(f.at)].filter(Boolean).join(' · ');

interface Sending {
  key: string;
  name: string;
  share: number;
  error?: string;
}

/** Sends files to a part of the ticket, each with its progress; what fails says why and can be tried again. */
export function FileUploader({
  ticket,
  leg,
  onUploaded,
}: {
  ticket: string;
  leg?: number;
  onUploaded: (f: FileView) => void;
}) {
  const t = useT();
  const client = useQueryClient();
  const [sending, setSending] = useState<Sending[]>([]);
  const [shown, setShown] = useState(false);
  const files = useRef(new Map<string, File>());
  const change = (key: string, x: Partial<Sending>) =>
    setSending((list) => list.map((s) => (s.key === key ? { ...s, ...x } : s)));
  const forget = (key: string) => {
    files.current.delete(key);
    setSending((list) => list.filter((s) => s.key !== key));
  };
  const send = async (key: string) => {
    const file = files.current.get(key);
    if (!file) return;
    change(key, { share: 0, error: undefined });
    const form = new FormData();
    form.set('leg', String(leg ?? 0));
    form.set('public', String(shown));
    form.set('file', file, file.name);
    try {
      const f = await upload<FileView>(`/tickets/${ticket}/files`, form, (share) => change(key, { share }));
      forget(key);
      onUploaded(f);
      void client.invalidateQueries({ queryKey: ['/tickets'] });
    } catch (e) {
      change(key, { error: t(errorText(e)) });
    }
  };
  const begin = (file: File) => {
    const key = crypto.randomUUID();
    files.current.set(key, file);
    setSending((list) => [...list, { key, name: file.name, share: 0 }]);
    void send(key);
  };
  return (
    <div className="uploader">
      <div className="row wrap">
        <Upload
          multiple
          showUploadList={false}
          beforeUpload={(file) => {
            begin(file);
            return false;
          }}
        >
          <Button size="small" icon={<PaperClipOutlined />} data-act="attach">
            {t('添加附件')}
          </Button>
        </Upload>
        <Checkbox checked={shown} onChange={(e) => setShown(e.target.checked)} data-field="file_public">
          <span className="small">{t('市民可见')}</span>
        </Checkbox>
        <span className="muted small">{t('图片、视频、文档；每个单独上传')}</span>
      </div>
      {sending.map((s) => (
        <div key={s.key} className="file-row" data-sending={s.name}>
          <span className="ellipsis">{s.name}</span>
          {s.error ? (
            <>
              <span className="act-bad small" role="alert">
                {s.error}
              </span>
              <Button size="small" type="link" onClick={() => void send(s.key)}>
                {t('重试')}
              </Button>
              <Button size="small" type="link" onClick={() => forget(s.key)}>
                {t('移除')}
              </Button>
            </>
          ) : (
            <Progress percent={Math.round(s.share * 100)} size="small" className="grow" />
          )}
        </div>
      ))}
    </div>
  );
}
