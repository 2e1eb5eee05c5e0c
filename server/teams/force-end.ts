import type { AreaCode } from '@weiwang/domain/areas/code'
import { notFound } from '@weiwang/domain/core/problems'
import { ForceDone, ForceId } from '@weiwang/domain/teams/force-api'
import { forceEnded } from '@weiwang/domain/teams/force-problems'
import type { z } from 'zod'
import { defineAction } from '../core/action.ts'
import type { Action } from '../core/action.ts'
import { permit } from '../core/ctx.ts'
import type { Db } from '../core/db/connect.ts'

type Done = z.infer<typeof ForceDone>
type Standing = { id: string; area: AreaCode; ended_at: Date | null }

/** Ends what stands until somebody says otherwise: an organisation, an estate, a post. `name` is the verb of the trail too. */
export function endAction<R extends Standing>(of: {
  name: string
  thing: string
  lock: (db: Db, scope: readonly AreaCode[], id: string) => Promise<R | null>
  end: (db: Db, row: R, now: Date) => Promise<void>
}): Action<typeof ForceId, Done> {
  return defineAction({
    name: of.name,
    input: ForceId,
    output: ForceDone,
    reach: 'county',
    run: async (ctx, args): Promise<Done> => {
      const row = await of.lock(ctx.db, ctx.scope, args.id)
      if (!row) throw notFound({ thing: of.thing })
      permit(ctx, 'file', { kind: 'force', area: row.area })
      if (row.ended_at !== null) throw forceEnded({})
      await of.end(ctx.db, row, ctx.now)
      ctx.audit({ verb: of.name, thing: 'force', thingId: row.id, area: row.area })
      return { id: row.id }
    },
  })
}
