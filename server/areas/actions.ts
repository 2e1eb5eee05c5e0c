import { ChangeView, DecideChange, ImportAnswer, ImportGrids, ProposeChange } from '@weiwang/domain/areas/api'
import type {
  AreaAnswer,
  BuildingsAnswer,
  ChangeEffects,
  ChangePlan,
  ChangesAnswer,
  ChildrenAnswer,
  GetArea,
  DoorsAnswer,
  ListAreas,
  ListBuildings,
  ListChanges,
  ListChildren,
  ListDoors,
  PreviewChange,
  SearchAnswer,
  SearchAreas,
} from '@weiwang/domain/areas/api'
import { affectedTops, decideChange, doorGoesTo, subjectsOf } from '@weiwang/domain/areas/change'
import type { Decision, Known, Look } from '@weiwang/domain/areas/change'
import { contains } from '@weiwang/domain/areas/code'
import type { AreaCode } from '@weiwang/domain/areas/code'
import { GRID_MAX, GRID_MIN, readGridRows } from '@weiwang/domain/areas/grid-rows'
import {
  areaEnded,
  changeDecided,
  changedSince,
  dayTooFar,
  needsSecond,
  notYet,
  tooEarly,
} from '@weiwang/domain/areas/problems'
import { isNumbered } from '@weiwang/domain/areas/terms'
import { addDays, daysBetween } from '@weiwang/domain/core/day'
import type { Day } from '@weiwang/domain/core/day'
import { notFound } from '@weiwang/domain/core/problems'
import { say } from '@weiwang/domain/core/say'
import type { Say } from '@weiwang/domain/core/say'
import { Problem } from '@weiwang/domain/core/problem'
import { defineAction } from '../core/action.ts'
import { actorId, areasFor, may, permit } from '../core/ctx.ts'
import type { Ctx } from '../core/ctx.ts'
import { newId } from '../core/transaction.ts'
import {
  affectedWorkers,
  closeChange,
  countAffected,
  countDesks,
  doorsOf,
  insertChange,
  listChanges,
  lockChange,
  presentChange,
} from './store-changes.ts'
import type { ChangeRow } from './store-changes.ts'
import { listBuildings, listDoors } from './store-doors.ts'
import { carryNames } from './store-following.ts'
import {
  aliasesOf,
  areaNames,
  areaPath,
  areasOfLevel,
  childrenOf,
  currentRows,
  endVersions,
  findArea,
  findLastVersion,
  insertAreas,
  insertSuccessors,
  insertTerms,
  keepOldName,
  predecessorRefs,
  searchAreas,
  setHouseholds,
  successorRefs,
  usedBelow,
  villagesIn,
} from './store.ts'
import type { AreaRow } from './store.ts'

const TOWN_DIGITS = 9

/** Names of areas are no secret: everybody with a scope may read them (ACCESS-5); without one there is nothing. */
function readAreas(ctx: Ctx): void {
  permit(ctx, 'read', { kind: 'area', area: ctx.actor.area })
}

export async function getArea(ctx: Ctx, args: GetArea): Promise<AreaAnswer> {
  readAreas(ctx)
  const day = args.asOf ?? ctx.today
  const area = (await findArea(ctx.db, args.code, day)) ?? (await endedArea(ctx, args.code))
  return {
    ...area,
    path: await areaPath(ctx.db, args.code, day),
    aliases: await aliasesOf(ctx.db, args.code),
    successors: area.validTo === null ? [] : await successorRefs(ctx.db, args.code, ctx.today),
    predecessors: await predecessorRefs(ctx.db, args.code, ctx.today),
  }
}

/** An area that has ended is shown as it last was, with what succeeded it. */
async function endedArea(ctx: Ctx, code: AreaCode) {
  const last = await findLastVersion(ctx.db, code)
  const area = last && (await findArea(ctx.db, code, last.valid_to ?? last.valid_from))
  if (!area) throw notFound({ thing: 'area' })
  return area
}

export async function listChildren(ctx: Ctx, args: ListChildren): Promise<ChildrenAnswer> {
  readAreas(ctx)
  return childrenOf(ctx.db, args.code === '0' ? null : args.code, args.asOf ?? ctx.today, args)
}

export async function listAreas(ctx: Ctx, args: ListAreas): Promise<ChildrenAnswer> {
  readAreas(ctx)
  return areasOfLevel(ctx.db, args.level, args.within ?? null, args.asOf ?? ctx.today, args)
}

export async function search(ctx: Ctx, args: SearchAreas): Promise<SearchAnswer> {
  readAreas(ctx)
  return { items: await searchAreas(ctx.db, args, ctx.today, ctx.root) }
}

export async function changes(ctx: Ctx, args: ListChanges): Promise<ChangesAnswer> {
  readAreas(ctx)
  const { rows, next, total } = await listChanges(ctx.db, areasFor(ctx, args.within), args)
  return { items: rows.map((row) => presentChange(row, mayDecide(ctx, row))), next, total }
}

/** Doors of an area that is to be shared out: for who may propose it, from the town down. */
function sharable(ctx: Ctx, code: AreaCode): void {
  if (code.length < TOWN_DIGITS || !ctx.scope.some((one) => contains(one, code))) throw notFound({ thing: 'area' })
  permit(ctx, 'propose', { kind: 'area', area: code })
}

export async function buildings(ctx: Ctx, args: ListBuildings): Promise<BuildingsAnswer> {
  sharable(ctx, args.code)
  return listBuildings(ctx.db, args.code, args)
}

export async function doors(ctx: Ctx, args: ListDoors): Promise<DoorsAnswer> {
  sharable(ctx, args.code)
  return listDoors(ctx.db, args, args)
}

function mayDecide(ctx: Ctx, row: ChangeRow): boolean {
  return (
    row.state === 'proposed' &&
    may(ctx, 'approve', { kind: 'area', area: row.area, by: row.proposedBy, byCreatedBy: row.proposerCreatedBy })
  )
}

function known(row: AreaRow): Known {
  return {
    code: row.code,
    parent: row.parent,
    level: row.level,
    name: row.name,
    kind: row.kind,
    households: row.households,
  }
}

/** Reads what the rule needs to decide. Areas outside the actor's scope do not exist for him (ACCESS-3). */
async function lookFor(ctx: Ctx, plan: ChangePlan): Promise<{ look: Look; since: Map<AreaCode, Day> }> {
  const { areas, parents } = subjectsOf(plan)
  for (const code of areas) {
    const inScope = ctx.scope.some((s) => contains(s, code))
    if (!inScope && !(plan.kind === 'move' && code === plan.to)) throw notFound({ thing: 'area' })
  }
  const rows = await currentRows(ctx.db, areas, true)
  const byCode = new Map(rows.map((r) => [r.code, r]))
  for (const code of areas) {
    if (byCode.has(code)) continue
    const last = await findLastVersion(ctx.db, code)
    if (last) throw areaEnded({ code, name: last.name })
  }
  const used = new Map<AreaCode, Set<AreaCode>>()
  for (const parent of parents) used.set(parent, await usedBelow(ctx.db, parent))
  const list = rows.map(known)
  const get = (code: AreaCode) => {
    const row = byCode.get(code)
    return row && known(row)
  }
  const look: Look = {
    get,
    below: (code) => list.filter((a) => a.code !== code && contains(code, a.code)),
    used: (parent) => used.get(parent) ?? new Set(),
  }
  return { look, since: new Map(rows.map((r) => [r.code, r.valid_from])) }
}

/** Lists of codes in a preview are cut here; the counts are not. */
const SHOWN = 500
/** Above so many doors the parts of a split are not counted one by one. */
const DOORS_COUNTED = 50_000

async function effectsOf(ctx: Ctx, decision: Decision): Promise<ChangeEffects> {
  const tops = affectedTops(decision)
  const counts = await countAffected(ctx.db, tops, ctx.today)
  const doors = await doorsByPart(ctx, decision)
  const became = new Map<AreaCode, AreaCode[]>()
  for (const { code, successor } of decision.successors) became.set(code, [...(became.get(code) ?? []), successor])
  const workers = await affectedWorkers(ctx.db, tops, ctx.today, SHOWN)
  const desks = decision.plan.kind === 'split' ? await countDesks(ctx.db, decision.plan.code) : 0
  const begins = [...decision.begins, ...decision.renewed].map((a) => {
    // What is written in the plan comes first; otherwise the doors that the register knows.
    const households = a.households ?? doors.get(a.code) ?? null
    return { code: a.code, name: a.name, level: a.level, parent: a.parent, households }
  })
  return {
    ...counts,
    affected: workers.map((one) => ({ ...one, becomes: became.get(one.area) ?? [one.area] })),
    ends: decision.ends.slice(0, SHOWN).map((a) => ({ code: a.code, name: a.name, level: a.level })),
    begins: begins.slice(0, SHOWN),
    warnings: warningsOf(decision, begins, { openTasks: counts.openTasks, desks }),
  }
}

async function doorsByPart(ctx: Ctx, decision: Decision): Promise<Map<AreaCode, number>> {
  const { plan } = decision
  const counts = new Map<AreaCode, number>()
  if (plan.kind !== 'split') return counts
  const doors = await doorsOf(ctx.db, plan.code, DOORS_COUNTED)
  if (doors === null) return counts
  const follow = new Map(decision.successors.filter((s) => s.code !== plan.code).map((s) => [s.code, s.successor]))
  for (const part of plan.parts) if (part.code !== undefined) counts.set(part.code, 0)
  for (const door of doors) {
    const to = doorGoesTo(plan, door, (code) => follow.get(code))
    const part = plan.parts.find((p) => p.code !== undefined && contains(p.code, to))?.code
    if (part !== undefined) counts.set(part, (counts.get(part) ?? 0) + 1)
  }
  return counts
}

function warningsOf(
  decision: Decision,
  begins: ChangeEffects['begins'],
  { openTasks, desks }: { openTasks: number; desks: number },
): Say[] {
  const warnings: Say[] = []
  if (desks > 0)
    warnings.push(
      say(
        `${desks} 个网格中心账号将暂列上级，岗位须重新授予（ACCESS-19）`,
        `${desks} desk accounts will stand at the level above and need their roles anew (ACCESS-19)`,
      ),
    )
  const kinds = new Map([...decision.begins, ...decision.renewed].map((a) => [a.code, a.kind]))
  for (const b of begins) {
    if (
      b.level !== 6 ||
      kinds.get(b.code) !== 'comprehensive' ||
      b.households === null ||
      decision.plan.kind === 'rename'
    )
      continue
    if (b.households < GRID_MIN || b.households > GRID_MAX)
      warnings.push(
        say(
          `${b.name}：${b.households} 户，不在 ${GRID_MIN}～${GRID_MAX} 户之内（AREA-4）`,
          `${b.name}: ${b.households} households, outside ${GRID_MIN} to ${GRID_MAX} (AREA-4)`,
        ),
      )
  }
  if (openTasks > 0 && decision.ends.length > 0)
    warnings.push(
      say(
        `${openTasks} 项未办结任务将随住户转到新辖区`,
        `${openTasks} open tasks go to the new areas with their households`,
      ),
    )
  if (decision.ends.length > SHOWN)
    warnings.push(
      say(
        `共 ${decision.ends.length} 个编码变更，只列出前 ${SHOWN} 个`,
        `${decision.ends.length} codes change; the first ${SHOWN} are listed`,
      ),
    )
  return warnings.slice(0, 50)
}

/** AREA-9: near today, and after the day from which the areas are as they are. */
function checkDay(ctx: Ctx, onDay: Day, decision: Decision, since: ReadonlyMap<AreaCode, Day>): void {
  if (Math.abs(daysBetween(ctx.today, onDay)) > 90) throw dayTooFar({ onDay })
  for (const area of [...decision.ends, ...decision.renewed]) {
    const from = since.get(area.code)
    if (from !== undefined && from >= onDay) throw tooEarly({ onDay, from, name: area.name })
  }
}

async function decided(ctx: Ctx, plan: ChangePlan, onDay: Day): Promise<Decision> {
  const { look, since } = await lookFor(ctx, plan)
  const decision = decideChange(plan, look)
  checkDay(ctx, onDay, decision, since)
  return decision
}

/** Writes nothing; who may propose may look. */
export async function previewChange(ctx: Ctx, args: PreviewChange): Promise<ChangeEffects> {
  const decision = await decided(ctx, args.plan, args.onDay)
  permit(ctx, 'propose', { kind: 'area', area: decision.area })
  return effectsOf(ctx, decision)
}

/** AREA-9: a change is proposed with its effects as they are now, and waits for a second person. */
export const proposeChange = defineAction({
  name: 'area.propose',
  input: ProposeChange,
  output: ChangeView,
  run: async (ctx, args): Promise<ChangeView> => {
    const decision = await decided(ctx, args.plan, args.onDay)
    permit(ctx, 'propose', { kind: 'area', area: decision.area })
    const id = args.id ?? newId(ctx.now)
    const effects = await effectsOf(ctx, decision)
    await insertChange(ctx.db, {
      id,
      area: decision.area,
      kind: decision.plan.kind,
      plan: decision.plan,
      effects,
      onDay: args.onDay,
      state: 'proposed',
      by: actorId(ctx),
      at: ctx.now,
    })
    ctx.audit({
      verb: 'area.propose',
      thing: 'area_change',
      thingId: id,
      area: decision.area,
      detail: { kind: decision.plan.kind, ends: decision.ends.length, begins: decision.begins.length },
    })
    return presentChange(await getChange(ctx, id), false)
  },
})

async function getChange(ctx: Ctx, id: string): Promise<ChangeRow> {
  const row = await lockChange(ctx.db, id, ctx.scope)
  if (!row) throw notFound({ thing: 'area_change' })
  return row
}

/** ACCESS-6: the one who decides has the right, did not propose it, and neither account made the other. */
async function forDeciding(ctx: Ctx, id: string): Promise<ChangeRow> {
  const row = await getChange(ctx, id)
  if (row.proposedBy !== null && row.proposedBy === ctx.actor.id) throw needsSecond({})
  permit(ctx, 'approve', { kind: 'area', area: row.area, by: row.proposedBy, byCreatedBy: row.proposerCreatedBy })
  if (row.state !== 'proposed') throw changeDecided({ state: row.state })
  return row
}

/**
 * Applies a proposed change from its day on: ends versions, begins others, keeps successors and old names. Doors, people,
 * tasks and duties follow by the reactions to `areas.changed` (AREA-5).
 */
export const applyChange = defineAction({
  name: 'area.apply',
  input: DecideChange,
  output: ChangeView,
  run: async (ctx, { id }): Promise<ChangeView> => {
    const row = await forDeciding(ctx, id)
    if (row.onDay > ctx.today) throw notYet({ onDay: row.onDay })
    if (row.plan === null) throw changedSince({ code: row.area })
    const decision = await asPreviewed(ctx, row, row.plan)
    await write(ctx, decision, row.onDay)
    await closeChange(ctx.db, id, 'applied', actorId(ctx), ctx.now)
    ctx.audit({
      verb: 'area.apply',
      thing: 'area_change',
      thingId: id,
      area: row.area,
      detail: { kind: row.kind, ends: decision.ends.length, begins: decision.begins.length },
    })
    ctx.emit('areas.changed', { changeId: id })
    return presentChange(await getChange(ctx, id), false)
  },
})

/** The change is decided anew on the present; it must still end what was previewed. */
async function asPreviewed(ctx: Ctx, row: ChangeRow, plan: ChangePlan): Promise<Decision> {
  const decision = await decided(ctx, plan, row.onDay).catch((error: unknown) => {
    if (error instanceof Problem && (error.body.code === 'AREA_CODE_TAKEN' || error.body.code === 'AREA_ENDED'))
      throw changedSince({ code: row.area })
    throw error
  })
  const now = decision.ends.slice(0, SHOWN).map((a) => a.code)
  const then = row.effects?.ends.map((a) => a.code) ?? []
  const differs = now.find((code, i) => then[i] !== code) ?? then.find((code, i) => now[i] !== code)
  if (differs !== undefined) throw changedSince({ code: differs })
  return decision
}

async function write(ctx: Ctx, decision: Decision, onDay: Day): Promise<void> {
  const renewed = decision.renewed.map((a) => a.code)
  const before = await areaNames(ctx.db, renewed, ctx.today)
  await endVersions(ctx.db, [...decision.ends.map((a) => a.code), ...renewed], addDays(onDay, -1))
  await insertAreas(ctx.db, [...decision.begins, ...decision.renewed], onDay)
  await insertTerms(ctx.db, [...decision.begins, ...decision.renewed])
  await insertSuccessors(ctx.db, decision.successors, onDay)
  for (const area of decision.renewed) {
    const old = before.get(area.code)
    if (old !== undefined && old !== area.name) await keepOldName(ctx.db, area.code, old)
  }
  await carryAllNames(ctx, decision)
}

/** What an ended area was called leads to its successor where it has one; of several, nothing says which. */
async function carryAllNames(ctx: Ctx, decision: Decision): Promise<void> {
  const names = new Map([...decision.begins, ...decision.renewed].map((a) => [a.code, a.name]))
  const pairs = decision.ends.flatMap((old) => {
    const to = decision.successors.filter((s) => s.code === old.code)
    const successor = to.length === 1 ? to[0]?.successor : undefined
    if (successor === undefined) return []
    return [
      {
        code: old.code,
        successor,
        oldName: names.get(successor) === old.name || isNumbered(old.name) ? null : old.name,
      },
    ]
  })
  await carryNames(ctx.db, pairs)
}

export const refuseChange = defineAction({
  name: 'area.refuse',
  input: DecideChange,
  output: ChangeView,
  run: async (ctx, { id }): Promise<ChangeView> => {
    const row = await getChange(ctx, id)
    // Who proposed may take it back; anybody else needs the right to decide.
    if (row.proposedBy === null || row.proposedBy !== ctx.actor.id) await forDeciding(ctx, id)
    if (row.state !== 'proposed') throw changeDecided({ state: row.state })
    await closeChange(ctx.db, id, 'refused', actorId(ctx), ctx.now)
    ctx.audit({ verb: 'area.refuse', thing: 'area_change', thingId: id, area: row.area })
    return presentChange(await getChange(ctx, id), false)
  },
})

/**
 * AREA-4: takes grids and units from rows. Only adds and corrects sizes: renames and splits go by a change. With `check`
 * nothing is written and the same report comes back.
 */
export const importGrids = defineAction({
  name: 'area.import_grids',
  input: ImportGrids,
  output: ImportAnswer,
  run: async (ctx, args): Promise<ImportAnswer> => {
    if (!ctx.scope.some((s) => contains(s, args.area))) throw notFound({ thing: 'area' })
    permit(ctx, 'propose', { kind: 'area', area: args.area })
    const villages = args.area.length > 12 ? [] : await villagesIn(ctx.db, args.area)
    const existing = (await currentRows(ctx.db, [args.area], true, 200_000)).filter((r) => r.level >= 6).map(known)
    const read = readGridRows(args.rows, villages, existing, args.firstRow)
    const counts = {
      rows: args.rows.length,
      added: read.added.length,
      renewed: read.renewed.length,
      unchanged: read.unchanged,
    }
    const answer = { ...counts, errors: read.errors.slice(0, 1000), warnings: read.warnings.slice(0, 1000) }
    if (args.check || read.added.length + read.renewed.length === 0) return { ...answer, changeId: null }
    const id = newId(ctx.now)
    await insertAreas(ctx.db, read.added, ctx.today)
    await insertTerms(ctx.db, read.added)
    await setHouseholds(ctx.db, read.renewed)
    const plan = { kind: 'import', ...counts, errors: read.errors.length, warnings: read.warnings.length }
    await insertChange(ctx.db, {
      id,
      area: args.area,
      kind: 'import',
      plan,
      effects: null,
      onDay: ctx.today,
      state: 'applied',
      by: actorId(ctx),
      at: ctx.now,
    })
    ctx.audit({ verb: 'area.import_grids', thing: 'area_change', thingId: id, area: args.area, detail: counts })
    ctx.emit('areas.changed', { changeId: id })
    return { ...answer, changeId: id }
  },
})
