import { addDays } from '@weiwang/domain/core/day'
import { notAllowed } from '@weiwang/domain/core/problems'
import { RingDoor, RungDoor } from '@weiwang/domain/observation/doors-api'
import type { DoorKnown, ListTeamDoors, TeamDoor } from '@weiwang/domain/observation/doors-api'
import { standing } from '@weiwang/domain/observation/dates'
import { daysOf } from '@weiwang/domain/observation/fold'
import { MEASURE_RULES } from '@weiwang/domain/observation/measure'
import { outingNow } from '@weiwang/domain/observation/outing-now'
import { newestReadings } from '@weiwang/domain/observation/reading'
import { ServiceKind } from '@weiwang/domain/observation/service-api'
import { doorFields, showDoor } from '@weiwang/domain/teams/template'
import type { z } from 'zod'
import { defineAction } from '../core/action.ts'
import type { Ctx } from '../core/ctx.ts'
import { openText } from '../people/opening.ts'
import { myTeam, myTeams } from '../teams/queries.ts'
import type { MyTeam } from '../teams/queries.ts'
import { openServicesAt } from '../teams/store.ts'
import type { OpenService } from '../teams/store.ts'
import { partOf } from './due-follow.ts'
import { readingsOf } from './readings-store.ts'
import type { ReadingRow } from './readings-store.ts'
import { whoToRing } from './service-store.ts'
import { medicinesOf } from './service-store-lists.ts'
import type { MedicineRow } from './service-store-lists.ts'
import { openAtDoors } from './store.ts'
import type { Loaded } from './store.ts'

/** TEAM-9: a member's own doors; everything that any room knows of one comes together here, and one function says what is shown. */
const MEDICINE_DAYS = 7
const READING_DAYS = 4

type Around = {
  observed: readonly Loaded[]
  readings: readonly ReadingRow[]
  medicines: readonly MedicineRow[]
  services: readonly OpenService[]
}

async function aroundOf(ctx: Ctx, teams: readonly MyTeam[]): Promise<Around> {
  const observed = await openAtDoors(
    ctx.db,
    teams.map(({ team }) => ({ county: team.county, householdId: team.householdId })),
  )
  const keys = observed.map(({ row }) => ({ county: row.county, observationId: row.id }))
  const services: OpenService[] = []
  for (const county of new Set(teams.map(({ team }) => team.county)))
    services.push(
      ...(await openServicesAt(
        ctx.db,
        county,
        teams.filter(({ team }) => team.county === county).map(({ team }) => team.householdId),
      )),
    )
  return {
    observed,
    readings: await readingsOf(ctx.db, keys, { sinceDay: addDays(ctx.today, -READING_DAYS), corrected: false }),
    medicines: await medicinesOf(
      ctx.db,
      observed.map(({ state }) => state.personId),
      addDays(ctx.today, MEDICINE_DAYS),
    ),
    services,
  }
}

function lastOf(readings: readonly ReadingRow[], id: string) {
  const [last] = newestReadings(
    readings.filter((reading) => reading.observation_id === id),
    1,
  )
  return last ? { day: last.day, part: partOf(last.part), temperature: last.temperature } : null
}

function knownOf(ctx: Ctx, { team, members, hazards }: MyTeam, around: Around): DoorKnown {
  const here = around.observed.filter(({ state }) => state.householdId === team.householdId)
  const each = <T extends object>(say: (of: Loaded) => T): (T & { id: string })[] =>
    here.map((loaded) => ({ id: loaded.row.id, ...say(loaded) }))
  const some = <T extends object>(say: (of: Loaded) => T | null): (T & { id: string })[] =>
    here.flatMap((loaded) => {
      const said = say(loaded)
      return said === null ? [] : [{ id: loaded.row.id, ...said }]
    })
  return {
    address: [team.estate, team.building, team.door].filter(Boolean).join(' '),
    members,
    hazards,
    team: team.members.filter((one) => !one.away).map(({ role, name }) => ({ role, name })),
    people: each(({ row }) => ({ masked: row.masked })),
    phone: true,
    measure: each(({ state }) => ({ measure: state.measure })),
    days: each(({ state }) => {
      const { day, of } = standing(daysOf(state), ctx.now, ctx.zone)
      return { day, of, endDay: state.endDay }
    }),
    readings: each(({ row, state }) => ({ missed: state.missed, last: lastOf(around.readings, row.id) })),
    symptoms: some(({ state: { symptoms, care } }) =>
      symptoms === null && care === null ? null : { codes: symptoms?.codes ?? [], care: care?.stage ?? null },
    ),
    medicine: around.medicines
      .filter((row) => here.some(({ state }) => state.personId === row.person_id))
      .map((row) => ({ masked: row.masked, runsOut: row.runs_out })),
    needs: around.services
      .filter((service) => service.household_id === team.householdId)
      .map((service) => ({
        id: service.id,
        kind: ServiceKind.catch('other').parse(service.kind),
        dueBy: service.due_by.toISOString(),
        late: service.due_by < ctx.now,
      })),
    notice: each(({ state }) => ({
      noticeOn: state.noticeOn,
      agreed: state.commitment !== null || !MEASURE_RULES[state.measure].needs.commitment,
    })),
    conditions: some(({ state }) => state.suitability),
    outings: some(({ state: { breach, outings } }) => {
      const agreed = outings.filter((one) => ['ahead', 'out', 'overdue'].includes(outingNow(one, ctx.now)))
      if (breach === null && agreed.length === 0) return null
      return { what: breach?.what ?? null, step: breach?.step ?? null, agreed }
    }),
  }
}

/** GET /api/observations/doors/mine */
export async function readTeamDoors(ctx: Ctx, args: z.output<typeof ListTeamDoors>) {
  const page = await myTeams(ctx, args)
  const around = await aroundOf(ctx, page.items)
  const items = page.items.map((mine): TeamDoor => ({
    teamId: mine.team.id,
    householdId: mine.team.householdId,
    areaName: mine.team.areaName,
    roles: mine.roles,
    fields: doorFields(mine.roles),
    door: showDoor(knownOf(ctx, mine, around), mine.roles),
  }))
  return { items, next: page.next, total: page.total }
}

/** POST /api/observations/doors/:id/ring. @throws notFound, notAllowed */
export const ringDoor = defineAction({
  name: 'observation.ring_door',
  input: RingDoor,
  output: RungDoor,
  reach: 'all',
  secret: true,
  run: async (ctx, { id, purpose }): Promise<RungDoor> => {
    const { team, roles } = await myTeam(ctx, id)
    if (!doorFields(roles).includes('phone')) throw notAllowed({ verb: 'open', thing: 'team' })
    const rung = await whoToRing(ctx.db, { county: team.county, householdId: team.householdId, personId: null })
    ctx.audit({
      verb: 'person.open',
      thing: 'person',
      thingId: rung?.personId ?? '',
      area: team.area,
      purpose,
      ids: rung === null ? [] : [rung.personId],
      detail: { channel: 'team', team: team.id },
    })
    if (rung === null) return { name: null, phone: null }
    const row = rung.personId
    return {
      name: await openText(ctx, { table: 'person', row, column: 'name_sealed' }, rung.name),
      phone: await openText(ctx, { table: 'identity', row, column: 'phone_sealed' }, rung.phone),
    }
  },
})
