import { createContext, use } from 'react'

/** The words that every screen of this page has, Chinese first; what one screen alone says lies beside it and comes with it. */
export type Lang = 'zh' | 'en'
export type Say = { zh: string; en: string }

export const T = {
  title: { zh: '我的健康码', en: 'My health code' },
  other: { zh: 'English', en: '中文' },
  exercise: { zh: '演练', en: 'EXERCISE' },
  exerciseLine: { zh: '演练数据，非真实人员', en: 'Exercise data. No real people.' },
  back: { zh: '返回', en: 'Back' },
  phone: { zh: '手机号', en: 'Your telephone number' },
  getCode: { zh: '获取验证码', en: 'Send me a code' },
  code: { zh: '六位验证码', en: 'The six digits' },
  codeSent: { zh: '验证码已发到手机，5 分钟内有效', en: 'A code was sent to your phone; it is good for 5 minutes' },
  enter: { zh: '进入', en: 'Open my page' },
  otherNumber: { zh: '换个号码', en: 'Another number' },
  loginTitle: { zh: '打开我的页面', en: 'Open my page' },
  loginLead: {
    zh: '用手机号进入，可以申领和出示健康码，为自己和家人填报、求助。',
    en: 'Open the page with your telephone number: apply for a health code and show it, report and ask for help, for yourself and your family.',
  },
  noPhone: {
    zh: '没有手机的家人不用操作：社区会打电话或上门。',
    en: 'Whoever has no phone need not do anything: the community rings or comes.',
  },
  working: { zh: '请稍候…', en: 'One moment…' },
  me: { zh: '本人', en: 'Myself' },
  by: { zh: '{time} 前', en: 'by {time}' },
  help: { zh: '需要帮助', en: 'Ask for help' },
  send: { zh: '提交', en: 'Send' },
  loading: { zh: '正在打开…', en: 'Opening…' },
  again: { zh: '再试一次', en: 'Try again' },
  notLoaded: { zh: '这一页没有下载完', en: 'This screen was not fetched' },
  notLoadedHint: { zh: '连上网络后再试一次', en: 'Try again when there is a network' },
  logout: { zh: '退出', en: 'Log out' },
  asOf: { zh: '截至 {time}', en: 'as of {time}' },
  reload: { zh: '刷新', en: 'Refresh' },
} as const satisfies Record<string, Say>
export type Key = keyof typeof T

export const LangContext = createContext<Lang>('zh')

export type Words<K extends string = never> = {
  lang: Lang
  /** A text of this page or of this screen, `{name}` filled in. */
  t: (key: Key | K, fill?: Record<string, string | number>) => string
  /** A text that the server said in both languages, or a closed word; unknown words are shown as they came (case 19). */
  say: (one: Say | undefined, raw?: string) => string
}

export function fillIn(text: string, fill: Record<string, string | number>): string {
  return text.replace(/\{(\w+)\}/g, (_, name: string) => String(fill[name] ?? ''))
}

/** @param own the words of the screen that asks */
export function useWords<K extends string = never>(own?: Readonly<Record<K, Say>>): Words<K> {
  const lang = use(LangContext)
  const all: Readonly<Record<string, Say>> = { ...T, ...own }
  return {
    lang,
    t: (key, fill = {}) => fillIn(all[key]?.[lang] ?? key, fill),
    say: (one, raw = '') => one?.[lang] ?? raw,
  }
}
