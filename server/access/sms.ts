import { maskPhone } from '@weiwang/domain/access/mask'
import { isLoopback } from '../core/config.ts'
import { NO_EMERGENCY } from '../core/keys/keyring.ts'
import type { Server } from '../core/server.ts'
import { newId } from '../core/transaction.ts'
import { isExercise } from './emergency-actions.ts'
import { insertShown, listShown } from './login-store.ts'

/** A number that will not take the message however often it is tried (case 29): said once, never repeated. */
export class Undeliverable extends Error {}

/** The way out for short messages. `to` is +country and digits. Undeliverable ends it; any other failure is tried again. */
export type SmsGateway = { send: (to: string, text: string) => Promise<void> }

/** Development form: nothing leaves the machine, the message is kept sealed and shown on /dev/messages. */
export function shownGateway(server: Server): SmsGateway {
  return {
    send: async (to, text) => {
      const now = server.clock.now()
      const id = newId(now)
      const sealed = await server.keys.seal(
        { emergencyId: NO_EMERGENCY, now, table: 'sms_shown', row: id, column: 'body' },
        text,
      )
      await insertShown(server.jobsPool.db, { id, to: maskPhone(to), sealed, at: now })
    },
  }
}

const PATIENCE_MS = 10_000

/** Any gateway that takes `{to, text}` as JSON with a bearer key; an adapter of a provider is a page of code behind the same type. */
export function httpGateway(url: string, key: string): SmsGateway {
  return {
    send: async (to, text) => {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
        body: JSON.stringify({ to, text }),
        signal: AbortSignal.timeout(PATIENCE_MS),
      })
      const forGood = response.status >= 400 && response.status < 500 && ![401, 403, 408, 429].includes(response.status)
      if (forGood) throw new Undeliverable(`the SMS gateway refused the number with ${response.status}`)
      if (!response.ok) throw new Error(`the SMS gateway answered ${response.status}`)
    },
  }
}

/**
 * SMS_GATEWAY_URL and SMS_GATEWAY_KEY name the real gateway; without them messages are shown. In an exercise nothing leaves the
 * server, whatever is set (EX-3).
 */
export async function usesRealGateway(server: Server): Promise<boolean> {
  return server.config.sms !== null && !(await server.asSystem('sms', isExercise))
}

export async function gatewayOf(server: Server): Promise<SmsGateway> {
  const { sms } = server.config
  return sms !== null && (await usesRealGateway(server)) ? httpGateway(sms.url, sms.key) : shownGateway(server)
}

export type ShownMessage = { id: string; to: string; text: string; at: string }

export async function shownMessages(server: Server): Promise<ShownMessage[]> {
  const rows = await listShown(server.jobsPool.db, 50)
  return Promise.all(
    rows.map(async (row) => ({
      id: row.id,
      to: row.to_masked,
      text: await server.keys.open({ table: 'sms_shown', row: row.id, column: 'body' }, row.body_sealed),
      at: row.at.toISOString(),
    })),
  )
}

/**
 * Who may look at shown messages: somebody at the machine itself, or anybody in an exercise. A proxy in front makes every
 * visitor look local, so a request that came through one does not count as local.
 */
export function mayLook(ip: string, headers: Record<string, unknown>, exercise: boolean): boolean {
  if (exercise) return true
  const passedOn = ['x-forwarded-for', 'forwarded', 'via', 'x-real-ip'].some((name) => headers[name] !== undefined)
  return !passedOn && isLoopback(ip.replace(/^::ffff:/, ''))
}
