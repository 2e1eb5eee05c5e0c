import { loginFailed } from '@weiwang/domain/access/problems'
import type { Server } from '../core/server.ts'
import { actorOf, openSession } from './login-actions.ts'
import type { Caller, Opened } from './login-actions.ts'
import { endSession } from './login-store.ts'
import type { SessionRow } from './login-store.ts'
import { confirmEnrolment } from './me-actions.ts'
import { halfOpen } from './session.ts'
import { enrolTotp } from './totp.ts'

/** ACCESS-20: who has just logged in and must have a second factor makes it before anything opens. */
async function enrolling(server: Server, token: string): Promise<SessionRow> {
  const half = await halfOpen(server, token, server.clock.now(), 'needs_enrolment')
  if (!half) throw loginFailed({})
  return half
}

export async function enrolAtLogin(server: Server, token: string): Promise<{ secret: string; uri: string }> {
  const { account } = await enrolling(server, token)
  return enrolTotp(server, actorOf(account))
}

/** @returns the full session, and the recovery codes that are shown this once */
export async function confirmAtLogin(
  server: Server,
  token: string,
  digits: string,
  caller: Caller,
): Promise<{ opened: Opened; recoveryCodes: string[] }> {
  const half = await enrolling(server, token)
  const recoveryCodes = await confirmEnrolment(server, actorOf(half.account), digits, caller.address)
  const account = { ...half.account, totp: true, passwordHash: null }
  const opened = await openSession(server, account, caller, 'totp', async (ctx) => {
    await endSession(ctx.db, account.id, half.sessionId, ctx.now)
  })
  return { opened, recoveryCodes }
}
