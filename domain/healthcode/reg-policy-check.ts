/**
 * REGISTER-9: a proposal of who must and who may is checked before it is kept, on the screen that writes it and again by the server.
 * Each fault says where it is and what is wrong, in both languages.
 */
import { z } from 'zod'
import { say } from '../core/say.ts'
import type { Say } from '../core/say.ts'
import { DOCUMENT_KINDS } from '../people/api.ts'
import { Need, Situation } from './reg-api.ts'
import { SITUATION_NAMES } from './reg-words.ts'

const text = z.string().trim().max(400)
const count = z.number().int()

/** As it is being written: the same fields, their bounds not yet asked. */
export const PolicyDraft = z.strictObject({
  groups: z
    .array(
      z.strictObject({
        need: Need,
        say: z.strictObject({ zh: text, en: text }),
        situation: Situation.nullable(),
        registeredHere: z.boolean().nullable(),
      }),
    )
    .max(50),
  others: Need,
  documents: z.array(z.enum(DOCUMENT_KINDS).exclude(['none'])).max(20),
  askDays: count,
  family: z.strictObject({ max: count, childUnder: count, elderFrom: count, greenHolder: z.boolean() }),
  returns: z.strictObject({ aheadDays: count, graceDays: count }),
})
export type PolicyDraft = z.infer<typeof PolicyDraft>
type DraftGroup = PolicyDraft['groups'][number]

export type PolicyFault = { at: string; say: Say }

const MOST_GROUPS = 12
const LONGEST = 200

/** The numbers with their bounds, both included. */
export const POLICY_BOUNDS = {
  askDays: { min: 1, max: 60 },
  'family.max': { min: 0, max: 20 },
  'family.childUnder': { min: 1, max: 18 },
  'family.elderFrom': { min: 40, max: 100 },
  'returns.aheadDays': { min: 1, max: 60 },
  'returns.graceDays': { min: 0, max: 14 },
} as const
export type PolicyNumber = keyof typeof POLICY_BOUNDS

function numbersOf(policy: PolicyDraft): Record<PolicyNumber, number> {
  return {
    askDays: policy.askDays,
    'family.max': policy.family.max,
    'family.childUnder': policy.family.childUnder,
    'family.elderFrom': policy.family.elderFrom,
    'returns.aheadDays': policy.returns.aheadDays,
    'returns.graceDays': policy.returns.graceDays,
  }
}

/** Whether whoever fits the second fits the first already. */
function covers(first: DraftGroup, second: DraftGroup): boolean {
  return (
    (first.situation === null || first.situation === second.situation) &&
    (first.registeredHere === null || first.registeredHere === second.registeredHere)
  )
}

/** Every answer that a form can give: the situations, registered here or not. */
function everybody(): { situation: DraftGroup['situation']; registeredHere: boolean }[] {
  return Situation.options.flatMap((situation) =>
    [true, false].map((registeredHere) => ({ situation, registeredHere })),
  )
}

function fits(group: DraftGroup, who: ReturnType<typeof everybody>[number]): boolean {
  return (
    (group.situation === null || group.situation === who.situation) &&
    (group.registeredHere === null || group.registeredHere === who.registeredHere)
  )
}

function groupFaults(groups: readonly DraftGroup[]): PolicyFault[] {
  return groups.flatMap((group, i): PolicyFault[] => {
    const at = `groups.${i}`
    const found: PolicyFault[] = []
    for (const [lang, word, other] of [
      ['zh', '中文', 'Chinese'],
      ['en', '英文', 'English'],
    ] as const) {
      const name = group.say[lang].trim()
      if (name === '')
        found.push({ at: `${at}.say.${lang}`, say: say(`请写${word}名称`, `Give it a name in ${other}`) })
      else if (name.length > LONGEST)
        found.push({
          at: `${at}.say.${lang}`,
          say: say(`名称不超过 ${LONGEST} 字`, `At most ${LONGEST} characters`),
        })
    }
    const earlier = groups.slice(0, i)
    const before = earlier.findIndex((one) => covers(one, group))
    const left = everybody().filter((who) => fits(group, who) && !earlier.some((one) => fits(one, who)))
    if (before >= 0)
      found.push({
        at,
        say: say(
          `永远轮不到：第 ${before + 1} 组已包含这些人`,
          `Never reached: group ${before + 1} has all of these already`,
        ),
      })
    else if (left.length === 0)
      found.push({
        at,
        say: say('永远轮不到：前面各组合起来已包含这些人', 'Never reached: the groups above have all of these already'),
      })
    return found
  })
}

/** Empty when it may be proposed. */
export function policyFaults(policy: PolicyDraft): PolicyFault[] {
  const found: PolicyFault[] = []
  if (policy.groups.length === 0)
    found.push({ at: 'groups', say: say('至少要有一组人', 'There is to be one group at least') })
  if (policy.groups.length > MOST_GROUPS)
    found.push({ at: 'groups', say: say(`最多 ${MOST_GROUPS} 组`, `At most ${MOST_GROUPS} groups`) })
  found.push(...groupFaults(policy.groups))
  if (policy.documents.length === 0)
    found.push({ at: 'documents', say: say('至少选一种证件', 'Choose one document at least') })
  else if (!policy.documents.includes('resident'))
    found.push({
      at: 'documents',
      say: say(
        '不能没有居民身份证，否则多数人无法登记',
        'Without the resident identity card most people cannot register',
      ),
    })
  const numbers = numbersOf(policy)
  for (const at of POLICY_NUMBERS) {
    const { min, max } = POLICY_BOUNDS[at]
    const n = numbers[at]
    if (!Number.isInteger(n) || n < min || n > max)
      found.push({ at, say: say(`请填 ${min} 到 ${max} 的整数`, `A whole number from ${min} to ${max}`) })
  }
  if (policy.returns.graceDays >= policy.returns.aheadDays)
    found.push({
      at: 'returns.graceDays',
      say: say('宽限天数应少于可提前登记的天数', 'The grace is shorter than how far ahead a return is told'),
    })
  return found
}

const POLICY_NUMBERS: readonly PolicyNumber[] = [
  'askDays',
  'family.max',
  'family.childUnder',
  'family.elderFrom',
  'returns.aheadDays',
  'returns.graceDays',
]

/** Whom a group means, in words: what its name has to agree with. */
export function groupSays({ situation, registeredHere }: Pick<DraftGroup, 'situation' | 'registeredHere'>): Say {
  const who = situation === null ? say('不论哪种情形', 'Whatever the situation') : SITUATION_NAMES[situation]
  const here =
    registeredHere === null
      ? say('不论户籍', 'registered here or not')
      : registeredHere
        ? say('本市户籍', 'registered here')
        : say('非本市户籍', 'not registered here')
  return say(`${who.zh} · ${here.zh}`, `${who.en} · ${here.en}`)
}
