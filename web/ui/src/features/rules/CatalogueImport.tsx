import { Alert, App, Button, Checkbox, Modal, Upload } from 'antd';
import { useState } from 'react';
import type { ImportReport } from '@/api/contract';
import { errorText } from '@/api/errors';
import { withQuery } from '@/api/http';
import { upload } from '@/api/upload';
import { useT } from '@/i18n';
import { PoolView } from './CatalogueForm';
import { Faults } from './parts';

/** Reads an Excel file into the catalogue: first a dry run that names every faulty row. */
export function CatalogueImport(p: { base: number; close: () => void; saved: () => unknown }) {
  const t = useT();
  const { message } = App.useApp();
  const [file, setFile] = useState<File>();
  const [replace, setReplace] = useState(false);
  const [report, setReport] = useState<ImportReport>();
  const [busy, setBusy] = useState(false);
  const send = async (mode: 'check' | 'all' | 'good', f: File, all: boolean) => {
    const form = new FormData();
    form.append('file', f);
    setBusy(true);
    try {
      const path = withQuery('/catalogue/import', { mode, replace: all, base: report?.version ?? p.base });
      const said = await upload<ImportReport>(path, form, () => {});
      setReport(said);
      if (said.imported) {
        await p.saved();
        void message.success(
          t('已导入：新增 {{added}} 行，去掉 {{removed}} 行', { added: said.added, removed: said.removed }),
        );
        p.close();
      }
    } catch (e) {
      void message.error(t(errorText(e)));
    } finally {
      setBusy(false);
    }
  };
  const nothing = !report || report.added + report.removed === 0;
  return (
    <Modal
      open
      width={760}
      title={t('导入派单目录')}
      onCancel={p.close}
      footer={
        report && (
          <>
            {report.faulty_rows > 0 && (
              <Button
                disabled={nothing || report.good === 0}
                loading={busy}
                onClick={() => file && send('good', file, replace)}
                data-act="import-good"
              >
                {t('只导入没有问题的 {{n}} 行', { n: report.good })}
              </Button>
            )}
            <Button
              type="primary"
              disabled={report.faulty_rows > 0 || nothing}
              loading={busy}
              onClick={() => file && send('all', file, replace)}
              data-act="import-all"
            >
              {t('全部导入')}
            </Button>
          </>
        )
      }
    >
      <p className="muted">
        {t(
          '第一行为列名：问题分类、区域、主办单位、协办单位、生效日期、失效日期、备注。可先导出，改好再导入。',
        )}
      </p>
      <div className="row wrap">
        <Upload
          accept=".xlsx"
          maxCount={1}
          showUploadList={!!file}
          beforeUpload={(f) => {
            setFile(f);
            setReport(undefined);
            void send('check', f, replace);
            return false;
          }}
        >
          <Button loading={busy} data-act="choose">
            {t('选择文件')}
          </Button>
        </Upload>
        <Checkbox
          checked={replace}
          onChange={(e) => {
            setReplace(e.target.checked);
            if (file) void send('check', file, e.target.checked);
          }}
        >
          {t('文件中没有的行一并去掉')}
        </Checkbox>
      </div>
      {report && (
        <div data-report={report.faulty_rows}>
          <Alert
            type={report.faulty_rows ? 'error' : 'info'}
            showIcon
            style={{ margin: '12px 0' }}
            title={t(
              '试导入：共 {{rows}} 行，{{good}} 行没有问题（其中 {{same}} 行与现行相同），{{faulty}} 行有问题。',
              {
                rows: report.rows,
                good: report.good,
                same: report.same,
                faulty: report.faulty_rows,
              },
            )}
          />
          {report.faults.length > 0 && <Faults faults={report.faults} />}
          {!nothing && <PoolView preview={report.preview} />}
        </div>
      )}
    </Modal>
  );
}
