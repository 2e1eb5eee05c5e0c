/** People of the forces, the organisations behind them and the estates that they serve. */
import { ineligible } from '@weiwang/domain/access/duty'
import type { Role } from '@weiwang/domain/access/actor'
import { normalisePhone } from '@weiwang/domain/access/phone'
import { badPhone } from '@weiwang/domain/access/problems'
import { countyOf } from '@weiwang/domain/areas/code'
import type { AreaCode } from '@weiwang/domain/areas/code'
import { addDays, instantOf } from '@weiwang/domain/core/day'
import { notFound } from '@weiwang/domain/core/problems'
import type { ForceKind } from '@weiwang/domain/teams/force'
import {
  AddEstate,
  AddForceOrg,
  EditForce,
  EnrolForce,
  ForceDone,
  ForceId,
  LeaveForce,
  LeftForce,
  OpenContact,
  OpenedContact,
} from '@weiwang/domain/teams/force-api'
import {
  badForceDays,
  forceAboveCounty,
  forceChanged,
  forceEnded,
  forceOrgTwice,
  forceTwice,
  needsFieldRole,
} from '@weiwang/domain/teams/force-problems'
import { createAccount } from '../access/account-actions.ts'
import { findAccount, findByPhone, insertRole } from '../access/account-store.ts'
import { giveDuty } from '../access/duty-actions.ts'
import { endDutyRow, findOverlap, lockDuty } from '../access/duty-store.ts'
import { areaExists, requireOpenEmergency } from '../access/store.ts'
import { defineAction } from '../core/action.ts'
import { actorId, permit } from '../core/ctx.ts'
import type { Ctx } from '../core/ctx.ts'
import { json } from '../core/db/json.ts'
import { newId } from '../core/transaction.ts'
import { endAction } from './force-end.ts'
import { handOn } from './force-hand.ts'
import {
  endEstate,
  endOrg,
  findOrg,
  insertEstate,
  insertMember,
  insertOrg,
  lockEstate,
  lockMember,
  lockOrg,
  memberOf,
  updateMember,
} from './force-store.ts'
import type { MemberRow, OrgRow } from './force-store.ts'

const COUNTY_DIGITS = 6
/** What somebody of a kind is for the access room: property people stand at gates, department people are cadres. */
const ROLE_OF: Record<ForceKind, Role> = {
  volunteer: 'volunteer',
  property: 'checkpoint',
  enterprise: 'volunteer',
  department: 'cadre',
  other: 'volunteer',
}

/** @throws notAllowed, notFound, forceAboveCounty, noOpenEmergency */
export async function fileAt(ctx: Ctx, area: AreaCode): Promise<{ county: string; emergencyId: string }> {
  permit(ctx, 'file', { kind: 'force', area })
  if (area.length < COUNTY_DIGITS) throw forceAboveCounty({}, 'area')
  if (!(await areaExists(ctx.db, area))) throw notFound({ thing: 'area' })
  return { county: countyOf(area), emergencyId: (await requireOpenEmergency(ctx, area)).id }
}

export type Wanted = {
  area: AreaCode
  name: string
  phone: string
  kind: ForceKind
  org: OrgRow | null
  skills: readonly string[]
  hours: MemberRow['hours']
}

/** FORCE-1: an account of that number and name, or a new one, and the line that says what he can do. Null: enrolled already. */
export async function enrol(
  ctx: Ctx,
  at: { county: string; emergencyId: string },
  wanted: Wanted,
): Promise<string | null> {
  const found = await findByPhone(ctx.db, [at.county], ctx.keys.hash('account_phone', wanted.phone), ctx.today)
  if (found && found.name !== wanted.name) throw forceTwice({}, 'phone')
  if (found && (await memberOf(ctx.db, at.county, found.id))) return null
  const account =
    found?.id ??
    (await createAccount(ctx, {
      name: wanted.name,
      area: wanted.area,
      phone: wanted.phone,
      roles: [ROLE_OF[wanted.kind]],
    }))
  const id = newId(ctx.now)
  const made = await insertMember(ctx.db, {
    county: at.county,
    id,
    area: wanted.area,
    account_id: account,
    account_name: wanted.name,
    kind: wanted.kind,
    org_id: wanted.org?.id ?? null,
    org_name: wanted.org?.name ?? null,
    skills: [...wanted.skills],
    hours: json(wanted.hours),
    state: 'enrolled',
    emergency_id: at.emergencyId,
    enrolled_at: ctx.now,
    enrolled_by: ctx.actor.name,
  })
  if (!made) return null
  ctx.audit({
    verb: 'force.enrol',
    thing: 'force',
    thingId: id,
    area: wanted.area,
    detail: { account, kind: wanted.kind },
  })
  return id
}

async function orgOf(ctx: Ctx, county: string, id: string | null): Promise<OrgRow | null> {
  if (id === null) return null
  const org = await findOrg(ctx.db, county, id)
  if (!org) throw notFound({ thing: 'organisation' })
  return org
}

export const enrolForce = defineAction({
  name: 'force.enrol',
  input: EnrolForce,
  output: ForceDone,
  reach: 'county',
  run: async (ctx, args) => {
    const at = await fileAt(ctx, args.area)
    const phone = normalisePhone(args.phone)
    if (phone === null) throw badPhone({ value: args.phone }, 'phone')
    const org = await orgOf(ctx, at.county, args.orgId)
    const id = await enrol(ctx, at, { ...args, phone, org })
    if (id === null) throw forceTwice({}, 'phone')
    return { id }
  },
})

async function openMember(ctx: Ctx, id: string): Promise<MemberRow> {
  const row = await lockMember(ctx.db, ctx.scope, id)
  if (!row) throw notFound({ thing: 'force' })
  permit(ctx, 'file', { kind: 'force', area: row.area })
  if (row.ended_at !== null) throw forceEnded({})
  await requireOpenEmergency(ctx, row.area)
  return row
}

export const editForce = defineAction({
  name: 'force.edit',
  input: EditForce,
  output: ForceDone,
  reach: 'county',
  run: async (ctx, args) => {
    const row = await openMember(ctx, args.id)
    if (row.version !== args.version) throw forceChanged({})
    const org = await orgOf(ctx, row.county, args.orgId)
    await updateMember(ctx.db, row, {
      kind: args.kind,
      skills: args.skills,
      hours: json(args.hours),
      org_id: org?.id ?? null,
      org_name: org?.name ?? null,
    })
    ctx.audit({ verb: 'force.edit', thing: 'force', thingId: row.id, area: row.area, detail: { skills: args.skills } })
    return { id: row.id }
  },
})

/** FORCE-1: with the desk's word come the role and a duty over the area; before it nobody is asked for anything. */
export const confirmForce = defineAction({
  name: 'force.confirm',
  input: ForceId,
  output: ForceDone,
  reach: 'county',
  run: async (ctx, args) => {
    const row = await openMember(ctx, args.id)
    if (row.state === 'confirmed') return { id: row.id }
    const account = await findAccount(ctx.db, [row.county], row.account_id, ctx.today)
    if (!account) throw notFound({ thing: 'account' })
    const role = ROLE_OF[row.kind === 'property' || row.kind === 'department' ? row.kind : 'volunteer']
    await insertRole(ctx.db, { accountId: account.id, role, area: account.area, by: actorId(ctx), at: ctx.now })
    const why = ineligible({ ...account, roles: [...account.roles, role] }, row.area)
    if (why !== null) throw needsFieldRole({ why })
    const held = await findOverlap(ctx.db, account.id, row.area, ctx.today, null)
    const duty = held
      ? null
      : await giveDuty(ctx, account, { area: row.area, kind: 'cover', standsInFor: null, from: ctx.today, to: null })
    await updateMember(ctx.db, row, {
      state: 'confirmed',
      duty_id: duty,
      confirmed_at: ctx.now,
      confirmed_by: ctx.actor.name,
    })
    ctx.audit({
      verb: 'force.confirm',
      thing: 'force',
      thingId: row.id,
      area: row.area,
      detail: { account: account.id },
    })
    ctx.emit('duty.changed', { accountId: account.id, areas: [row.area] })
    return { id: row.id }
  },
})

export const leaveForce = defineAction({
  name: 'force.leave',
  input: LeaveForce,
  output: LeftForce,
  reach: 'county',
  run: async (ctx, args) => {
    const row = await openMember(ctx, args.id)
    if (args.lastDay < addDays(ctx.today, -1)) throw badForceDays({}, 'lastDay')
    const duty = row.duty_id === null ? null : await lockDuty(ctx.db, [row.county], row.duty_id)
    if (duty && duty.ended_at === null) await endDutyRow(ctx.db, duty, args.lastDay, ctx.now)
    await updateMember(ctx.db, row, { state: 'left', ended_at: ctx.now })
    const left = await handOn(ctx, {
      county: row.county,
      area: row.area,
      accountId: row.account_id,
      name: row.account_name,
      emergencyId: row.emergency_id,
      from: instantOf(addDays(args.lastDay, 1), ctx.zone),
      to: null,
    })
    ctx.audit({
      verb: 'force.leave',
      thing: 'force',
      thingId: row.id,
      area: row.area,
      detail: { lastDay: args.lastDay, reason: args.reason, handed: left.handed },
    })
    ctx.emit('duty.changed', { accountId: row.account_id, areas: [row.area] })
    return { id: row.id, turns: left.turns, handed: left.handed }
  },
})

// ---- organisations and estates -----------------------------------------------------------------------------------------------

async function sealContact(
  ctx: Ctx,
  at: { table: string; row: string; emergencyId: string },
  contact: { name: string; phone: string } | null,
): Promise<{ contact_sealed: Buffer | null; emergency_id: string | null }> {
  if (contact === null) return { contact_sealed: null, emergency_id: null }
  const place = { ...at, column: 'contact_sealed', now: ctx.now }
  return { contact_sealed: await ctx.keys.seal(place, JSON.stringify(contact)), emergency_id: at.emergencyId }
}

export const addForceOrg = defineAction({
  name: 'force.org',
  input: AddForceOrg,
  output: ForceDone,
  reach: 'county',
  run: async (ctx, args) => {
    const { county, emergencyId } = await fileAt(ctx, args.area)
    const made = await insertOrg(ctx.db, {
      county,
      id: args.id,
      area: args.area,
      kind: args.kind,
      name: args.name,
      ...(await sealContact(ctx, { table: 'force_org', row: args.id, emergencyId }, args.contact)),
      opened_at: ctx.now,
      updated_at: ctx.now,
    })
    if (!made) throw forceOrgTwice({ name: args.name }, 'name')
    ctx.audit({ verb: 'force.org', thing: 'force', thingId: args.id, area: args.area, detail: { kind: args.kind } })
    return { id: args.id }
  },
})

/** Its people and estates stay; they belong to no organisation any more. */
export const endForceOrg = endAction({ name: 'force.org_end', thing: 'organisation', lock: lockOrg, end: endOrg })

export const addEstate = defineAction({
  name: 'force.estate',
  input: AddEstate,
  output: ForceDone,
  reach: 'county',
  run: async (ctx, args) => {
    const { county, emergencyId } = await fileAt(ctx, args.area)
    const org = await orgOf(ctx, county, args.orgId)
    await insertEstate(ctx.db, {
      county,
      id: args.id,
      area: args.area,
      org_id: org?.id ?? null,
      org_name: org?.name ?? null,
      name: args.name,
      duty_phone: args.dutyPhone === '' ? null : args.dutyPhone,
      ...(await sealContact(ctx, { table: 'force_estate', row: args.id, emergencyId }, args.contact)),
      opened_at: ctx.now,
      updated_at: ctx.now,
    })
    ctx.audit({ verb: 'force.estate', thing: 'force', thingId: args.id, area: args.area })
    return { id: args.id }
  },
})

export const closeEstate = endAction({ name: 'force.estate_end', thing: 'estate', lock: lockEstate, end: endEstate })

/** FORCE-3: who is spoken to is opened with a purpose, each time with a line in the trail. */
export const openContact = defineAction({
  name: 'force.contact',
  input: OpenContact,
  output: OpenedContact,
  secret: true,
  reach: 'county',
  run: async (ctx, args) => {
    const row =
      args.of === 'org' ? await lockOrg(ctx.db, ctx.scope, args.id) : await lockEstate(ctx.db, ctx.scope, args.id)
    if (!row?.contact_sealed) throw notFound({ thing: 'contact' })
    permit(ctx, 'open', { kind: 'force', area: row.area })
    const place = { table: args.of === 'org' ? 'force_org' : 'force_estate', row: row.id, column: 'contact_sealed' }
    const opened = OpenedContact.parse(JSON.parse(await ctx.keys.open(place, row.contact_sealed)))
    ctx.audit({ verb: 'force.contact', thing: 'force', thingId: row.id, area: row.area, purpose: args.purpose })
    return opened
  },
})
