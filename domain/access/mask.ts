import type { Actor } from './actor.ts'
import { can } from './can.ts'
import type { ThingKind } from './can.ts'

/**
 * Masking by one rule (ACCESS-10): at most two characters of a Chinese name stay, the surname first. 张三 → 张*, 张三明 → 张*明,
 * 欧阳娜娜 → 欧阳**. Other scripts keep the first letter of each part. Counts code points, so that rare characters (𠮷) are whole.
 */
const COMPOUND = new Set(
  (
    '欧阳 司马 上官 诸葛 东方 皇甫 尉迟 公孙 令狐 慕容 轩辕 夏侯 司徒 司空 端木 百里 东郭 南宫 西门 独孤 呼延 长孙 宇文 公冶 ' +
    '澹台 濮阳 淳于 单于 太叔 申屠 仲孙 钟离 闾丘 赫连 鲜于 拓跋 第五 公羊 左丘 東方 歐陽 司馬 諸葛 尉遲 公孫 夏侯 東郭 南宮 西門 獨孤 長孫'
  ).split(' '),
)
const HAN = /\p{Script=Han}/u
const MIDDLE_DOT = /[·•・．]/u

export function maskName(name: string): string {
  const text = name.normalize('NFC').trim()
  if (text === '') return ''
  if (MIDDLE_DOT.test(text)) return text.split(MIDDLE_DOT).map(keepFirst).join('·')
  if (!HAN.test(text)) return text.split(/\s+/u).map(keepFirst).join(' ')
  const chars = Array.from(text.replace(/\s+/gu, ''))
  const surname = chars.length > 2 && COMPOUND.has(chars.slice(0, 2).join('')) ? 2 : 1
  const keepLast = surname === 1 && chars.length > 2 ? 1 : 0
  if (chars.length === 1) return '*'
  const hidden = chars.length - surname - keepLast
  return chars.slice(0, surname).join('') + '*'.repeat(hidden) + (keepLast === 1 ? (chars.at(-1) ?? '') : '')
}

function keepFirst(part: string): string {
  const chars = Array.from(part.trim())
  return `${chars[0] ?? ''}**`
}

/** 138****5678; shorter numbers keep two digits. The country prefix of a foreign number stays readable. */
export function maskPhone(phone: string): string {
  const text = phone.normalize('NFKC').replace(/[\s()-]/gu, '')
  const domestic = text.replace(/^(\+86|0086)(?=1\d{10}$)/u, '')
  const digits = Array.from(domestic)
  if (digits.length < 7) return '*'.repeat(digits.length)
  if (digits.length < 11) return '*'.repeat(digits.length - 2) + digits.slice(-2).join('')
  return digits.slice(0, 3).join('') + '*'.repeat(digits.length - 7) + digits.slice(-4).join('')
}

/** The first and the last two characters of a document number: enough to compare it with the card in one's hand. */
export function maskDocument(number: string): string {
  const chars = Array.from(number.normalize('NFKC').replace(/\s+/gu, ''))
  if (chars.length < 6) return '*'.repeat(chars.length)
  return (chars[0] ?? '') + '*'.repeat(chars.length - 3) + chars.slice(-2).join('')
}

const NUMBERED =
  /([0-9０-９一二三四五六七八九十百零〇A-Za-zＡ-Ｚａ-ｚ-]+)(?=\s*(?:幢|栋|座|号|弄|单元|室|层|楼|组|户))/gu
const DIGITS = /[0-9０-９]+/gu

/** Road, village and estate stay; every number of house, building, unit and room goes. */
export function maskAddress(address: string): string {
  return address.normalize('NFC').trim().replace(NUMBERED, '*').replace(DIGITS, '*')
}

/** Where a thing is about to be shown. `form` is one record opened on purpose; `phone` the sealed page of a phone on duty. */
export type Channel = 'list' | 'form' | 'export' | 'map' | 'api' | 'notification' | 'phone'
export type Sight = 'open' | 'masked' | 'hidden'
export type Shown = { kind: ThingKind; area: string; channel: Channel; purpose?: string }

/** Only these channels ever carry a plain identity, and each opening is one audit line with its purpose (ACCESS-10). */
const OPENING: readonly Channel[] = ['form', 'api', 'phone']

/**
 * ACCESS-10, the one masking decision of list, form, export, map, API and notification: `hidden` outside the scope, `open` only
 * for who may open, for one stated purpose, on a channel made for it; everything else is masked.
 */
export function mayOpen(actor: Actor, thing: Shown): Sight {
  const at = { kind: thing.kind, area: thing.area }
  if (!can(actor, 'read', at) && !can(actor, 'open', at)) return 'hidden'
  const purpose = (thing.purpose ?? '').trim()
  if (!OPENING.includes(thing.channel) || purpose === '') return 'masked'
  return can(actor, 'open', at) ? 'open' : 'masked'
}
