import { say } from '../core/say.ts'
import type { Say } from '../core/say.ts'
import type { METHODS, RESULTS } from './api.ts'

/** What a visit was and what came of it, in words that people outside the work read as well. */
export const METHOD_NAMES: Readonly<Record<(typeof METHODS)[number], Say>> = {
  door: say('上门', 'At the door'),
  phone: say('电话', 'By phone'),
  video: say('视频', 'By video'),
  self_report: say('自报', 'Self-report'),
  robot: say('外呼机器人', 'Robot'),
}

export const RESULT_NAMES: Readonly<Record<(typeof RESULTS)[number], Say>> = {
  met: say('见到本人', 'Met'),
  not_home: say('不在家', 'Not at home'),
  refused: say('拒绝', 'Refused'),
  wrong_address: say('地址有误', 'Wrong address'),
  phone_off: say('关机', 'Phone off'),
  empty_number: say('空号', 'No such number'),
  no_answer: say('无人接听', 'No answer'),
  moved_out: say('已搬走', 'Moved out'),
}
