import type { Actor } from '@weiwang/domain/access/actor'
import { maskPhone } from '@weiwang/domain/access/mask'
import { boundsOf, scopeOf } from '@weiwang/domain/access/roles'
import type { Day } from '@weiwang/domain/core/day'
import { addDays } from '@weiwang/domain/core/day'
import { staffOf } from '@weiwang/domain/exercise/staff'
import type { Staff } from '@weiwang/domain/exercise/staff'
import type { VillagePlan } from '@weiwang/domain/exercise/place'
import { insertAccount, insertRole } from '../access/account-store.ts'
import { insertDuty } from '../access/duty-store.ts'
import type { Ctx } from '../core/ctx.ts'
import { NO_EMERGENCY } from '../core/keys/keyring.ts'
import type { Server } from '../core/server.ts'
import { newId } from '../core/transaction.ts'
import { readStaff } from './store.ts'

/** Accounts in one transaction; a chunk that is there already adds nothing (EX-13). */
const CHUNK = 500
/** Duties began before the exercise does, so that yesterday's tasks have somebody to go to. */
const DUTY_DAYS_BEFORE = 22

export async function makeAccounts(
  server: Server,
  seed: string,
  plans: readonly VillagePlan[],
  day: Day,
): Promise<number> {
  const staff = staffOf(seed, plans)
  for (let i = 0; i < staff.length; i += CHUNK) {
    await server.asSystem('exercise.accounts', async (ctx) => {
      for (const one of staff.slice(i, i + CHUNK)) await makeAccount(ctx, one, addDays(day, -DUTY_DAYS_BEFORE))
    })
  }
  return staff.length
}

async function makeAccount(ctx: Ctx, one: Staff, from: Day): Promise<void> {
  const id = newId(ctx.now)
  const made = await insertAccount(ctx.db, {
    id,
    area: one.area,
    name: one.name,
    login: one.login,
    // To be rung at, and no way in: nothing is kept by which a log-in would find it.
    phone_sealed: await ctx.keys.seal(
      { emergencyId: NO_EMERGENCY, now: ctx.now, table: 'account', row: id, column: 'phone_sealed' },
      one.phone,
    ),
    phone_masked: maskPhone(one.phone),
    state: 'active',
    sessions_from: ctx.now,
    created_by: null,
    created_at: ctx.now,
    updated_at: ctx.now,
  })
  if (!made) return
  await insertRole(ctx.db, { accountId: id, role: one.role, area: one.area, by: null, at: ctx.now })
  for (const area of one.covers) {
    await insertDuty(ctx.db, {
      id: newId(ctx.now),
      account_id: id,
      account_name: one.name,
      area,
      kind: 'cover',
      from_day: from,
      created_by: null,
      created_at: ctx.now,
    })
  }
  ctx.audit({ verb: 'account.exercise', thing: 'account', thingId: id, area: one.area })
}

/** The accounts of an exercise as actors, by log-in name: what the loader and the simulated workers act as. */
export async function actorsOf(server: Server, logins: readonly string[]): Promise<Map<string, Actor>> {
  const rows = await server.asSystem('exercise.actors', (ctx) => readStaff(ctx.db, logins, ctx.today))
  return new Map(
    rows.map((row) => {
      const scope = scopeOf(row, row.duties)
      const actor: Actor = {
        kind: 'account',
        id: row.id,
        name: row.name,
        area: boundsOf(scope) ?? '',
        scope,
        roles: row.roles,
        createdBy: row.createdBy,
        sessionId: null,
      }
      return [row.login, actor]
    }),
  )
}
