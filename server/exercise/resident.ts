import { isLoopback } from '../core/config.ts'
import type { Server } from '../core/server.ts'
import { openText } from '../people/opening.ts'
import { requireExercise } from './state.ts'
import { observedWithPhone } from './store.ts'

/**
 * EX-16: the made-up number of somebody who is observed, so that whoever tries the exercise can open the resident's page; the code
 * that is sent to it stands on the page of messages. Off loopback nobody is told one, as with log-ins (EX-11).
 */
export async function exerciseResident(server: Server): Promise<string | null> {
  await requireExercise(server)
  if (!isLoopback(server.config.host) || server.config.trustProxy) return null
  return server.asSystem('exercise.resident', async (ctx) => {
    const one = await observedWithPhone(ctx.db, ctx.today)
    if (!one) return null
    const phone = await openText(ctx, { table: 'identity', row: one.personId, column: 'phone_sealed' }, one.sealed)
    ctx.audit({
      verb: 'exercise.resident',
      thing: 'person',
      thingId: one.personId,
      area: one.area,
      ids: [one.personId],
    })
    return phone
  })
}
