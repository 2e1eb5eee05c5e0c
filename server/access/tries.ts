import { LIMITS, waitSeconds } from '@weiwang/domain/access/login'
import type { TryLimit } from '@weiwang/domain/access/login'
import { tooManyTries } from '@weiwang/domain/access/problems'
import type { Server } from '../core/server.ts'
import { newId } from '../core/transaction.ts'
import { failuresOf, insertTries, lockSubjects, markTryOk } from './login-store.ts'

/** A try that was counted before its outcome is known. */
export type Try = { id: string; at: Date; subjects: Buffer[] }

type Door = { subject: Buffer; limit: TryLimit; resets: boolean }

function doorsOf(server: Server, who: string, address: string): Door[] {
  const hash = (text: string): Buffer => server.keys.hash('subject', text)
  return [
    { subject: hash(`pair\u0000${who}\u0000${address}`), limit: LIMITS.pair, resets: true },
    { subject: hash(`account\u0000${who}`), limit: LIMITS.account, resets: true },
    { subject: hash(`address\u0000${address}`), limit: LIMITS.address, resets: false },
  ]
}

/**
 * ACCESS-13: counts a try as failed before it is made, one at a time for each identifier, so that a hundred at the same moment
 * count each other. The identifier counts whether or not an account has it.
 * @throws tooManyTries
 */
export async function reserveTry(server: Server, who: string, address: string): Promise<Try> {
  const doors = doorsOf(server, who, address)
  const outcome = await server.asSystem('login.try', async (ctx): Promise<{ wait: number } | Try> => {
    await lockSubjects(
      ctx.db,
      doors.slice(0, 2).map((door) => door.subject),
    )
    for (const { subject, limit, resets } of doors) {
      const since = new Date(ctx.now.getTime() - limit.windowMinutes * 60_000)
      const fails = await failuresOf(ctx.db, subject, since, resets)
      const wait = waitSeconds(limit, fails, ctx.now)
      if (wait > 0) return { wait }
      if (limit === LIMITS.account && fails.count + 1 === limit.free) {
        ctx.audit({
          verb: 'login.limited',
          thing: 'account',
          thingId: '',
          area: ctx.root,
          detail: { subject: subject.toString('hex').slice(0, 12), tries: limit.free },
        })
      }
    }
    const made = { id: newId(ctx.now), at: ctx.now, subjects: doors.map((door) => door.subject) }
    await insertTries(ctx.db, made.subjects, made.id, made.at)
    return made
  })
  if ('wait' in outcome) throw tooManyTries({ seconds: outcome.wait })
  return outcome
}

/** A success: it does not count, and resets what was counted for this account. */
export async function tryWorked(server: Server, made: Try): Promise<void> {
  await server.asSystem('login.try', (ctx) => markTryOk(ctx.db, made.subjects, made.id, made.at))
}
