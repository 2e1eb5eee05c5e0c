/** A text for people, in both languages of the product. Chinese first, English complete. */
export type Say = { zh: string; en: string }

export type Lang = 'zh' | 'en'

export function say(zh: string, en: string): Say {
  return { zh, en }
}
