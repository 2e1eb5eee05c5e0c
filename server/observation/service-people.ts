import type { Db } from '../core/db/connect.ts'

/**
 * What helpers can do, where another room keeps that. Until one does nobody's skills are known, and whoever has the role of a kind
 * is asked by nearness and load.
 */
export async function skillsOf(_db: Db, _ids: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>> {
  return new Map()
}
