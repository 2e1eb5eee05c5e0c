import { contains } from '@weiwang/domain/areas/code'
import type { AreaCode } from '@weiwang/domain/areas/code'
import { addDays, minDay } from '@weiwang/domain/core/day'
import { notFound } from '@weiwang/domain/core/problems'
import type { Say } from '@weiwang/domain/core/say'
import { AddRiskArea, EndRiskArea, RISK_ABOUT, RiskArea, RiskLevel, WithdrawRiskArea } from '@weiwang/domain/feeds/api'
import type { CountsImport, RiskAreaImport } from '@weiwang/domain/feeds/api'
import { dailyCounts, readCount, riskSpans } from '@weiwang/domain/feeds/counts'
import type { Count } from '@weiwang/domain/feeds/counts'
import type { HeaderSpec } from '@weiwang/domain/feeds/layout'
import { cellText } from '@weiwang/domain/feeds/cell'
import { nothingRead, riskDerived, riskSpan, riskUnknownArea } from '@weiwang/domain/feeds/problems'
import { readRiskRow, RISK_HEADER } from '@weiwang/domain/feeds/risk-list'
import type { RiskColumn } from '@weiwang/domain/feeds/risk-list'
import type { CellFault } from '@weiwang/domain/feeds/row'
import { z } from 'zod'
import { defineAction } from '../core/action.ts'
import { actorId, permit } from '../core/ctx.ts'
import type { Ctx } from '../core/ctx.ts'
import type { Server } from '../core/server.ts'
import { newId } from '../core/transaction.ts'
import { placesOf } from './importer.ts'
import { rejectDetail } from './load.ts'
import { LIMITS } from './reader/limits.ts'
import { openTable } from './reader/table.ts'
import type { FileRow, Table } from './reader/table.ts'
import {
  areaNames,
  countedAreas,
  countyCodes,
  findRiskArea,
  getListed,
  knownAreas,
  lastReportedDay,
  listKey,
  lockCounts,
  putCounts,
  putListed,
  replaceDerived,
  reportedCounts,
  updateRiskArea,
} from './store-risk.ts'
import type { NewRiskArea, RiskAreaRow } from './store-risk.ts'

const Source = z.enum(['list', 'derived'])

export function presentRiskArea(row: RiskAreaRow, names: ReadonlyMap<AreaCode, string>): RiskArea {
  const path = [2, 4, 6, 9, 12].filter((n) => n <= row.area.length).map((n) => names.get(row.area.slice(0, n)) ?? '')
  return {
    id: row.id,
    area: row.area,
    areaName:
      [...new Set(path.filter((name) => name !== '' && name !== '市辖区' && name !== '县'))].join(' ') || row.area,
    level: RiskLevel.parse(row.level),
    from: row.from_day,
    to: row.to_day,
    source: Source.parse(row.source),
    note: row.note,
    by: row.by_name,
    recordedAt: row.recorded_at.toISOString(),
  }
}

/** FEED-36: a centre names risk areas inside its own area; areas elsewhere are named by the deployment's highest centre. */
function permitRisk(ctx: Ctx, area: AreaCode): void {
  const mine = ctx.scope.some((scope) => contains(scope, area))
  permit(ctx, 'file', { kind: 'risk_area', area: mine ? area : ctx.root })
}

async function answer(ctx: Ctx, id: string): Promise<RiskArea> {
  const row = await findRiskArea(ctx.db, id)
  if (row === null) throw notFound({ thing: 'risk_area' })
  return presentRiskArea(row, await areaNames(ctx.db, [row.area]))
}

export const addRiskArea = defineAction({
  name: 'risk_area.add',
  input: AddRiskArea,
  output: RiskArea,
  run: async (ctx, { area, level, from, to, reason }) => {
    permitRisk(ctx, area)
    if (to !== null && to < from) throw riskSpan({ from, to })
    if (!(await knownAreas(ctx.db, [area])).has(area)) throw riskUnknownArea({ area })
    const id = newId(ctx.now)
    const changed = await putListed(ctx.db, { now: ctx.now, by: actorId(ctx) }, [
      { id, area, level, from, to, note: reason },
    ])
    ctx.audit({
      verb: 'risk_area.add',
      thing: 'risk_area',
      thingId: id,
      area: ctx.actor.area || ctx.root,
      detail: { area, level, from, to, reason },
    })
    if (changed.size > 0) ctx.emit('risk_areas.changed', {}, { key: 'risk' })
    return answer(ctx, await getListed(ctx.db, { area, level, from }))
  },
})

async function byHand(ctx: Ctx, id: string): Promise<RiskAreaRow> {
  const row = await findRiskArea(ctx.db, id, true)
  if (row === null) throw notFound({ thing: 'risk_area' })
  permitRisk(ctx, row.area)
  if (row.source === 'derived') throw riskDerived({})
  return row
}

export const endRiskArea = defineAction({
  name: 'risk_area.end',
  input: EndRiskArea,
  output: RiskArea,
  run: async (ctx, { id, to, reason }) => {
    const row = await byHand(ctx, id)
    if (to < row.from_day) throw riskSpan({ from: row.from_day, to })
    await updateRiskArea(ctx.db, id, { to_day: to })
    ctx.audit({
      verb: 'risk_area.end',
      thing: 'risk_area',
      thingId: id,
      area: ctx.actor.area || ctx.root,
      detail: { area: row.area, to, reason },
    })
    ctx.emit('risk_areas.changed', {}, { key: 'risk' })
    return answer(ctx, id)
  },
})

export const withdrawRiskArea = defineAction({
  name: 'risk_area.withdraw',
  input: WithdrawRiskArea,
  output: RiskArea,
  run: async (ctx, { id, reason }) => {
    const row = await byHand(ctx, id)
    const shown = await answer(ctx, id)
    await updateRiskArea(ctx.db, id, { withdrawn_at: ctx.now })
    ctx.audit({
      verb: 'risk_area.withdraw',
      thing: 'risk_area',
      thingId: id,
      area: ctx.actor.area || ctx.root,
      detail: { area: row.area, reason },
    })
    ctx.emit('risk_areas.changed', {}, { key: 'risk' })
    return shown
  },
})

type FileFault = RiskAreaImport['faults'][number]
const MAX_FAULTS = 500

function fileFaults(n: number, rejects: readonly CellFault[]): FileFault[] {
  return rejects.map((r) => {
    const { rule, reason, remedy } = rejectDetail(r)
    return { row: n, column: r.column, value: r.value, rule, reason, remedy }
  })
}

/** The lists of the national and provincial offices are short: they are read whole and written in one transaction. */
export async function readRiskFile(
  server: Server,
  file: string,
  name: string,
): Promise<{ rows: NewRiskArea[]; faults: FileFault[]; read: number; rejected: number }> {
  const columnNames: Record<RiskColumn, Say> = {
    area: { zh: '地区', en: 'area' },
    level: { zh: '风险等级', en: 'level' },
    from: { zh: '起始日期', en: 'from' },
    to: { zh: '结束日期', en: 'to' },
    note: { zh: '备注', en: 'note' },
  }
  const table = await openTable<RiskColumn>(file, name, RISK_HEADER, (c) => columnNames[c], { ...LIMITS, rows: 50_000 })
  const ctx = { place: await placesOf(server), today: server.clock.today(), zone: server.clock.zone }
  const now = server.clock.now()
  const byKey = new Map<string, NewRiskArea>()
  const faults: FileFault[] = []
  let read = 0
  let rejected = 0
  for await (const bunch of table.rows) {
    for (const { n, cells } of bunch) {
      read++
      const reading = readRiskRow(table.header, cells, ctx)
      if (reading.ok) byKey.set(listKey(reading.row), { ...reading.row, id: newId(now) })
      else {
        rejected++
        if (faults.length < MAX_FAULTS) faults.push(...fileFaults(n, reading.rejects))
      }
    }
  }
  return { rows: [...byKey.values()], faults, read, rejected }
}

const ImportRisk = z.strictObject({ sha256: z.string(), fileName: z.string() })

/** FEED-35: upserts a list; rows that can be read are taken, the others are told. */
export function importRiskAreas(file: Awaited<ReturnType<typeof readRiskFile>>) {
  return defineAction({
    name: 'risk_area.import',
    input: ImportRisk,
    run: async (ctx, { fileName }): Promise<RiskAreaImport> => {
      for (const row of file.rows) permitRisk(ctx, row.area)
      permit(ctx, 'file', { kind: 'risk_area', area: ctx.actor.area })
      const first = file.faults[0]
      if (file.rows.length === 0)
        throw nothingRead({ rows: file.read, first: first?.reason.zh ?? '', firstEn: first?.reason.en ?? '' })
      const changed = await putListed(ctx.db, { now: ctx.now, by: actorId(ctx) }, file.rows)
      const accepted = changed.size
      ctx.audit({
        verb: 'risk_area.import',
        thing: 'risk_area',
        thingId: fileName.slice(0, 100),
        area: ctx.actor.area || ctx.root,
        detail: { rows: file.read, accepted, rejected: file.rejected },
      })
      if (accepted > 0) ctx.emit('risk_areas.changed', {}, { key: 'risk' })
      return {
        rows: file.read,
        accepted,
        unchanged: file.read - accepted - file.rejected,
        rejected: file.rejected,
        faults: file.faults,
      }
    },
  })
}

type CountColumn = 'date' | 'cityCode' | 'city' | 'confirmed'
const COUNT_HEADER: readonly HeaderSpec<CountColumn>[] = [
  { meaning: 'date', headers: ['date', '日期'], required: true },
  { meaning: 'cityCode', headers: ['cityCode', '城市代码', '区划代码'], required: true },
  { meaning: 'city', headers: ['city', '城市', '地区'], required: true },
  { meaning: 'confirmed', headers: ['confirmed', '累计确诊', '确诊'], required: true },
]

export type CountsFile = {
  counts: Count[]
  excluded: Map<string, { city: string; reason: Say; n: number }>
  faults: FileFault[]
  read: number
}

function collect(
  into: CountsFile,
  table: Table<CountColumn>,
  { n, cells }: FileRow,
  known: ReadonlySet<AreaCode>,
): void {
  const at = (meaning: CountColumn): string =>
    cellText(cells[table.header.columns.find((c) => c.meaning === meaning)?.index ?? -1])
  const city = at('city')
  const reading = readCount({ date: at('date'), cityCode: at('cityCode'), city, confirmed: at('confirmed') }, (code) =>
    known.has(code),
  )
  into.read++
  if (reading.ok) into.counts.push(reading.count)
  else if ('excluded' in reading) {
    const key = `${city} ${reading.excluded.en}`
    const entry = into.excluded.get(key) ?? { city, reason: reading.excluded, n: 0 }
    entry.n++
    into.excluded.set(key, entry)
  } else if (into.faults.length < MAX_FAULTS) {
    const remedy = { zh: '请改正后重新导入', en: 'Correct it and import the file again' }
    into.faults.push({
      row: n,
      column: reading.fault.column,
      value: reading.fault.value.slice(0, 200),
      rule: 'FEED-31',
      reason: reading.fault.say,
      remedy,
    })
  }
}

/** Reads a file of daily cumulative counts (date,provinceCode,province,cityCode,city,confirmed,…), streaming. */
export async function readCountsFile(server: Server, file: string, name: string): Promise<CountsFile> {
  const known = await countyCodes(server.jobsPool.db)
  const table = await openTable<CountColumn>(file, name, COUNT_HEADER, (c) => ({ zh: c, en: c }), {
    ...LIMITS,
    rows: 1_000_000,
  })
  const into: CountsFile = { counts: [], excluded: new Map(), faults: [], read: 0 }
  for await (const bunch of table.rows) for (const row of bunch) collect(into, table, row, known)
  return into
}

/** FEED-33: an area that a source no longer names is carried on for this long. */
const CARRY_DAYS = 60

/** FEED-30: levels of areas from all counts that are stored, put in the place of the former derived ones. */
async function derive(
  ctx: Ctx,
  source: string,
  areas: readonly AreaCode[],
): Promise<{ carried: number; corrections: number; spans: number; changed: boolean }> {
  const last = await lastReportedDay(ctx.db)
  const reported = await reportedCounts(ctx.db, areas)
  const rows: NewRiskArea[] = []
  const carried: { area: AreaCode; day: string; confirmed: number }[] = []
  let corrections = 0
  for (const [area, counts] of reported) {
    const tail = addDays(counts.at(-1)?.day ?? ctx.today, CARRY_DAYS)
    const days = dailyCounts(counts, minDay(last ?? tail, tail))
    for (const day of days) if (day.carried) carried.push({ area, day: day.day, confirmed: day.confirmed })
    corrections += counts.filter((c, i) => c.confirmed < (counts[i - 1]?.confirmed ?? 0)).length
    for (const span of riskSpans(days)) rows.push({ id: newId(ctx.now), area, ...span, note: null })
  }
  await putCounts(ctx.db, source, carried, true)
  const { added, ended } = await replaceDerived(ctx.db, ctx.now, areas, rows)
  return { carried: carried.length, corrections, spans: rows.length, changed: added + ended > 0 }
}

export function importCounts(file: CountsFile) {
  return defineAction({
    name: 'case_count.import',
    input: ImportRisk,
    run: async (ctx, { fileName }): Promise<CountsImport> => {
      // Counts tell of places everywhere: the highest centre's act.
      permit(ctx, 'file', { kind: 'risk_area', area: ctx.root })
      const first = file.faults[0]
      if (file.counts.length === 0)
        throw nothingRead({
          rows: file.read,
          first: first?.reason.zh ?? '没有可用的地区行',
          firstEn: first?.reason.en ?? 'no row names a place',
        })
      await lockCounts(ctx.db)
      // Of two figures for one area and day the later line is the correction.
      const unique = [...new Map(file.counts.map((c) => [`${c.area} ${c.day}`, c])).values()]
      await putCounts(ctx.db, fileName.slice(0, 100), unique, false)
      const areas = [...new Set(unique.map((c) => c.area))].toSorted()
      const all = await reportedAreas(ctx, areas)
      const { carried, corrections, spans, changed } = await derive(ctx, fileName.slice(0, 100), all)
      const days = unique.map((c) => c.day).toSorted()
      ctx.audit({
        verb: 'case_count.import',
        thing: 'risk_area',
        thingId: fileName.slice(0, 100),
        area: ctx.actor.area || ctx.root,
        detail: { rows: file.read, used: unique.length, areas: areas.length },
      })
      if (changed) ctx.emit('risk_areas.changed', {}, { key: 'risk' })
      return {
        rows: file.read,
        used: unique.length,
        excluded: [...file.excluded.values()].toSorted((a, b) => b.n - a.n),
        corrections,
        carried,
        areas: areas.length,
        from: days[0] ?? null,
        to: days.at(-1) ?? null,
        riskAreas: spans,
        faults: file.faults,
        about: RISK_ABOUT,
      }
    },
  })
}

/** A new last day lengthens the series of every area, also of those that this file does not name. */
async function reportedAreas(ctx: Ctx, named: readonly AreaCode[]): Promise<AreaCode[]> {
  return [...new Set([...named, ...(await countedAreas(ctx.db))])].toSorted()
}
