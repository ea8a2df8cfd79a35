import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, Checkbox, DatePicker, Input, Modal, Select } from 'antd';
import dayjs from 'dayjs';
import { useState } from 'react';
import type { Article, ArticleContent, KnowledgeTree } from '@/api/contract';
import { errorText } from '@/api/errors';
import { post, put } from '@/api/http';
import { classesQuery } from '@/api/lists';
import { useT } from '@/i18n';
import { Rich } from './Rich';

const blank: ArticleContent = {
  title: '',
  body: '',
  category: '',
  class: '',
  tags: [],
  guide: false,
  spoken: '',
};

/** Writes a new article, or the next version of one. onClose gets the id of what was saved. */
export function ArticleEditor(p: { tree: KnowledgeTree; article?: Article; onClose: (id?: string) => void }) {
  const t = useT();
  const cache = useQueryClient();
  const classes = useQuery(classesQuery);
  const [c, setC] = useState<ArticleContent>((p.article?.head ?? p.article?.current)?.content ?? blank);
  const set = (changes: Partial<ArticleContent>) => setC((old) => ({ ...old, ...changes }));
  const save = useMutation({
    mutationFn: () =>
      p.article
        ? put<Article>(`/knowledge/${p.article.id}`, { rev: p.article.rev, content: c })
        : post<Article>('/knowledge', { rev: 0, content: c }),
    onSuccess: async (made) => {
      await cache.invalidateQueries({ queryKey: ['/knowledge'] });
      p.onClose(made.id);
    },
  });
  const parents = new Map(p.tree.categories.map((k) => [k.id, k]));
  const name = (id: string): string => {
    const k = parents.get(id);
    return k?.parent ? `${name(k.parent)} / ${k.name}` : (k?.name ?? '');
  };
  return (
    <Modal
      open
      width={1040}
      maskClosable={false}
      title={p.article ? t('修订文章') : t('写文章')}
      okText={t('储存草稿')}
      cancelText={t('取消')}
      okButtonProps={{ disabled: !c.title.trim(), loading: save.isPending, id: 'save-article' }}
      onOk={() => save.mutate()}
      onCancel={() => p.onClose()}
    >
      {save.error && (
        <Alert type="error" title={t(errorText(save.error))} style={{ marginBottom: 8 }} showIcon />
      )}
      <div className="k-form">
        <label htmlFor="k-title">{t('标题')}</label>
        <Input
          id="k-title"
          value={c.title}
          maxLength={100}
          onChange={(e) => set({ title: e.target.value })}
        />
        <label htmlFor="k-category">{t('分类')}</label>
        <div className="row">
          <Select
            id="k-category"
            style={{ width: 220 }}
            value={c.category || undefined}
            onChange={(category) => set({ category })}
            showSearch={{ optionFilterProp: 'label' }}
            options={p.tree.categories
              .filter((k) => !k.parent)
              .flatMap((k) => [k, ...p.tree.categories.filter((b) => b.parent === k.id)])
              .map((k) => ({ value: k.id, label: name(k.id) }))}
            placeholder={t('请选择')}
          />
          <Select
            allowClear
            showSearch={{ optionFilterProp: 'label' }}
            style={{ width: 260 }}
            value={c.class || undefined}
            onChange={(v) => set({ class: v ?? '' })}
            options={(classes.data ?? []).map(({ value, label }) => ({ value, label }))}
            placeholder={t('对应的问题分类')}
            aria-label={t('对应的问题分类')}
          />
          <DatePicker
            value={c.to ? dayjs(c.to).subtract(1, 'second') : null}
            onChange={(d) => set({ to: d ? d.endOf('day').add(1, 'millisecond').toISOString() : undefined })}
            placeholder={t('有效至（不填为长期）')}
            aria-label={t('有效至（不填为长期）')}
            style={{ width: 190 }}
          />
        </div>
        <label htmlFor="k-tags">{t('关键词')}</label>
        <Select
          id="k-tags"
          mode="tags"
          maxCount={20}
          value={c.tags}
          onChange={(tags) => set({ tags })}
          tokenSeparators={[' ', '，', ',', '、']}
          placeholder={t('市民会怎么说，回车分隔')}
          open={false}
        />
        <span>{t('正文')}</span>
        <div>
          <div className="small muted">
            {t('## 小标题，- 列表，**重点**，[文字](https://网址)；右边是市民和坐席看到的样子')}
          </div>
          <div className="k-write">
            <Input.TextArea
              rows={14}
              maxLength={20000}
              value={c.body}
              onChange={(e) => set({ body: e.target.value })}
              aria-label={t('正文')}
              data-field="body"
            />
            <Rich body={c.body} />
          </div>
        </div>
        <span>{t('电话指南')}</span>
        <div>
          <Checkbox checked={c.guide} onChange={(e) => set({ guide: e.target.checked })}>
            {t('由语音菜单按键 4 播报')}
          </Checkbox>
          {c.guide && (
            <Input.TextArea
              rows={3}
              maxLength={300}
              showCount
              value={c.spoken}
              onChange={(e) => set({ spoken: e.target.value })}
              placeholder={t('读给市民听的文字，简短，不用符号')}
              aria-label={t('读给市民听的文字，简短，不用符号')}
            />
          )}
        </div>
      </div>
    </Modal>
  );
}
