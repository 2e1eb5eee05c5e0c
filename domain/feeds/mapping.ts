import type { Say } from '../core/say.ts'
import { say } from '../core/say.ts'
import type { Mapping } from './api.ts'
import { FACT_VALUES } from './fact.ts'
import { refusedHeader } from './refuse.ts'

/** FEED-7: what a mapping lacks so that its rows can say something about somebody; null when nothing. */
export function mappingFault(mapping: Mapping): Say | null {
  const meanings = mapping.columns.map((c) => c.meaning)
  if (new Set(meanings).size !== meanings.length) return say('同一含义出现两次', 'a meaning is given twice')
  if (!meanings.includes('doc_number') && !meanings.includes('phone'))
    return say('缺少证件号码或手机号码', 'neither document number nor phone')
  if (!meanings.includes('from_day') && !meanings.includes('arrived_at')) return say('缺少日期', 'no day')
  if (mapping.fact === 'stay' && !meanings.includes('place')) return say('缺少地区', 'no place')
  const headers = mapping.columns.flatMap((c) => c.headers)
  const refused = headers.find((h) => refusedHeader(h) !== null)
  if (refused !== undefined) return say(`本系统不接收“${refused}”`, `"${refused}" is not accepted`)
  const values = FACT_VALUES[mapping.fact]
  const constant = mapping.constant.value
  if (Array.isArray(values) && constant !== undefined && !values.some((v) => v === constant))
    return say('固定值不在取值内', 'the constant is not one of the values')
  return null
}
