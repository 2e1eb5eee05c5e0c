import { z } from 'zod'
import type { Say } from '../core/say.ts'

/**
 * The questions of a campaign are data (CAMPAIGN-2): asked on a phone without a release of the program, counted before they
 * are asked. The field budget is shown to who writes them (CAMPAIGN-3): each one is asked at every door.
 */
const Both = z.strictObject({ zh: z.string().trim().min(1).max(300), en: z.string().trim().min(1).max(300) })
const Key = z.string().regex(/^[a-z][a-z0-9_]{0,39}$/)

const Options = z
  .array(z.strictObject({ value: Key, say: Both }))
  .min(2)
  .max(20)
  .refine((list) => new Set(list.map((o) => o.value)).size === list.length, 'two options have the same value')

const common = { key: Key, say: Both, help: Both.optional(), required: z.boolean().default(false) }

export const Question = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('choice'), ...common, options: Options }),
  z.strictObject({ type: z.literal('multi'), ...common, options: Options }),
  z
    .strictObject({
      type: z.literal('number'),
      ...common,
      unit: z.string().max(20).default(''),
      /** The same in English; left out where one word serves both, as °C does. */
      unitEn: z.string().max(20).optional(),
      min: z.number(),
      max: z.number(),
      decimals: z.number().int().min(0).max(2).default(0),
    })
    .refine((q) => q.min <= q.max, 'the range is empty'),
  z.strictObject({ type: z.literal('text'), ...common, max: z.number().int().min(1).max(500).default(200) }),
  z.strictObject({ type: z.literal('yes_no'), ...common }),
  z.strictObject({ type: z.literal('date'), ...common }),
])
export type Question = z.infer<typeof Question>

export const Questions = z
  .array(Question)
  .max(40)
  .refine((list) => new Set(list.map((q) => q.key)).size === list.length, 'two questions have the same key')
export type Questions = z.infer<typeof Questions>

/** What stands behind a number, in both languages; a word of one language says nothing in the other and is left out there. */
export function unitSay({ unit, unitEn }: { unit: string; unitEn?: string | undefined }): Say {
  return { zh: unit, en: unitEn ?? (/\p{Script=Han}/u.test(unit) ? '' : unit) }
}

export const BUDGET_WARN = 8
export const BUDGET_REFUSE = 15

export type FieldBudget = {
  questions: number
  freeText: number
  warnAt: number
  refuseAt: number
  state: 'ok' | 'warn' | 'refuse'
}

/** CAMPAIGN-3: from 8 questions on the writer is warned, 15 are refused; free text is counted beside, as it is read by nobody in bulk. */
export function fieldBudget(questions: readonly { type: string }[]): FieldBudget {
  const n = questions.length
  const state = n >= BUDGET_REFUSE ? 'refuse' : n >= BUDGET_WARN ? 'warn' : 'ok'
  const freeText = questions.filter((q) => q.type === 'text').length
  return { questions: n, freeText, warnAt: BUDGET_WARN, refuseAt: BUDGET_REFUSE, state }
}

/** One answer against its question. Null when it fits, otherwise the key of the fault. */
export type AnswerFault =
  | 'missing'
  | 'not_an_option'
  | 'not_a_number'
  | 'out_of_range'
  | 'too_long'
  | 'not_a_day'
  | 'wrong_type'

export function answerFault(question: Question, answer: unknown): AnswerFault | null {
  const empty =
    answer === undefined || answer === null || answer === '' || (Array.isArray(answer) && answer.length === 0)
  if (empty) return question.required ? 'missing' : null
  switch (question.type) {
    case 'choice':
      return question.options.some((o) => o.value === answer) ? null : 'not_an_option'
    case 'multi': {
      if (!Array.isArray(answer)) return 'wrong_type'
      const values = new Set<unknown>(question.options.map((o) => o.value))
      return answer.every((a) => values.has(a)) ? null : 'not_an_option'
    }
    case 'number': {
      if (typeof answer !== 'number' || !Number.isFinite(answer)) return 'not_a_number'
      return answer >= question.min && answer <= question.max ? null : 'out_of_range'
    }
    case 'text':
      if (typeof answer !== 'string') return 'wrong_type'
      return Array.from(answer).length <= question.max ? null : 'too_long'
    case 'yes_no':
      return typeof answer === 'boolean' ? null : 'wrong_type'
    case 'date':
      return typeof answer === 'string' && z.iso.date().safeParse(answer).success ? null : 'not_a_day'
  }
}
