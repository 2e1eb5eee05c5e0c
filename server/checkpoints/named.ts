/**
 * GATE-15: the trail of a gate says who did what, where and when, and never of whom: with a name it would tell for three years where
 * somebody stood. Whom an act was about is a mark under the passage key of the day, which goes with the passages; until then those
 * whom it names are told of it (REGISTER-21).
 */
import type { AreaCode } from '@weiwang/domain/areas/code'
import type { Day } from '@weiwang/domain/core/day'
import { NAMED_AT_GATE } from '../healthcode/gate-marks.ts'
import { actorId } from '../core/ctx.ts'
import type { Ctx } from '../core/ctx.ts'
import { markOfDay } from '../core/keys/day-keys.ts'
import { newId } from '../core/transaction.ts'
import { insertNamed, noteKey } from './store-passages.ts'

export type Named = {
  county: string
  area: AreaCode
  emergencyId: string
  /** Of the passages that it is about: when they go, this goes. */
  day: Day
  verb: string
  purpose?: string | undefined
  people: readonly string[]
}

export async function nameAtGate(ctx: Ctx, of: Named): Promise<void> {
  const { people, day, emergencyId, county, area, verb } = of
  if (people.length === 0) return
  const key = ctx.keys.days.take({ emergencyId, day })
  await noteKey(ctx.db, { id: key.id, emergencyId, day }, ctx.now)
  const line = { county, area, emergency_id: emergencyId, day, at: ctx.now, actor: actorId(ctx), verb }
  await insertNamed(
    ctx.db,
    people.map((personId) => ({
      ...line,
      id: newId(ctx.now),
      purpose: of.purpose ?? null,
      mark: markOfDay(key, NAMED_AT_GATE, personId),
    })),
  )
}
