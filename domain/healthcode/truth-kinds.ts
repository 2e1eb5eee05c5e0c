import type { Day } from '../core/day.ts'
import { say } from '../core/say.ts'
import type { Say } from '../core/say.ts'

/**
 * What of a declaration does not fit what is known (TRUTH-1): a closed list. Each is a clue for a person to ask about, with both
 * sides shown; none of them has a colour, a grade, a number of points or a way to one (TRUTH-2).
 */
export const CONTRADICTION_KINDS = [
  'stay_denied',
  'stay_shortened',
  'abroad_denied',
  'contact_denied',
  'measure_denied',
  'symptom_denied',
  'arrival_differs',
  'shared_phone',
  'shared_key',
] as const
export type ContradictionKind = (typeof CONTRADICTION_KINDS)[number]

/**
 * Of one declaration against what is known of the same person; the others are signs of misuse of a telephone or a key. That codes
 * were refused at gates for reuse is a figure of the gate and never a person's: passages test no declaration (TRUTH-13).
 */
export const DECLARATION_KINDS = CONTRADICTION_KINDS.slice(0, 7)

type Words = { name: Say; asks: Say }

const WORDS: Record<ContradictionKind, Words> = {
  stay_denied: {
    name: say('未申报的重点地区停留', 'A stay in a risk area that was not declared'),
    asks: say(
      '请问近14天是否到过所列地区，何时离开',
      'Ask whether they were in the area named within 14 days, and when they left',
    ),
  },
  stay_shortened: {
    name: say('停留结束日期早于已知日期', 'A stay declared to have ended earlier than is known'),
    asks: say('请核对离开所列地区的日期', 'Ask on which day they left the area named'),
  },
  abroad_denied: {
    name: say('未申报的境外旅居', 'A stay abroad that was not declared'),
    asks: say('请问近14天是否从境外入境', 'Ask whether they came from abroad within 14 days'),
  },
  contact_denied: {
    name: say('已告知的密切接触未申报', 'A contact they had been told of was not declared'),
    asks: say('请再次说明接触情况并核对', 'Explain once more that they were in contact with a case, and ask about it'),
  },
  measure_denied: {
    name: say('申报未在管理，但措施尚未结束', 'Declared to be under no measure while one has not ended'),
    asks: say('请核对居家观察或医学管理是否已结束', 'Ask whether the observation or medical management has ended'),
  },
  symptom_denied: {
    name: say(
      '申报无症状，但刚有就诊或症状记录',
      'Declared no symptoms while a visit to a fever clinic or a symptom is fresh',
    ),
    asks: say('请问身体情况，是否需要帮助', 'Ask how they are and whether they need help'),
  },
  arrival_differs: {
    name: say(
      '申报的到达日期与本人返回登记或确认的单位登记不一致',
      'The day of arrival differs from the own registration of return, or from what was confirmed to an employer',
    ),
    asks: say('请核对实际到达日期', 'Ask on which day they really arrived'),
  },
  shared_phone: {
    name: say('同一手机号登记多名互不相关的人', 'One telephone for many people who are not related'),
    asks: say(
      '请核对这些登记是否本人所为、是否需要代管登记',
      'Ask whether each registered themselves, and help them to be registered as family where they are',
    ),
  },
  shared_key: {
    name: say('同一设备密钥用于多名互不相关的人', 'One device key for many people who are not related'),
    asks: say('请核对这些健康码由谁使用', 'Ask who uses these codes'),
  },
}

export function nameOfKind(kind: ContradictionKind): Say {
  return WORDS[kind].name
}

/** What whoever calls or knocks is asked to find out, in one sentence. */
export function askOfKind(kind: ContradictionKind): Say {
  return WORDS[kind].asks
}

/** How a contradiction ends (TRUTH-9). None of them touches a colour, a penalty or a credit record. */
export const OUTCOMES = ['honest_error', 'our_error', 'false', 'unknown'] as const
export type Outcome = (typeof OUTCOMES)[number]

export const OUTCOME_SAY: Record<Outcome, Say> = {
  honest_error: say('记错或填错，请本人更正', 'An honest mistake, to be corrected by a new declaration'),
  our_error: say('数据有误，已在数据处更正', 'Our data were wrong and were corrected at the fact'),
  false: say('申报不实，已记录', 'The declaration was false; this is recorded and nothing follows by itself'),
  unknown: say('无法判断', 'It cannot be told'),
}

/**
 * open: found and not looked at · asked: somebody has been sent to call or knock · answered: what they found waits for the desk ·
 * closed: decided · ceased: nothing is contradicted any more (a new declaration, a fact withdrawn).
 */
export const CONTRADICTION_STATES = ['open', 'asked', 'answered', 'closed', 'ceased'] as const
export type ContradictionState = (typeof CONTRADICTION_STATES)[number]

export const STATE_SAY: Record<ContradictionState, Say> = {
  open: say('待处理', 'Not looked at yet'),
  asked: say('核实中', 'Being asked about'),
  answered: say('已核实，待认定', 'Asked about, waits for a decision'),
  closed: say('已认定', 'Decided'),
  ceased: say('已不再矛盾', 'No longer contradicts'),
}

/** `answered` by the person's own words. */
export const EXPLAINED_SAY = say('本人已说明，待认定', 'Explained by the person, waits for a decision')

/** One thing on the other side: what a source knows, in codes. `ref` names the row it stands in. */
export type Evidence = {
  kind:
    | 'stay'
    | 'abroad'
    | 'contact'
    | 'measure'
    | 'case'
    | 'fever_clinic'
    | 'symptom'
    | 'observation'
    | 'return'
    | 'phone'
    | 'key'
  /** The feed's id, or `observation`, `return`, `org`, `phone`, `key`. `value` of the last two: how many people. */
  source: string
  ref: string
  place: string | null
  value: string | null
  degree: number | null
  from: Day
  /** The last day on which it matters; null when it has not ended. */
  to: Day | null
  /** Somebody who asked the person found the same (TRUTH-5). */
  verified: boolean
}
