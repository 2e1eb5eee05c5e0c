import type { Say } from '../core/say.ts'
import { say } from '../core/say.ts'

/**
 * GRADE-24: why a grade may be changed by hand. The list is closed and knows nothing but the outbreak; there is no "other".
 * Each entry bounds how long the change may hold.
 */
export const MANUAL_REASONS = [
  'wrong_person',
  'wrong_data',
  'not_there',
  'not_a_contact',
  'case_excluded',
  'period_over',
  'result_missing',
  'case_confirmed',
  'contact_found',
  'symptoms_found',
] as const
export type ManualReasonCode = (typeof MANUAL_REASONS)[number]

export type ManualReasonInfo = {
  say: Say
  /** 'raise': only to a stronger result; 'lower': only to a weaker one. */
  way: 'raise' | 'lower'
  maxDays: number
}

export const MANUAL_REASON_INFO: Record<ManualReasonCode, ManualReasonInfo> = {
  wrong_person: { say: say('人员或号码有误', 'The wrong person or number'), way: 'lower', maxDays: 30 },
  wrong_data: {
    say: say('来源数据有误，已核实', 'The data of the source are wrong, verified'),
    way: 'lower',
    maxDays: 30,
  },
  not_there: { say: say('经核实未到过该地区', 'Verified: was not in that area'), way: 'lower', maxDays: 30 },
  not_a_contact: { say: say('经流调不是密切接触者', 'Case investigation: not a contact'), way: 'lower', maxDays: 30 },
  case_excluded: { say: say('病例已排除', 'The case is excluded'), way: 'lower', maxDays: 30 },
  period_over: { say: say('观察期已满', 'The period of observation is over'), way: 'lower', maxDays: 30 },
  result_missing: {
    say: say('检测结果未到，已另行核实', 'The test result was missing and is verified otherwise'),
    way: 'lower',
    maxDays: 30,
  },
  case_confirmed: {
    say: say('确诊或疑似病例（填病例编号）', 'A confirmed or suspected case (give the case number)'),
    way: 'raise',
    maxDays: 60,
  },
  contact_found: {
    say: say('流调新发现的接触者', 'A contact newly found by investigation'),
    way: 'raise',
    maxDays: 21,
  },
  symptoms_found: { say: say('上门发现症状', 'Symptoms found at the door'), way: 'raise', maxDays: 14 },
}
