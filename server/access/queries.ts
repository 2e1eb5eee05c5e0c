import {
  AccountSessions,
  Duties,
  GetAccount,
  GetCampaign,
  GetCloseOut,
  GetRetention,
  ListAccounts,
  ListAudit,
  ListCampaigns,
  ListDuties,
  ListEmergencies,
  ListGaps,
  ListHeads,
  ListManifests,
  ListNotices,
  ListOwners,
  ListRecoveries,
  ListRoleProposals,
  MySessions,
  VerifyAudit,
  WhoCovers,
} from '@weiwang/domain/access/api'
import type {
  AccountItem,
  AuditItem,
  AuditVerdict,
  CampaignItem,
  CloseOutItem,
  Cover,
  EmergencyItem,
  Gap,
  Head,
  ManifestItem,
  NoticeItem,
  Owner,
  RecoveryItem,
  Retention,
  RoleProposalItem,
  SessionItem,
} from '@weiwang/domain/access/api'
import { ROLES } from '@weiwang/domain/access/actor'
import { can } from '@weiwang/domain/access/can'
import type { ThingKind, Verb } from '@weiwang/domain/access/can'
import { needsSecondFactor } from '@weiwang/domain/access/login'
import { normalisePhone } from '@weiwang/domain/access/phone'
import type { Page } from '@weiwang/domain/core/page'
import { addDays, daysBetween } from '@weiwang/domain/core/day'
import { invalidInput, notAllowed, notFound } from '@weiwang/domain/core/problems'
import { z } from 'zod'
import { areasFor, permit } from '../core/ctx.ts'
import type { Ctx } from '../core/ctx.ts'
import { presentAccount } from './account-actions.ts'
import { findAccount, listAccounts, listProposals, listRecoveries } from './account-store.ts'
import { listAudit, listHeads } from './audit-store.ts'
import { verifyAudit } from './audit-verify.ts'
import { presentCloseOut } from './close-out.ts'
import { presentDuties } from './duty-actions.ts'
import { coverOf, listDuties, listGaps, listOwners } from './duty-store.ts'
import { presentCampaigns, presentEmergencies } from './emergency-actions.ts'
import { knownRoles, listNotices, listSessions } from './login-store.ts'
import { presentSession } from './me-actions.ts'
import { dueForDeletion } from './retention.ts'
import { listManifests } from './retention-store.ts'
import { findCampaign, listCampaigns, listEmergencies } from './store.ts'
import type { Paged } from './store.ts'

/** Reads of the room: parse is done, permit first, then the store within the scope, then a whitelist of fields. */

type In<S extends z.ZodType> = z.output<S>

function page<R, T>(list: Paged<R>, present: (row: R) => T): Page<T> {
  return { items: list.rows.map(present), next: list.next, total: list.total }
}

function pageOfAll<T>(list: Paged<unknown>, items: T[]): Page<T> {
  return { items, next: list.next, total: list.total }
}

/** A list is refused to roles without the right; with the right and no scope it would be empty, but nobody without scope has it. */
function permitList(ctx: Ctx, verb: Verb, kind: ThingKind): void {
  if (!ctx.scope.some((area) => can(ctx.actor, verb, { kind, area: area || ctx.root })))
    throw notAllowed({ verb, thing: kind })
}

function iso(date: Date | null): string | null {
  return date?.toISOString() ?? null
}

// ---- Accounts ---------------------------------------------------------------------------------------------------------------

export async function accounts(ctx: Ctx, args: In<typeof ListAccounts>): Promise<Page<z.infer<typeof AccountItem>>> {
  permitList(ctx, 'read', 'account')
  const { q, ...rest } = args
  const phone = q === undefined || q === '' ? null : normalisePhone(q)
  const search = phone !== null ? { phoneHash: ctx.keys.hash('account_phone', phone) } : q ? { namePrefix: q } : {}
  return page(await listAccounts(ctx.db, areasFor(ctx, args.area), { ...rest, ...search }, ctx.today), presentAccount)
}

export async function account(ctx: Ctx, args: In<typeof GetAccount>): Promise<z.infer<typeof AccountItem>> {
  const row = await findAccount(ctx.db, ctx.scope, args.id, ctx.today)
  if (!row) throw notFound({ thing: 'account' })
  permit(ctx, 'read', { kind: 'account', area: row.area })
  return presentAccount(row)
}

/** Sessions have no area of their own; the account's decides, and this reads under reach `all`. */
export async function accountSessions(
  ctx: Ctx,
  args: In<typeof AccountSessions>,
): Promise<Page<z.infer<typeof SessionItem>>> {
  const row = await findAccount(ctx.db, ctx.scope, args.id, ctx.today)
  if (!row) throw notFound({ thing: 'account' })
  permit(ctx, 'revoke', { kind: 'account', area: row.area })
  return page(await listSessions(ctx.db, row.id, ctx.now, args), (session) =>
    presentSession(session, ctx.actor.sessionId),
  )
}

export async function mySessions(ctx: Ctx, args: In<typeof MySessions>): Promise<Page<z.infer<typeof SessionItem>>> {
  return page(await listSessions(ctx.db, ctx.actor.id, ctx.now, args), (session) =>
    presentSession(session, ctx.actor.sessionId),
  )
}

const Text = z.object({ zh: z.string(), en: z.string() })
const NoticeKind = z.enum(['duty_given', 'duty_taken', 'role_given', 'role_taken', 'recovery', 'other']).catch('other')

export async function notices(ctx: Ctx, args: In<typeof ListNotices>): Promise<Page<z.infer<typeof NoticeItem>>> {
  return page(await listNotices(ctx.db, ctx.actor.id, args), (row) => ({
    id: row.id,
    kind: NoticeKind.parse(row.kind),
    say: Text.catch({ zh: '', en: '' }).parse(row.body),
    at: row.at.toISOString(),
    read: row.read_at !== null,
  }))
}

const Role = z.enum(ROLES)
const ProposalState = z.enum(['proposed', 'approved', 'refused'])

export async function roleProposals(
  ctx: Ctx,
  args: In<typeof ListRoleProposals>,
): Promise<Page<z.infer<typeof RoleProposalItem>>> {
  permitList(ctx, 'read', 'account')
  return page(await listProposals(ctx.db, ctx.scope, args), (row) => ({
    id: row.id,
    accountId: row.account_id,
    accountName: row.accountName,
    area: row.area,
    role: Role.parse(row.role),
    state: ProposalState.parse(row.state),
    proposedBy: row.proposed_by,
    proposedByName: row.proposed_by_name,
    proposedAt: row.proposed_at.toISOString(),
  }))
}

const RecoveryKind = z.enum(['password', 'totp', 'phone'])
const RecoveryState = z.enum(['asked', 'approved', 'refused', 'used'])

export async function recoveries(
  ctx: Ctx,
  args: In<typeof ListRecoveries>,
): Promise<Page<z.infer<typeof RecoveryItem>>> {
  permitList(ctx, 'approve', 'account')
  return page(await listRecoveries(ctx.db, ctx.scope, args), (row) => ({
    id: row.id,
    accountId: row.account_id,
    accountName: row.accountName,
    area: row.area,
    kind: RecoveryKind.parse(row.kind),
    reason: row.reason,
    newPhone: row.phone_masked,
    state: RecoveryState.parse(row.state),
    askedAt: row.asked_at.toISOString(),
    needsTwo: row.kind === 'totp' && needsSecondFactor(knownRoles(row.roles)),
    confirmedBy: row.confirmed_by,
    confirmedByName: row.confirmed_by_name,
    decidedAt: iso(row.decided_at),
  }))
}

// ---- Duties -----------------------------------------------------------------------------------------------------------------

type DutyPage = z.infer<typeof Duties>

export async function duties(ctx: Ctx, args: In<typeof ListDuties>): Promise<DutyPage> {
  permitList(ctx, 'read', 'duty')
  const list = await listDuties(ctx.db, areasFor(ctx, args.area), { ...args, day: args.day ?? ctx.today })
  return pageOfAll(list, await presentDuties(ctx, list.rows))
}

export async function cover(ctx: Ctx, args: In<typeof WhoCovers>): Promise<z.infer<typeof Cover>> {
  permit(ctx, 'read', { kind: 'duty', area: args.area })
  return { area: args.area, items: await presentDuties(ctx, await coverOf(ctx.db, ctx.scope, args.area, ctx.today)) }
}

export async function gaps(ctx: Ctx, args: In<typeof ListGaps>): Promise<Page<z.infer<typeof Gap>>> {
  permit(ctx, 'read', { kind: 'duty', area: args.area })
  return page(await listGaps(ctx.db, ctx.scope, { ...args, day: ctx.today }), (row) => ({
    area: row.code,
    name: row.name,
    parentName: row.parentName,
  }))
}

export async function owners(ctx: Ctx, args: In<typeof ListOwners>): Promise<Page<z.infer<typeof Owner>>> {
  permit(ctx, 'file', { kind: 'duty', area: args.area })
  return page(await listOwners(ctx.db, ctx.scope, { ...args, day: ctx.today }), (row) => row)
}

// ---- Emergency and campaigns -----------------------------------------------------------------------------------------------

export async function emergencies(
  ctx: Ctx,
  args: In<typeof ListEmergencies>,
): Promise<Page<z.infer<typeof EmergencyItem>>> {
  permitList(ctx, 'read', 'emergency')
  const list = await listEmergencies(ctx.db, ctx.scope, args)
  return pageOfAll(list, await presentEmergencies(ctx, list.rows))
}

export async function campaigns(ctx: Ctx, args: In<typeof ListCampaigns>): Promise<Page<z.infer<typeof CampaignItem>>> {
  permitList(ctx, 'read', 'campaign')
  const list = await listCampaigns(ctx.db, ctx.scope, args)
  return pageOfAll(list, await presentCampaigns(ctx, list.rows))
}

export async function campaign(ctx: Ctx, args: In<typeof GetCampaign>): Promise<z.infer<typeof CampaignItem>> {
  const row = await findCampaign(ctx.db, ctx.scope, args.id)
  if (!row) throw notFound({ thing: 'campaign' })
  permit(ctx, 'read', { kind: 'campaign', area: row.area })
  const [shown] = await presentCampaigns(ctx, [row])
  if (!shown) throw notFound({ thing: 'campaign' })
  return shown
}

// ---- Audit -------------------------------------------------------------------------------------------------------------------

const DEFAULT_AUDIT_DAYS = 7
const MOST_VERIFY_DAYS = 400
const COUNTY_DIGITS = 6
const Outcome = z.enum(['done', 'refused'])
const Detail = z.record(z.string(), z.unknown()).catch({})

export async function auditLines(ctx: Ctx, args: In<typeof ListAudit>): Promise<Page<z.infer<typeof AuditItem>>> {
  permitList(ctx, 'read', 'audit')
  const to = args.to ?? ctx.today
  const from = args.from ?? addDays(to, -DEFAULT_AUDIT_DAYS)
  return page(await listAudit(ctx.db, areasFor(ctx, args.area), { ...args, from, to }), (row) => ({
    id: row.id,
    at: row.at.toISOString(),
    day: row.day,
    area: row.area,
    actor: row.actor,
    actorName: row.actor_name,
    verb: row.verb,
    thing: row.thing,
    thingId: row.thing_id,
    outcome: Outcome.parse(row.outcome),
    purpose: row.purpose,
    ids: row.ids.length,
    detail: Detail.parse(row.detail),
    sealed: row.block !== null,
  }))
}

export async function auditVerdict(ctx: Ctx, args: In<typeof VerifyAudit>): Promise<AuditVerdict> {
  permitList(ctx, 'read', 'audit')
  if (args.to < args.from || daysBetween(args.from, args.to) > MOST_VERIFY_DAYS) {
    throw invalidInput(
      { issues: [{ path: 'to', message: `0..${MOST_VERIFY_DAYS} days`, zh: `0 至 ${MOST_VERIFY_DAYS} 天` }] },
      'to',
    )
  }
  const known =
    args.headDay !== undefined && args.headHash !== undefined
      ? { known: { day: args.headDay, hash: args.headHash } }
      : {}
  // A chain is of a whole county: who sees only a part of it cannot tell a missing line from one outside his area.
  if (!ctx.scope.some((area) => area.length <= COUNTY_DIGITS)) throw notAllowed({ verb: 'read', thing: 'audit' })
  // The chain of days is one for all counties: only who sees the whole deployment has all of its links to compare.
  const scope = ctx.scope.includes(ctx.root) ? [''] : ctx.scope
  return verifyAudit(ctx.db, { from: args.from, to: args.to, scope, now: ctx.now, zone: ctx.zone, ...known })
}

export async function auditHeads(ctx: Ctx, args: In<typeof ListHeads>): Promise<Page<z.infer<typeof Head>>> {
  permitList(ctx, 'read', 'audit')
  return page(await listHeads(ctx.db, args), (row) => ({
    day: row.day,
    hash: row.hash.toString('hex'),
    prev: row.prev.toString('hex'),
    counties: row.heads.length,
    sealedAt: row.sealedAt.toISOString(),
  }))
}

// ---- Retention ----------------------------------------------------------------------------------------------------------------

export async function retention(ctx: Ctx, _args: In<typeof GetRetention>): Promise<z.infer<typeof Retention>> {
  permitList(ctx, 'read', 'retention')
  return dueForDeletion(ctx)
}

/** Manifests are of the whole deployment and name nobody. */
export async function manifests(ctx: Ctx, args: In<typeof ListManifests>): Promise<Page<z.infer<typeof ManifestItem>>> {
  permitList(ctx, 'read', 'retention')
  return page(await listManifests(ctx.db, args), (row) => ({
    ...row,
    cutoff: row.cutoff.toISOString(),
    hash: row.hash.toString('hex'),
    at: row.at.toISOString(),
  }))
}

export async function closeOut(ctx: Ctx, args: In<typeof GetCloseOut>): Promise<z.infer<typeof CloseOutItem>> {
  return presentCloseOut(ctx, args.id)
}
