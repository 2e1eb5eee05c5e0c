import { z } from 'zod'
import type { Day } from '../core/day.ts'
import type { ObservationReason } from './api.ts'

const Reasons = z.array(
  z.object({ fact: z.object({ kind: z.string(), to: z.string(), degree: z.number().nullish() }) }).loose(),
)

export type Exposure = { day: Day | null; reason: z.infer<typeof ObservationReason> }

/**
 * Day 0 as the reasons of a grade know it: the last day of any contact or stay that they tell of. Blank when they tell of none
 * (case 14). The reason in a word goes by the strongest of them.
 */
export function exposureOf(reasons: unknown): Exposure {
  const parsed = Reasons.safeParse(reasons)
  const facts = parsed.success ? parsed.data.map((one) => one.fact) : []
  const exposed = facts.filter((fact) => fact.kind === 'contact' || fact.kind === 'stay' || fact.kind === 'abroad')
  const day =
    exposed
      .map((fact) => fact.to)
      .toSorted()
      .at(-1) ?? null
  const contact = exposed.find((fact) => fact.kind === 'contact')
  if (contact) return { day, reason: contact.degree === 1 ? 'close_contact' : 'secondary_contact' }
  if (exposed.some((fact) => fact.kind === 'abroad')) return { day, reason: 'abroad' }
  return { day, reason: exposed.length > 0 ? 'risk_area' : 'other' }
}
