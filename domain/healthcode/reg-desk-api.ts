import { z } from 'zod'
import { AREA_PATTERN } from '../areas/code.ts'
import { isDay } from '../core/day.ts'
import { PageQuery, pageOf } from '../core/page.ts'
import { Need, Relation, Register, ReturnState, Situation, Transport } from './reg-api.ts'
import { PolicyDraft } from './reg-policy-check.ts'
import { RegistrationPolicy } from './reg-policy.ts'
import { HELD_WHY } from './reg-rules.ts'
import { ARRIVED_HOW, RETURN_LEVELS, RETURN_STEPS } from './reg-return.ts'

/** Wire shapes of registration at the desk and on the worker's phone. Lists are masked; scope and rights as everywhere. */
const Id = z.uuid()
const Area = z.string().regex(AREA_PATTERN)
const DayText = z.string().refine(isDay)
const Instant = z.iso.datetime({ offset: true })
const SayText = z.object({ zh: z.string(), en: z.string() })
const Reason = z.string().trim().min(2).max(300)

// ---- Registrations ---------------------------------------------------------------------------------------------------------

/** GET /api/registrations: of an area and days (first registered), newest first. */
export const ListRegistrations = PageQuery.extend({
  area: Area.optional(),
  from: DayText.optional(),
  to: DayText.optional(),
  need: Need.optional(),
  situation: Situation.optional(),
  by: z.enum(['self', 'guardian', 'proxy']).optional(),
  /** 'unplaced': no grid found yet. */
  place: z.enum(['placed', 'unplaced']).optional(),
}).strict()
export type ListRegistrations = z.infer<typeof ListRegistrations>
export const RegistrationLine = z.object({
  personId: Id,
  masked: z.string(),
  area: z.string(),
  areaName: z.string(),
  placed: z.boolean(),
  need: Need,
  situation: Situation,
  by: z.enum(['self', 'guardian', 'proxy']),
  purpose: z.string(),
  registeredAt: Instant,
  /** Declarations so far, and when the last one was made. */
  declarations: z.number().int(),
  declaredAt: Instant,
  /** The address given is not the one that a register or a worker has said. */
  addressDiffers: z.boolean(),
})
export type RegistrationLine = z.infer<typeof RegistrationLine>
export const RegistrationPage = pageOf(RegistrationLine)

/** GET /api/registrations/figures: each figure opens the list with the same filter and the same total. */
export const AskFigures = z.strictObject({ area: Area.optional(), from: DayText.optional(), to: DayText.optional() })
export const Figures = z.object({
  from: DayText,
  to: DayText,
  days: z.array(
    z.object({ day: DayText, registered: z.number().int(), must: z.number().int(), proxy: z.number().int() }),
  ),
  areas: z.array(
    z.object({
      area: z.string(),
      name: z.string(),
      registered: z.number().int(),
      must: z.number().int(),
      unplaced: z.number().int(),
      returns: z.number().int(),
    }),
  ),
  total: z.object({
    registered: z.number().int(),
    must: z.number().int(),
    unplaced: z.number().int(),
    proxy: z.number().int(),
    held: z.number().int(),
    expected: z.number().int(),
    overdue: z.number().int(),
  }),
})
export type Figures = z.infer<typeof Figures>

/** POST /api/registrations/proxy: a worker or a desk for somebody who cannot; ids of the paper made on the phone. */
export const ProxyRegister = Register.omit({ promise: true })
  .extend({ phone: z.string().trim().max(40).optional(), occurredAt: Instant.optional() })
  .strict()
export type ProxyRegister = z.infer<typeof ProxyRegister>
export const ProxyRegistered = z.object({
  state: z.enum(['registered', 'checked']),
  personId: Id.nullable(),
  masked: z.string(),
  n: z.number().int().nullable(),
})

/** GET /api/registrations/held */
export const ListHeld = PageQuery.extend({ area: Area.optional() }).strict()
export const HeldLine = z.object({
  id: Id,
  at: Instant,
  area: z.string(),
  areaName: z.string(),
  masked: z.string(),
  document: z.string(),
  phone: z.string().nullable(),
  relation: Relation,
  why: z.array(z.object({ why: z.enum(HELD_WHY), say: SayText })),
})
export type HeldLine = z.infer<typeof HeldLine>
export const HeldPage = pageOf(HeldLine)
/** POST /api/registrations/held/:id/decide: after the card was seen. Accepting binds the person to this account and to no other. */
export const DecideHeld = z.strictObject({
  id: Id,
  decision: z.enum(['accept', 'refuse']),
  /** The document was looked at, in person. */
  cardSeen: z.boolean(),
  reason: Reason,
})
export const DecidedHeld = z.object({ id: Id, state: z.enum(['accepted', 'refused']) })

// ---- Who must and who may --------------------------------------------------------------------------------------------------

export const AskPolicy = z.strictObject({ area: Area.optional() })
export const PolicyVersion = z.object({
  id: Id.nullable(),
  area: z.string(),
  version: z.number().int(),
  state: z.enum(['proposed', 'in_force', 'replaced', 'refused']),
  policy: RegistrationPolicy,
  reason: z.string(),
  by: z.string(),
  approvedBy: z.string().nullable(),
  at: Instant.nullable(),
  mayDecide: z.boolean(),
})
export const Policies = z.object({
  holds: PolicyVersion,
  versions: z.array(PolicyVersion),
  presets: z.array(z.object({ name: z.enum(['suzhou', 'zhenjiang']), say: SayText, policy: RegistrationPolicy })),
  mayPropose: z.boolean(),
})
export type Policies = z.infer<typeof Policies>
/** POST /api/registrations/policy: a preset by name, or the whole of it, with POLICY_FAULTY naming each fault. */
export const ProposePolicy = z.strictObject({
  id: Id,
  area: Area,
  policy: z.union([z.enum(['suzhou', 'zhenjiang']), PolicyDraft]),
  reason: Reason,
})
export const DecidePolicy = z.strictObject({ id: Id, approve: z.boolean() })
export const DecidedPolicy = z.object({
  id: Id,
  version: z.number().int(),
  state: z.enum(['proposed', 'in_force', 'refused']),
})

// ---- Returns expected -------------------------------------------------------------------------------------------------------

/** GET /api/returns: by expected day; `late`: those that should have come. */
export const ListReturns = PageQuery.extend({
  area: Area.optional(),
  from: DayText.optional(),
  to: DayText.optional(),
  state: ReturnState.optional(),
  list: z.enum(['expected', 'late', 'arrived', 'all']).default('expected'),
}).strict()
export type ListReturns = z.infer<typeof ListReturns>
export const ReturnLine = z.object({
  id: Id,
  county: z.string(),
  area: z.string(),
  areaName: z.string(),
  personId: Id,
  masked: z.string(),
  state: ReturnState,
  stateName: SayText,
  level: z.enum(RETURN_LEVELS).nullable(),
  expectedDay: DayText,
  transport: Transport,
  fromName: z.string(),
  companions: z.number().int(),
  createdAt: Instant,
  /** The day on which somebody came, and who said so: the traveller, the grid or a gate. */
  arrived: z.object({ on: DayText, how: z.enum(ARRIVED_HOW).nullable() }).nullable(),
  taskId: Id.nullable(),
  may: z.array(z.enum(RETURN_STEPS)),
})
export type ReturnLine = z.infer<typeof ReturnLine>
export const ReturnPage = pageOf(ReturnLine)
/** POST /api/returns/:id/step, also the phone's item `return.step`. */
export const StepReturn = z.strictObject({
  id: Id,
  step: z.enum(['arrive', 'start_plan', 'complete', 'cancel']),
  occurredAt: Instant.optional(),
})
export const SteppedReturn = z.object({ id: Id, state: ReturnState })

/** Kind `return` of a grid's feed; no telephone and no number: who answers opens the person as any other. */
export const ReturnBody = z.looseObject({
  county: z.string(),
  area: z.string(),
  personId: z.string(),
  masked: z.string(),
  state: z.string(),
  level: z.string().nullish(),
  expectedDay: z.string(),
  graceUntil: z.string(),
  transport: z.string(),
  fromName: z.string(),
  companions: z.number(),
  version: z.number(),
  arrivedOn: z.string().nullish(),
  arrivedHow: z.string().nullish(),
})
export type ReturnBody = z.infer<typeof ReturnBody>
