/**
 * JSON in one spelling: keys sorted by code unit, no blanks, `undefined` left out. Hashes and signatures are taken over this text,
 * so that what comes back from a jsonb column, which sorts keys its own way, hashes to the same (AUDIT-2).
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item ?? null)).join(',')}]`
  if (typeof value === 'object' && value !== null) {
    const fields = Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
      .map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item)}`)
    return `{${fields.join(',')}}`
  }
  return JSON.stringify(value) ?? 'null'
}

/** Everything a line of the trail says, in the order in which it is hashed. */
export type TrailLine = {
  id: string
  at: string
  area: string
  actor: string | null
  actorName: string
  verb: string
  thing: string
  thingId: string
  outcome: string
  purpose: string | null
  ids: readonly string[]
  detail: unknown
  requestId: string
}

/** AUDIT-2: the text of a line. A list, not an object: nothing can be added without changing it. */
export function lineText(line: TrailLine): string {
  const { id, at, area, actor, actorName, verb, thing, thingId, outcome, purpose, ids, detail, requestId } = line
  return canonicalJson([id, at, area, actor, actorName, verb, thing, thingId, outcome, purpose, ids, detail, requestId])
}

/** AUDIT-2: what a block's hash is taken over, after the hash of the block before it. */
export function blockText(block: { county: string; day: string; n: number }, lines: readonly TrailLine[]): string {
  return [canonicalJson([block.county, block.day, block.n, lines.length]), ...lines.map(lineText)].join('\n')
}

/** AUDIT-3: the heads of counties as they are chained from day to day. */
export type CountyHead = { county: string; day: string; n: number; hash: string }

export function headText(day: string, heads: readonly CountyHead[]): string {
  const sorted = heads.toSorted((a, b) => (a.county + a.day < b.county + b.day ? -1 : 1))
  return canonicalJson([day, sorted.map((head) => [head.county, head.day, head.n, head.hash])])
}
