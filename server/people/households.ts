/** Households: list, one with its members, near ones before saving, creating at the door. */
import { countyOf, levelOf } from '@weiwang/domain/areas/code'
import type { AreaCode } from '@weiwang/domain/areas/code'
import { Problem } from '@weiwang/domain/core/problem'
import { notFound } from '@weiwang/domain/core/problems'
import { say } from '@weiwang/domain/core/say'
import type { Say } from '@weiwang/domain/core/say'
import {
  CreateHousehold,
  CreatedHousehold,
  HOUSEHOLD_KINDS,
  HOUSEHOLD_USES,
  ListHouseholds,
  NearHouseholds,
} from '@weiwang/domain/people/api'
import type { HouseholdLine, HouseholdView, NearHouseholdsAnswer } from '@weiwang/domain/people/api'
import { nearHousehold, needsGrid, unknownArea } from '@weiwang/domain/people/problems'
import { z } from 'zod'
import { requireOpenEmergency } from '../access/store.ts'
import { defineAction } from '../core/action.ts'
import type { Ctx } from '../core/ctx.ts'
import { areasFor, permit } from '../core/ctx.ts'
import { positionOf } from './change-fields.ts'
import { addressHash, cleanText } from './identity.ts'
import { nearPeople } from './near.ts'
import { placePersons } from './places.ts'
import { registerPersons } from './register.ts'
import type { PersonRow } from './register.ts'
import { requireInScope } from './scope.ts'
import { countStock } from './stock.ts'
import { areaNames, listPersons, livesIn } from './store.ts'
import { addMadePersons } from './store-change.ts'
import type { Cut } from './store.ts'
import {
  findHousehold,
  findHouseholdAnywhere,
  insertHouseholds,
  listHouseholdRows,
  lockDoor,
  nearHouseholdRows,
} from './store-household.ts'
import type { HouseholdRow } from './store-household.ts'
import { findArea } from './store-places.ts'
import { readPerson } from './typed.ts'
import { tellChanged } from './told.ts'

const GRID_LEVEL = 6
const Kind = z.enum(HOUSEHOLD_KINDS)
const Use = z.enum(HOUSEHOLD_USES)

function presentHousehold(row: HouseholdRow, nameOf: (code: AreaCode) => string, doors: boolean): HouseholdLine {
  return {
    id: row.id,
    county: row.county,
    area: row.area,
    areaName: nameOf(row.area),
    kind: Kind.parse(row.kind),
    use: Use.parse(row.use),
    estate: row.estate,
    building: row.building,
    door: row.door === null ? null : doors ? row.door : '*',
    members: row.members,
    externalId: row.external_id,
  }
}

async function presentHouseholds(ctx: Ctx, rows: readonly HouseholdRow[], doors: boolean): Promise<HouseholdLine[]> {
  const nameOf = await areaNames(
    ctx.db,
    rows.map((row) => row.area),
  )
  return rows.map((row) => presentHousehold(row, nameOf, doors))
}

/** PEOPLE-11: door numbers stand only in the list of a grid. */
export async function listHouseholds(ctx: Ctx, args: z.output<typeof ListHouseholds>): Promise<Cut<HouseholdLine>> {
  const areas = areasFor(ctx, args.area)
  const { rows, next, total } = await listHouseholdRows(ctx.db, areas, args)
  const doors = areas.every((area) => levelOf(area) >= GRID_LEVEL)
  return { items: await presentHouseholds(ctx, rows, doors), next, total }
}

export async function getHousehold(ctx: Ctx, { id }: { id: string }): Promise<HouseholdView> {
  const row = await findHousehold(ctx.db, ctx.scope, id)
  if (!row) throw notFound({ thing: 'household' })
  const [line] = await presentHouseholds(ctx, [row], true)
  if (!line) throw notFound({ thing: 'household' })
  const people = await listPersons(ctx, ctx.scope, livesIn(id), { limit: 500 })
  const position = positionOf(row)
  return {
    ...line,
    source: row.source,
    hazards: row.hazards,
    position: position === null ? null : { ...position, by: row.position_by ?? 'visit' },
    version: row.version,
    updatedAt: row.updated_at.toISOString(),
    people: people.items,
  }
}

type NearArgs = Omit<z.output<typeof NearHouseholds>, 'members'> & { members: readonly PersonRow[] }

async function near(ctx: Ctx, args: NearArgs): Promise<NearHouseholdsAnswer> {
  const address = cleanText(args.address, 400)
  const hash = address === null ? null : addressHash(ctx.keys, address)
  const rows = await nearHouseholdRows(ctx.db, ctx.scope, {
    county: countyOf(args.area),
    addressHash: hash,
    estate: args.estate ?? null,
    building: args.building ?? null,
    door: args.door ?? null,
  })
  const lines = await presentHouseholds(ctx, rows, true)
  const items = lines.map((household, i) => {
    const reasons: Say[] = []
    const row = rows[i]
    if (hash !== null && row?.address_hash?.equals(hash) === true) reasons.push(say('地址相同', 'Same address'))
    if (args.door !== undefined && row?.door === args.door && row.estate === (args.estate ?? null))
      reasons.push(say('同一小区同一门牌', 'Same door of the same building'))
    return { household, reasons }
  })
  return { items, people: await nearPeople(ctx, args.members) }
}

function membersOf(ctx: Ctx, members: z.output<typeof CreateHousehold>['members'], area: AreaCode): PersonRow[] {
  return members.map((member, i) => {
    const { row, faults } = readPerson(member, { today: ctx.today, area, source: 'worker', typed: true })
    const first = faults[0]
    if (first) throw new Problem({ ...first.problem, at: `members.${i}.${first.column}` })
    return { ...row, placed: true }
  })
}

export async function findNearHouseholds(
  ctx: Ctx,
  args: z.output<typeof NearHouseholds>,
): Promise<NearHouseholdsAnswer> {
  requireInScope(ctx, args.area, 'area')
  permit(ctx, 'read', { kind: 'household', area: args.area })
  return near(ctx, { ...args, members: membersOf(ctx, args.members, args.area) })
}

/** @throws unknownArea, needsGrid */
export async function requireGrid(ctx: Ctx, area: AreaCode): Promise<void> {
  if (levelOf(area) < GRID_LEVEL) throw needsGrid({ area })
  if (!(await findArea(ctx.db, area))) throw unknownArea({ area })
}

export const createHousehold = defineAction({
  name: 'household.create',
  input: CreateHousehold,
  output: CreatedHousehold,
  reach: 'all',
  run: async (ctx, args) => {
    requireInScope(ctx, args.area, 'area')
    permit(ctx, 'file', { kind: 'household', area: args.area })
    const { id: emergencyId } = await requireOpenEmergency(ctx)
    await requireGrid(ctx, args.area)
    const members = membersOf(ctx, args.members, args.area)
    const address = cleanText(args.address, 400)
    const door = ctx.keys.hash(
      'address',
      [countyOf(args.area), address ?? '', args.estate ?? '', args.building ?? '', args.door ?? ''].join('\u0000'),
    )
    await lockDoor(ctx.db, door)
    if (await findHouseholdAnywhere(ctx.db, args.id)) return existing(ctx, args.id)
    if (args.continueReason === undefined) {
      const found = await near(ctx, { ...args, members })
      const people = found.people.filter((candidate) => candidate.score < 1)
      if (found.items.length > 0 || people.length > 0) throw nearHousehold({ households: found.items, people })
    }
    const { seal } = await ctx.keys.sealer(emergencyId, ctx.now)
    const made = await insertHouseholds(
      ctx.db,
      [
        {
          id: args.id,
          area: args.area,
          kind: args.kind,
          use: args.use,
          estate: args.estate ?? null,
          building: args.building ?? null,
          door: args.door ?? null,
          addressSealed:
            address === null ? null : seal({ table: 'household', row: args.id, column: 'address_sealed' }, address),
          addressHash: address === null ? null : addressHash(ctx.keys, address),
          source: 'worker',
          externalId: null,
        },
      ],
      emergencyId,
      ctx.now,
    )
    countStock(ctx, 'stock_doors', made.has(args.id) ? [{ from: null, to: args.area }] : [])
    const registered = await registerPersons(ctx, members, { emergencyId, within: ctx.scope })
    const placed = registered.flatMap((r) => (r.personId !== null && r.outcome !== 'held' ? [r.personId] : []))
    await placePersons(
      ctx,
      placed.map((personId) => ({
        personId,
        area: args.area,
        householdId: args.id,
        kind: 'unknown',
        address,
        source: 'worker',
        placed: true,
        fromDay: ctx.today,
      })),
    )
    await addMadePersons(
      ctx.db,
      registered.flatMap(({ personId }, i) => {
        const id = args.members[i]?.id
        return id === undefined || personId === null ? [] : [{ id, personId }]
      }),
    )
    tellChanged(ctx, { householdIds: [args.id] })
    ctx.audit({
      verb: 'household.create',
      thing: 'household',
      thingId: args.id,
      area: args.area,
      ids: placed,
      detail: { continued: args.continueReason !== undefined },
    })
    const row = await findHousehold(ctx.db, ctx.scope, args.id)
    if (!row) throw notFound({ thing: 'household' })
    const [household] = await presentHouseholds(ctx, [row], true)
    if (!household) throw notFound({ thing: 'household' })
    return {
      household,
      outcome: 'created' as const,
      members: registered.map((r, i) => ({
        row: i,
        personId: r.personId,
        outcome: r.outcome,
        problem: r.problem?.message ?? null,
      })),
    }
  },
})

/** The same id again: the first answer's household; an id that belongs elsewhere is not found. */
async function existing(ctx: Ctx, id: string): Promise<z.output<typeof CreatedHousehold>> {
  const row = await findHousehold(ctx.db, ctx.scope, id)
  if (!row) throw notFound({ thing: 'household' })
  const [household] = await presentHouseholds(ctx, [row], true)
  if (!household) throw notFound({ thing: 'household' })
  ctx.audit({
    verb: 'household.create',
    thing: 'household',
    thingId: id,
    area: row.area,
    detail: { outcome: 'unchanged' },
  })
  return { household, outcome: 'unchanged', members: [] }
}
