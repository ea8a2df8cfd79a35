import { Input, Radio, Select } from 'antd';
import { useT } from '@/i18n';
import { ratings, solvedTexts, visitFailures } from '@/labels';
import type { VisitValues } from './needs';

const questions = [
  ['result', '对办理结果是否满意？'],
  ['unit', '对承办单位的工作是否满意？'],
  ['agent', '对热线的服务是否满意？'],
] as const;

/** The questions of a follow-up, word by word, with their answers. */
export function VisitFields({
  action,
  value,
  onChange,
}: {
  action: string;
  value: VisitValues;
  onChange: (v: VisitValues) => void;
}) {
  const t = useT();
  const set = (change: VisitValues) => onChange({ channel: 'phone', ...value, ...change });
  if (action === 'visit_missed' || action === 'unreachable') {
    return (
      <Select
        value={value.failure}
        placeholder={t('未联系上的原因')}
        aria-label={t('未联系上的原因')}
        options={Object.values(visitFailures).map((l) => ({ value: l, label: t(l) }))}
        onChange={(failure) => set({ failure, contacted: false })}
        data-field="visit_failure"
      />
    );
  }
  return (
    <div className="visit-fields">
      <span>{t('承办单位是否与您联系过？')}</span>
      <Radio.Group
        value={value.contacted}
        onChange={(e) => set({ contacted: e.target.value })}
        options={[
          { value: true, label: t('联系过') },
          { value: false, label: t('没有联系') },
        ]}
        data-field="visit_contacted"
      />
      <span>{t('您反映的问题是否得到解决？')}</span>
      <Radio.Group
        value={value.solved}
        onChange={(e) => set({ solved: e.target.value })}
        options={['1', '0', '2'].map((code) => ({ value: code, label: t(solvedTexts[code] ?? code) }))}
        data-field="visit_solved"
      />
      {questions.map(([k, question]) => (
        <div key={k} className="visit-question">
          <span>{t(question)}</span>
          <Radio.Group
            value={value[k]}
            onChange={(e) => set({ [k]: e.target.value })}
            options={[1, 2, 3, 4, 5, 0].map((n) => ({
              value: n,
              label: n ? t(ratings[n] ?? '') : t('拒评'),
            }))}
            data-field={`visit_${k}`}
          />
        </div>
      ))}
      <Input.TextArea
        value={value.text}
        autoSize={{ minRows: 2, maxRows: 8 }}
        placeholder={t('市民的意见')}
        aria-label={t('市民的意见')}
        onChange={(e) => set({ text: e.target.value })}
        data-field="visit_text"
      />
    </div>
  );
}
