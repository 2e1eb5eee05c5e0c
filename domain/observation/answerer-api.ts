import { z } from 'zod'
import { LIKELY } from './answerer.ts'

/** GET /api/observations/answerers: who of the same door may answer for this person, the likeliest first (OBS-28). */
export const AskAnswerers = z.strictObject({ personId: z.uuid() })
export const Answerers = z.object({
  /** As far as the register knows. */
  child: z.boolean(),
  items: z.array(z.object({ personId: z.uuid(), masked: z.string(), hasPhone: z.boolean(), likely: z.enum(LIKELY) })),
})
export type Answerers = z.infer<typeof Answerers>
