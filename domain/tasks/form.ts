import { z } from 'zod'
import { answerFault, fieldBudget, Question } from '../access/questions.ts'
import type { AnswerFault, FieldBudget } from '../access/questions.ts'

/**
 * FORM-1: what is asked at a door is data, in versions, so that a centre can change it without a release of the program. There
 * is one form for each purpose of a visit; what the campaign of a task asks comes beside it.
 */
export const FORM_PURPOSES = [
  'household',
  'listed_person',
  'returnee',
  'rental',
  'group_rental',
  'shop',
  'service',
  'clue',
  'mediation',
  'temperature',
] as const
export type FormPurpose = (typeof FORM_PURPOSES)[number]

const Both = z.strictObject({ zh: z.string().trim().min(1).max(300), en: z.string().trim().min(1).max(300) })

/** Asked only when an earlier field of the same form has one of these answers. */
const When = z.strictObject({
  key: z.string().max(40),
  is: z
    .array(z.union([z.string(), z.boolean()]))
    .min(1)
    .max(20),
})

export const FormField = z.strictObject({
  ask: Question,
  /** `door`: once a visit. `person`: for each person who is visited. */
  of: z.enum(['door', 'person']).default('door'),
  when: When.optional(),
  /** A number outside is possible, but asked to be confirmed: 38.9 is a fever, 83.9 a slip. */
  usual: z.strictObject({ min: z.number(), max: z.number() }).optional(),
})
export type FormField = z.infer<typeof FormField>

export const Form = z.strictObject({
  purpose: z.enum(FORM_PURPOSES),
  say: Both,
  help: Both.optional(),
  fields: z.array(FormField).max(40),
})
export type Form = z.infer<typeof Form>

export type FormFault = {
  at: string
  fault: 'twice' | 'when_unknown' | 'when_later' | 'when_no_answer' | 'range' | 'budget'
}

/** FORM-2: what is wrong with a form before it may be proposed; the place is the key of the field. */
export function formFaults(form: Form): FormFault[] {
  const faults: FormFault[] = []
  const before = new Map<string, FormField>()
  for (const field of form.fields) {
    const { key } = field.ask
    if (before.has(key)) faults.push({ at: key, fault: 'twice' })
    const fault = field.when ? whenFault(field, before, form.fields) : null
    if (fault) faults.push({ at: key, fault })
    if (field.usual && field.usual.min > field.usual.max) faults.push({ at: key, fault: 'range' })
    before.set(key, field)
  }
  if (budgetOf(form).state === 'refuse') faults.push({ at: '', fault: 'budget' })
  return faults
}

function whenFault(
  field: FormField,
  before: ReadonlyMap<string, FormField>,
  all: readonly FormField[],
): FormFault['fault'] | null {
  const { when } = field
  if (!when) return null
  const on = before.get(when.key)
  if (!on) return all.some((other) => other.ask.key === when.key) ? 'when_later' : 'when_unknown'
  // What is asked of a person may depend on the door, not the other way round.
  if (on.of === 'person' && field.of === 'door') return 'when_unknown'
  const possible: unknown[] =
    on.ask.type === 'choice' || on.ask.type === 'multi'
      ? on.ask.options.map((option) => option.value)
      : on.ask.type === 'yes_no'
        ? [true, false]
        : []
  return when.is.every((value) => possible.includes(value)) ? null : 'when_no_answer'
}

/** CAMPAIGN-3 for forms: what is asked of a person counts as it is asked, once a person. */
export function budgetOf(form: Form): FieldBudget {
  return fieldBudget(form.fields.map((field) => field.ask))
}

type Answered = Readonly<Record<string, unknown>>

/** The fields that are asked now, in their order: of the door, or of one person of it. */
export function askedFields(form: Form, of: 'door' | 'person', door: Answered, person: Answered = {}): FormField[] {
  return form.fields.filter((field) => {
    if (field.of !== of) return false
    const { when } = field
    if (!when) return true
    const on = form.fields.find((other) => other.ask.key === when.key)
    const answer = (on?.of === 'person' ? person : door)[when.key]
    const given: unknown[] = Array.isArray(answer) ? answer : [answer]
    return given.some((value) => (typeof value === 'string' || typeof value === 'boolean') && when.is.includes(value))
  })
}

export type FieldFault = { key: string; personId: string | null; fault: AnswerFault }

/** What is missing or does not fit, of the fields that are asked. Nothing here refuses a visit (VISIT-2, VISIT-3). */
export function formReading(
  form: Form,
  answers: Answered,
  members: readonly { personId: string; answers: Answered }[],
): FieldFault[] {
  const faults = (fields: readonly FormField[], given: Answered, personId: string | null): FieldFault[] =>
    fields.flatMap((field) => {
      const fault = answerFault(field.ask, given[field.ask.key])
      return fault === null ? [] : [{ key: field.ask.key, personId, fault }]
    })
  return [
    ...faults(askedFields(form, 'door', answers), answers, null),
    ...members.flatMap((member) =>
      faults(askedFields(form, 'person', answers, member.answers), member.answers, member.personId),
    ),
  ]
}

/** True when a number is possible but unusual, so that the phone asks once more before it is filed. */
export function isUnusual(field: FormField, answer: unknown): boolean {
  return (
    field.usual !== undefined && typeof answer === 'number' && (answer < field.usual.min || answer > field.usual.max)
  )
}
