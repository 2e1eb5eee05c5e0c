import { randomInt } from 'node:crypto'
import { countyOf } from '@weiwang/domain/areas/code'
import { dayOf, secondOfDay } from '@weiwang/domain/core/day'
import { notAllowed, notFound } from '@weiwang/domain/core/problems'
import { IssuePass, PassRow as PassWire, PrintPass, RevokePass } from '@weiwang/domain/healthcode/objection-api'
import type { ListPasses } from '@weiwang/domain/healthcode/objection-api'
import { passIdTaken, passOver, passThere } from '@weiwang/domain/healthcode/objection-problems'
import { HARDSHIP_SAY, REVOKED_SAY } from '@weiwang/domain/healthcode/objection-words'
import { MARK_BYTES, passText } from '@weiwang/domain/healthcode/pass'
import { say } from '@weiwang/domain/core/say'
import { isExercise } from '../access/emergency-actions.ts'
import { requireOpenEmergency } from '../access/store.ts'
import { areaNames } from '../access/store.ts'
import { defineAction } from '../core/action.ts'
import { areasFor, permit } from '../core/ctx.ts'
import type { Ctx } from '../core/ctx.ts'
import { recordsOf } from '../grading/store.ts'
import { personsInScope } from '../grading/store-read.ts'
import { fitName } from '@weiwang/domain/healthcode/credential'
import { objectionAt } from '../observation/papers.ts'
import { openSealed } from '../people/identities.ts'
import { openText } from '../people/opening.ts'
import { findSealed } from '../people/store.ts'
import { spanOf } from '../tasks/queries.ts'
import { accountNames } from '../access/names.ts'
import { addRevocations } from './code-holder-store.ts'
import { currentSigner } from './code-keys.ts'
import { qrSvg } from './code-paper.ts'
import { boundRecords } from './holders.ts'
import { tell } from './objection-change.ts'
import { findPass, insertPass, listPasses, passesHolding, revokePassRow } from './objection-pass-store.ts'
import type { PassRow } from './objection-pass-store.ts'
import { passPdf } from './objection-pass-pdf.ts'
import { accountsFor } from './objection-store.ts'

/**
 * OBJECT-15: a temporary paper pass by a centre for hardship: a reason from the closed list, an end within hours, one at a time for
 * each person. It changes no colour; whoever issued it stands in the trail, and it can be revoked.
 */
const toPlace = (id: string) => ({ table: 'hardship_pass', row: id, column: 'to_sealed' })

/**
 * What gates and the list of replaced codes call a pass: worked out from its id under a key, so that no column leads from what a gate
 * has noted to a pass (OBJECT-17).
 */
export function passMark(keys: Ctx['keys'], id: string): Buffer {
  return keys.hash('code_pass', id).subarray(0, MARK_BYTES)
}

/** Short enough to be read out and typed: the day and four digits, once in a county. */
function numberOf(now: Date, zone: string): string {
  const day = dayOf(now, zone).slice(2).replaceAll('-', '')
  return `L${day}-${String(randomInt(0, 1_000_000)).padStart(6, '0')}`
}

function stateOf(row: PassRow, now: Date): PassWire['state'] {
  if (row.revoked_at !== null) return 'revoked'
  return row.until_at < now ? 'over' : 'holds'
}

async function present(ctx: Ctx, rows: readonly PassRow[]): Promise<PassWire[]> {
  const names = await areaNames(
    ctx.db,
    rows.map((row) => row.area),
  )
  const people = await accountNames(
    ctx.db,
    rows.map((row) => row.issued_by),
  )
  return rows.map((row) => ({
    id: row.id,
    area: row.area,
    areaName: names.get(row.area) ?? row.area,
    personId: row.person_id,
    masked: row.masked,
    number: row.number,
    reason: row.reason,
    reasonName: HARDSHIP_SAY[row.reason],
    issuedAt: row.issued_at.toISOString(),
    until: row.until_at.toISOString(),
    by: row.issued_by === null ? null : { id: row.issued_by, name: people.get(row.issued_by) ?? '' },
    state: stateOf(row, ctx.now),
    revokedAt: row.revoked_at?.toISOString() ?? null,
    revokedWhy: row.revoked_why,
  }))
}

async function one(ctx: Ctx, row: PassRow): Promise<PassWire> {
  const [pass] = await present(ctx, [row])
  if (!pass) throw notFound({ thing: 'hardship_pass' })
  return pass
}

function audited(ctx: Ctx, area: string, of: { id: string }, ids: string[], detail: Record<string, unknown>): void {
  ctx.audit({ verb: 'hardship_pass.issue', thing: 'hardship_pass', thingId: of.id, area, ids, detail })
}

export const issuePass = defineAction({
  name: 'hardship_pass.issue',
  input: IssuePass,
  output: PassWire,
  reach: 'all',
  run: async (ctx, args): Promise<PassWire> => {
    const { target, records } = await recordsOf(ctx.db, args.personId)
    const [person] = await personsInScope(ctx.db, ctx.scope, [target])
    if (!person) throw notFound({ thing: 'person' })
    permit(ctx, 'file', { kind: 'hardship_pass', area: person.home_area })
    const known = await findPass(ctx.db, ctx.scope, args.id, true)
    if (known) {
      if (known.issued_by !== ctx.actor.id || known.person_id !== target) throw passIdTaken({ id: args.id })
      audited(ctx, known.area, args, [], { repeat: true })
      return one(ctx, known)
    }
    const [holding] = await passesHolding(ctx.db, records, ctx.now)
    if (holding) throw passThere({ number: holding.number })
    const { id: emergencyId } = await requireOpenEmergency(ctx, person.home_area)
    const row = {
      county: countyOf(person.home_area),
      id: args.id,
      area: person.home_area,
      emergency_id: emergencyId,
      person_id: target,
      masked: person.masked,
      reason: args.reason,
      to_sealed: await ctx.keys.seal({ emergencyId, now: ctx.now, ...toPlace(args.id) }, args.to),
      issued_by: ctx.actor.id,
      issued_at: ctx.now,
      issued_day: ctx.today,
      until_at: new Date(ctx.now.getTime() + args.hours * 3_600_000),
    }
    let made = false
    for (let tries = 0; !made && tries < 5; tries++)
      made = await insertPass(ctx.db, { ...row, number: numberOf(ctx.now, ctx.zone) })
    if (!made) throw passIdTaken({ id: args.id })
    audited(ctx, person.home_area, args, [target], { reason: args.reason, hours: args.hours })
    const body = say('已为您签发临时通行证', 'A temporary pass was issued to you')
    await tell(ctx, await accountsFor(ctx.db, target), 'hardship_pass.issued', body)
    const issued = await findPass(ctx.db, ctx.scope, args.id, false)
    if (!issued) throw notFound({ thing: 'hardship_pass' })
    return one(ctx, issued)
  },
})

export const revokePass = defineAction({
  name: 'hardship_pass.revoke',
  input: RevokePass,
  output: PassWire,
  reach: 'all',
  run: async (ctx, { id, why }): Promise<PassWire> => {
    const row = await findPass(ctx.db, ctx.scope, id, true)
    if (!row) throw notFound({ thing: 'hardship_pass' })
    permit(ctx, 'revoke', { kind: 'hardship_pass', area: row.area })
    if (stateOf(row, ctx.now) !== 'holds') throw passOver({})
    await revokePassRow(ctx.db, row, { by: ctx.actor.id, why, at: ctx.now })
    ctx.audit({ verb: 'hardship_pass.revoke', thing: 'hardship_pass', thingId: id, area: row.area, detail: { why } })
    const body = say(
      `临时通行证已收回：${REVOKED_SAY[why].zh}`,
      `The temporary pass was revoked: ${REVOKED_SAY[why].en}`,
    )
    if (row.person_id !== null) await tell(ctx, await accountsFor(ctx.db, row.person_id), 'hardship_pass.revoked', body)
    const answer = await one(ctx, { ...row, revoked_at: ctx.now, revoked_by: ctx.actor.id, revoked_why: why })
    // Gates hear of it with the replaced codes, and know the paper without a server.
    await addRevocations(ctx.db, [{ codeId: passMark(ctx.keys, id), until: row.until_at }], ctx.now)
    return answer
  },
})

export async function readPasses(ctx: Ctx, args: ListPasses) {
  const areas = areasFor(ctx, args.area)
  if (areas.length === 0) throw notAllowed({ verb: 'read', thing: 'hardship_pass' })
  for (const area of areas) permit(ctx, 'read', { kind: 'hardship_pass', area })
  const page = await listPasses(ctx.db, { areas, list: args.list, now: ctx.now, ...spanOf(ctx, args) }, args)
  return { items: await present(ctx, page.rows), next: page.next, total: page.total, asOf: ctx.now.toISOString() }
}

/** Minutes and the zone's own clock, as on the wall. */
function clockText(at: Date, zone: string): string {
  const second = secondOfDay(at, zone)
  const two = (n: number): string => String(n).padStart(2, '0')
  return `${dayOf(at, zone)} ${two(Math.floor(second / 3600))}:${two(Math.floor(second / 60) % 60)}`
}

/** Signed when it is printed, by the key that signs codes; it outlives every pass by days. */
async function squareOf(ctx: Ctx, row: PassRow): Promise<string> {
  const signer = await currentSigner(ctx)
  const pass = {
    mark: passMark(ctx.keys, row.id),
    number: row.number,
    name: fitName(row.masked),
    reason: row.reason,
    from: Math.floor(row.issued_at.getTime() / 1000),
    until: Math.floor(row.until_at.getTime() / 1000),
  }
  return qrSvg(passText(pass, signer.kid, signer.signNow))
}

/** The paper, with the name and document as they are: a gate compares them with the document. */
async function paperOf(ctx: Ctx, row: PassRow): Promise<Buffer> {
  const [sealed] = row.person_id === null ? [] : await findSealed(ctx.db, [''], [row.person_id])
  const known = sealed ? await openSealed(ctx, sealed) : null
  const names = await areaNames(ctx.db, [row.area.slice(0, 12), countyOf(row.area)])
  const desk = await objectionAt(ctx, row.area)
  return passPdf({
    exercise: await isExercise(ctx),
    reference: row.number,
    issuedBy: names.get(row.area.slice(0, 12)) ?? row.area,
    county: names.get(countyOf(row.area)) ?? countyOf(row.area),
    name: known?.name ?? row.masked,
    document: known?.document?.number ?? null,
    desk: desk.contact,
    phone: desk.phone,
    reason: HARDSHIP_SAY[row.reason],
    to: (await openText(ctx, toPlace(row.id), row.to_sealed)) ?? '',
    from: clockText(row.issued_at, ctx.zone),
    until: clockText(row.until_at, ctx.zone),
    issuedOn: row.issued_day,
    qr: await squareOf(ctx, row),
  })
}

export const printPass = defineAction({
  name: 'hardship_pass.print',
  input: PrintPass,
  reach: 'all',
  secret: true,
  run: async (ctx, { id, purpose }): Promise<Buffer> => {
    const row = await findPass(ctx.db, ctx.scope, id, false)
    if (!row) throw notFound({ thing: 'hardship_pass' })
    permit(ctx, 'file', { kind: 'hardship_pass', area: row.area })
    if (stateOf(row, ctx.now) !== 'holds') throw passOver({})
    ctx.audit({
      verb: 'hardship_pass.print',
      thing: 'hardship_pass',
      thingId: id,
      area: row.area,
      purpose,
      ids: row.person_id === null ? [] : [row.person_id],
    })
    return paperOf(ctx, row)
  },
})

export const printMyPass = defineAction({
  name: 'my.pass.print',
  input: PrintPass,
  reach: 'all',
  secret: true,
  run: async (ctx, { id }): Promise<Buffer> => {
    const row = await findPass(ctx.db, [''], id, false)
    const mine = await boundRecords(ctx)
    if (!row || row.person_id === null || !mine.includes(row.person_id)) throw notFound({ thing: 'hardship_pass' })
    if (stateOf(row, ctx.now) !== 'holds') throw passOver({})
    ctx.audit({
      verb: 'hardship_pass.print',
      thing: 'hardship_pass',
      thingId: id,
      area: row.area,
      ids: [row.person_id],
      detail: { by: 'resident' },
    })
    return paperOf(ctx, row)
  },
})
