import { CODE_MINUTES } from '@weiwang/domain/access/login'
import { addDays, instantOf } from '@weiwang/domain/core/day'
import { z } from 'zod'
import { defineJobs } from '../core/jobs.ts'
import type { Server } from '../core/server.ts'
import { sealAudit } from './audit-seal.ts'
import { runCloseOut } from './close-out.ts'
import { endNow } from './emergency-actions.ts'
import { findCodeToSend, findLogin, forgetSealedCode } from './login-store.ts'
import { followAreas, takeUpAreas } from './reorganise.ts'
import { runRetention } from './retention.ts'
import { gatewayOf, Undeliverable } from './sms.ts'
import { lapsedEmergencies, runningCloseOuts } from './store.ts'

const CodeMade = z.object({ id: z.uuid() })
const ByEmergency = z.object({ emergencyId: z.uuid() })
const Sealed = z.object({ to: z.string(), code: z.string() })

type Whose = { id: string; area: string; state: string; lang: 'zh' | 'en' }

/** Which state an account must be in for a code of this purpose to be sent at all. */
const STATE_FOR: Record<string, string> = { login: 'active', activate: 'roster', resident: 'active' }

/** Who gets the code; null when nobody. Anybody may become a resident of the page (ACCESS-22). */
function whose(purpose: string, account: Whose | null): Whose | 'newcomer' | null {
  if (purpose === 'resident' && account === null) return 'newcomer'
  return account?.state === STATE_FOR[purpose] ? account : null
}

/** ACCESS-12: only here is it decided whether there is somebody to send the code to. */
async function sendCode(server: Server, payload: unknown): Promise<void> {
  const { id } = CodeMade.parse(payload)
  const db = server.jobsPool.db
  const code = await findCodeToSend(db, id)
  if (!code?.sealed) return
  const account = await findLogin(db, { phoneHash: code.target, login: '' })
  const receiver = whose(code.purpose, account)
  if (receiver !== null && code.expiresAt > server.clock.now()) {
    const opened = await server.keys.open({ table: 'one_time_code', row: id, column: 'sealed' }, code.sealed)
    const { to, code: digits } = Sealed.parse(JSON.parse(opened))
    await sendOnce(
      server,
      receiver === 'newcomer' ? null : receiver,
      to,
      textOf(digits, receiver === 'newcomer' ? 'zh' : receiver.lang),
    )
  }
  await forgetSealedCode(db, id)
}

/** Case 29: what can never arrive is told in the trail, when it has a place there, and not tried again. */
async function sendOnce(
  server: Server,
  account: { id: string; area: string } | null,
  to: string,
  text: string,
): Promise<void> {
  const gateway = await gatewayOf(server)
  try {
    await gateway.send(to, text)
  } catch (error) {
    if (!(error instanceof Undeliverable)) throw error
    if (account === null) return
    await server.asSystem('sms', async (ctx) =>
      ctx.audit({ verb: 'sms.undeliverable', thing: 'account', thingId: account.id, area: account.area }),
    )
  }
}

function textOf(code: string, lang: 'zh' | 'en'): string {
  return lang === 'en'
    ? `[Weiwang] Your code is ${code}, valid for ${CODE_MINUTES} minutes. Nobody will ever ask you for it.`
    : `【微网】验证码 ${code}，${CODE_MINUTES} 分钟内有效。任何人索要都不要告诉。`
}

/** EMERGENCY-1 holds by the day at read time; this only writes the state and starts the close-out's clock. */
async function endLapsed(server: Server): Promise<void> {
  await server.asSystem('emergency.lapse', async (ctx) => {
    for (const row of await lapsedEmergencies(ctx.db, ctx.today)) {
      const last = row.ends ?? ctx.today
      await endNow(ctx, row, { lapsed: true }, new Date(instantOf(addDays(last, 1), ctx.zone).getTime() - 1000))
    }
  })
}

/** A close-out whose process died goes on. */
async function resumeCloseOuts(server: Server): Promise<void> {
  for (const emergencyId of await runningCloseOuts(server.jobsPool.db)) await runCloseOut(server, emergencyId)
}

export const accessJobs = defineJobs({
  reactions: {
    'areas.changed': followAreas,
    'access.code': sendCode,
    'close_out.approved': (server, payload) => runCloseOut(server, ByEmergency.parse(payload).emergencyId),
  },
  timers: [
    { name: 'areas', cron: '*/5 * * * *', run: takeUpAreas },
    { name: 'seal', cron: '* * * * *', run: async (server) => void (await sealAudit(server)) },
    { name: 'lapse', cron: '*/10 * * * *', run: endLapsed },
    { name: 'close_out', cron: '7 * * * *', run: resumeCloseOuts },
    // 02:23 in China: each day's end makes that day's things due (DELETE-1).
    { name: 'retention', cron: '23 18 * * *', run: async (server) => void (await runRetention(server)) },
  ],
})
