import { countyOf } from '@weiwang/domain/areas/code'
import { addDays } from '@weiwang/domain/core/day'
import { notFound } from '@weiwang/domain/core/problems'
import { AddRule, EndRule, Rhythm, SavedRule, ServiceKind } from '@weiwang/domain/observation/service-api'
import type { ListRules, RuleCard } from '@weiwang/domain/observation/service-api'
import { ruleFault } from '@weiwang/domain/observation/service-problems'
import { dueOccurrence, nextOccurrence, windowOn } from '@weiwang/domain/observation/service-rhythm'
import { areaNames, findOpenEmergency, requireOpenEmergency } from '../access/store.ts'
import { defineAction } from '../core/action.ts'
import { permit } from '../core/ctx.ts'
import type { Ctx } from '../core/ctx.ts'
import { json } from '../core/db/json.ts'
import { idFrom } from '../core/ids.ts'
import type { Server } from '../core/server.ts'
import { openText } from '../people/opening.ts'
import { areasOf } from '../tasks/queries.ts'
import { doorsOf } from '../tasks/store.ts'
import { servicePlace, writeService } from './service-ask.ts'
import { permitServices } from './service-queries.ts'
import { findRule, insertRule, listRules, rulesDue, setRule } from './service-store-lists.ts'
import type { RuleRow } from './service-store-lists.ts'

/** SERV-10: what repeats. An occurrence's id follows from its rule and day, so that a job that runs twice makes it once. */
const CHUNK = 200

const wordsPlace = (id: string) => ({ table: 'service_rule', row: id, column: 'words_sealed' })

export function occurrenceId(ruleId: string, day: string): string {
  return idFrom(`service\u0000${ruleId}\u0000${day}`)
}

function saved(row: Pick<RuleRow, 'id' | 'next_day' | 'state'>): {
  id: string
  state: 'active' | 'ended'
  nextDay: string | null
} {
  return { id: row.id, state: row.state === 'ended' ? 'ended' : 'active', nextDay: row.next_day }
}

export const addRule = defineAction({
  name: 'service_rule.add',
  input: AddRule,
  output: SavedRule,
  reach: 'county',
  run: async (ctx, args) => {
    const place = await servicePlace(ctx, args)
    permit(ctx, 'file', { kind: 'service', area: place.area })
    const { id: emergencyId } = await requireOpenEmergency(ctx, place.area)
    const rule = { rhythm: args.rhythm, from: args.from, to: args.to ?? null }
    const first = nextOccurrence(rule, args.from < ctx.today ? ctx.today : args.from)
    if (first === null) throw ruleFault({ why: 'days' })
    const sealed =
      args.words === undefined
        ? null
        : await ctx.keys.seal({ emergencyId, now: ctx.now, ...wordsPlace(args.id) }, args.words)
    const made = await insertRule(ctx.db, {
      county: countyOf(place.area),
      id: args.id,
      area: place.area,
      emergency_id: emergencyId,
      household_id: place.householdId,
      person_id: place.personId,
      observation_id: args.observationId ?? null,
      masked: place.masked,
      kind: args.kind,
      rhythm: json(args.rhythm),
      window_from: args.window?.from ?? null,
      window_to: args.window?.to ?? null,
      round: args.round,
      from_day: args.from,
      to_day: args.to ?? null,
      next_day: first,
      words_sealed: sealed,
      by: ctx.actor.id,
      made_at: ctx.now,
      state: 'active',
    })
    const row = await findRule(ctx.db, ctx.scope, args.id)
    if (!row) throw notFound({ thing: 'service' })
    ctx.audit({
      verb: 'service_rule.add',
      thing: 'service',
      thingId: args.id,
      area: row.area,
      detail: made ? { kind: args.kind } : { repeat: true },
    })
    if (made) ctx.emit('service.rule', { ruleId: args.id })
    return saved(row)
  },
})

export const endRule = defineAction({
  name: 'service_rule.end',
  input: EndRule,
  output: SavedRule,
  reach: 'county',
  run: async (ctx, { id }) => {
    const row = await findRule(ctx.db, ctx.scope, id)
    if (!row) throw notFound({ thing: 'service' })
    permit(ctx, 'file', { kind: 'service', area: row.area })
    if (row.state !== 'ended') await setRule(ctx.db, row, { state: 'ended', ended_at: ctx.now, next_day: null })
    ctx.audit({ verb: 'service_rule.end', thing: 'service', thingId: id, area: row.area })
    return saved({ id, state: 'ended', next_day: null })
  },
})

function ruleOf(row: RuleRow) {
  const rhythm = Rhythm.parse(row.rhythm)
  return { rhythm, from: row.from_day, to: row.to_day, round: row.round, nextDay: row.next_day }
}

export async function readRules(ctx: Ctx, args: ListRules) {
  const areas = areasOf(ctx, args.area)
  permitServices(ctx, areas)
  const page = await listRules(ctx.db, { areas, ...args }, args)
  const names = await areaNames(
    ctx.db,
    page.rows.map((row) => row.area),
  )
  const doors = await doorsOf(
    ctx.db,
    page.rows.map((row) => ({ county: row.county, id: row.household_id })),
  )
  const items = page.rows.map((row): RuleCard => ({
    id: row.id,
    area: row.area,
    areaName: names.get(row.area) ?? row.area,
    householdId: row.household_id,
    door: row.household_id === null ? null : (doors.get(row.household_id) ?? null),
    personId: row.person_id,
    masked: row.masked,
    kind: ServiceKind.catch('other').parse(row.kind),
    rhythm: ruleOf(row).rhythm,
    window: row.window_from === null || row.window_to === null ? null : { from: row.window_from, to: row.window_to },
    round: row.round,
    from: row.from_day,
    to: row.to_day,
    nextDay: row.next_day,
    state: row.state === 'ended' ? 'ended' : 'active',
  }))
  return { items, next: page.next, total: page.total }
}

/** Makes what has come due; without an open emergency nothing is made, and the rule waits. */
export async function makeOccurrences(server: Server): Promise<void> {
  for (;;) {
    const n = await server.asSystem('service.repeat', async (ctx) => {
      const rules = await rulesDue(ctx.db, ctx.today, addDays(ctx.today, 1), CHUNK)
      for (const row of rules) await makeOne(ctx, row)
      return rules.length
    })
    if (n < CHUNK) return
  }
}

async function makeOne(ctx: Ctx, row: RuleRow): Promise<void> {
  const rule = ruleOf(row)
  const { day, next } = dueOccurrence(rule, ctx.today)
  const ends = next === null ? ({ state: 'ended', ended_at: ctx.now } as const) : {}
  await setRule(ctx.db, row, { next_day: next, ...ends })
  if (day === null || !(await findOpenEmergency(ctx, row.area))) return
  const words = await openText(ctx, wordsPlace(row.id), row.words_sealed)
  const window = windowOn(
    day,
    row.window_from === null || row.window_to === null ? null : { from: row.window_from, to: row.window_to },
    ctx.zone,
  )
  await writeService(
    ctx,
    { area: row.area, householdId: row.household_id, personId: row.person_id, masked: row.masked },
    {
      id: occurrenceId(row.id, day),
      kind: ServiceKind.catch('other').parse(row.kind),
      urgency: row.round ? 'round' : 'usual',
      asker: 'rule',
      askedBy: row.by,
      ruleId: row.id,
      observationId: row.observation_id ?? undefined,
      window: window ?? undefined,
      words: words ?? undefined,
    },
  )
}
