import type { Day } from '../core/day.ts'
import { checkDigit, fifteenDigits } from './identity.ts'
import type { SourceId } from './outbreak.ts'
import type { Village } from './place.ts'
import type { Rng } from './prng.ts'

/** The dirt of real files, cell by cell: what an importer must read through, and what it must refuse (EX-7). */

function fullWidth(text: string): string {
  return text.replace(/[!-~]/g, (c) => String.fromCharCode(c.charCodeAt(0) + 0xfee0))
}

/** One row in twenty-five comes without a name, some with blanks inside. */
export function dirtyName(rng: Rng, name: string): string {
  const x = rng.next()
  if (x < 0.04) return ''
  if (x < 0.06) return Array.from(name).join(' ')
  return x < 0.065 ? `${name}　` : name
}

/**
 * A document number as it stands in a file. `float` is what Excel makes of eighteen digits in a number cell: in a workbook the
 * rounded number itself, in text the exponent form.
 */
export function dirtyNumber(rng: Rng, number: string, source: SourceId, float: boolean): string | number {
  if (float) {
    const rounded = Number(`${number.slice(0, 15)}000`)
    if (source === 'air' || source === 'case_investigation') return rounded
    return `${number[0] ?? '3'}.${number.slice(1, 6)}E+17`
  }
  const x = rng.next()
  if (x < 0.015) return fullWidth(number)
  if (x < 0.03) return fifteenDigits(number) ?? number
  if (x < 0.045) return `${number.slice(0, 6)} ${number.slice(6, 14)} ${number.slice(14)}`
  if (x < 0.055) return `${number}\t`
  return number.endsWith('X') && rng.chance(0.5) ? number.toLowerCase() : number
}

/** One digit typed wrong: the check digit no longer fits. */
export function mistypedNumber(rng: Rng, number: string): string {
  for (;;) {
    // The sequence, not the birth date: the date must stay one, so that it is the check digit that speaks.
    const at = rng.between(14, 16)
    const wrong = number.slice(0, at) + String((Number(number[at]) + rng.between(1, 9)) % 10) + number.slice(at + 1)
    if (checkDigit(wrong) !== wrong[17] && !wrong.endsWith('000')) return wrong
  }
}

export function dirtyPhone(rng: Rng, phone: string): string {
  if (phone === '') return ''
  const x = rng.next()
  if (x < 0.02) return fullWidth(phone)
  if (x < 0.05) return `+86 ${phone}`
  if (x < 0.06) return `0086${phone}`
  if (x < 0.09) return `${phone.slice(0, 3)}-${phone.slice(3, 7)}-${phone.slice(7)}`
  return phone
}

const SERIAL_OF_1970 = 25_569
const MS_PER_DAY = 86_400_000

/** Days since 1899-12-30, as a spreadsheet counts them. */
export function excelSerial(day: Day): number {
  return SERIAL_OF_1970 + Math.round(Date.parse(`${day}T00:00:00Z`) / MS_PER_DAY)
}

/** How a clerk of this source writes a day. An ambiguous one has day and month both below thirteen and no year in front. */
export function dirtyDate(rng: Rng, day: Day, source: SourceId, ambiguous: boolean): string | number {
  const [y = '', m = '', d = ''] = day.split('-')
  if (ambiguous) return `${m}/${d}/${y}`
  const x = rng.next()
  if (source === 'air' || source === 'case_investigation') {
    if (x < 0.5) return excelSerial(day)
    return x < 0.75 ? day : `${y}年${Number(m)}月${Number(d)}日`
  }
  if (x < 0.7) return day
  if (x < 0.82) return `${y}/${Number(m)}/${Number(d)}`
  if (x < 0.92) return `${y}年${Number(m)}月${Number(d)}日`
  return `${y}${m}${d}`
}

/** An address as it was once written down: levels missing, words for building and door swapped, digits full width. */
export function dirtyAddress(rng: Rng, address: string, village: Village): string {
  const { province, city, county, town, name } = village
  const rest = address.slice(province.length + city.length + county.length + town.length + name.length)
  const x = rng.next()
  if (x < 0.06) return ''
  if (x < 0.4) return address
  if (x < 0.55) return `${city}${county}${town}${name}${rest}`
  if (x < 0.65) return `${county}${town}${name}${rest}`
  if (x < 0.75)
    return `${city.replace('市', '')}${county}${town}${name}${rest.replace('幢', '栋').replace('单元', '-').replace('室', '')}`
  if (x < 0.83) return `${province} ${city} ${county} ${town} ${name} ${rest}`
  if (x < 0.88) return fullWidth(address)
  if (x < 0.94) return `${city}${county}${town}${rest}`
  return `${city}${county}${rest}`
}
