/** Marks by which somebody is told of acts at gates that were about them (GATE-15), as long as the keys of those days are there. */
import { emergencyIds } from '../access/retention-store.ts'
import type { Ctx } from '../core/ctx.ts'
import { markOfDay } from '../core/keys/day-keys.ts'

export const NAMED_AT_GATE = 'gate_named'

export async function marksOf(ctx: Ctx, people: readonly string[]): Promise<Buffer[]> {
  const marks: Buffer[] = []
  for (const emergencyId of await emergencyIds(ctx.db))
    for (const day of ctx.keys.days.daysOf(emergencyId)) {
      const key = ctx.keys.days.find({ emergencyId, day })
      if (key !== null) marks.push(...people.map((personId) => markOfDay(key, NAMED_AT_GATE, personId)))
    }
  return marks
}
