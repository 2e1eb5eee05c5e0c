/** How a search text is read (PEOPLE-10). */
import type { Day } from '../core/day.ts'
import type { SearchAnswer } from './api.ts'
import { readBirth } from './birth.ts'
import { readDocument } from './document.ts'
import { readPhone } from './phone.ts'
import { plain } from './reading.ts'

export type SearchBy = SearchAnswer['by']

const HAN = /\p{Script=Han}/u

/** What was typed: a document, four digits of a telephone, a whole telephone, a birth date, pinyin or initials, an address, a name. */
export function guessSearch(input: string, today: Day): Exclude<SearchBy, 'auto'> {
  const text = plain(input)
  if (/^\d{4}$/.test(text)) return 'phone_end'
  if (/^[\d\s+()-]{7,20}$/.test(text) && readPhone(text).ok) return 'phone'
  if (/^\d{4}[-./年]?\d{2}([-./月]?\d{2}日?)?$/.test(text) && readBirth(text, today).ok) return 'birth'
  if (readDocument(text, { today, typed: true }).ok) return 'document'
  if (!HAN.test(text)) return /^[a-z]{2,4}$/i.test(text) && !/[aeiouv]/i.test(text) ? 'initials' : 'pinyin'
  if (/\d/.test(text) || (/[号路街巷弄幢栋室村镇区苑园]/.test(text.slice(1)) && Array.from(text).length > 3))
    return 'address'
  return 'name'
}
