import type { Texts } from '../i18n/texts.ts'

export const worker = {
  'tab.today': ['今天', 'Today'],
} as const satisfies Texts
