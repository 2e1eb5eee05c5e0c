import { ROLE_NAMES } from '@weiwang/domain/access/roles'
import { levelOf } from '@weiwang/domain/areas/code'
import { staffOf, TEAM_STAFF } from '@weiwang/domain/exercise/staff'
import type { Staff, StaffRole } from '@weiwang/domain/exercise/staff'
import type { Say } from '@weiwang/domain/core/say'
import { hashPassword, randomText } from '../access/login-actions.ts'
import { endSessions, setPasswordHash } from '../access/login-store.ts'
import { isLoopback } from '../core/config.ts'
import type { Server } from '../core/server.ts'
import { plansOf } from './plans.ts'
import { requireExercise } from './state.ts'
import { accountsWithPassword, readStaff } from './store.ts'

export type ExerciseLogin = {
  level: 'province' | 'city' | 'county' | 'town' | 'village' | 'grid'
  role: StaffRole
  title: Say
  login: string
  password: string
  name: string
  area: string
  areaName: string
}

const LEVELS = ['province', 'city', 'county', 'town', 'village', 'grid'] as const
/** Workers who get a password when nobody is asked for by name. */
const WORKERS_SHOWN = 4

const isTeam = ({ role }: Staff): boolean => TEAM_STAFF.some((one) => one === role)

/** Twelve letters and digits in groups of four, as people copy them from a screen. */
function makePassword(): string {
  const text = randomText(12).toLowerCase()
  return `${text.slice(0, 4)}-${text.slice(4, 8)}-${text.slice(8)}`
}

/**
 * EX-11: new passwords for the desks on the way to the first village and for a few workers; the former ones stop. Off
 * loopback nobody gets one and those that were given are taken away.
 */
export async function resetExerciseLogins(server: Server): Promise<ExerciseLogin[]> {
  const state = await requireExercise(server)
  if (!isLoopback(server.config.host) || server.config.trustProxy) {
    await takeAway(server)
    return []
  }
  const plans = plansOf(state)
  const first = plans[0]
  if (!first) return []
  const staff = staffOf(state.seed, plans)
  const near = staff.filter((one) => one.role !== 'worker' && first.village.code.startsWith(one.area))
  // Of those in teams one of each is enough to take part as.
  const desks = near.filter((one) => !isTeam(one) || near.find(({ role }) => role === one.role) === one)
  const workers = staff.filter((one) => one.employment === 'full').slice(0, WORKERS_SHOWN)
  const shown = [...desks, ...workers]
  const rows = await server.asSystem('exercise.logins', (ctx) =>
    readStaff(
      ctx.db,
      shown.map((one) => one.login),
      ctx.today,
    ),
  )
  const byLogin = new Map(rows.map((row) => [row.login, row]))
  const made = await Promise.all(
    shown.map(async (one) => {
      const password = makePassword()
      return { one, password, hash: await hashPassword(password) }
    }),
  )
  await server.asSystem('exercise.logins', async (ctx) => {
    for (const { one, hash } of made) {
      const row = byLogin.get(one.login)
      if (!row) continue
      await setPasswordHash(ctx.db, row.id, hash, ctx.now)
      ctx.audit({ verb: 'account.exercise_password', thing: 'account', thingId: row.id, area: row.area })
    }
  })
  return made.flatMap(({ one, password }): ExerciseLogin[] => {
    const row = byLogin.get(one.login)
    if (!row) return []
    const level = one.role === 'worker' ? 'grid' : (LEVELS[levelOf(one.area) - 1] ?? 'grid')
    return [
      {
        level,
        role: one.role,
        title: ROLE_NAMES[one.role],
        login: one.login,
        password,
        name: one.name,
        area: one.covers[0] ?? one.area,
        areaName: row.areaName,
      },
    ]
  })
}

async function takeAway(server: Server): Promise<void> {
  const unknown = await hashPassword(randomText(40))
  await server.asSystem('exercise.logins', async (ctx) => {
    for (const id of await accountsWithPassword(ctx.db)) {
      await setPasswordHash(ctx.db, id, unknown, ctx.now)
      await endSessions(ctx.db, id, ctx.now, null)
    }
  })
}
