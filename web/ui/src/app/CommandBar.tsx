import { Input, Modal } from 'antd';
import { useMemo, useState } from 'react';
import { useNavigate } from 'react-router';
import type { Session } from '@/api/contract';
import { currentLang, setLang, useT } from '@/i18n';
import { floor, useLive } from '@/live';
import { placesOf } from './navigation';
import { may, P } from './permissions';
import { toggleDark, useUi } from './ui';

interface Item {
  text: string;
  hint?: string;
  run: () => void;
}

/** Ctrl+K: go anywhere, do anything, open a ticket by its number. */
export default function CommandBar({ session, signOut }: { session: Session; signOut: () => void }) {
  const t = useT();
  const go = useNavigate();
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const signedIn = useLive((s) => s.seat && s.seat.state !== 'signed_out');
  const close = () => useUi.setState({ palette: false });
  const items = useMemo(() => {
    const all: Item[] = placesOf(session).map((p) => ({
      text: t(p.text),
      hint: t('打开'),
      run: () => go(p.to),
    }));
    if (signedIn) {
      all.push(
        { text: t('示闲'), hint: t('席位'), run: () => void floor.wish('idle').catch(() => {}) },
        { text: t('示忙'), hint: t('席位'), run: () => void floor.wish('not_ready', 'self').catch(() => {}) },
        { text: t('小休'), hint: t('席位'), run: () => void floor.wish('rest', 'rest').catch(() => {}) },
      );
    }
    all.push(
      { text: t('深色 / 浅色'), run: toggleDark },
      { text: '中文 / English', run: () => void setLang(currentLang() === 'zh-CN' ? 'en-US' : 'zh-CN') },
      { text: t('快捷键'), run: () => useUi.setState({ shortcuts: true }) },
      { text: t('退出登录'), run: signOut },
    );
    const q = text.trim().toLowerCase();
    const found = q ? all.filter((i) => i.text.toLowerCase().includes(q)) : all;
    if (/^\d{12}$/.test(q)) found.unshift({ text: `${t('打开工单')} ${q}`, run: () => go(`/tickets/${q}`) });
    else if (q && may(session, P.ticketsRead)) {
      found.push({
        text: t('搜索工单：{{q}}', { q: text.trim() }),
        run: () => go(`/tickets?q=${encodeURIComponent(text.trim())}`),
      });
    }
    return found;
  }, [text, session, signedIn, t, go, signOut]);
  const choose = (i: Item | undefined) => {
    close();
    i?.run();
  };
  return (
    <Modal
      open
      footer={null}
      closable={false}
      onCancel={close}
      width={560}
      style={{ top: 90 }}
      data-sheet="palette"
    >
      <Input
        autoFocus
        size="large"
        value={text}
        placeholder={t('去哪里，做什么，或输入 12 位工单编号')}
        data-field="palette"
        onChange={(e) => {
          setText(e.target.value);
          setAt(0);
        }}
        onKeyDown={(e) => {
          if (e.key === 'ArrowDown') setAt((x) => Math.min(items.length - 1, x + 1));
          else if (e.key === 'ArrowUp') setAt((x) => Math.max(0, x - 1));
          else if (e.key === 'Enter') choose(items[at]);
          else return;
          e.preventDefault();
        }}
      />
      <div className="palette-list" role="listbox">
        {items.map((i, n) => (
          <button key={i.text} type="button" role="option" aria-selected={n === at} onClick={() => choose(i)}>
            {i.text}
            <span className="muted small">{i.hint}</span>
          </button>
        ))}
      </div>
    </Modal>
  );
}
