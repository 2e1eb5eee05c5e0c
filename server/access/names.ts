import type { Db } from '../core/db/connect.ts'

/** Names of accounts that the reader may see; whoever is not among them has no name here. */
export async function accountNames(db: Db, ids: readonly (string | null)[]): Promise<Map<string, string>> {
  const wanted = [...new Set(ids)].filter((id) => id !== null)
  if (wanted.length === 0) return new Map()
  const rows = await db.selectFrom('account').select(['id', 'name']).where('id', 'in', wanted).execute()
  return new Map(rows.map((row) => [row.id, row.name]))
}

/** Somebody as a screen names them; null did it by itself. */
export function named(people: ReadonlyMap<string, string>, id: string | null): { id: string | null; name: string } {
  return { id, name: id === null ? '' : (people.get(id) ?? '') }
}

type Line = {
  n: number
  kind: string
  by: string | null
  occurred_at: Date
  recorded_at: Date
  text_sealed: Buffer | null
}

/** What every room says of a line of its history; the body is each room's own. */
export function lineOf(line: Line, people: ReadonlyMap<string, string>) {
  return {
    n: line.n,
    kind: line.kind,
    by: named(people, line.by),
    occurredAt: line.occurred_at.toISOString(),
    recordedAt: line.recorded_at.toISOString(),
    hasText: line.text_sealed !== null,
  }
}
