import { levelOf, parentOf } from '@weiwang/domain/areas/code'
import { kindOfDivision } from '@weiwang/domain/areas/kind'
import { aliasRows } from '@weiwang/domain/areas/terms'
import type { Ctx } from '../core/ctx.ts'
import { allDivisions } from './divisions.ts'
import { codesUpToVillage, insertAliases, insertAreas, insertTerms } from './store.ts'

/** The day from which the divisions count as known; nothing in the system is dated earlier. */
export const DIVISIONS_FROM = '2000-01-01'

/**
 * AREA-1: loads the divisions of Jiangsu and the counties of the country with their other names and search terms: about
 * 27,000 areas in one transaction of a second or two. Harmless to repeat: an area that has any version is left alone, so
 * that a rename or a merger of ours stays. Runs as the system.
 */
export async function loadDivisions(ctx: Ctx): Promise<{ areas: number; added: number }> {
  const rows = allDivisions()
  const have = await codesUpToVillage(ctx.db)
  const fresh = rows.filter((r) => !have.has(r.code))
  if (fresh.length === 0) return { areas: rows.length, added: 0 }
  const areas = fresh.map((r) => ({
    ...r,
    parent: parentOf(r.code),
    level: levelOf(r.code),
    kind: kindOfDivision(r.code, r.name),
    households: null,
  }))
  await insertAreas(ctx.db, areas, DIVISIONS_FROM)
  await insertTerms(ctx.db, fresh)
  await insertAliases(ctx.db, aliasRows(new Set(rows.map((r) => r.code))))
  return { areas: rows.length, added: fresh.length }
}
