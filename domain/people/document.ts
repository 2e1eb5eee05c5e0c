/**
 * Identity documents (PEOPLE-1 to PEOPLE-3). Sources: GB 11643-1999 for the citizen number (weights, check digit, date),
 * the residence permits of Hong Kong, Macao and Taiwan residents, which use the same scheme under 810000, 820000 and 830000,
 * and the permanent residence card, whose number since 2023 uses it under a leading 9.
 * The home of a person is never inferred from a number, and a prefix is never a reason to refuse: divisions are abolished.
 */
import type { Day } from '../core/day.ts'
import { isDay } from '../core/day.ts'
import { say } from '../core/say.ts'
import type { DocumentKind } from './api.ts'
import { countryOfAlpha3, readCountry } from './country.ts'
import type { Reading } from './reading.ts'
import { fault, plain, read } from './reading.ts'

export type Sex = 0 | 1 | 2

export type IdDocument = {
  kind: Exclude<DocumentKind, 'none'>
  /** ISO alpha-2 of who issued it; HK, MO and TW for their residents' papers. */
  country: string
  /** Normalised: what the person id is made of. */
  number: string
  birth?: Day
  sex?: Sex
}

export type DocumentOptions = {
  /** Births after this day are refused. */
  today: Day
  kind?: DocumentKind | undefined
  country?: string | undefined
  /** Typed into a form or a cell that is text for certain, so that a number ending in 000 cannot be Excel's rounding. */
  typed?: boolean | undefined
}

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
const CHECKS = '10X98765432'
const OLDEST_YEARS = 130

/** The check digit of the first 17 digits (ISO 7064 MOD 11-2). */
export function checkDigit(first17: string): string {
  let sum = 0
  for (let i = 0; i < 17; i++) sum += (first17.charCodeAt(i) - 48) * (WEIGHTS[i] ?? 0)
  return CHECKS.charAt(sum % 11)
}

const faults = {
  empty: () =>
    fault(
      'DOCUMENT_EMPTY',
      'PEOPLE-1',
      say('证件号码为空', 'No document number'),
      say(
        '请填写证件号码；确无证件的留空姓名以外各项',
        'Give the number; for a person without a document leave it out and give name and phone or birth date',
      ),
    ),
  float: () =>
    fault(
      'DOCUMENT_FLOAT',
      'PEOPLE-2',
      say(
        '证件号码被 Excel 转成了数字，后几位已丢失',
        'Excel has turned the number into a figure and its last digits are lost',
      ),
      say(
        '请把该列设为“文本”格式后从原始资料重新粘贴，不能靠补零修复',
        'Format the column as text and paste the numbers again from the source; they cannot be repaired',
      ),
    ),
  masked: () =>
    fault(
      'DOCUMENT_MASKED',
      'PEOPLE-1',
      say('证件号码带星号，不完整', 'The number is masked with stars'),
      say('请向来源索取完整号码', 'Ask the source for the full number'),
    ),
  length: (n: number) =>
    fault(
      'DOCUMENT_LENGTH',
      'PEOPLE-1',
      say(
        `证件号码为 ${n} 位，应为 18 位（旧证 15 位）`,
        `The number has ${n} characters; 18 are expected (15 on old cards)`,
      ),
      say('请对照证件补全或删去多余字符', 'Compare with the card'),
    ),
  check: () =>
    fault(
      'DOCUMENT_CHECK',
      'PEOPLE-1',
      say('身份证号码校验位不符，至少有一位写错', 'The check digit does not fit: at least one digit is wrong'),
      say('请对照证件逐位核对', 'Compare digit by digit with the card'),
    ),
  date: () =>
    fault(
      'DOCUMENT_DATE',
      'PEOPLE-1',
      say('号码中的出生日期不存在', 'The birth date in the number does not exist'),
      say('请对照证件核对第 7 至 14 位', 'Compare digits 7 to 14 with the card'),
    ),
  future: () =>
    fault(
      'DOCUMENT_FUTURE',
      'PEOPLE-1',
      say('号码中的出生日期晚于今天', 'The birth date in the number lies in the future'),
      say('请对照证件核对第 7 至 14 位', 'Compare digits 7 to 14 with the card'),
    ),
  old: () =>
    fault(
      'DOCUMENT_OLD',
      'PEOPLE-1',
      say(
        `号码中的出生日期早于 ${OLDEST_YEARS} 年前`,
        `The birth date in the number is more than ${OLDEST_YEARS} years ago`,
      ),
      say('请对照证件核对第 7 至 14 位', 'Compare digits 7 to 14 with the card'),
    ),
  kind: () =>
    fault(
      'DOCUMENT_KIND',
      'PEOPLE-3',
      say('无法判断是哪种证件', 'The kind of document cannot be told from the number'),
      say(
        '请同时给出证件类型（护照还要签发国家或地区）',
        'Give the kind of document as well, and for a passport the issuing country',
      ),
    ),
  country: () =>
    fault(
      'DOCUMENT_COUNTRY',
      'PEOPLE-3',
      say('护照缺少或不认识签发国家（地区）', 'The issuing country of the passport is missing or unknown'),
      say('请填写国家名称或两、三位字母代码', 'Give the country by name or by its two or three letters'),
    ),
  form: (what: string, how: string) =>
    fault(
      'DOCUMENT_FORM',
      'PEOPLE-3',
      say(`${what}号码格式不符：${how}`, `The number does not have the form of this document (${how})`),
      say('请核对证件类型和号码', 'Check the kind of document and the number'),
    ),
}

function birthOf(eight: string, today: Day): Reading<Day> {
  const day = `${eight.slice(0, 4)}-${eight.slice(4, 6)}-${eight.slice(6, 8)}`
  if (!isDay(day)) return faults.date()
  if (day > today) return faults.future()
  if (Number(day.slice(0, 4)) < Number(today.slice(0, 4)) - OLDEST_YEARS) return faults.old()
  return read(day)
}

const EIGHTEEN = /^\d{17}[\dX]$/
const PERMIT_OF: Readonly<Record<string, string>> = { '810000': 'HK', '820000': 'MO', '830000': 'TW' }

/** An 18-character number of the citizens' scheme: resident card, HMT residence permit or permanent residence card. */
function readEighteen(number: string, opts: DocumentOptions): Reading<IdDocument> {
  if (number.endsWith('000') && opts.typed !== true) return faults.float()
  const birth = birthOf(number.slice(6, 14), opts.today)
  if (!birth.ok) return birth
  if (checkDigit(number) !== number.charAt(17)) return faults.check()
  const sex: Sex = (number.charCodeAt(16) - 48) % 2 === 1 ? 1 : 2
  const permit = number.startsWith('8') ? PERMIT_OF[number.slice(0, 6)] : undefined
  if (permit !== undefined) return read({ kind: 'hmt_residence', country: permit, number, birth: birth.value, sex })
  // 9 + province of issue + ISO numeric nationality: no province begins with 9, so the two schemes cannot meet.
  const kind = number.startsWith('9') ? 'permanent' : 'resident'
  return read({ kind, country: 'CN', number, birth: birth.value, sex })
}

/** PEOPLE-1: an old 15-digit number is the 18-digit number with its century (19) and check digit put in. */
function widen(fifteen: string): string {
  const first17 = `${fifteen.slice(0, 6)}19${fifteen.slice(6)}`
  return first17 + checkDigit(first17)
}

/** Old permanent residence card: country, four digits of place, YYMMDD, two digits. Its century is not on the card. */
function readOldPermanent(number: string, opts: DocumentOptions): Reading<IdDocument> {
  if (countryOfAlpha3(number.slice(0, 3)) === null) return faults.country()
  const yymmdd = number.slice(7, 13)
  const in19 = birthOf(`19${yymmdd}`, opts.today)
  const in20 = birthOf(`20${yymmdd}`, opts.today)
  if (!in19.ok && !in20.ok) return in19
  const birth = in19.ok && !in20.ok ? in19.value : !in19.ok && in20.ok ? in20.value : undefined
  return read({ kind: 'permanent', country: 'CN', number, ...(birth === undefined ? {} : { birth }) })
}

const CHINESE_PASSPORT = /^(?:[DEGPS]\d{8}|[DEPS][A-HJ-NP-Z]\d{7}|1[45]\d{7})$/
const HOME_RETURN = /^([HM]\d{8})(\d{2})?$/
const TAIWAN_PERMIT = /^(\d{8})(\d{2})?(?:\([A-Z]\)|[A-Z])?$/

function readPassport(number: string, opts: DocumentOptions): Reading<IdDocument> {
  const given = opts.country === undefined || opts.country === '' ? null : readCountry(opts.country)
  if (opts.country && given === null) return faults.country()
  const country = given ?? (CHINESE_PASSPORT.test(number) ? 'CN' : null)
  if (country === null) return faults.country()
  if (!/^[A-Z0-9]{5,12}$/.test(number) || !/\d/.test(number)) return faults.form('护照', '5-12')
  if (country === 'CN' && !CHINESE_PASSPORT.test(number)) return faults.form('中国护照', 'E12345678')
  return read({ kind: 'passport', country, number })
}

/** The lifelong part: the two digits behind it count renewals, so a renewed card is still the same person (PEOPLE-3). */
function readHomeReturn(number: string): Reading<IdDocument> {
  const m = HOME_RETURN.exec(number)
  const lifelong = m?.[1]
  if (lifelong === undefined) return faults.form('港澳居民来往内地通行证', 'H12345678')
  return read({ kind: 'hm_travel', country: lifelong.startsWith('H') ? 'HK' : 'MO', number: lifelong })
}

function readTaiwanPermit(number: string): Reading<IdDocument> {
  const lifelong = TAIWAN_PERMIT.exec(number)?.[1]
  return lifelong === undefined
    ? faults.form('台湾居民来往大陆通行证', '12345678')
    : read({ kind: 'tw_travel', country: 'TW', number: lifelong })
}

function clean(text: string): string {
  return plain(text)
    .toUpperCase()
    .replace(/[\s\-‐-―_.·]/g, (c) => (c === '.' ? '.' : ''))
    .replace(/[ХхΧχ×]$/u, 'X')
}

/**
 * Reads one document number. A number of the citizens' scheme says itself what it is, whatever kind was declared; other kinds
 * need `kind` (and passports `country`) unless their form is unmistakable.
 * A cell that arrives as a JavaScript number has lost its last digits when it is long, and is refused (PEOPLE-2).
 */
export function readDocument(input: string | number, opts: DocumentOptions): Reading<IdDocument> {
  // What nearly every row has needs no cleaning.
  if (typeof input === 'string' && EIGHTEEN.test(input)) return readEighteen(input, opts)
  if (typeof input === 'number' && !(Number.isSafeInteger(input) && input < 1e15)) return faults.float()
  const text = clean(String(input))
  if (text === '') return faults.empty()
  if (/^\d(\.\d+)?E\+?\d+$/.test(text) || /^\d{15,}\.0*$/.test(text)) return faults.float()
  if (text.includes('*')) return faults.masked()
  if (EIGHTEEN.test(text)) return readEighteen(text, opts)
  if (opts.kind === 'passport') return readPassport(text, opts)
  if (opts.kind === 'hm_travel') return readHomeReturn(text)
  if (opts.kind === 'tw_travel') return readTaiwanPermit(text)
  if (/^[A-Z]{3}\d{12}$/.test(text)) return readOldPermanent(text, opts)
  if (/^\d{15}$/.test(text)) return readEighteen(widen(text), { ...opts, typed: true })
  if (opts.kind === 'resident' || opts.kind === 'hmt_residence') return faults.length(text.length)
  if (opts.kind === 'permanent') return faults.form('外国人永久居留身份证', 'CAN110278062102')
  return readUndeclared(text, opts)
}

function readUndeclared(text: string, opts: DocumentOptions): Reading<IdDocument> {
  const country = opts.country ? readCountry(opts.country) : null
  if (country !== null && !['CN', 'HK', 'MO', 'TW'].includes(country)) return readPassport(text, opts)
  if (HOME_RETURN.test(text)) return readHomeReturn(text)
  if (country === 'TW' && TAIWAN_PERMIT.test(text)) return readTaiwanPermit(text)
  if (/^[EG]\d{8}$|^E[A-HJ-NP-Z]\d{7}$/.test(text)) return readPassport(text, { ...opts, country: 'CN' })
  if (/^\d{12,20}X?$/.test(text)) return faults.length(text.length)
  return faults.kind()
}

const KIND_WORDS: readonly (readonly [RegExp, DocumentKind])[] = [
  [/港澳台.*居住|居住证/, 'hmt_residence'],
  [/回乡|港澳.*通行|来往内地/, 'hm_travel'],
  [/台胞|台湾.*通行|来往大陆/, 'tw_travel'],
  [/永久居留|永居|^permanent/i, 'permanent'],
  [/护照|passport/i, 'passport'],
  [/身份证|居民|户口|二代证|^id(\s?card)?$|identity/i, 'resident'],
  [/无证|^无$|^none$/i, 'none'],
]

/** The kind column of forms and feeds, in words or as one of our own kinds; null when it says nothing known. */
export function readDocumentKind(text: string): DocumentKind | null {
  const t = plain(text)
  for (const kind of [
    'resident',
    'hmt_residence',
    'hm_travel',
    'tw_travel',
    'passport',
    'permanent',
    'none',
  ] as const) {
    if (t.toLowerCase() === kind) return kind
  }
  for (const [pattern, kind] of KIND_WORDS) if (pattern.test(t)) return kind
  return null
}
