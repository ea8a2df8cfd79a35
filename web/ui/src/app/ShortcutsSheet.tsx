import { Button, Modal, Tooltip } from 'antd';
import { Fragment, useEffect, useState } from 'react';
import { useT } from '@/i18n';
import { type CommandName, combination, commands, keyMap, remap, reserved } from './keys';
import { useUi } from './ui';

const groups = ['通话', '席位', '工单', '工作台', '回访', '通用'] as const;

/** All shortcuts; a click on a key chooses another one for this device. */
export default function ShortcutsSheet() {
  const t = useT();
  const [map, setMap] = useState(keyMap);
  const [asking, setAsking] = useState<CommandName | null>(null);
  const close = () => useUi.setState({ shortcuts: false });
  useEffect(() => {
    if (!asking) return;
    const take = (e: KeyboardEvent) => {
      if (['Control', 'Alt', 'Shift', 'Meta'].includes(e.key)) return;
      e.preventDefault();
      e.stopImmediatePropagation();
      const keys = combination(e);
      const taken = Object.entries(map).some(([n, k]) => n !== asking && k === keys);
      if (e.key !== 'Escape' && !taken && !reserved.has(keys) && keys.length > 1) {
        remap(asking, keys);
        setMap(keyMap());
      }
      setAsking(null);
    };
    addEventListener('keydown', take, true);
    return () => removeEventListener('keydown', take, true);
  }, [asking, map]);
  return (
    <Modal open title={t('快捷键')} footer={null} onCancel={close} width={620}>
      <div className="sheet" data-sheet="shortcuts">
        {groups.map((g) => (
          <Fragment key={g}>
            <h3>{t(g)}</h3>
            {(Object.keys(commands) as CommandName[])
              .filter((n) => commands[n].group === g)
              .map((n) => (
                <div key={n} className="sheet-row">
                  {t(commands[n].text)}
                  <Tooltip title={t('点击后按下新的组合键')}>
                    <Button size="small" type="text" onClick={() => setAsking(n)}>
                      <kbd>{asking === n ? '…' : map[n]}</kbd>
                    </Button>
                  </Tooltip>
                </div>
              ))}
          </Fragment>
        ))}
      </div>
      <Button
        style={{ marginTop: 16 }}
        onClick={() => {
          for (const n of Object.keys(commands) as CommandName[]) remap(n, null);
          setMap(keyMap());
        }}
      >
        {t('恢复默认')}
      </Button>
    </Modal>
  );
}
