/** Kit that was given, and the health of those who work: said by themselves, read by few, to be prevented (FORCE-9 to FORCE-11). */
import { countyOf, pathOf } from '@weiwang/domain/areas/code'
import { addDays } from '@weiwang/domain/core/day'
import { notAllowed, notFound } from '@weiwang/domain/core/problems'
import { ForceDone, GiveKit, HealthView, ReportHealth, SetRest, SYMPTOMS } from '@weiwang/domain/teams/force-api'
import type { ListHealth } from '@weiwang/domain/teams/force-api'
import { badForceDays, healthTooWide } from '@weiwang/domain/teams/force-problems'
import { z } from 'zod'
import { desksAround, insertNotices } from '../access/account-store.ts'
import { requireOpenEmergency } from '../access/store.ts'
import { defineAction } from '../core/action.ts'
import { permit } from '../core/ctx.ts'
import type { Ctx } from '../core/ctx.ts'
import { newId } from '../core/transaction.ts'
import { areaNames } from '../people/store.ts'
import { readsHealth } from './force-may.ts'
import { fileAt } from './force-people.ts'
import { healthOf, insertHealth, insertKit, isDoctorOf, listHealth, lockHealth, setRest } from './force-store-health.ts'
import type { HealthRow } from './force-store-health.ts'
import { countyAccounts } from './force-store.ts'

const COUNTY_DIGITS = 6
const MOST_MINE = 50
const MOST_TOLD = 10
const LONGEST_REST = 60
const OLDEST = 30
const Content = z.object({ symptoms: z.array(z.enum(SYMPTOMS)), words: z.string() })

export const giveKit = defineAction({
  name: 'force.kit',
  input: GiveKit,
  output: ForceDone,
  reach: 'county',
  run: async (ctx, args) => {
    const [account] = await countyAccounts(ctx.db, [args.accountId])
    if (!account || account.state === 'closed') throw notFound({ thing: 'account' })
    const { county, emergencyId } = await fileAt(ctx, account.area)
    if (args.day > ctx.today || args.day < addDays(ctx.today, -OLDEST)) throw badForceDays({}, 'day')
    await insertKit(ctx.db, {
      county,
      id: args.id,
      area: account.area,
      account_id: account.id,
      account_name: account.name,
      item: args.item,
      n: args.n,
      day: args.day,
      emergency_id: emergencyId,
      by_name: ctx.actor.name,
      at: ctx.now,
    })
    ctx.audit({
      verb: 'force.kit',
      thing: 'force',
      thingId: args.id,
      area: account.area,
      detail: { account: account.id, item: args.item, n: args.n },
    })
    return { id: args.id }
  },
})

async function present(ctx: Ctx, rows: readonly HealthRow[]): Promise<HealthView[]> {
  const nameOf = await areaNames(
    ctx.db,
    rows.map((row) => row.area),
  )
  return Promise.all(
    rows.map(async (row) => {
      const place = { table: 'force_health', row: row.id, column: 'content_sealed' }
      const content = Content.parse(JSON.parse(await ctx.keys.open(place, row.content_sealed)))
      return {
        id: row.id,
        accountId: row.account_id,
        name: row.account_name,
        areaName: nameOf(row.area),
        kind: row.kind === 'contact' ? 'contact' : 'symptoms',
        day: row.day,
        ...content,
        restUntil: row.rest_until,
        decidedBy: row.decided_by,
        reportedAt: row.reported_at.toISOString(),
        over: row.ended_at !== null,
      }
    }),
  )
}

/** FORCE-10: by the person alone; the audit line and the notice to the desk say that there is a report and not what it says. */
export const reportHealth = defineAction({
  name: 'force.health',
  input: ReportHealth,
  output: ForceDone,
  reach: 'all',
  run: async (ctx, args) => {
    const [account] = await countyAccounts(ctx.db, [ctx.actor.id])
    if (!account || account.area.length < COUNTY_DIGITS) throw notAllowed({ verb: 'file', thing: 'worker_health' })
    const emergency = await requireOpenEmergency(ctx, account.area)
    if (args.day > ctx.today || args.day < addDays(ctx.today, -OLDEST)) throw badForceDays({}, 'day')
    const place = { table: 'force_health', row: args.id, column: 'content_sealed' }
    const content = JSON.stringify({ symptoms: args.kind === 'contact' ? [] : args.symptoms, words: args.words })
    await insertHealth(ctx.db, {
      county: countyOf(account.area),
      id: args.id,
      area: account.area,
      account_id: account.id,
      account_name: account.name,
      emergency_id: emergency.id,
      kind: args.kind,
      content_sealed: await ctx.keys.seal({ ...place, emergencyId: emergency.id, now: ctx.now }, content),
      day: args.day,
      reported_at: ctx.now,
    })
    ctx.audit({ verb: 'force.health', thing: 'worker_health', thingId: args.id, area: countyOf(account.area) })
    const desks = await desksAround(
      ctx.db,
      pathOf(account.area).filter((area) => area.length === COUNTY_DIGITS),
      {
        limit: MOST_TOLD,
      },
    )
    const body = { zh: '有工作人员健康报告，请查看', en: 'A health report of somebody who works has come in' }
    await insertNotices(
      ctx.db,
      desks.map((one) => ({ accountId: one.id, id: newId(ctx.now), kind: 'force.health', body, at: ctx.now })),
    )
    return { id: args.id }
  },
})

export async function readMyHealth(ctx: Ctx) {
  return { items: await present(ctx, await healthOf(ctx.db, ctx.actor.id, MOST_MINE)) }
}

/** @throws healthTooWide for everybody but the desk of a county and doctors */
export async function readHealth(ctx: Ctx, args: z.output<typeof ListHealth>) {
  const { counties, doctor } = readsHealth(ctx)
  for (const county of counties) permit(ctx, 'read', { kind: 'worker_health', area: county })
  if (counties.length === 0 && !doctor) throw healthTooWide({})
  const page = await listHealth(ctx.db, { counties, doctor: doctor ? ctx.actor.id : null, today: ctx.today }, args)
  return { items: await present(ctx, page.rows), next: page.next, total: page.total }
}

/** FORCE-11: who rests until when, by the doctor of the team or the desk of the county; null: it is over. */
export const setRestUntil = defineAction({
  name: 'force.rest',
  input: SetRest,
  output: ForceDone,
  reach: 'all',
  run: async (ctx, args) => {
    const row = await lockHealth(ctx.db, args.id)
    const { counties, doctor } = readsHealth(ctx)
    const mine =
      row !== null &&
      (counties.includes(row.county) || (doctor && (await isDoctorOf(ctx.db, ctx.actor.id, row.account_id, ctx.today))))
    if (!row || !mine) throw notFound({ thing: 'worker_health' })
    await requireOpenEmergency(ctx, row.area)
    if (args.until !== null && (args.until < ctx.today || args.until > addDays(ctx.today, LONGEST_REST)))
      throw badForceDays({}, 'until')
    await setRest(ctx.db, row, {
      rest_until: args.until,
      decided_by: ctx.actor.name,
      ended_at: args.until === null ? ctx.now : null,
    })
    ctx.audit({ verb: 'force.rest', thing: 'worker_health', thingId: row.id, area: row.county })
    const body =
      args.until === null
        ? { zh: '您的健康报告已办结', en: 'Your health report has been dealt with' }
        : {
            zh: `请休息至 ${args.until}，期间不排班`,
            en: `Please rest until ${args.until}; you are on no roster until then`,
          }
    await insertNotices(ctx.db, [
      { accountId: row.account_id, id: newId(ctx.now), kind: 'force.rest', body, at: ctx.now },
    ])
    return { id: row.id }
  },
})
