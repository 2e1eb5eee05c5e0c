import { z } from 'zod'
import { AREA_PATTERN } from '../areas/code.ts'
import { PageQuery, pageOf } from '../core/page.ts'
import { Form, FORM_PURPOSES } from './form.ts'

/** Wire shapes of forms. `form` is read loosely in answers, so that a newer form never hides the list (case 19). */
const Area = z.string().regex(AREA_PATTERN)
const Instant = z.iso.datetime({ offset: true })
export const FORM_STATES = ['draft', 'active', 'retired', 'refused'] as const

export const FormRow = z.object({
  /** Null for a form that is shipped with the program. */
  id: z.uuid().nullable(),
  area: z.string(),
  areaName: z.string(),
  purpose: z.string(),
  version: z.number().int(),
  state: z.enum([...FORM_STATES, 'shipped']),
  form: z.unknown(),
  by: z.string().nullable(),
  madeAt: Instant.nullable(),
  decidedAt: Instant.nullable(),
  reason: z.string().nullable(),
  budget: z.object({
    questions: z.number().int(),
    freeText: z.number().int(),
    state: z.enum(['ok', 'warn', 'refuse']),
  }),
  /** What this reader may do with it now. */
  mayDecide: z.boolean(),
})
export type FormRow = z.infer<typeof FormRow>

/** GET /api/forms/active: the form of each purpose that is used at an area, the nearest centre's or the shipped one. */
export const ActiveForms = z.strictObject({ area: Area })
export const ActiveFormsAnswer = z.object({ items: z.array(FormRow) })

/** GET /api/forms: versions, newest first. */
export const ListForms = PageQuery.extend({
  area: Area.optional(),
  purpose: z.enum(FORM_PURPOSES).optional(),
  state: z.enum(FORM_STATES).optional(),
}).strict()
export type ListForms = z.infer<typeof ListForms>
export const FormPage = pageOf(FormRow)

/** POST /api/forms: the next version, to be put in force by a second person (FORM-4). */
export const DraftForm = z.strictObject({ id: z.uuid(), area: Area, form: Form })
export type DraftForm = z.infer<typeof DraftForm>
/** POST /api/forms/:id/decide */
export const DecideForm = z.strictObject({ id: z.uuid(), approve: z.boolean(), reason: z.string().max(300).optional() })
