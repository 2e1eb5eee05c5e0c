import { normalisePhone } from '../access/phone.ts'
import type { SlotRule } from './slots.ts'
import { outOfQuiet } from './slots.ts'

/**
 * READ-14: a reminder says when and where, and nothing else. No name, no word of health, quarantine or illness: whoever looks at
 * the telephone over a shoulder learns nothing. One message to one responder, with one line for each person still asked for
 * (case 27); who was left out has reported or has ended.
 */
export type Asked = { ordinal: number; url: string }

const two = (n: number): string => String(n).padStart(2, '0')

export function clockText(minutes: number): string {
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`
}

/** Chinese first; in one of the two languages, as the person reads. */
export function reminderText(lang: 'zh' | 'en', rule: Pick<SlotRule, 'due'>, asked: readonly Asked[]): string {
  const due = clockText(rule.due)
  const lines = asked.toSorted((a, b) => a.ordinal - b.ordinal)
  const several = lines.length > 1
  if (lang === 'en') {
    const links = lines.map((one) => (several ? `no. ${one.ordinal}: ${one.url}` : one.url)).join(' ')
    return `[Weiwang] Please fill in today's form by ${due}: ${links} Do not pass it on. Reply STOP for no more messages.`
  }
  const links = lines.map((one) => (several ? `第${one.ordinal}位：${one.url}` : one.url)).join(' ')
  return `【微网】请于今天${due}前填写当日登记：${links} 请勿转发。回复T退订。`
}

/** Words that no message may hold (READ-14); tests go through every text. */
export const FORBIDDEN_WORDS: readonly string[] = [
  '体温',
  '发热',
  '发烧',
  '症状',
  '健康',
  '隔离',
  '观察',
  '疫',
  '病',
  '核酸',
  '医',
  'temperature',
  'fever',
  'symptom',
  'health',
  'quarantine',
  'isolat',
  'observ',
  'epidemic',
  'disease',
  'covid',
  'medical',
  'test',
]

/** Case 29: what became of a try. retry: later; voice: this number takes no messages, call it; stop: never again. */
export type Delivery = 'sent' | 'retry' | 'voice' | 'stop'

/** How often and how far apart a message is tried while its slot lasts. Minutes. */
export const RETRY_MINUTES = [2, 10, 30] as const

/** When it is tried again, out of the quiet hours; null when there is no time left before the deadline. */
export function nextTryAt(tries: number, now: Date, dueAt: Date, zone: string): Date | null {
  const minutes = RETRY_MINUTES[tries - 1]
  if (minutes === undefined) return null
  const at = outOfQuiet(new Date(now.getTime() + minutes * 60_000), zone)
  return at < dueAt ? at : null
}

/** A number that can take a message, as +country and digits; null for landlines and what is no number: those are called. */
export function messageNumber(phone: string | null): string | null {
  return phone === null ? null : normalisePhone(phone)
}

const DASHES = /[\s\-()（）]/gu

/** READ-15: one form of a number for the opt-out, so that it holds however the number is written and whoever is enrolled later. */
export function optOutNumber(phone: string): string {
  const normal = normalisePhone(phone)
  if (normal !== null) return normal
  const plain = phone.normalize('NFKC').replace(DASHES, '').replace(/^00/u, '+')
  return plain.startsWith('+') ? plain : `+86${plain.replace(/^0/u, '')}`
}

const STOP_WORDS = new Set(['T', 'TD', '退订', '停止', 'STOP', 'UNSUBSCRIBE', 'END', 'QUIT', 'CANCEL'])

export function isStop(text: string): boolean {
  return STOP_WORDS.has(
    text
      .normalize('NFKC')
      .trim()
      .replace(/[.。!！]+$/u, '')
      .toUpperCase(),
  )
}
