/**
 * Telephone numbers (PEOPLE-4), kept as E.164 with the extension behind `;ext=` (RFC 3966). libphonenumber-js reads full-width
 * digits, 0086, 86-, +852/853/886 and landlines; what it misses is put right before: "0512-65221111-802" and "转802".
 */
import { parsePhoneNumberFromString } from 'libphonenumber-js/max'
import { say } from '../core/say.ts'
import type { Reading } from './reading.ts'
import { fault, plain, read } from './reading.ts'

export type Phone = {
  /** `+8613812345678`, or `+8651265221111;ext=802`. */
  e164: string
  kind: 'mobile' | 'landline'
  /** ISO alpha-2 of the numbering plan. */
  country: string
  /** The last four digits of the number without its extension: what people remember. */
  last4: string
}

const EMPTY = fault(
  'PHONE_EMPTY',
  'PEOPLE-4',
  say('没有电话号码', 'No telephone number'),
  say('如有联系电话请补上', 'Add one if there is one'),
)
const FLOAT = fault(
  'PHONE_FLOAT',
  'PEOPLE-4',
  say('电话号码被 Excel 转成了数字', 'Excel has turned the number into a figure'),
  say(
    '请把该列设为“文本”格式后从原始资料重新粘贴',
    'Format the column as text and paste the numbers again from the source',
  ),
)
const MASKED = fault(
  'PHONE_MASKED',
  'PEOPLE-4',
  say('电话号码带星号，不完整', 'The number is masked with stars'),
  say('请向来源索取完整号码', 'Ask the source for the full number'),
)
const NO_AREA = fault(
  'PHONE_NO_AREA',
  'PEOPLE-4',
  say('固定电话缺少区号', 'A landline without its area code'),
  say('请在前面加区号，例如 0512', 'Put the area code in front, 0512 for example'),
)
const INVALID = fault(
  'PHONE_INVALID',
  'PEOPLE-4',
  say('不是有效的电话号码', 'Not a valid telephone number'),
  say(
    '请核对号码；境外号码请加国家或地区代码，例如 +852',
    'Check it; put the country code in front of a number from abroad, +852 for example',
  ),
)

const MAINLAND_MOBILE = /^(?:\+?86|0086)?(1[3-9]\d{9})$/

function mainlandMobile(digits: string): Phone | null {
  const m = MAINLAND_MOBILE.exec(digits)?.[1]
  return m === undefined ? null : { e164: `+86${m}`, kind: 'mobile', country: 'CN', last4: m.slice(-4) }
}

/** The number and its extension: "0512-65221111-802", "65221111转802", "ext. 802". */
function splitExtension(text: string): { number: string; ext: string } {
  const m = /^(.*\d{7,8})\s*(?:-|转|#|(?:;|,)?\s*(?:ext|x)\.?=?)\s*(\d{1,6})$/i.exec(text)
  return m?.[1] !== undefined && m[2] !== undefined ? { number: m[1], ext: m[2] } : { number: text, ext: '' }
}

function readOne(text: string): Reading<Phone> {
  const quick = mainlandMobile(text.replace(/[\s\-()]/g, ''))
  if (quick) return read(quick)
  const { number, ext } = splitExtension(text)
  if (/^[2-8]\d{6,7}$/.test(number.replace(/[\s-]/g, ''))) return NO_AREA
  const bare = number.replace(/[\s\-()]/g, '')
  // A regional code without its plus sign, as forms have it: 852-xxxxxxxx, 853…, 886…
  const international = /^(?:00)?(852\d{8}|853\d{8}|886\d{8,9})$/.exec(bare)?.[1]
  const parsed = parsePhoneNumberFromString(international ? `+${international}` : number, 'CN')
  if (!parsed?.isValid()) return INVALID
  const kind = parsed.getType()
  const national = parsed.nationalNumber
  return read({
    e164: ext === '' ? parsed.number : `${parsed.number};ext=${ext}`,
    kind: kind === 'MOBILE' || kind === 'FIXED_LINE_OR_MOBILE' ? 'mobile' : 'landline',
    country: parsed.country ?? 'CN',
    last4: national.slice(-4),
  })
}

/** Reads a telephone cell; of several numbers in one cell the first that is valid counts. */
export function readPhone(input: string | number): Reading<Phone> {
  // What nearly every row has needs no cleaning.
  const quick = typeof input === 'string' ? mainlandMobile(input) : null
  if (quick) return read(quick)
  const text = plain(String(input))
  if (text === '' || /^(无|没有|none|n\/a|-+|0+)$/i.test(text)) return EMPTY
  if (/^\d(\.\d+)?E\+?\d+$/i.test(text)) return FLOAT
  if (text.includes('*')) return MASKED
  let first: Reading<Phone> | undefined
  for (const part of text.split(/[/、,;，；|]|\s+(?=1[3-9]\d)/)) {
    if (part.trim() === '') continue
    const one = readOne(part.trim())
    if (one.ok) return one
    first ??= one
  }
  // An extension behind a comma or semicolon is not a second number.
  const whole = readOne(text)
  return whole.ok ? whole : (first ?? INVALID)
}
