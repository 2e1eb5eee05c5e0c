import { z } from 'zod'

/**
 * Half-written forms that follow their worker (SYNC-22, case 57): one for each account, form, version and subject. The content is
 * the form's own and is not read here; null: dropped. The last one written wins, however late it arrives.
 */
const Of = { form: z.string().max(100), version: z.string().max(100), subject: z.string().max(200) }

/** Long notes and fifty members fit; photos are no part of a draft. */
export const MAX_DRAFT = 200_000
export const MAX_DRAFTS = 200

export const KeepDraft = z.strictObject({
  ...Of,
  savedAt: z.iso.datetime({ offset: true }),
  content: z.unknown(),
})
export type KeepDraft = z.infer<typeof KeepDraft>
/** `older`: a later one of the same form is here already. */
export const KeptDraft = z.object({ state: z.enum(['kept', 'dropped', 'older']) })

/** GET /api/sync/drafts */
export const Drafts = z.object({
  items: z.array(z.object({ ...Of, savedAt: z.iso.datetime(), content: z.unknown() })),
})
export type Drafts = z.infer<typeof Drafts>
