/**
 * CODE-20: another place that may ask for verdicts. Proposed by one and decided by another, who is told the key once; ended at once by
 * one, since a key that was lost must not wait. How many verdicts each was given is counted, and nothing of what was asked.
 */
import { randomBytes } from 'node:crypto'
import { can } from '@weiwang/domain/access/can'
import { addDays } from '@weiwang/domain/core/day'
import { notFound } from '@weiwang/domain/core/problems'
import { DecidedPartner, DecidePartner, EndPartner, MakePartner, Partner } from '@weiwang/domain/healthcode/code-api'
import type { CodeVerdict, PartnerList } from '@weiwang/domain/healthcode/code-api'
import { partnerDecided, partnerSpan, partnerUnknown } from '@weiwang/domain/healthcode/code-problems'
import { areaNames } from '../access/store.ts'
import { defineAction } from '../core/action.ts'
import { actorId, areasFor, permit } from '../core/ctx.ts'
import type { Ctx } from '../core/ctx.ts'
import type { Server } from '../core/server.ts'
import { newId } from '../core/transaction.ts'
import {
  addVerdicts,
  findPartner,
  insertPartner,
  listPartners,
  lockPartner,
  setPartner,
  verdictsOf,
} from './code-partner-store.ts'
import type { PartnerDay, PartnerRow, Verdicts } from './code-partner-store.ts'

const MOST_DAYS = 366
const SHOWN_DAYS = 14

/** Whose machine key this is. @throws partnerUnknown */
export async function partnerOf(
  server: Server,
  authorization: string | undefined,
): Promise<{ id: string; area: string }> {
  const key = authorization?.startsWith('Bearer ') ? authorization.slice(7) : ''
  const hash = server.keys.hash('code_partner', key)
  const partner = key === '' ? null : await findPartner(server.jobsPool.db, hash, server.clock.today())
  if (!partner) throw partnerUnknown({})
  return partner
}

function stateOf(row: PartnerRow, today: string): Partner['state'] {
  if (row.refused) return 'refused'
  if (row.ended_at !== null) return 'ended'
  if (row.decided_at === null) return 'proposed'
  return row.until_day < today ? 'over' : 'open'
}

const NONE: Verdicts = { colour: 0, byHand: 0, refused: 0 }
const sum = (a: Verdicts, b: Verdicts): Verdicts => ({
  colour: a.colour + b.colour,
  byHand: a.byHand + b.byHand,
  refused: a.refused + b.refused,
})
const only = ({ colour, byHand, refused }: Verdicts): Verdicts => ({ colour, byHand, refused })

async function present(ctx: Ctx, rows: readonly PartnerRow[]): Promise<Partner[]> {
  const names = await areaNames(
    ctx.db,
    rows.map((row) => row.area),
  )
  const from = addDays(ctx.today, 1 - SHOWN_DAYS)
  const given = await verdictsOf(
    ctx.db,
    rows.map((row) => row.id),
    from,
  )
  return rows.map((row) => {
    const days = given.filter((one) => one.partnerId === row.id)
    const thing = { kind: 'code', area: row.area, by: row.made_by, byCreatedBy: row.made_by_created_by } as const
    const state = stateOf(row, ctx.today)
    return {
      id: row.id,
      area: row.area,
      areaName: names.get(row.area) ?? row.area,
      name: row.name,
      purpose: row.purpose,
      until: row.until_day,
      state,
      madeBy: row.made_by_name,
      madeAt: row.made_at.toISOString(),
      decidedBy: row.decided_by_name,
      decidedAt: row.decided_at?.toISOString() ?? null,
      endedBy: row.ended_by_name,
      endedAt: row.ended_at?.toISOString() ?? null,
      endReason: row.end_reason,
      mine: row.made_by !== null && row.made_by === ctx.actor.id,
      mayDecide: state === 'proposed' && can(ctx.actor, 'approve', thing),
      mayEnd: (state === 'proposed' || state === 'open') && can(ctx.actor, 'propose', { kind: 'code', area: row.area }),
      today: only(days.find((one) => one.day === ctx.today) ?? NONE),
      fortnight: days.reduce<Verdicts>(sum, NONE),
      lastDay: days[0]?.day ?? null,
    }
  })
}

async function one(ctx: Ctx, row: PartnerRow): Promise<Partner> {
  const [shown] = await present(ctx, [row])
  if (!shown) throw notFound({ thing: 'code_partner' })
  return shown
}

/** GET /api/code/partners */
export async function readPartners(ctx: Ctx): Promise<PartnerList> {
  // As of a source, a desk may see to whom verdicts are given; who works with codes at doors and gates need not.
  for (const area of ctx.scope) permit(ctx, 'read', { kind: 'feed', area })
  return { items: await present(ctx, await listPartners(ctx.db, ctx.scope)) }
}

/** POST /api/code/partners */
export const makePartner = defineAction({
  name: 'code_partner.make',
  input: MakePartner,
  output: Partner,
  run: async (ctx, args): Promise<Partner> => {
    areasFor(ctx, args.area)
    permit(ctx, 'propose', { kind: 'code', area: args.area })
    if (args.until < ctx.today || args.until > addDays(ctx.today, MOST_DAYS))
      throw partnerSpan({ days: MOST_DAYS }, 'until')
    const row = await insertPartner(ctx.db, {
      id: newId(ctx.now),
      area: args.area,
      name: args.name,
      purpose: args.purpose,
      until_day: args.until,
      made_by: actorId(ctx),
      made_by_created_by: ctx.actor.createdBy,
      made_by_name: ctx.actor.name,
      made_at: ctx.now,
    })
    ctx.audit({
      verb: 'code_partner.make',
      thing: 'code_partner',
      thingId: row.id,
      area: args.area,
      purpose: args.purpose,
      detail: { until: args.until },
    })
    return one(ctx, row)
  },
})

/** POST /api/code/partners/:id/decide */
export const decidePartner = defineAction({
  name: 'code_partner.decide',
  input: DecidePartner,
  output: DecidedPartner,
  secret: true,
  run: async (ctx, { id, approve }): Promise<DecidedPartner> => {
    const row = await lockPartner(ctx.db, ctx.scope, id)
    if (!row) throw notFound({ thing: 'code_partner' })
    permit(ctx, 'approve', { kind: 'code', area: row.area, by: row.made_by, byCreatedBy: row.made_by_created_by })
    if (stateOf(row, ctx.today) !== 'proposed') throw partnerDecided({})
    const key = approve ? `wv_${randomBytes(24).toString('base64url')}` : null
    const decided = await setPartner(ctx.db, id, {
      decided_by_name: ctx.actor.name,
      decided_at: ctx.now,
      refused: !approve,
      key_hash: key === null ? null : ctx.keys.hash('code_partner', key),
    })
    ctx.audit({
      verb: approve ? 'code_partner.approve' : 'code_partner.refuse',
      thing: 'code_partner',
      thingId: id,
      area: row.area,
      purpose: row.purpose,
      detail: { until: row.until_day },
    })
    return { ...(await one(ctx, decided)), key }
  },
})

/** POST /api/code/partners/:id/end */
export const stopPartner = defineAction({
  name: 'code_partner.end',
  input: EndPartner,
  output: Partner,
  run: async (ctx, { id, reason }): Promise<Partner> => {
    const row = await lockPartner(ctx.db, ctx.scope, id)
    if (!row) throw notFound({ thing: 'code_partner' })
    permit(ctx, 'propose', { kind: 'code', area: row.area })
    if (row.ended_at !== null || row.refused) throw partnerDecided({})
    const ended = await setPartner(ctx.db, id, {
      ended_at: ctx.now,
      ended_by_name: ctx.actor.name,
      end_reason: reason,
    })
    ctx.audit({ verb: 'code_partner.end', thing: 'code_partner', thingId: id, area: row.area, purpose: reason })
    return one(ctx, ended)
  },
})

// ---- counting -------------------------------------------------------------------------------------------------------------------

const FLUSH_MS = 5_000

/**
 * Verdicts given, gathered in memory and written a few seconds later: asking for one stays a read. What a crash takes along is seconds
 * of counts.
 */
export class VerdictCounts {
  readonly #server: Server
  #days = new Map<string, PartnerDay>()
  #timer: NodeJS.Timeout | null = null

  constructor(server: Server) {
    this.#server = server
  }

  note(partner: { id: string; area: string }, verdict: CodeVerdict['verdict']): void {
    const day = this.#server.clock.today()
    const name = `${partner.id} ${day}`
    const before = this.#days.get(name) ?? { ...NONE, partnerId: partner.id, area: partner.area, day }
    const kind = verdict === 'by_hand' ? 'byHand' : verdict
    this.#days.set(name, { ...before, [kind]: before[kind] + 1 })
    if (this.#timer) return
    this.#timer = setTimeout(() => void this.flush(), FLUSH_MS)
    this.#timer.unref()
  }

  async flush(): Promise<void> {
    if (this.#timer) clearTimeout(this.#timer)
    this.#timer = null
    const days = [...this.#days.values()]
    this.#days = new Map()
    try {
      await addVerdicts(this.#server.jobsPool.db, days)
    } catch (error) {
      this.#server.log.warn({ err: error }, 'counts of verdicts could not be written 验码计数未能写入')
    }
  }
}
