/** The holder's own codes (`/api/my/codes…`): whose they are is said by the account alone (REGISTER-1); everything else is not found. */
import { addDays, instantOf } from '@weiwang/domain/core/day'
import type { Day } from '@weiwang/domain/core/day'
import { say } from '@weiwang/domain/core/say'
import type { Say } from '@weiwang/domain/core/say'
import { AskDays, DAYS_AHEAD } from '@weiwang/domain/healthcode/code-api'
import type {
  AskHistory,
  CodeHistory,
  DayCredential,
  ExportedCode,
  FreshCodes,
  MyCodes,
} from '@weiwang/domain/healthcode/code-api'
import { badHolderKey, dayTooFar, keyUsed, noCode, tooManyReplaced } from '@weiwang/domain/healthcode/code-problems'
import { colourOfState } from '@weiwang/domain/healthcode/code-state'
import { compressPoint, expandPoint } from '@weiwang/domain/healthcode/point'
import { readCredential } from '@weiwang/domain/healthcode/credential'
import { createHash } from 'node:crypto'
import type { z } from 'zod'
import { requireOpenEmergency } from '../access/store.ts'
import { defineAction } from '../core/action.ts'
import type { Ctx } from '../core/ctx.ts'
import { newId } from '../core/transaction.ts'
import { boundMine, standing as standingOfAccount } from './holders.ts'
import { followCodes, personHash, seenCodes } from './code-change.ts'
import {
  addRevocations,
  countIssued,
  insertMisuse,
  replaceCodes,
  standingOf,
  takePhoneKeys,
} from './code-holder-store.ts'
import type { HolderRow } from './code-holder-store.ts'
import { issueCodes } from './code-issue.ts'
import type { ToIssue } from './code-issue.ts'
import { toldKeys } from './code-keys.ts'
import type { PackedCode } from './code-packed.ts'
import { presentCodes, presentHistory, unproven } from './code-present.ts'
import { codeNow, findCodes } from './code-store.ts'
import type { CodeRow } from './code-store.ts'

/** CODE-11: how often a day a code may move to another phone. */
const MOVES_A_DAY = 10

/**
 * One of those for whom the account stands, and how the rows of codes know the two. A number alone fetches no code (CODE-22).
 * @throws notFound, proofNeeded
 */
export async function mineByHash(
  ctx: Ctx,
  person: string,
): Promise<{ personId: string; accountHash: Buffer; hash: Buffer; until: Day | null }> {
  const { personId, until } = await boundMine(ctx, person)
  return { personId, accountHash: ctx.keys.hash('code_account', ctx.actor.id), hash: personHash(ctx, personId), until }
}

/** GET /api/my/codes */
export async function readMyCodes(ctx: Ctx): Promise<MyCodes> {
  const { persons: all } = await standingOfAccount(ctx)
  const persons = all.toSorted((a, b) => Number(b.relation === 'self') - Number(a.relation === 'self'))
  const shown = await presentCodes(
    ctx,
    persons.map((one) => one.personId),
  )
  const items = persons.flatMap(({ personId, relation, basis }) => {
    const code = shown.find((one) => one.personId === personId)
    if (!code) return []
    const byNumber = basis === 'phone'
    const { area: _, ...rest } = byNumber ? unproven(code) : code
    return [{ ...rest, relation: byNumber ? ('number' as const) : relation }]
  })
  return { items, today: ctx.today, zone: ctx.zone, asOf: ctx.now.toISOString() }
}

/** GET /api/my/codes/:person/history */
export async function readHistory(ctx: Ctx, { person, before }: z.infer<typeof AskHistory>): Promise<CodeHistory> {
  const { personId } = await boundMine(ctx, person)
  return { items: await presentHistory(ctx, personId, before) }
}

type Standing = Pick<HolderRow, 'day' | 'credential' | 'code_id' | 'holder' | 'kid'> & { until_at: Date }

function presentDay(row: Standing): DayCredential {
  const read = readCredential(row.credential)
  if (!read) throw new Error('a stored code cannot be read')
  return {
    day: row.day,
    credential: row.credential.toString('base64url'),
    codeId: row.code_id.toString('base64url'),
    holder: (row.holder ?? Buffer.alloc(0)).toString('base64url'),
    from: new Date(read.credential.issuedAt * 1000).toISOString(),
    until: row.until_at.toISOString(),
  }
}

const rowOf = (made: PackedCode): Standing => ({
  day: made.day,
  credential: made.credential,
  code_id: made.codeId,
  holder: made.holder,
  kid: made.kid,
  until_at: made.until,
})

const NO_COLOUR = say('还没有码色', 'There is no colour yet')
const ENDS_BEFORE = say('码色在此前到期，到期后再领', 'The colour ends before; fetch it then')

/** The days ahead that have no credential, and why. */
function missingDays(ctx: Ctx, standing: readonly Standing[], colour: boolean, untilDay: Day | null) {
  const missing: { day: Day; why: Say }[] = []
  for (let i = 0; i < DAYS_AHEAD; i++) {
    const day = addDays(ctx.today, i)
    if (standing.some((row) => row.day === day)) continue
    if (!colour) missing.push({ day, why: NO_COLOUR })
    else if (untilDay !== null && day > untilDay) missing.push({ day, why: ENDS_BEFORE })
  }
  return missing
}

/** CODE-18: a quarter of an hour to half an hour, spread over phones so that they do not come back together. */
export const AGAIN_S = { least: 900, spread: 900 }

export function againIn(): number {
  return AGAIN_S.least + Math.floor(Math.random() * AGAIN_S.spread)
}

export function etagOf(n: number, standing: readonly { codeId: string }[]): string {
  const text = [n, ...standing.map((one) => one.codeId)].join(' ')
  return `"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"`
}

function fresh(ctx: Ctx, row: CodeRow | undefined, standing: readonly Standing[]): FreshCodes {
  const state = row === undefined ? 'none' : codeNow(row).state
  return {
    n: row?.n ?? 0,
    state,
    credentials: standing.map(presentDay),
    missing: missingDays(ctx, standing, colourOfState(state) !== null, row?.until_day ?? null),
    nextS: againIn(),
    asOf: ctx.now.toISOString(),
  }
}

/** Without what has ended, and what a revoked key signed: that is no code any more (CODE-17). */
async function good(ctx: Ctx, rows: readonly HolderRow[]): Promise<HolderRow[]> {
  const revoked = (await toldKeys(ctx.db, ctx.now)).filter((key) => key.revoked_at !== null)
  return rows.filter((row) => row.until_at > ctx.now && !revoked.some((key) => key.kid.equals(row.kid)))
}

/** GET /api/my/codes/:person/fresh: what stands, as it was signed; nothing is signed or written. */
export async function readFresh(ctx: Ctx, person: string): Promise<FreshCodes> {
  const { personId, hash, accountHash } = await mineByHash(ctx, person)
  const row = (await findCodes(ctx.db, [personId])).get(personId)
  const standing = await standingOf(ctx.db, { personHash: hash, accountHash }, ctx.today)
  return fresh(ctx, row, await good(ctx, standing))
}

/** @throws badHolderKey unless it is a point of the curve */
function holderOf(publicKey: string): Buffer {
  const bytes = Buffer.from(publicKey, 'base64url')
  const compressed = bytes.length === 65 ? compressPoint(bytes) : bytes
  const whole = compressed && expandPoint(compressed)
  if (!compressed || !whole || (bytes.length === 65 && !Buffer.from(whole).equals(bytes))) throw badHolderKey({})
  return Buffer.from(compressed)
}

type Asked = { day: Day; holder: Buffer }

/** CODE-12: whose keys these are. @returns false when one belongs to another account: that is noted, and refused by the route */
async function takeKeys(
  ctx: Ctx,
  personId: string,
  area: string,
  accountHash: Buffer,
  asked: readonly Asked[],
): Promise<boolean> {
  const clashes = await takePhoneKeys(
    ctx.db,
    asked.map(({ day, holder }) => ({ hash: createHash('sha256').update(holder).digest(), accountHash, day })),
  )
  if (clashes.some(({ owner }) => !owner.accountHash.equals(accountHash))) {
    await insertMisuse(ctx.db, { personId, id: newId(ctx.now), area, kind: 'key_elsewhere', now: ctx.now })
    ctx.audit({ verb: 'code.key_elsewhere', thing: 'code', thingId: personId, area })
    ctx.emit('code.misuse', { personId, kind: 'key_elsewhere' })
    return false
  }
  const [reused] = clashes
  if (reused) throw keyUsed({ day: reused.owner.day })
  return true
}

function checkDays(ctx: Ctx, args: AskDays): Asked[] {
  return args.days.map(({ day, publicKey }) => {
    if (day < ctx.today || day > addDays(ctx.today, DAYS_AHEAD - 1)) throw dayTooFar({ day })
    return { day, holder: holderOf(publicKey) }
  })
}

export type DaysAnswer = { refused: 'key_elsewhere' } | { refused: null; codes: FreshCodes }

/**
 * POST /api/my/codes/:person/days. The colour is looked at anew before anything is signed; a day that has its credential for this
 * key keeps it; for another key of the same account the earlier one is replaced: one phone at a time.
 */
export const takeDays = defineAction({
  name: 'code.days',
  input: AskDays,
  reach: 'all',
  secret: true,
  run: async (ctx, args): Promise<DaysAnswer> => {
    const { personId, hash, accountHash, until } = await mineByHash(ctx, args.person)
    const asked = checkDays(ctx, args)
    await followCodes(ctx, [personId])
    const row = (await findCodes(ctx.db, [personId])).get(personId)
    const subject = (await seenCodes(ctx, [personId], new Map())).get(personId)?.subject
    if (!row || !subject) throw noCode({})
    const emergency = await requireOpenEmergency(ctx, subject.home_area)
    if (!(await takeKeys(ctx, personId, subject.home_area, accountHash, asked))) return { refused: 'key_elsewhere' }
    const given = await standingOf(ctx.db, { personHash: hash, accountHash }, ctx.today)
    const standing = await good(ctx, given)
    const colour = colourOfState(codeNow(row).state)
    const wanted = asked.filter(
      ({ day, holder }) =>
        colour !== null &&
        row.rule_set_id !== null &&
        (row.until_day === null || day <= row.until_day) &&
        // For a child no further than the account stands for it (REGISTER-13).
        (until === null || day <= until) &&
        !standing.some((one) => one.day === day && one.holder !== null && one.holder.equals(holder)),
    )
    const moved = given.filter((one) => wanted.some(({ day }) => day === one.day))
    if (moved.some((one) => standing.includes(one))) {
      const since = instantOf(ctx.today, ctx.zone)
      const { replaced } = await countIssued(ctx.db, {
        personHash: hash,
        accountHash,
        paper: false,
        since,
        day: ctx.today,
      })
      if (replaced >= MOVES_A_DAY) throw tooManyReplaced({})
    }
    const replaced = await replaceCodes(
      ctx.db,
      hash,
      moved.map((one) => one.code_id),
      ctx.now,
    )
    const made = await issueCodes(
      ctx,
      wanted.map(({ day, holder }): ToIssue => ({
        personId,
        emergencyId: emergency.id,
        accountId: ctx.actor.id,
        colour: colour ?? 'pending',
        masked: subject.masked,
        ruleSetId: row.rule_set_id ?? '',
        n: row.n,
        day,
        lastDay: day,
        untilDay: row.until_day,
        holder,
      })),
    )
    ctx.audit({
      verb: 'code.issue',
      thing: 'code',
      thingId: personId,
      area: subject.home_area,
      detail: { days: made.map((one) => one.day), replaced: replaced.length },
    })
    await addRevocations(ctx.db, replaced, ctx.now)
    const stays = standing.filter((one) => !moved.includes(one))
    const all = [...stays, ...made.map(rowOf)].toSorted((a, b) => (a.day < b.day ? -1 : 1))
    return { refused: null, codes: fresh(ctx, row, all) }
  },
})

/** GET /api/my/codes/:person/export: one's own code in the standard's elements, to hand to another place (CODE-20). */
export async function exportMine(ctx: Ctx, person: string): Promise<ExportedCode> {
  const { personId, hash, accountHash } = await mineByHash(ctx, person)
  const [code] = await presentCodes(ctx, [personId])
  if (!code) throw noCode({})
  const standing = await good(ctx, await standingOf(ctx.db, { personHash: hash, accountHash }, ctx.today))
  const today = standing.find((row) => row.day === ctx.today)
  return {
    standard: 'GB/T 38961-2020, GB/T 38962-2020 (docs/gbt-38961.md)',
    personalBasic: { name: code.masked, nationality: null, regDivision: code.area.slice(0, 6) },
    health: {
      healthState: code.colour,
      stateSource: code.reasons[0]?.source ?? null,
      ruleSet: code.ruleSet?.short ?? null,
      reasons: code.reasons.map((reason) => reason.say),
    },
    code: {
      issuedAt: today?.issued_at.toISOString() ?? null,
      expiresAt: today?.until_at.toISOString() ?? null,
    },
  }
}
