import { App, Button, Checkbox, Form, Input, Select, Space } from 'antd';
import { useState } from 'react';
import { errorText } from '@/api/errors';
import { patch } from '@/api/http';
import { useT } from '@/i18n';
import type { DepartmentView, Turn } from './api';

const days = ['周一', '周二', '周三', '周四', '周五', '周六', '周日'];

interface Fields {
  duties?: string;
  phone?: string;
  approval?: boolean;
  sign_return?: boolean;
  info: DepartmentView['info'];
  rota: { phone?: string; weekly: Turn[]; dates: Turn[] };
}

/** 部门信息: duties, 联络员, 分管领导, the duty phone and its rota. */
export function Info({ d, again }: { d: DepartmentView; again: () => Promise<void> }) {
  const t = useT();
  const { message } = App.useApp();
  const [failure, setFailure] = useState('');
  const [busy, setBusy] = useState(false);
  const save = async (v: Fields) => {
    setBusy(true);
    setFailure('');
    try {
      await patch<void>(`/department/units/${d.id}`, v);
      await again();
      void message.success(t('已保存'));
    } catch (e) {
      setFailure(t(errorText(e)));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Form<Fields>
      layout="vertical"
      disabled={!d.editable}
      style={{ maxWidth: 860 }}
      initialValues={{
        ...d,
        rota: { phone: d.rota.phone, weekly: d.rota.weekly ?? [], dates: d.rota.dates ?? [] },
      }}
      onFinish={(v) => void save(v)}
    >
      <Form.Item name="duties" label={t('职责')}>
        <Input.TextArea autoSize={{ minRows: 2, maxRows: 6 }} maxLength={2000} />
      </Form.Item>
      <Space size="middle" wrap>
        <Form.Item name={['info', 'liaison']} label={t('联络员')}>
          <Input maxLength={40} />
        </Form.Item>
        <Form.Item name={['info', 'liaison_phone']} label={t('联络员电话')}>
          <Input maxLength={20} />
        </Form.Item>
        <Form.Item name={['info', 'leader']} label={t('分管领导')}>
          <Input maxLength={40} />
        </Form.Item>
        <Form.Item name="phone" label={t('办公电话')}>
          <Input maxLength={20} />
        </Form.Item>
      </Space>
      <Form.Item name={['info', 'address']} label={t('地址')}>
        <Input maxLength={200} />
      </Form.Item>
      <Form.Item name="approval" valuePropName="checked" noStyle>
        <Checkbox>{t('答复上报前须由领导审核')}</Checkbox>
      </Form.Item>
      <Form.Item name="sign_return" valuePropName="checked" noStyle>
        <Checkbox>{t('退单须由领导签发')}</Checkbox>
      </Form.Item>
      <h3>{t('值班电话')}</h3>
      <p className="muted small">
        {t('特急工单未签收时，热线会拨打当班电话')}
        {d.duty_now && ` · ${t('现在：{{who}}', { who: d.duty_now })}`}
      </p>
      <Form.Item name={['rota', 'phone']} label={t('平时号码')}>
        <Input maxLength={20} style={{ width: 200 }} data-field="duty-phone" />
      </Form.Item>
      <Turns name="weekly" title={t('每周值班')} />
      <Turns name="dates" title={t('指定日期')} />
      {failure && <p className="like-problem">{failure}</p>}
      {d.editable && (
        <Button type="primary" htmlType="submit" loading={busy} data-act="save-department">
          {t('保存')}
        </Button>
      )}
    </Form>
  );
}

function Turns({ name, title }: { name: 'weekly' | 'dates'; title: string }) {
  const t = useT();
  return (
    <Form.List name={['rota', name]}>
      {(fields, { add, remove }) => (
        <Form.Item label={title}>
          {fields.map((f) => (
            <Space key={f.key} wrap align="baseline">
              {name === 'weekly' ? (
                <Form.Item
                  name={[f.name, 'days']}
                  noStyle
                  rules={[{ required: true, message: t('请选择星期几') }]}
                >
                  <Select
                    mode="multiple"
                    placeholder={t('星期几')}
                    aria-label={t('星期几')}
                    style={{ minWidth: 180 }}
                    options={days.map((day, i) => ({ value: i + 1, label: t(day) }))}
                  />
                </Form.Item>
              ) : (
                <Form.Item name={[f.name, 'date']} noStyle rules={[{ required: true, message: t('必填') }]}>
                  <Input placeholder="2026-10-01" aria-label={t('日期')} style={{ width: 120 }} />
                </Form.Item>
              )}
              <Form.Item name={[f.name, 'from']} noStyle>
                <Input placeholder="08:30" aria-label={t('开始')} style={{ width: 80 }} />
              </Form.Item>
              <Form.Item name={[f.name, 'to']} noStyle>
                <Input placeholder="17:30" aria-label={t('结束')} style={{ width: 80 }} />
              </Form.Item>
              <Form.Item name={[f.name, 'name']} noStyle>
                <Input placeholder={t('姓名')} aria-label={t('姓名')} style={{ width: 110 }} />
              </Form.Item>
              <Form.Item name={[f.name, 'phone']} noStyle rules={[{ required: true, message: t('必填') }]}>
                <Input placeholder={t('电话')} aria-label={t('电话')} style={{ width: 140 }} />
              </Form.Item>
              <Button size="small" onClick={() => remove(f.name)}>
                {t('移除')}
              </Button>
            </Space>
          ))}
          <Button size="small" type="dashed" onClick={() => add({ name: '' })}>
            {t('添加')}
          </Button>
        </Form.Item>
      )}
    </Form.List>
  );
}
