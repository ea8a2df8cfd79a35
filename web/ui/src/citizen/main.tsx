import { createRoot } from 'react-dom/client';
import { savedLang, setLang } from '@/i18n';
import '@/theme/global.css';
import { Citizen } from './Citizen';

await setLang(savedLang());
createRoot(document.getElementById('root') as HTMLElement).render(<Citizen />);
