import { createRoot } from 'react-dom/client';
import { savedLang, setLang } from '@/i18n';
import { Portal } from './Portal';
import './portal.css';

await setLang(savedLang());
createRoot(document.getElementById('root') as HTMLElement).render(<Portal />);
