import type { z } from 'zod'
import type { Ctx } from './ctx.ts'

/**
 * How far the database's own bounds reach while an action runs. `scope`: the actor's area (the usual case). `county`: the
 * actor's county, for handing a thing to a neighbour grid by way of the level above. `all`: the system's role, for what the
 * rule itself must look up everywhere (log-in, the lock of one open task per person). The action's own scope check stands
 * in every case.
 */
export type Reach = 'scope' | 'county' | 'all'

export type Action<I extends z.ZodType, O> = {
  name: string
  input: I
  reach: Reach
  output?: z.ZodType<O>
  /** The answer or the input is nothing to keep (an opened identity, a code): no key is honoured and no first answer stored. */
  secret?: boolean
  run: (ctx: Ctx, args: z.output<I>) => Promise<O>
}

/** One verb of one room: a write that is one transaction with one outcome. */
export function defineAction<I extends z.ZodType, O>(action: {
  name: string
  input: I
  reach?: Reach
  output?: z.ZodType<O>
  secret?: boolean
  run: (ctx: Ctx, args: z.output<I>) => Promise<O>
}): Action<I, O> {
  return { ...action, reach: action.reach ?? 'scope' }
}
