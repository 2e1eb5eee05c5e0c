import type { Role } from '@weiwang/domain/access/actor'
import {
  ChangePhone,
  CloseAccount,
  DecideRecovery,
  DecideRole,
  EndAccountSessions,
  GrantRole,
  HandOver,
  InviteAccount,
  MoveAccount,
  RevokeRole,
} from '@weiwang/domain/access/api'
import type { AccountItem, DecidedRecovery, HandOverAnswer, Invited } from '@weiwang/domain/access/api'
import { ineligible } from '@weiwang/domain/access/duty'
import { needsSecondFactor } from '@weiwang/domain/access/login'
import { maskPhone } from '@weiwang/domain/access/mask'
import { normalisePhone } from '@weiwang/domain/access/phone'
import {
  accountClosed,
  accountExists,
  alreadyDecided,
  badPhone,
  holdsTwoPersonRole,
  mayNotGive,
  needsPhoneOrLogin,
  noSuchArea,
  ownAccount,
} from '@weiwang/domain/access/problems'
import { mayDecideRecovery, mayGive, mayManage, ROLE_NAMES, TWO_PERSON_ROLES } from '@weiwang/domain/access/roles'
import type { AreaCode } from '@weiwang/domain/areas/code'
import { changedMeanwhile, notAllowed, notFound } from '@weiwang/domain/core/problems'
import { say } from '@weiwang/domain/core/say'
import type { Say } from '@weiwang/domain/core/say'
import { z } from 'zod'
import { defineAction } from '../core/action.ts'
import { actorId, permit } from '../core/ctx.ts'
import type { Ctx } from '../core/ctx.ts'
import { NO_EMERGENCY } from '../core/keys/keyring.ts'
import { newId } from '../core/transaction.ts'
import {
  confirmRecoveryRow,
  decideProposal,
  decideRecoveryRow,
  deleteRole,
  findAccount,
  findByPhone,
  insertAccount,
  insertNotices,
  insertProposal,
  insertRole,
  lockAccount,
  lockProposal,
  lockRecovery,
  moveRoles,
  updateAccount,
} from './account-store.ts'
import type { AccountRow } from './account-store.ts'
import { endDutiesNow, lockDutiesOf } from './duty-store.ts'
import { hashPassword, makeHandOver } from './login-actions.ts'
import { activateAccount, findLogin, setPasswordHash } from './login-store.ts'
import { areaExists } from './store.ts'

type Account = z.infer<typeof AccountItem>

const State = z.enum(['roster', 'active', 'locked', 'closed'])

export function presentAccount(row: AccountRow): Account {
  const { phoneHash: _, phoneMasked, createdAt, ...rest } = row
  return { ...rest, phone: phoneMasked, state: State.parse(row.state), createdAt: createdAt.toISOString() }
}

async function inHand(ctx: Ctx, id: string): Promise<AccountRow> {
  const row = await lockAccount(ctx.db, ctx.scope, id, ctx.today)
  if (!row) throw notFound({ thing: 'account' })
  return row
}

/** ACCESS-18. @throws notAllowed */
function manage(ctx: Ctx, account: AccountRow): void {
  if (!mayManage(ctx.actor, account)) throw notAllowed({ verb: 'approve', thing: 'account' })
}

async function shown(ctx: Ctx, id: string): Promise<Account> {
  const row = await findAccount(ctx.db, ctx.scope, id, ctx.today)
  if (!row) throw notFound({ thing: 'account' })
  return presentAccount(row)
}

export async function tell(ctx: Ctx, account: string, kind: string, body: Say): Promise<void> {
  await insertNotices(ctx.db, [{ accountId: account, id: newId(ctx.now), kind, body, at: ctx.now }])
}

// ---- Making accounts ------------------------------------------------------------------------------------------------------

export type NewAccount = {
  name: string
  area: AreaCode
  login?: string | undefined
  phone?: string | undefined
  roles: readonly Role[]
  lang?: 'zh' | 'en' | undefined
}

export async function phoneColumns(
  ctx: Ctx,
  accountRow: string,
  phone: string | null,
): Promise<{ phone_hash: Buffer | null; phone_sealed: Buffer | null; phone_masked: string | null }> {
  if (phone === null) return { phone_hash: null, phone_sealed: null, phone_masked: null }
  return {
    phone_hash: ctx.keys.hash('account_phone', phone),
    phone_sealed: await ctx.keys.seal(
      { emergencyId: NO_EMERGENCY, now: ctx.now, table: 'account', row: accountRow, column: 'phone_sealed' },
      phone,
    ),
    phone_masked: maskPhone(phone),
  }
}

/**
 * ACCESS-16: puts someone on the roster; ACCESS-7 and ACCESS-8 decide which roles come at once and which wait for a second person.
 * Writes the audit line. @returns the new id @throws accountExists, mayNotGive
 */
export async function createAccount(ctx: Ctx, given: NewAccount): Promise<string> {
  const phone = given.phone === undefined ? null : normalisePhone(given.phone)
  if (given.phone !== undefined && phone === null) throw badPhone({ value: given.phone }, 'phone')
  if (phone === null && given.login === undefined) throw needsPhoneOrLogin({}, 'phone')
  for (const role of given.roles)
    if (!mayGive(ctx.actor, role)) throw mayNotGive({ role: ROLE_NAMES[role].zh }, 'roles')
  const id = newId(ctx.now)
  const made = await insertAccount(ctx.db, {
    id,
    area: given.area,
    name: given.name,
    login: given.login ?? null,
    ...(await phoneColumns(ctx, id, phone)),
    state: 'roster',
    lang: given.lang ?? 'zh',
    sessions_from: ctx.now,
    created_by: actorId(ctx),
    created_at: ctx.now,
    updated_at: ctx.now,
  })
  if (!made) throw accountExists({ what: phone === null ? 'login' : 'phone' })
  for (const role of given.roles) await giveRole(ctx, { id, area: given.area }, role)
  ctx.audit({ verb: 'account.invite', thing: 'account', thingId: id, area: given.area, detail: { roles: given.roles } })
  return id
}

/** At once, or as a proposal when the role is one that approves (ACCESS-8). */
async function giveRole(
  ctx: Ctx,
  account: { id: string; area: AreaCode },
  role: Role,
): Promise<'given' | 'proposed' | 'unchanged'> {
  if (ctx.actor.kind === 'account' && TWO_PERSON_ROLES.includes(role)) {
    const made = await insertProposal(ctx.db, {
      id: newId(ctx.now),
      account_id: account.id,
      area: account.area,
      role,
      state: 'proposed',
      proposed_by: ctx.actor.id,
      proposed_by_name: ctx.actor.name,
      proposed_by_created_by: ctx.actor.createdBy,
      proposed_at: ctx.now,
    })
    return made ? 'proposed' : 'unchanged'
  }
  const made = await insertRole(ctx.db, {
    accountId: account.id,
    role,
    area: account.area,
    by: actorId(ctx),
    at: ctx.now,
  })
  return made ? 'given' : 'unchanged'
}

/** For the first start and exercises: an account that can log in at once. Only the system calls it. */
export async function provisionAccount(ctx: Ctx, given: NewAccount & { password: string }): Promise<string> {
  if (ctx.actor.kind !== 'system') throw notAllowed({ verb: 'propose', thing: 'account' })
  const id = await createAccount(ctx, given)
  await setPasswordHash(ctx.db, id, await hashPassword(given.password), ctx.now)
  await activateAccount(ctx.db, id, ctx.now)
  return id
}

export const inviteAccount = defineAction({
  name: 'account.invite',
  input: InviteAccount,
  run: async (ctx, args): Promise<z.infer<typeof Invited>> => {
    permit(ctx, 'propose', { kind: 'account', area: args.area })
    if (!(await areaExists(ctx.db, args.area))) throw noSuchArea({ value: args.area })
    const id = await createAccount(ctx, args)
    return { account: await shown(ctx, id), needsHandOver: args.phone === undefined }
  },
})

/** The code is not kept anywhere in readable form. */
export const handOver = defineAction({
  name: 'account.hand_over',
  secret: true,
  input: HandOver,
  run: async (ctx, args): Promise<z.infer<typeof HandOverAnswer>> => {
    const account = await inHand(ctx, args.id)
    permit(ctx, 'propose', { kind: 'account', area: account.area })
    manage(ctx, account)
    if (account.state !== 'roster' || account.phoneHash !== null || account.id === ctx.actor.id)
      throw notAllowed({ verb: 'propose', thing: 'account' })
    const { code, until } = await makeHandOver(ctx, account.id)
    ctx.audit({ verb: 'account.hand_over', thing: 'account', thingId: account.id, area: account.area })
    return { handOver: `${code.slice(0, 5)}-${code.slice(5)}`, until: until.toISOString() }
  },
})

// ---- Changing accounts ------------------------------------------------------------------------------------------------------

/** Closed at once: sessions are over, the number is free, and nobody is on duty who cannot log in. */
export const closeAccount = defineAction({
  name: 'account.close',
  input: CloseAccount,
  run: async (ctx, args): Promise<Account> => {
    const account = await inHand(ctx, args.id)
    permit(ctx, 'revoke', { kind: 'account', area: account.area })
    if (account.id === ctx.actor.id) throw ownAccount({})
    if (account.state === 'closed') throw accountClosed({})
    const duties = await lockDutiesOf(ctx.db, ctx.scope, account.id, ctx.today)
    await endDutiesNow(ctx.db, duties, ctx.today, ctx.now)
    await updateAccount(ctx.db, account.id, {
      state: 'closed',
      sessions_from: ctx.now,
      phone_hash: null,
      phone_sealed: null,
      phone_masked: null,
      updated_at: ctx.now,
    })
    ctx.audit({
      verb: 'account.close',
      thing: 'account',
      thingId: account.id,
      area: account.area,
      detail: { reason: args.reason, duties: duties.length },
    })
    // Unsent work on the phone is sealed and taken up by the rooms that react (case 37); closing wipes nothing by itself.
    ctx.emit('account.closed', { accountId: account.id, areas: duties.map((duty) => duty.area) })
    return shown(ctx, account.id)
  },
})

/** Moves the account; duties that it may no longer have end, so that nothing it covered stays in nobody's queue (case 42). */
export const moveAccount = defineAction({
  name: 'account.move',
  input: MoveAccount,
  run: async (ctx, args): Promise<Account> => {
    const account = await inHand(ctx, args.id)
    permit(ctx, 'propose', { kind: 'account', area: account.area })
    permit(ctx, 'propose', { kind: 'account', area: args.area })
    manage(ctx, account)
    if (account.id === ctx.actor.id) throw ownAccount({})
    // Moving it would give the role at another place by one person alone (ACCESS-8): it is withdrawn and proposed anew.
    if (account.roles.some((role) => TWO_PERSON_ROLES.includes(role))) throw holdsTwoPersonRole({})
    if (account.state === 'closed') throw accountClosed({})
    if (args.version !== account.version)
      throw changedMeanwhile({ thing: 'account', mine: args.version, theirs: account.version })
    if (!(await areaExists(ctx.db, args.area))) throw noSuchArea({ value: args.area })
    const candidate = { id: account.id, area: args.area, state: account.state, roles: account.roles }
    const duties = await lockDutiesOf(ctx.db, ctx.scope, account.id, ctx.today)
    const lost = duties.filter((duty) => ineligible(candidate, duty.area) !== null)
    await endDutiesNow(ctx.db, lost, ctx.today, ctx.now)
    await updateAccount(ctx.db, account.id, { area: args.area, updated_at: ctx.now })
    await moveRoles(ctx.db, account.id, args.area)
    ctx.audit({
      verb: 'account.move',
      thing: 'account',
      thingId: account.id,
      area: account.area,
      detail: { from: account.area, to: args.area, dutiesEnded: lost.length },
    })
    ctx.emit('duty.changed', { accountId: account.id, areas: lost.map((duty) => duty.area) })
    return shown(ctx, account.id)
  },
})

/** ACCESS-16, changed number and recycled SIM: whoever has the number now must prove it; nothing open before stays open. */
export const changePhone = defineAction({
  name: 'account.phone',
  input: ChangePhone,
  run: async (ctx, args): Promise<Account> => {
    const account = await inHand(ctx, args.id)
    permit(ctx, 'approve', { kind: 'account', area: account.area, by: account.id })
    manage(ctx, account)
    if (account.state === 'closed') throw accountClosed({})
    if (args.version !== account.version)
      throw changedMeanwhile({ thing: 'account', mine: args.version, theirs: account.version })
    const phone = normalisePhone(args.phone)
    if (phone === null) throw badPhone({ value: args.phone }, 'phone')
    await takeNumber(ctx, account, phone, args.takeOver)
    ctx.audit({
      verb: 'account.phone',
      thing: 'account',
      thingId: account.id,
      area: account.area,
      detail: { takeOver: args.takeOver },
    })
    return shown(ctx, account.id)
  },
})

/** @throws accountExists when somebody else has the number and it is not taken over, or lies outside the scope. */
async function takeNumber(ctx: Ctx, account: AccountRow, phone: string, takeOver: boolean): Promise<void> {
  const hash = ctx.keys.hash('account_phone', phone)
  const holder = await findByPhone(ctx.db, ctx.scope, hash, ctx.today)
  if (holder && holder.id !== account.id) {
    if (!takeOver) throw accountExists({ what: 'phone' }, 'phone')
    permit(ctx, 'approve', { kind: 'account', area: holder.area, by: holder.id })
    manage(ctx, holder)
    await updateAccount(ctx.db, holder.id, {
      phone_hash: null,
      phone_sealed: null,
      phone_masked: null,
      state: 'roster',
      sessions_from: ctx.now,
      updated_at: ctx.now,
    })
    ctx.audit({
      verb: 'account.phone_lost',
      thing: 'account',
      thingId: holder.id,
      area: holder.area,
      detail: { to: account.id },
    })
  }
  try {
    await updateAccount(ctx.db, account.id, {
      ...(await phoneColumns(ctx, account.id, phone)),
      state: 'roster',
      sessions_from: ctx.now,
      updated_at: ctx.now,
    })
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === '23505')
      throw accountExists({ what: 'phone' }, 'phone')
    throw error
  }
}

// ---- Roles ---------------------------------------------------------------------------------------------------------------------

export const grantRole = defineAction({
  name: 'account.grant',
  input: GrantRole,
  run: async (ctx, args): Promise<Account> => {
    const account = await inHand(ctx, args.id)
    permit(ctx, 'read', { kind: 'account', area: account.area })
    if (!mayGive(ctx.actor, args.role)) throw mayNotGive({ role: ROLE_NAMES[args.role].zh }, 'role')
    if (account.id === ctx.actor.id) throw ownAccount({})
    if (account.state === 'closed') throw accountClosed({})
    const outcome = account.roles.includes(args.role) ? 'unchanged' : await giveRole(ctx, account, args.role)
    ctx.audit({
      verb: 'account.grant',
      thing: 'account',
      thingId: account.id,
      area: account.area,
      detail: { role: args.role, outcome },
    })
    if (outcome === 'given') await tellRole(ctx, account.id, args.role, true)
    return shown(ctx, account.id)
  },
})

async function tellRole(ctx: Ctx, account: string, role: Role, given: boolean): Promise<void> {
  const name = ROLE_NAMES[role]
  const body = given
    ? say(`${ctx.actor.name} 授予您“${name.zh}”岗位`, `${ctx.actor.name} gave you the role ${name.en}`)
    : say(`${ctx.actor.name} 取消了您的“${name.zh}”岗位`, `${ctx.actor.name} withdrew your role ${name.en}`)
  await tell(ctx, account, given ? 'role_given' : 'role_taken', body)
}

export const revokeRole = defineAction({
  name: 'account.revoke_role',
  input: RevokeRole,
  run: async (ctx, args): Promise<Account> => {
    const account = await inHand(ctx, args.id)
    permit(ctx, 'revoke', { kind: 'account', area: account.area })
    if (account.id === ctx.actor.id) throw ownAccount({})
    const gone = await deleteRole(ctx.db, account.id, args.role)
    const left = {
      id: account.id,
      area: account.area,
      state: account.state,
      roles: account.roles.filter((role) => role !== args.role),
    }
    const duties = (await lockDutiesOf(ctx.db, ctx.scope, account.id, ctx.today)).filter(
      (duty) => ineligible(left, duty.area) !== null,
    )
    await endDutiesNow(ctx.db, duties, ctx.today, ctx.now)
    ctx.audit({
      verb: 'account.revoke_role',
      thing: 'account',
      thingId: account.id,
      area: account.area,
      detail: { role: args.role, reason: args.reason, gone, dutiesEnded: duties.length },
    })
    if (duties.length > 0) ctx.emit('duty.changed', { accountId: account.id, areas: duties.map((duty) => duty.area) })
    if (gone) await tellRole(ctx, account.id, args.role, false)
    return shown(ctx, account.id)
  },
})

/** ACCESS-6, ACCESS-8: the second person holds the role or may give it, did not propose it, and is not the account itself. */
export const decideRole = defineAction({
  name: 'account.decide_role',
  input: DecideRole,
  run: async (ctx, args): Promise<Account> => {
    const proposal = await lockProposal(ctx.db, ctx.scope, args.id)
    if (!proposal) throw notFound({ thing: 'role_proposal' })
    permit(ctx, 'approve', {
      kind: 'account',
      area: proposal.area,
      by: proposal.proposed_by,
      byCreatedBy: proposal.proposed_by_created_by,
    })
    const account = await inHand(ctx, proposal.account_id)
    if (account.id === ctx.actor.id || ctx.actor.createdBy === account.id) throw ownAccount({})
    const [role] = account.pendingRoles.filter((pending) => pending === proposal.role)
    if (proposal.state !== 'proposed' || role === undefined) throw alreadyDecided({})
    if (!mayGive(ctx.actor, role) && !ctx.actor.roles.includes(role)) throw mayNotGive({ role: ROLE_NAMES[role].zh })
    await decideProposal(ctx.db, proposal.id, {
      state: args.approve ? 'approved' : 'refused',
      by: actorId(ctx),
      at: ctx.now,
    })
    if (args.approve) {
      await insertRole(ctx.db, { accountId: account.id, role, area: account.area, by: actorId(ctx), at: ctx.now })
      await tellRole(ctx, account.id, role, true)
    }
    ctx.audit({
      verb: args.approve ? 'account.approve_role' : 'account.refuse_role',
      thing: 'account',
      thingId: account.id,
      area: account.area,
      detail: { role, reason: args.reason },
    })
    return shown(ctx, account.id)
  },
})

// ---- Sessions of others, recovery -----------------------------------------------------------------------------------------------

export const endAccountSessions = defineAction({
  name: 'account.end_sessions',
  input: EndAccountSessions,
  run: async (ctx, args): Promise<Account> => {
    const account = await inHand(ctx, args.id)
    permit(ctx, 'revoke', { kind: 'account', area: account.area })
    await updateAccount(ctx.db, account.id, { sessions_from: ctx.now, updated_at: ctx.now })
    ctx.audit({
      verb: 'account.end_sessions',
      thing: 'account',
      thingId: account.id,
      area: account.area,
      detail: { reason: args.reason },
    })
    return shown(ctx, account.id)
  },
})

/** ACCESS-21: one alone could take the second factor off an account and then become it; at the terminal stands the operator. */
function needsTwo(ctx: Ctx, kind: string, account: AccountRow): boolean {
  return kind === 'totp' && needsSecondFactor(account.roles) && ctx.actor.kind === 'account'
}

async function confirmRecovery(
  ctx: Ctx,
  account: AccountRow,
  id: string,
  reason: string,
): Promise<z.infer<typeof DecidedRecovery>> {
  await confirmRecoveryRow(ctx.db, id, {
    id: actorId(ctx),
    name: ctx.actor.name,
    createdBy: ctx.actor.createdBy,
    at: ctx.now,
  })
  ctx.audit({
    verb: 'recovery.confirm',
    thing: 'account',
    thingId: account.id,
    area: account.area,
    detail: { kind: 'totp', reason },
  })
  return { state: 'confirmed', needsHandOver: false }
}

/** For the operator at the terminal, where nobody else is there to reset it: the password stays, everything open ends. */
export async function dropSecondFactor(ctx: Ctx, login: string): Promise<boolean> {
  if (ctx.actor.kind !== 'system') throw notAllowed({ verb: 'approve', thing: 'account' })
  const found = await findLogin(ctx.db, {
    phoneHash: ctx.keys.hash('account_phone', login),
    login: login.toLowerCase(),
  })
  if (!found) return false
  await updateAccount(ctx.db, found.id, { totp: false, sessions_from: ctx.now, updated_at: ctx.now })
  ctx.audit({ verb: 'account.totp_reset', thing: 'account', thingId: found.id, area: found.area })
  return true
}

/** ACCESS-11, ACCESS-21: approved, everything open is over and the account must be activated anew, with the new number when there is one. */
export const decideRecovery = defineAction({
  name: 'recovery.decide',
  input: DecideRecovery,
  run: async (ctx, args): Promise<z.infer<typeof DecidedRecovery>> => {
    const asked = await lockRecovery(ctx.db, ctx.scope, args.id)
    const account = asked ? await lockAccount(ctx.db, ctx.scope, asked.account_id, ctx.today) : null
    if (!asked || !account) throw notFound({ thing: 'recovery' })
    if (!mayDecideRecovery(ctx.actor, account)) throw notAllowed({ verb: 'approve', thing: 'account' })
    if (asked.state !== 'asked') throw alreadyDecided({})
    if (asked.confirmed_by !== null && args.approve)
      permit(ctx, 'approve', {
        kind: 'account',
        area: account.area,
        by: asked.confirmed_by,
        byCreatedBy: asked.confirmed_by_created_by,
      })
    else if (args.approve && needsTwo(ctx, asked.kind, account))
      return confirmRecovery(ctx, account, asked.id, args.reason)
    const state = args.approve ? 'approved' : 'refused'
    await decideRecoveryRow(ctx.db, asked.id, { state, by: actorId(ctx), at: ctx.now })
    if (args.approve) await startOver(ctx, account, asked)
    ctx.audit({
      verb: `recovery.${args.approve ? 'approve' : 'refuse'}`,
      thing: 'account',
      thingId: account.id,
      area: account.area,
      detail: { kind: asked.kind, reason: args.reason },
    })
    await tell(
      ctx,
      account.id,
      'recovery',
      args.approve
        ? say('找回申请已核准，请重新激活账号', 'Your recovery was approved; activate the account anew')
        : say('找回申请未获核准', 'Your recovery was not approved'),
    )
    return { state, needsHandOver: args.approve && account.phoneHash === null && asked.phone_hash === null }
  },
})

async function startOver(
  ctx: Ctx,
  account: AccountRow,
  asked: { id: string; kind: string; phone_sealed: Buffer | null },
): Promise<void> {
  if (asked.kind === 'phone' && asked.phone_sealed !== null) {
    const phone = await ctx.keys.open({ table: 'recovery', row: asked.id, column: 'phone_sealed' }, asked.phone_sealed)
    await takeNumber(ctx, account, phone, false)
    return
  }
  const totpOff = asked.kind === 'totp' ? { totp: false } : {}
  await updateAccount(ctx.db, account.id, { ...totpOff, state: 'roster', sessions_from: ctx.now, updated_at: ctx.now })
}
