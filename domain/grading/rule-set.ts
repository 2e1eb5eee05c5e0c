import { z } from 'zod'
import { AREA_PATTERN } from '../areas/code.ts'
import type { Day } from '../core/day.ts'
import type { Say } from '../core/say.ts'
import { RiskLevel } from '../feeds/api.ts'

/**
 * A rule set is data (design section 4): a list of rules, each a criterion over the facts of a person, what it gives and
 * how long. The meaning of every word here is fixed once, in `evaluate.ts` (GRADE-1 … GRADE-14), and compiled to SQL from
 * the same plan.
 */
export const GRADES = ['red', 'yellow', 'blue'] as const
export const Grade = z.enum(GRADES)
export type Grade = z.infer<typeof Grade>

export const COLOURS = ['red', 'yellow', 'pending', 'green'] as const
export const Colour = z.enum(COLOURS)
export type Colour = z.infer<typeof Colour>

/** GRADE-7: the stronger wins; 0 is "gives none". */
export const GRADE_RANK: Record<Grade, number> = { red: 3, yellow: 2, blue: 1 }
export const COLOUR_RANK: Record<Colour, number> = { red: 4, yellow: 3, pending: 2, green: 1 }

export const MAX_RULES = 20
export const MAX_REASONS = 20
export const MAX_DAYS = 60

export const CASE_STATUSES = ['confirmed', 'suspected', 'asymptomatic', 'recovered', 'excluded'] as const
export const TEST_RESULTS = ['positive', 'negative', 'pending'] as const
export const CLINIC_STATES = ['held', 'visited', 'excluded'] as const
export const MEASURE_STATES = ['in', 'lifted'] as const
export const DOORS = ['home', 'rental', 'group_rental', 'dormitory', 'shop', 'business'] as const

const Days = z.number().int().min(0).max(MAX_DAYS)
const Area = z.string().regex(AREA_PATTERN)

/** Was in an area. `levels`: at a risk level on the days of the stay, or on the day of the run; `where`: a list of key areas. */
const Stay = z.strictObject({
  kind: z.literal('stay'),
  levels: z.array(RiskLevel).min(1).optional(),
  where: z.array(Area).min(1).max(200).optional(),
  withinDays: Days,
  judged: z.enum(['stay_days', 'run_day']).optional(),
  /** 'county': the risk area lies elsewhere in the county of the stay. A hint to check, never red (GRADE-4). */
  match: z.enum(['area', 'county']).optional(),
})
const Contact = z.strictObject({
  kind: z.literal('contact'),
  degrees: z
    .array(z.union([z.literal(1), z.literal(2), z.literal(3)]))
    .min(1)
    .max(3),
  withinDays: Days,
})
const SymptomIs = z.strictObject({
  kind: z.literal('symptom'),
  codes: z.array(z.string().min(1).max(20)).min(1).max(20).optional(),
  withinDays: Days,
})
const Abroad = z.strictObject({
  kind: z.literal('abroad'),
  countries: z
    .array(z.string().regex(/^[A-Z]{2}$/))
    .min(1)
    .max(200)
    .optional(),
  withinDays: Days,
})
/** The four below are states: the latest fact counts, from its day until one that ends it (GRADE-5). */
const FeverClinic = z.strictObject({
  kind: z.literal('fever_clinic'),
  states: z.array(z.enum(CLINIC_STATES)).min(1).optional(),
  withinDays: Days.optional(),
})
const Test = z.strictObject({
  kind: z.literal('test'),
  results: z.array(z.enum(TEST_RESULTS)).min(1),
  withinDays: Days.optional(),
})
const CaseIs = z.strictObject({
  kind: z.literal('case'),
  statuses: z.array(z.enum(CASE_STATUSES)).min(1),
  withinDays: Days.optional(),
})
const Measure = z.strictObject({
  kind: z.literal('measure'),
  states: z.array(z.enum(MEASURE_STATES)).min(1).optional(),
  withinDays: Days.optional(),
})

export type StayCriterion = z.infer<typeof Stay>
export type Atom =
  | StayCriterion
  | z.infer<typeof Contact>
  | z.infer<typeof SymptomIs>
  | z.infer<typeof Abroad>
  | z.infer<typeof FeverClinic>
  | z.infer<typeof Test>
  | z.infer<typeof CaseIs>
  | z.infer<typeof Measure>
export type LivesWith = { kind: 'lives_with'; who: Criterion; doors?: (typeof DOORS)[number][] | undefined }
export type Criterion =
  | Atom
  | LivesWith
  | { kind: 'all'; of: Criterion[] }
  | { kind: 'any'; of: Criterion[] }
  | { kind: 'not'; of: Criterion }

/** It contains itself, so the interface's document has to know it by a name. */
export const Criterion: z.ZodType<Criterion> = z
  .lazy(() =>
    z.discriminatedUnion('kind', [
      Stay,
      Contact,
      SymptomIs,
      Abroad,
      FeverClinic,
      Test,
      CaseIs,
      Measure,
      z.strictObject({
        kind: z.literal('lives_with'),
        who: Criterion,
        doors: z.array(z.enum(DOORS)).min(1).optional(),
      }),
      z.strictObject({ kind: z.literal('all'), of: z.array(Criterion).max(10) }),
      z.strictObject({ kind: z.literal('any'), of: z.array(Criterion).max(10) }),
      z.strictObject({ kind: z.literal('not'), of: Criterion }),
    ]),
  )
  .meta({ id: 'Criterion' })

const SayText = z.strictObject({ zh: z.string().trim().min(1).max(300), en: z.string().trim().min(1).max(300) })

/**
 * GRADE-6: counted from the last day of the fact, from the entry into the area of the rule set, or from the release.
 * Day 0 is that day and day `days` is included; with 'release' and 0 days the result ends on the day of release itself.
 */
export const Lasts = z.strictObject({ days: Days, from: z.enum(['fact', 'entry', 'release']) })
export type Lasts = z.infer<typeof Lasts>

export const Rule = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9_]{1,39}$/),
  say: SayText,
  when: Criterion,
  gives: z.strictObject({ grade: Grade.optional(), colour: Colour.optional() }),
  lasts: Lasts,
})
export type Rule = z.infer<typeof Rule>

/** The rules and, for a code, what a person has whom no rule touches (never written by a run: absence is "not yet judged"). */
export const Rules = z.strictObject({
  rules: z.array(Rule).min(1).max(MAX_RULES),
  otherwise: z.strictObject({ colour: Colour, say: SayText }).optional(),
  /** For a code: who declares neither registration nor a settled home here (绿码待定); read by the code, never by a run. */
  unsettled: z.strictObject({ colour: Colour, say: SayText }).optional(),
})
export type Rules = z.infer<typeof Rules>

/** A rule set as a file: what the screen exports, the presets are, and `POST /api/rule-sets` takes. */
export const RuleSetDocument = z.strictObject({
  code: z.string().regex(/^[a-z][a-z0-9_-]{1,39}$/),
  area: Area,
  name: SayText,
  about: z.strictObject({ zh: z.string().trim().min(1).max(4000), en: z.string().trim().min(1).max(4000) }),
  ...Rules.shape,
})
export type RuleSetDocument = z.infer<typeof RuleSetDocument>

/** What grading needs of a rule set: its rules and the area whose entry counts. */
export type RuleSet = { area: string; rules: Rule[]; otherwise?: Rules['otherwise'] }

/** The evidence behind one reason, without the person. What belongs to a household member names no place, value or degree. */
export type ReasonFact = {
  kind: string
  place?: string
  value?: string
  degree?: number
  from: Day
  to: Day
  source: string
}

/** GRADE-8: why, from which day, until which day (included; null: until it is ended), and what it gives. */
export type Reason = {
  rule: string
  say: Say
  grade: Grade | null
  colour: Colour | null
  /** GRADE-9: the source may not give red, so red became yellow; `say` says so too. */
  capped?: true
  via?: 'household'
  fact: ReasonFact
  day: Day
  until: Day | null
}
