/** SQL of register imports: how far a file has come, and which of them nobody works on. */
import { sql } from 'kysely'
import type { Db } from '../core/db/connect.ts'

export const IMPORT_KIND = 'household.import'

export type ImportJob = {
  id: string
  area: string
  source: string
  state: string
  done: number
  result: unknown
  by: string | null
}

const columns = sql`id, area, coalesce(subject, '') as source, state, done, result, by`

/** Locked: two processes at the same file take turns, and each begins where the other has ended. */
export async function lockImport(db: Db, id: string): Promise<ImportJob | null> {
  const { rows } = await sql<ImportJob>`
    select ${columns} from job_progress where id = ${id} and kind = ${IMPORT_KIND} for update`.execute(db)
  return rows[0] ?? null
}

/** Imports that are not finished and have not moved since: their process is gone. */
export async function stalledImports(db: Db, before: Date): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from job_progress where kind = ${IMPORT_KIND} and state in ('waiting', 'running') and updated_at < ${before}
    order by started_at`.execute(db)
  return rows.map((row) => row.id)
}

/** Of these, the ones that are still to be worked on. */
export async function openImports(db: Db, ids: readonly string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set()
  const { rows } = await sql<{ id: string }>`
    select id from job_progress where id = any(${ids}::uuid[]) and state in ('waiting', 'running')`.execute(db)
  return new Set(rows.map((row) => row.id))
}
