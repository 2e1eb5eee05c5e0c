import type { RebuildReport } from '@weiwang/domain/stats/api'
import { readObjectionEvent } from '@weiwang/domain/healthcode/objection-event'
import { foldObjection } from '@weiwang/domain/healthcode/objection-fold'
import { readDisputeEvent } from '@weiwang/domain/incidents/event'
import { foldDispute } from '@weiwang/domain/incidents/fold'
import { readServiceEvent } from '@weiwang/domain/observation/service-event'
import { foldService } from '@weiwang/domain/observation/service-fold'
import { readObservationEvent } from '@weiwang/domain/observation/event'
import { foldObservation } from '@weiwang/domain/observation/fold'
import { readTaskEvent } from '@weiwang/domain/tasks/event'
import { foldTask } from '@weiwang/domain/tasks/fold'
import { addTo } from '../core/counters.ts'
import type { Ctx } from '../core/ctx.ts'
import type { Server } from '../core/server.ts'
import { rowOfObjection } from '../healthcode/objection-store.ts'
import { rowOfDispute } from '../incidents/store.ts'
import { rowOfService } from '../observation/service-store.ts'
import { rowOf as observationRow } from '../observation/store.ts'
import { rowOf } from '../tasks/store.ts'
import {
  countiesWithFigures,
  differences,
  frozenDays,
  sourceDifferences,
  rowsWithEvents,
  strayLocks,
  townDifferences,
} from './store-rebuild.ts'
import type { Difference, Folded, FOLDED } from './store-rebuild.ts'
import { stockDifferences } from './store-rebuild-stock.ts'

const CHUNK = 500
const ZERO = '00000000-0000-0000-0000-000000000000'

/**
 * STAT-5: counts everything again and must find no difference. County by county; a difference is repaired by adding what is
 * missing, so that whatever is counted at the same moment stays counted. What a close-out has deleted is not counted again. Each task is folded again from its events and
 * compared with its row.
 */
export async function rebuildStats(server: Server, options: { repair: boolean }): Promise<RebuildReport> {
  const report: RebuildReport = {
    counties: 0,
    counters: 0,
    tasks: 0,
    differences: [],
    stock: [],
    folds: [],
    repaired: false,
  }
  const counties = await server.asSystem('stats.rebuild', (ctx) => countiesWithFigures(ctx.db))
  for (const county of counties) {
    await server.asSystem('stats.rebuild', (ctx) => rebuildCounty(ctx, county, options.repair, report))
    await server.asSystem('stats.rebuild', (ctx) => rebuildStock(ctx, county, options.repair, report))
    await foldCounty(server, county, report)
  }
  const stray = await server.asSystem('stats.rebuild', (ctx) => strayLocks(ctx.db))
  for (const one of stray)
    report.folds.push({ county: '', taskId: one.id, field: 'lock', stored: one.what, folded: '' })
  report.counties = counties.length
  report.repaired = options.repair && report.differences.length + report.stock.length > 0
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
    ctx.countSources(
      sources.map(({ source, day, disposition, stored, counted }) => {
        return { county, source, day, disposition, n: counted - stored }
      }),
    )
  }
  report.counters += counters
  for (const { area, day, metric, stored, counted } of [...rows, ...towns])
    report.differences.push({ county, area, day, metric, stored, counted })
  for (const { source, disposition, day, stored, counted } of sources) {
    report.differences.push({ county, area: county, day, metric: `source:${source}:${disposition}`, stored, counted })
  }
}

/** STAT-15: what is there now is counted again too, whatever was deleted. */
async function rebuildStock(ctx: Ctx, county: string, repair: boolean, report: RebuildReport): Promise<void> {
  for (const table of ['stat_day', 'stat_town'] as const) {
    const rows = await stockDifferences(ctx.db, county, table)
    if (repair) await addTo(ctx.db, table, rows.map(missing))
    report.stock.push(...rows)
  }
}

/** Each kind of row that is the fold of events: its columns by the events alone; null when no event can be read. */
const REFOLD: Readonly<Record<keyof typeof FOLDED, (events: readonly unknown[]) => Record<string, unknown> | null>> = {
  task: (rows) => {
    const events = rows.flatMap((row) => readTaskEvent(row) ?? [])
    return events.length === 0 ? null : rowOf(foldTask(events))
  },
  observation: (rows) => {
    const events = rows.flatMap((row) => readObservationEvent(row) ?? [])
    return events.length === 0 ? null : observationRow(foldObservation(events))
  },
  service: (rows) => {
    const events = rows.flatMap((row) => readServiceEvent(row) ?? [])
    return events.length === 0 ? null : rowOfService(foldService(events))
  },
  dispute: (rows) => {
    const events = rows.flatMap((row) => readDisputeEvent(row) ?? [])
    return events.length === 0 ? null : rowOfDispute(foldDispute(events))
  },
  objection: (rows) => {
    const events = rows.flatMap((row) => readObjectionEvent(row) ?? [])
    return events.length === 0 ? null : rowOfObjection(foldObjection(events))
  },
}
const KINDS = ['task', 'observation', 'service', 'dispute', 'objection'] as const

async function foldCounty(server: Server, county: string, report: RebuildReport): Promise<void> {
  for (const of of KINDS) {
    for (let after = ZERO; ;) {
      const list = await server.asSystem('stats.rebuild', (ctx) => rowsWithEvents(ctx.db, of, county, after, CHUNK))
      for (const one of list) report.folds.push(...foldDifferences(county, of, one))
      if (of === 'task') report.tasks += list.length
      const last = list.at(-1)
      if (list.length < CHUNK || !last) break
      after = last.id
    }
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

function foldDifferences(county: string, of: keyof typeof FOLDED, one: Folded): RebuildReport['folds'] {
  const name = (field: string) => (of === 'task' ? field : `${of}.${field}`)
  const again = REFOLD[of](one.events ?? [])
  if (again === null) return [{ county, taskId: one.id, field: name('events'), stored: 'row', folded: 'none' }]
  return Object.entries(again).flatMap(([field, value]) => {
    const stored = text(one.row[field])
    const folded = text(value)
    return stored === folded ? [] : [{ county, taskId: one.id, field: name(field), stored, folded }]
  })
}
