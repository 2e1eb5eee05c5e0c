/** Temporary passes that hold now, for gates that compare the number on a paper (GATE-3). */
import type { AskPasses, GatePasses } from '@weiwang/domain/checkpoints/api'
import { Hardship } from '@weiwang/domain/healthcode/objection-api'
import { HARDSHIP_SAY } from '@weiwang/domain/healthcode/objection-words'
import type { z } from 'zod'
import type { Ctx } from '../core/ctx.ts'
import { passMark } from '../healthcode/objection-pass.ts'
import { gateNow } from './gate-access.ts'
import { passesOfCounty } from './store-codes.ts'

const MOST = 500

export async function readPasses(ctx: Ctx, args: z.output<typeof AskPasses>): Promise<GatePasses> {
  const gate = await gateNow(ctx, args.gateId)
  const rows = await passesOfCounty(ctx.db, gate.county, ctx.now, MOST)
  return {
    asOf: ctx.now.toISOString(),
    items: rows.map((row) => ({
      shortId: row.number,
      name: row.masked,
      purpose: HARDSHIP_SAY[Hardship.parse(row.reason)],
      from: row.issued_at.toISOString(),
      until: row.until_at.toISOString(),
      mark: passMark(ctx.keys, row.id).toString('hex'),
    })),
  }
}
