import { createRoot } from 'react-dom/client';
import { savedLang, setLang } from '@/i18n';
import '@/theme/global.css';
import { App } from './App';

await setLang(savedLang());
createRoot(document.getElementById('root') as HTMLElement).render(<App />);
