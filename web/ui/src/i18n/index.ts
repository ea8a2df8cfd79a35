import i18next from 'i18next';
import { initReactI18next, useTranslation } from 'react-i18next';

export type Lang = 'zh-CN' | 'en-US';

const key = 'hotline.lang';

/** The language chosen on this device; Chinese unless chosen otherwise. */
export function savedLang(): Lang {
  return localStorage.getItem(key) === 'en-US' ? 'en-US' : 'zh-CN';
}

// The Chinese text is the key of its translation, so that the code reads as the screen does.
i18next.use(initReactI18next).init({
  lng: 'zh-CN',
  fallbackLng: false,
  keySeparator: false,
  nsSeparator: false,
  returnEmptyString: false,
  interpolation: { escapeValue: false },
  resources: { 'zh-CN': { translation: {} } },
});

/** Switches the language; English texts are loaded when first wanted. */
export async function setLang(lang: Lang): Promise<void> {
  if (lang === 'en-US' && !i18next.hasResourceBundle('en-US', 'translation')) {
    const { enUS } = await import('./en-US');
    i18next.addResourceBundle('en-US', 'translation', enUS);
  }
  localStorage.setItem(key, lang);
  document.documentElement.lang = lang;
  await i18next.changeLanguage(lang);
}

export type T = (text: string, values?: Record<string, unknown>) => string;

/** Translator for components: renders again when the language changes. */
export function useT(): T {
  const { t } = useTranslation();
  return t as unknown as T;
}

/** Translator for code outside components. */
export const tr: T = (text, values) => i18next.t(text, values) as string;

export function currentLang(): Lang {
  return i18next.language === 'en-US' ? 'en-US' : 'zh-CN';
}
