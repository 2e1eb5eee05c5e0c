import { timingSafeEqual } from 'node:crypto'
import type { Ctx } from '../core/ctx.ts'

/**
 * SERV-7: the four digits that the receiver reads out: a keyed hash of the service, so that nothing is stored and whoever brings it
 * cannot know them. They stand on the receiver's own page and nowhere else.
 */
export function receiverCode(ctx: Pick<Ctx, 'keys'>, serviceId: string): string {
  const hash = ctx.keys.hash('code', `service\u0000${serviceId}`)
  return String(hash.readUInt32BE(0) % 10_000).padStart(4, '0')
}

export function codeMatches(ctx: Pick<Ctx, 'keys'>, serviceId: string, code: string): boolean {
  return timingSafeEqual(Buffer.from(receiverCode(ctx, serviceId)), Buffer.from(code.padStart(4, '0').slice(0, 4)))
}
