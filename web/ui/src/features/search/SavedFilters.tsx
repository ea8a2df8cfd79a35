import { DeleteOutlined } from '@ant-design/icons';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Checkbox, Input, Popover } from 'antd';
import { useState } from 'react';
import type { List, SavedFilter } from '@/api/contract';
import { errorText } from '@/api/errors';
import { del, get, put } from '@/api/http';
import { itemsOf } from '@/api/lists';
import { useSession } from '@/app/session';
import { Nothing } from '@/components/page';
import { useT } from '@/i18n';
import { label, roles } from '@/labels';
import { type Filters, fromSaved, toSaved } from './query';

/** Filters kept under a name: own ones, and those shared with one's role. */
export function SavedFilters(p: {
  filters: Filters;
  onChoose: (changes: Record<string, string | undefined>) => void;
}) {
  const t = useT();
  const cache = useQueryClient();
  const session = useSession();
  const { message } = App.useApp();
  const [name, setName] = useState('');
  const [share, setShare] = useState(false);
  const list = useQuery({
    queryKey: ['/filters'],
    queryFn: () => get<List<SavedFilter>>('/filters').then(itemsOf),
  });
  const fresh = () => cache.invalidateQueries({ queryKey: ['/filters'] });
  const failed = (e: unknown) => void message.error(t(errorText(e)));
  const save = useMutation({
    mutationFn: () =>
      put('/filters', { name, filter: toSaved(p.filters), shared: share ? session.roles[0] : undefined }),
    onSuccess: () => {
      setName('');
      return fresh();
    },
    onError: failed,
  });
  const remove = useMutation({
    mutationFn: (id: string) => del(`/filters/${id}`),
    onSuccess: fresh,
    onError: failed,
  });
  const choose = (f: SavedFilter) =>
    p.onChoose({
      ...Object.fromEntries(Object.keys(p.filters).map((k) => [k, undefined])),
      ...fromSaved(f.filter),
    });
  const body = (
    <div className="search-saved">
      {list.data?.length === 0 && <Nothing text={t('还没有保存的筛选')} />}
      {list.data?.map((f) => (
        <div key={f.id} className="row">
          <button type="button" className="search-link" onClick={() => choose(f)} data-filter={f.name}>
            {f.name}
          </button>
          {f.shared && (
            <span className="small muted">
              {f.mine
                ? t('已共享给{{role}}', { role: t(label(roles, f.shared)) })
                : t('{{who}} 共享', { who: f.owner })}
            </span>
          )}
          {f.mine && (
            <Button
              size="small"
              type="text"
              icon={<DeleteOutlined />}
              aria-label={t('删除 {{name}}', { name: f.name })}
              onClick={() => remove.mutate(f.id)}
            />
          )}
        </div>
      ))}
      <div className="row" style={{ marginTop: 8 }}>
        <Input
          value={name}
          maxLength={40}
          onChange={(e) => setName(e.target.value)}
          placeholder={t('给当前条件起个名字')}
          aria-label={t('给当前条件起个名字')}
        />
        <Button
          type="primary"
          disabled={!name.trim() || !Object.keys(p.filters).length}
          loading={save.isPending}
          onClick={() => save.mutate()}
          data-act="save-filter"
        >
          {t('保存')}
        </Button>
      </div>
      <Checkbox checked={share} onChange={(e) => setShare(e.target.checked)} disabled={!!p.filters.phone}>
        {t('共享给{{role}}', { role: t(label(roles, session.roles[0] ?? '')) })}
      </Checkbox>
    </div>
  );
  return (
    <Popover content={body} trigger="click" placement="bottomRight">
      <Button data-act="saved-filters">{t('我的筛选')}</Button>
    </Popover>
  );
}
