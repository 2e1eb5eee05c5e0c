import type { Lang, Say } from '@weiwang/domain/core/say'
import i18next from 'i18next'
import type { PostProcessorModule } from 'i18next'
import { initReactI18next, useTranslation } from 'react-i18next'
import { common } from './common.ts'
import { setSingular } from './plural.ts'
import { chinese, english } from './texts.ts'
import type { Texts } from './texts.ts'

const STORED = 'weiwang.lang'

function firstLang(): Lang {
  const stored = localStorage.getItem(STORED)
  return stored === 'en' ? 'en' : 'zh'
}

function mark(lang: Lang): void {
  document.documentElement.lang = lang === 'zh' ? 'zh-CN' : 'en'
}

const SINGULAR: PostProcessorModule = {
  type: 'postProcessor',
  name: 'singular',
  process: (text) => setSingular(text),
}

/** Starts the texts of one face: the common ones and its own, under the namespace it names. */
export async function startTexts(own: Record<string, Texts>): Promise<void> {
  const all: Record<string, Texts> = { common, ...own }
  const names = Object.keys(all)
  const lang = firstLang()
  mark(lang)
  await i18next
    .use(initReactI18next)
    .use(SINGULAR)
    .init({
      postProcess: [SINGULAR.name],
      lng: lang,
      fallbackLng: 'zh',
      ns: names,
      defaultNS: 'common',
      keySeparator: false,
      nsSeparator: false,
      interpolation: { escapeValue: false },
      resources: {
        zh: Object.fromEntries(names.map((name) => [name, chinese(all[name] ?? {})])),
        en: Object.fromEntries(names.map((name) => [name, english(all[name] ?? {})])),
      },
    })
}

export async function setLang(lang: Lang): Promise<void> {
  localStorage.setItem(STORED, lang)
  mark(lang)
  await i18next.changeLanguage(lang)
}

export function useLang(): Lang {
  const { i18n } = useTranslation('common')
  return i18n.language === 'en' ? 'en' : 'zh'
}

/** Texts that the server sends come in both languages; this picks the reader's. */
export function useSay(): (text: Say | null | undefined) => string {
  const lang = useLang()
  return (text) => (text ? setSingular(text[lang] || text.zh) : '')
}

/** Words one after another: names with 、 or a comma, clauses with a semicolon of the language. */
export function useJoin(): (parts: readonly string[], between?: 'names' | 'clauses') => string {
  const { t } = useTranslation('common')
  return (parts, between = 'names') => parts.join(between === 'names' ? t('join.names') : t('join.clauses'))
}
