import { canonicalJson } from '../access/canonical.ts'

/**
 * What two posts of one visit must have in common to be the same visit (VISIT-1, case 58), in a spelling that stays the same when a
 * later version reads more: a field that says nothing counts as left out; one that this version does not know, kept among the
 * answers under `+name` (VISIT-3), counts as the field that it was; an instant counts as the moment, however it is written. Where it
 * took place is left out, since areas are reorganised between two posts of the same visit (SYNC-13).
 */
export function sameVisit(visit: Readonly<Record<string, unknown>>): string {
  const { answers, area: _, ...fields } = visit
  const said = Object.entries(typeof answers === 'object' && answers !== null ? answers : {})
  const unknown = said.filter(([name]) => name.startsWith('+')).map(([name, value]) => [name.slice(1), value] as const)
  const known = Object.fromEntries(said.filter(([name]) => !name.startsWith('+')))
  return canonicalJson(meant({ ...fields, ...Object.fromEntries(unknown), answers: known }) ?? {})
}

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)$/

function meant(value: unknown): unknown {
  if (value === null || value === undefined || value === '') return undefined
  if (typeof value === 'string') {
    const at = INSTANT.test(value) ? new Date(value).getTime() : Number.NaN
    return Number.isNaN(at) ? value : new Date(at).toISOString()
  }
  if (Array.isArray(value)) return value.length === 0 ? undefined : value.map((one) => meant(one) ?? null)
  if (typeof value !== 'object') return value
  const fields = Object.entries(value).flatMap(([name, one]) => {
    const said = meant(one)
    return said === undefined ? [] : [[name, said] as const]
  })
  return fields.length === 0 ? undefined : Object.fromEntries(fields)
}
