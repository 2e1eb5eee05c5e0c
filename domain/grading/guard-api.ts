/** The wire of the guard's numbers (GRADE-27): seen by whoever reads the rules, proposed by one and put in force by another. */
import { z } from 'zod'
import { isDay } from '../core/day.ts'
import { GuardSettings } from './guard.ts'

const DayText = z.string().refine(isDay)
const Instant = z.iso.datetime({ offset: true })
const SayText = z.object({ zh: z.string(), en: z.string() })
const Reason = z.string().trim().min(2).max(500)

export const GUARD_CHANGE_STATES = ['proposed', 'applied', 'refused'] as const
export const GuardChange = z.object({
  id: z.uuid(),
  state: z.enum(GUARD_CHANGE_STATES),
  before: GuardSettings,
  settings: GuardSettings,
  reason: z.string(),
  by: z.string().nullable(),
  mine: z.boolean(),
  mayDecide: z.boolean(),
  decidedBy: z.string().nullable(),
  /** Why it was refused. */
  decision: z.string().nullable(),
  proposedAt: Instant,
  decidedAt: Instant.nullable(),
})
export type GuardChange = z.infer<typeof GuardChange>

/** GET /api/grade-guard → GuardView: what is in force, and the last twenty changes, newest first. */
export const GuardView = z.object({
  settings: GuardSettings,
  /** Whether the reader may propose other numbers: only where the whole deployment is seen, as they hold for all of it. */
  mayPropose: z.boolean(),
  changes: z.array(GuardChange),
})
export type GuardView = z.infer<typeof GuardView>

/** POST /api/grade-guard/preview → GuardPreview: what these numbers would have held in the last days. Writes nothing. */
export const PreviewGuard = z.strictObject({ settings: GuardSettings })
export const GuardPreview = z.object({
  from: DayText,
  to: DayText,
  /** Counties and sources, each counted once a day, that the numbers in force and the new ones would hold. */
  heldNow: z.number().int(),
  heldThen: z.number().int(),
  /** Each that the one or the other would hold, newest day first, at most 200. A limit is null where it would not be held. */
  lines: z.array(
    z.object({
      day: DayText,
      kind: z.enum(['place', 'source']),
      key: z.string(),
      name: SayText,
      changes: z.number().int(),
      limitNow: z.number().int().nullable(),
      limitThen: z.number().int().nullable(),
      /** A run that was really stopped; otherwise what took effect by itself. */
      stopped: z.boolean(),
    }),
  ),
})
export type GuardPreview = z.infer<typeof GuardPreview>

/** POST /api/grade-guard → GuardView; POST /api/grade-guard/:id/approve and /refuse → GuardView, by a second person. */
export const ProposeGuard = z.strictObject({ settings: GuardSettings, reason: Reason })
export const GuardRef = z.strictObject({ id: z.uuid() })
export const RefuseGuard = z.strictObject({ id: z.uuid(), reason: Reason })
