import { create } from 'zustand';

export type Mode = 'auto' | 'light' | 'dark';

interface Ui {
  /** Chosen look; auto is light, and dark on boards. */
  mode: Mode;
  board: boolean;
  palette: boolean;
  shortcuts: boolean;
  guide: boolean;
}

const key = 'hotline.mode';

export const useUi = create<Ui>(() => ({
  mode: (localStorage.getItem(key) as Mode) || 'auto',
  board: false,
  palette: false,
  shortcuts: false,
  guide: false,
}));

export const isDark = (s: Ui) => s.mode === 'dark' || (s.mode === 'auto' && s.board);

export function toggleDark() {
  const s = useUi.getState();
  const mode: Mode = isDark(s) ? 'light' : 'dark';
  localStorage.setItem(key, mode);
  useUi.setState({ mode });
}
