import { contains } from '@weiwang/domain/areas/code'
import { changedMeanwhile, notFound } from '@weiwang/domain/core/problems'
import type { Contact } from '@weiwang/domain/observation/reading'
import { takenAt } from '@weiwang/domain/observation/reading'
import {
  FiledReadings,
  FileMyReadings,
  FileReadings,
  OpenReading,
  SetContact,
  SetMyContact,
  SetPlan,
} from '@weiwang/domain/observation/reading-api'
import type { ContactSet, OpenedReading, PlanView } from '@weiwang/domain/observation/reading-api'
import { readPlan } from '@weiwang/domain/observation/slots'
import type { z } from 'zod'
import { defineAction } from '../core/action.ts'
import { actorId, permit } from '../core/ctx.ts'
import type { Ctx } from '../core/ctx.ts'
import { json } from '../core/db/json.ts'
import { recordsOfAccount } from '../people/account-persons.ts'
import { openText } from '../people/opening.ts'
import { nextOf } from './due-follow.ts'
import { tellReadings, zoneOf } from './reading-feed.ts'
import { filedBefore, fileOne, fileReadings } from './readings-file.ts'
import type { Filed } from './readings-file.ts'
import { findPlan, findReading, lockDue, openCalls, plansByArea, putPlan, updateDue } from './readings-store.ts'
import type { DueRow, PlanRow } from './readings-store.ts'

/** The verbs of readings. Reach is `all`: a person's counting area, number and links lie elsewhere than where they stay; scopes are asked here. */

/** By telephone or at the door; the phone's item `reading.file` is the same action. */
export const fileReading = defineAction({
  name: 'reading.file',
  input: FileReadings,
  output: FiledReadings,
  reach: 'all',
  run: (ctx, args): Promise<FiledReadings> => fileReadings(ctx, args),
})

async function mineInHand(
  ctx: Ctx,
  mine: readonly string[],
  key: { county: string; observationId: string },
): Promise<DueRow> {
  const due = await lockDue(ctx.db, key)
  if (!due || !mine.includes(due.responder_person_id)) throw notFound({ thing: 'observation' })
  return due
}

export const fileMine = defineAction({
  name: 'reading.mine',
  input: FileMyReadings,
  output: FiledReadings,
  reach: 'all',
  run: async (ctx, args): Promise<FiledReadings> => {
    const mine = await recordsOfAccount(ctx)
    const taken = args.occurredAt === undefined ? ctx.now : takenAt(new Date(args.occurredAt), ctx.now)
    const filed = new Map<string, Filed>()
    for (const item of args.items.toSorted((a, b) => (a.observationId < b.observationId ? -1 : 1))) {
      const before = await filedBefore(ctx, item, 'self')
      const due = before ? null : await mineInHand(ctx, mine, item)
      filed.set(
        item.id,
        before ?? (due ? await fileOne(ctx, due, item, { how: 'self', taken, by: ctx.actor.id }) : notThere()),
      )
    }
    return { items: args.items.flatMap((item) => filed.get(item.id) ?? []), recordedAt: ctx.now.toISOString() }
  },
})

function notThere(): never {
  throw notFound({ thing: 'observation' })
}

async function setContactOf(
  ctx: Ctx,
  due: DueRow,
  to: { contact: Contact; zone?: string | null | undefined },
): Promise<z.infer<typeof ContactSet>> {
  const plan = (await plansByArea(ctx.db))(due.area)
  const row: DueRow = {
    ...due,
    contact: to.contact,
    zone: to.zone === undefined ? due.zone : to.zone,
    updated_at: ctx.now,
  }
  row.next_due = await nextOf(ctx, row, plan)
  const key = { county: due.county, observationId: due.observation_id }
  await updateDue(ctx.db, key, { contact: row.contact, zone: row.zone, next_due: row.next_due, updated_at: ctx.now })
  const [call] = await openCalls(ctx.db, [key])
  await tellReadings(ctx, row, { plan, taskId: call?.task_id ?? null })
  ctx.audit({
    verb: 'reading.contact',
    thing: 'observation',
    thingId: due.observation_id,
    area: due.area,
    detail: { contact: row.contact, zone: row.zone },
  })
  return { observationId: due.observation_id, contact: to.contact, zone: zoneOf(row, ctx) }
}

/** READ-7: how the person is reached, and where somebody abroad is. */
export const setContact = defineAction({
  name: 'reading.contact',
  input: SetContact,
  reach: 'all',
  run: async (ctx, args): Promise<z.infer<typeof ContactSet>> => {
    const due = await lockDue(ctx.db, args)
    if (!due || !ctx.scope.some((mine) => contains(mine, due.area))) throw notFound({ thing: 'observation' })
    permit(ctx, 'file', { kind: 'observation', area: due.area })
    return setContactOf(ctx, due, args)
  },
})

export const setMyContact = defineAction({
  name: 'reading.my-contact',
  input: SetMyContact,
  reach: 'all',
  run: async (ctx, args): Promise<z.infer<typeof ContactSet>> =>
    setContactOf(ctx, await mineInHand(ctx, await recordsOfAccount(ctx), args), args),
})

/** The words of one reading, for a purpose that the trail keeps. */
export const openReading = defineAction({
  name: 'reading.open',
  input: OpenReading,
  reach: 'all',
  secret: true,
  run: async (ctx, args): Promise<z.infer<typeof OpenedReading>> => {
    const reading = await findReading(ctx.db, args.county, args.id)
    if (!reading || !ctx.scope.some((mine) => contains(mine, reading.area))) throw notFound({ thing: 'reading' })
    permit(ctx, 'open', { kind: 'observation', area: reading.area })
    ctx.audit({
      verb: 'reading.open',
      thing: 'observation',
      thingId: reading.observation_id,
      area: reading.area,
      purpose: args.purpose,
      ids: [reading.person_id],
    })
    return {
      id: reading.id,
      note: await openText(ctx, { table: 'reading', row: reading.id, column: 'note_sealed' }, reading.note_sealed),
    }
  },
})

export function presentPlan(row: PlanRow | null): PlanView {
  return {
    plan: readPlan(row?.plan),
    area: row?.area ?? null,
    setBy: row?.set_by_name ?? null,
    setAt: row?.set_at.toISOString() ?? null,
    version: row?.version ?? 0,
  }
}

/** READ-1: slots and steps of an area. What has passed stays as it was; from now on everybody there is asked by the new ones. */
export const setPlan = defineAction({
  name: 'reading.plan',
  input: SetPlan,
  reach: 'all',
  run: async (ctx, args): Promise<PlanView> => {
    permit(ctx, 'propose', { kind: 'observation', area: args.area })
    const before = await findPlan(ctx.db, args.area)
    const own = before?.area === args.area ? before : null
    const theirs = own?.version ?? 0
    const row = {
      area: args.area,
      plan: json(args.plan),
      set_by: actorId(ctx),
      set_by_name: ctx.actor.name,
      set_at: ctx.now,
      version: theirs + 1,
    }
    const done = theirs === args.version && (await putPlan(ctx.db, row, theirs))
    if (!done) throw changedMeanwhile({ thing: 'plan', mine: args.version, theirs })
    ctx.audit({
      verb: 'reading.plan',
      thing: 'observation',
      thingId: args.area,
      area: args.area,
      detail: { version: row.version },
    })
    ctx.emit('readings.planned', { area: args.area })
    return presentPlan(await findPlan(ctx.db, args.area))
  },
})
