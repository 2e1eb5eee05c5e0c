import type { RebuildReport } from '@weiwang/domain/stats/api'
import { readTaskEvent } from '@weiwang/domain/tasks/event'
import { foldTask } from '@weiwang/domain/tasks/fold'
import { addSourceCounts, addTo } from '../core/counters.ts'
import type { Ctx } from '../core/ctx.ts'
import type { Server } from '../core/server.ts'
import { rowOf } from '../tasks/store.ts'
import {
  countiesWithFigures,
  differences,
  frozenDays,
  sourceDifferences,
  strayLocks,
  tasksWithEvents,
  townDifferences,
} from './store-rebuild.ts'
import type { Difference, Folded } from './store-rebuild.ts'

const CHUNK = 500
const ZERO = '00000000-0000-0000-0000-000000000000'

/**
 * STAT-5: counts everything again and must find no difference. County by county; a difference is repaired by adding what is
 * missing, so that whatever is counted at the same moment stays counted. What a close-out has deleted is not counted again. Each task is folded again from its events and
 * compared with its row.
 */
export async function rebuildStats(server: Server, options: { repair: boolean }): Promise<RebuildReport> {
  const report: RebuildReport = { counties: 0, counters: 0, tasks: 0, differences: [], folds: [], repaired: false }
  const counties = await server.asSystem('stats.rebuild', (ctx) => countiesWithFigures(ctx.db))
  for (const county of counties) {
    await server.asSystem('stats.rebuild', (ctx) => rebuildCounty(ctx, county, options.repair, report))
    await foldCounty(server, county, report)
  }
  const stray = await server.asSystem('stats.rebuild', (ctx) => strayLocks(ctx.db))
  for (const one of stray)
    report.folds.push({ county: '', taskId: one.id, field: 'lock', stored: one.what, folded: '' })
  report.counties = counties.length
  report.repaired = options.repair && report.differences.length > 0
  return report
}

const missing = ({ area, day, metric, stored, counted }: Difference) => ({ area, day, metric, n: counted - stored })

/** Each comparison is one statement and its repair adds the difference: what is counted in between is in neither. */
async function rebuildCounty(ctx: Ctx, county: string, repair: boolean, report: RebuildReport): Promise<void> {
  const frozen = await frozenDays(ctx.db, ctx.zone)
  const { counters, rows } = await differences(ctx.db, county, frozen)
  if (repair) await addTo(ctx.db, 'stat_day', rows.map(missing))
  const towns = await townDifferences(ctx.db, county, frozen)
  if (repair) await addTo(ctx.db, 'stat_town', towns.map(missing))
  const sources = await sourceDifferences(ctx.db, county, frozen)
  if (repair) {
    await addSourceCounts(
      ctx.db,
      sources.map(({ source, day, disposition, stored, counted }) => ({
        county,
        source,
        day,
        disposition,
        n: counted - stored,
      })),
    )
  }
  report.counters += counters
  for (const { area, day, metric, stored, counted } of [...rows, ...towns])
    report.differences.push({ county, area, day, metric, stored, counted })
  for (const { source, disposition, day, stored, counted } of sources) {
    report.differences.push({ county, area: county, day, metric: `source:${source}:${disposition}`, stored, counted })
  }
}

async function foldCounty(server: Server, county: string, report: RebuildReport): Promise<void> {
  let after = ZERO
  for (;;) {
    const list = await server.asSystem('stats.rebuild', (ctx) => tasksWithEvents(ctx.db, county, after, CHUNK))
    for (const one of list) report.folds.push(...foldDifferences(county, one))
    report.tasks += list.length
    const last = list.at(-1)
    if (list.length < CHUNK || !last) return
    after = last.id
  }
}

function text(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (value instanceof Date) return value.toISOString()
  if (Array.isArray(value)) return JSON.stringify(value)
  // A timestamp inside jsonb: to the same form and zone as the fold's.
  if (typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value)) return new Date(value).toISOString()
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function foldDifferences(county: string, one: Folded): RebuildReport['folds'] {
  const events = one.events.flatMap((row) => readTaskEvent(row) ?? [])
  if (events.length === 0) return [{ county, taskId: one.id, field: 'events', stored: 'row', folded: 'none' }]
  return Object.entries(rowOf(foldTask(events))).flatMap(([field, value]) => {
    const stored = text(one.row[field])
    const folded = text(value)
    return stored === folded ? [] : [{ county, taskId: one.id, field, stored, folded }]
  })
}
