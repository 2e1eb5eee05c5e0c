import type { Ctx } from '../core/ctx.ts'

/** A gate whose clock is ahead cannot have seen anybody after now. */
export function momentOf(ctx: Pick<Ctx, 'now'>, text: string): Date {
  return new Date(Math.min(Date.parse(text), ctx.now.getTime()))
}
