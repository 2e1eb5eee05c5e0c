import { createHash } from 'node:crypto'
import { isAreaCode, pathOf } from '@weiwang/domain/areas/code'
import type { AreaCode } from '@weiwang/domain/areas/code'
import type { Reference } from '@weiwang/domain/sync/api'
import { CampaignBody } from '@weiwang/domain/sync/feed'
import type { FormBody } from '@weiwang/domain/sync/feed'
import { sql } from 'kysely'
import type { Ctx } from '../core/ctx.ts'
import { formsAt } from '../tasks/forms.ts'

/**
 * What is asked and said at doors, the same for every grid of a place. It is read once for all phones of a place and kept for
 * a few seconds, so that a phone that asks whether anything is new costs no query here.
 */
const KEPT_MS = 10_000
const MOST_PLACES = 2_000
const VILLAGE = 12

const kept = new Map<string, { reference: Reference; until: number }>()

export async function referenceOf(ctx: Ctx, grids: readonly AreaCode[]): Promise<Reference> {
  const areas = [...new Set(grids.flatMap((grid) => (isAreaCode(grid) ? pathOf(grid) : [])))].toSorted()
  const key = `${ctx.today}/${areas.join('/')}`
  const now = performance.now()
  const found = kept.get(key)
  if (found && found.until > now) return found.reference
  const rest = { campaigns: await campaignsFor(ctx, areas), forms: await formsFor(ctx, areas) }
  const version = createHash('sha256').update(JSON.stringify(rest)).digest('base64url').slice(0, 16)
  const reference = { version, ...rest }
  if (kept.size >= MOST_PLACES) kept.clear()
  kept.set(key, { reference, until: now + KEPT_MS })
  return reference
}

async function campaignsFor(ctx: Ctx, areas: readonly AreaCode[]): Promise<CampaignBody[]> {
  if (areas.length === 0) return []
  const { rows } = await sql<Record<string, unknown>>`
    select c.id, c.name, c.purpose, c.basis, c.script, c.questions, c.ends, c.version
    from campaign c join emergency e on e.id = c.emergency_id
    where c.area = any(${areas}::text[]) and c.state = 'open' and c.starts <= ${ctx.today} and c.ends >= ${ctx.today} and e.state = 'open'
    order by c.id`.execute(ctx.db)
  // A campaign that this program cannot read is left out alone.
  return rows.flatMap((row) => {
    const parsed = CampaignBody.safeParse(row)
    return parsed.success ? [parsed.data] : []
  })
}

/** Forms in force: for a phone whose grids lie under different centres each centre's own, the nearest for each grid's village. */
async function formsFor(ctx: Ctx, areas: readonly AreaCode[]): Promise<FormBody[]> {
  const villages = areas.filter((area) => area.length === VILLAGE)
  const found = new Map<string, FormBody>()
  for (const village of villages.length > 0 ? villages : areas.slice(-1)) {
    for (const row of await formsAt(ctx, village)) {
      const body: FormBody = {
        id: row.id ?? `shipped/${row.purpose}`,
        area: row.area,
        version: row.version,
        purpose: row.purpose,
        form: row.form,
      }
      found.set(`${body.id}/${body.version}`, body)
    }
  }
  return [...found.values()]
}
