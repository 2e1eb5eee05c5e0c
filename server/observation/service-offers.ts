import { countyOf } from '@weiwang/domain/areas/code'
import type { AreaCode } from '@weiwang/domain/areas/code'
import { decideExpiry, decideOffer, decideStep, decideUnmatched } from '@weiwang/domain/observation/service-decide'
import { nextTelling } from '@weiwang/domain/observation/service-fold'
import { PROMISES } from '@weiwang/domain/observation/service-kind'
import { nextHelper, rankHelpers } from '@weiwang/domain/observation/service-rank'
import type { Ranked } from '@weiwang/domain/observation/service-rank'
import { z } from 'zod'
import { insertNotices } from '../access/account-store.ts'
import { areaNames } from '../access/store.ts'
import { standsAt } from '../areas/store.ts'
import type { Ctx } from '../core/ctx.ts'
import type { Server } from '../core/server.ts'
import { newId } from '../core/transaction.ts'
import { levelAbove } from '../tasks/react.ts'
import { responsibleAt } from '../tasks/store.ts'
import { changeService } from './service-change.ts'
import {
  candidatesAt,
  endedAreasOfRules,
  lockService,
  moveRules,
  offersDue,
  servicesNowhere,
  servicesTakenBy,
  teamAt,
  tellingsDue,
} from './service-store.ts'
import type { LoadedService } from './service-store.ts'
import { skillsOf } from './service-people.ts'

/** Who is asked, one after the other, and who is told when it is late (SERV-5, SERV-9). */
const CHUNK = 200
const ZERO = '00000000-0000-0000-0000-000000000000'

export async function helpersOf(ctx: Ctx, { row, state }: LoadedService): Promise<Ranked[]> {
  const found = await candidatesAt(ctx.db, state.area, ctx.today)
  const ids = found.map((one) => one.id)
  const team = await teamAt(ctx.db, { county: row.county, householdId: state.householdId }, ctx.today)
  const skills = await skillsOf(ctx.db, ids)
  const candidates = found.map((one) => ({ ...one, team: team.has(one.id), skills: skills.get(one.id) ?? null }))
  return rankHelpers({ kind: state.kind, area: state.area, passed: state.passed, notBy: [] }, candidates)
}

/** An offer names the kind and the place and nobody: it is read before anything is accepted. */
export async function tellOffer(ctx: Ctx, { row, state }: LoadedService, to: string): Promise<void> {
  const where = (await areaNames(ctx.db, [state.area])).get(state.area) ?? state.area
  const what = PROMISES[state.kind].say
  const body = {
    zh: `${where} 有一项服务请您接单：${what.zh}`,
    en: `A service at ${where} is offered to you: ${what.en.toLowerCase()}`,
  }
  await insertNotices(ctx.db, [{ accountId: to, id: newId(ctx.now), kind: 'service.offered', body, at: ctx.now }])
  ctx.emit('service.offered', { county: row.county, serviceId: row.id, to })
}

async function offerNext(ctx: Ctx, due: LoadedService): Promise<void> {
  const when = { now: ctx.now, zone: ctx.zone }
  const loaded = await changeService(ctx, due, decideExpiry(due.state, when), { by: null })
  const { nextOffer, takenBy, endedAt } = loaded.state
  if (endedAt !== null || takenBy !== null || nextOffer === null || Date.parse(nextOffer) > ctx.now.getTime()) return
  const next = nextHelper(await helpersOf(ctx, loaded))
  if (next === null) {
    await changeService(ctx, loaded, [decideUnmatched(loaded.state, when)], { by: null })
    if (loaded.state.unmatched === 0) await tellUnmatched(ctx, loaded)
    return
  }
  const decision = decideOffer(loaded.state, next.id, when)
  if (!decision.ok) return
  const after = await changeService(ctx, loaded, decision.events, { by: null })
  await tellOffer(ctx, after, next.id)
}

/** Nobody is left to ask: whoever is responsible above the door finds somebody. */
async function tellUnmatched(ctx: Ctx, { row, state }: LoadedService): Promise<void> {
  const { area, to } = await toldAt(ctx, state.area, 1)
  await tell(ctx, to, 'service.unmatched', {
    zh: `${await nameOf(ctx, state.area)} 的一项服务（${PROMISES[state.kind].say.zh}）无人可派，请安排`,
    en: `Nobody is left to ask for a service at ${await nameOf(ctx, state.area)} (${PROMISES[state.kind].say.en.toLowerCase()}); find somebody`,
  })
  ctx.emit('service.unmatched', { county: row.county, serviceId: row.id, area })
}

async function nameOf(ctx: Ctx, area: AreaCode): Promise<string> {
  return (await areaNames(ctx.db, [area])).get(area) ?? area
}

type Told = { area: AreaCode; to: { id: string; name: string }[] }

/** The level that is told: one above the door at the first step; a level without anybody is passed over, as for tasks (TASK-18). */
async function toldAt(ctx: Ctx, area: AreaCode, step: number): Promise<Told> {
  for (let level = step; level <= step + 3; level++) {
    const at = levelAbove(area, level)
    const to = await responsibleAt(ctx.db, at, ctx.today)
    if (to.length > 0) return { area: at, to }
  }
  return { area: levelAbove(area, step), to: [] }
}

async function tell(
  ctx: Ctx,
  to: readonly { id: string }[],
  kind: string,
  body: { zh: string; en: string },
): Promise<void> {
  await insertNotices(
    ctx.db,
    to.map((one) => ({ accountId: one.id, id: newId(ctx.now), kind, body, at: ctx.now })),
  )
}

/** Right after it was asked, when that is no hour of night. */
export async function offerAsked(server: Server, serviceId: string): Promise<void> {
  await server.asSystem('service.offer', async (ctx) => {
    const loaded = await lockService(ctx.db, serviceId)
    if (loaded) await offerNext(ctx, loaded)
  })
}

async function inChunks(
  server: Server,
  name: string,
  due: (ctx: Ctx) => Promise<LoadedService[]>,
  run: (ctx: Ctx, loaded: LoadedService) => Promise<void>,
): Promise<void> {
  for (;;) {
    const n = await server.asSystem(name, async (ctx) => {
      const list = await due(ctx)
      for (const loaded of list) await run(ctx, loaded)
      return list.length
    })
    if (n < CHUNK) return
  }
}

const Handed = z.object({ county: z.string(), accountId: z.uuid(), to: z.uuid().nullable() })

/** FORCE-5: services that somebody who left had in hand go back and are offered anew, to the successor first. */
export async function passOnServices(server: Server, payload: unknown): Promise<void> {
  const { county, accountId, to } = Handed.parse(payload)
  await server.asSystem('service.handed', async (ctx) => {
    for (const due of await servicesTakenBy(ctx.db, county, accountId, CHUNK)) {
      const when = { now: ctx.now, zone: ctx.zone }
      const who = { self: accountId, receiver: false, desk: true, field: false }
      const back = decideStep(due.state, { step: 'give_back' }, who, when)
      if (!back.ok) continue
      const loaded = await changeService(ctx, due, back.events, { by: null })
      const offer = to === null ? null : decideOffer(loaded.state, to, when)
      if (to === null || !offer?.ok) continue
      await tellOffer(ctx, await changeService(ctx, loaded, offer.events, { by: null }), to)
    }
  })
}

/** Offers that were not answered, and services whose hour to be offered has come. */
export async function offerDue(server: Server): Promise<void> {
  await inChunks(server, 'service.offer', (ctx) => offersDue(ctx.db, ctx.now, CHUNK), offerNext)
}

/** SERV-9: only writes what time has made true; lateness itself is computed when it is read (case 66). Each time once. */
export async function escalateServices(server: Server): Promise<void> {
  await inChunks(
    server,
    'service.escalate',
    (ctx) => tellingsDue(ctx.db, ctx.now, CHUNK),
    async (ctx, due) => {
      let loaded = due
      for (
        let next = nextTelling(loaded.state);
        next !== null && Date.parse(next.at) <= ctx.now.getTime();
        next = nextTelling(loaded.state)
      ) {
        const { area, to } = await toldAt(ctx, loaded.state.area, next.step)
        const event = { kind: 'escalated', body: { on: ctx.today, step: next.step, area, to } } as const
        loaded = await changeService(ctx, loaded, [event], { by: null })
        const { state } = loaded
        await tell(ctx, to, 'service.late', {
          zh: `${await nameOf(ctx, state.area)} 的一项服务已超时：${PROMISES[state.kind].say.zh}`,
          en: `A service at ${await nameOf(ctx, state.area)} is late: ${PROMISES[state.kind].say.en.toLowerCase()}`,
        })
        ctx.emit('service.late', { county: loaded.row.county, serviceId: loaded.row.id, area, step: next.step })
      }
    },
  )
}

/** Within the county: no row changes its distribution key, and above a county there is no door to bring anything to. */
function sameCounty(from: AreaCode, to: AreaCode): boolean {
  return to !== from && to.length >= 6 && countyOf(to) === countyOf(from)
}

/** SERV-15: what is open, what repeats and medicines follow their area. */
export async function followServiceAreas(server: Server): Promise<void> {
  await server.asSystem('service.areas', async (ctx) => {
    const ended = await endedAreasOfRules(ctx.db)
    for (const [from, to] of await standsAt(ctx.db, ended)) if (sameCounty(from, to)) await moveRules(ctx.db, from, to)
  })
  for (let after = ZERO; ;) {
    const last = await server.asSystem('service.areas', async (ctx) => {
      const list = await servicesNowhere(ctx.db, after, CHUNK)
      const stands = await standsAt(
        ctx.db,
        list.map((one) => one.state.area),
      )
      for (const loaded of list) {
        const from = loaded.state.area
        const to = stands.get(from) ?? from
        if (!sameCounty(from, to)) continue
        await changeService(ctx, loaded, [{ kind: 'reorganised', body: { on: ctx.today, from, to } }], { by: null })
      }
      return list.length < CHUNK ? null : (list.at(-1)?.row.id ?? null)
    })
    if (last === null) return
    after = last
  }
}
