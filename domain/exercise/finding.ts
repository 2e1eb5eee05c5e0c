import { addDays } from '../core/day.ts'
import type { Day } from '../core/day.ts'
import type { DispositionCode } from '../tasks/disposition.ts'
import type { Rng } from './prng.ts'
import type { Truth } from './scenario.ts'

/** What a worker of the exercise finds: the truth as it shows at a door or on the phone (EX-8). */
export type Finding = {
  method: 'door' | 'phone'
  result: string
  disposition: DispositionCode
  goesTo: string | null
  expectedDay: Day | null
  note: string | null
  answers: Record<string, unknown>
}

const UNREACHED = 0.1
const TRIES = ['NO_ANSWER', 'NO_ANSWER', 'PHONE_OFF', 'HUNG_UP'] as const

type Told = Pick<Finding, 'disposition'> & Partial<Finding>

function told(truth: Truth, rng: Rng, day: Day): Told {
  if (truth.wrong === 'phone_empty') return { disposition: 'WRONG_INFO', method: 'phone', result: 'empty_number' }
  if (truth.wrong !== null)
    return {
      disposition: 'WRONG_INFO',
      note: truth.wrong === 'name' ? '姓名与证件不符（演练）' : '号码机主非本人（演练）',
    }
  if (!truth.livesHere) {
    const x = rng.next()
    if (x < 0.6) return { disposition: 'NOT_RESIDENT', result: 'moved_out', note: '户主与邻居均称早已搬离（演练）' }
    if (x < 0.9 && truth.away !== null) return { disposition: 'AWAY_OTHER_AREA', method: 'phone', goesTo: truth.away }
    return { disposition: 'NOT_RETURNED', method: 'phone', expectedDay: addDays(day, rng.between(2, 6)) }
  }
  switch (truth.fate) {
    case 'past_window':
      return { disposition: 'HERE_RELEASED' }
    case 'no_risk':
      return { disposition: rng.chance(0.6) ? 'HERE_NO_RISK' : 'HERE_TRANSIT_ONLY' }
    case 'case':
      return { disposition: 'HERE_CENTRAL' }
    default:
      break
  }
  if (truth.refuses) return { disposition: 'HERE_REFUSED', result: 'refused', note: '不开门，称已向单位报告（演练）' }
  if (truth.symptom) return { disposition: 'HERE_SYMPTOM' }
  if (truth.central) return { disposition: 'HERE_CENTRAL', method: 'phone' }
  return { disposition: truth.fate === 'listed_city' && rng.chance(0.6) ? 'HERE_MONITOR' : 'HERE_HOME_OBS' }
}

function answersOf(truth: Truth, rng: Rng, disposition: DispositionCode): Record<string, unknown> {
  if (!disposition.startsWith('HERE_') || disposition === 'HERE_REFUSED') return {}
  const stay = truth.facts.find((fact) => fact.kind === 'stay')
  const from = stay === undefined ? 'not_away' : stay.place?.startsWith('42') ? 'hubei' : 'listed'
  return {
    ...(stay === undefined
      ? {}
      : { arrived_on: stay.to, transport: rng.pick(['train', 'train', 'plane', 'coach', 'car']) }),
    came_from: from,
    lives_with: rng.between(0, 4),
    health: disposition === 'HERE_SYMPTOM' ? ['fever', 'cough'] : ['well'],
    needs: rng.chance(0.25) ? ['food'] : ['none'],
  }
}

/** One try at one person. One in ten is not reached at the first try; by the third the worker has been at the door. */
export function findingOf(truth: Truth, rng: Rng, day: Day, attempt: number): Finding {
  if (attempt < 3 && truth.wrong !== 'phone_empty' && rng.chance(UNREACHED)) {
    const disposition = rng.pick(TRIES)
    const result = disposition === 'PHONE_OFF' ? 'phone_off' : 'no_answer'
    return { method: 'phone', result, disposition, goesTo: null, expectedDay: null, note: null, answers: {} }
  }
  const found = told(truth, rng, day)
  return {
    method: 'door',
    result: 'met',
    goesTo: null,
    expectedDay: null,
    note: null,
    ...found,
    answers: answersOf(truth, rng, found.disposition),
  }
}
