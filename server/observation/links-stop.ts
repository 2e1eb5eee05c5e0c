import { timingSafeEqual } from 'node:crypto'
import { isStop, optOutNumber } from '@weiwang/domain/observation/reading-message'
import { AskStop, STOP_WAYS, StopNumber, StopStanding } from '@weiwang/domain/observation/reading-api'
import type { StopAnswer } from '@weiwang/domain/observation/reading-api'
import { notFound } from '@weiwang/domain/core/problems'
import { z } from 'zod'
import { defineAction } from '../core/action.ts'
import { permit } from '../core/ctx.ts'
import type { Server } from '../core/server.ts'
import { allowNumber, stopNumber, stopOf } from './reminders-store.ts'

/** READ-15 (case 29): who wants no messages gets none, now and at any later enrolment; a call or a visit asks instead. */

/** What people write back, handed on by the gateway under its own key. @throws notFound without that key */
export async function takeReply(
  server: Server,
  reply: { from: string; text: string },
  bearer: string | undefined,
): Promise<{ stopped: boolean }> {
  const key = server.config.sms?.key ?? ''
  const given = Buffer.from(bearer ?? '')
  const right = Buffer.from(`Bearer ${key}`)
  if (key === '' || given.length !== right.length || !timingSafeEqual(given, right))
    throw notFound({ thing: 'messages' })
  if (!isStop(reply.text)) return { stopped: false }
  await server.asSystem('message.stop', async (ctx) => {
    await stopNumber(ctx.db, ctx.keys.hash('phone', optOutNumber(reply.from)), 'reply', ctx.now)
    ctx.audit({
      verb: 'message.stop',
      thing: 'observation',
      thingId: 'reply',
      area: ctx.root,
      detail: { how: 'reply' },
    })
  })
  return { stopped: true }
}

/** The desk notes it for somebody who says so, or takes it back at their wish. */
export const noteStop = defineAction({
  name: 'message.stop',
  input: StopNumber,
  reach: 'all',
  secret: true,
  run: async (ctx, args): Promise<z.infer<typeof StopAnswer>> => {
    permit(ctx, 'file', { kind: 'observation', area: ctx.actor.area })
    const hash = ctx.keys.hash('phone', optOutNumber(args.phone))
    if (args.stop) await stopNumber(ctx.db, hash, 'desk', ctx.now)
    else await allowNumber(ctx.db, hash)
    ctx.audit({
      verb: args.stop ? 'message.stop' : 'message.allow',
      thing: 'observation',
      thingId: 'desk',
      area: ctx.actor.area,
      detail: { how: 'desk' },
    })
    return { stopped: args.stop }
  },
})

const Way = z.enum(STOP_WAYS).nullable()

/** Whether messages leave for a number that somebody names: asked one at a time, with a line in the trail that does not hold it. */
export const askStop = defineAction({
  name: 'message.stop_asked',
  input: AskStop,
  output: StopStanding,
  reach: 'all',
  secret: true,
  run: async (ctx, args): Promise<StopStanding> => {
    permit(ctx, 'file', { kind: 'observation', area: ctx.actor.area })
    const stop = await stopOf(ctx.db, ctx.keys.hash('phone', optOutNumber(args.phone)))
    ctx.audit({ verb: 'message.stop_asked', thing: 'observation', thingId: 'desk', area: ctx.actor.area })
    return { stopped: stop !== null, how: Way.parse(stop?.how ?? null), at: stop?.at.toISOString() ?? null }
  },
})
