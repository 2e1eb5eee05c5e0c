import { say } from '../core/say.ts'
import type { Say } from '../core/say.ts'

/**
 * The closed list of answers to a check task 核查结论 (TASK-10) and what each does next. `next` is what the fold does with the
 * task, `follow` what another room does after hearing `task.answered`.
 *
 * - close: the task is answered and closed.
 * - review: answered, and a centre decides whether it stands.
 * - forward: answered here; a successor opens where the person is.
 * - return_up: not an answer yet: the task goes to the level above with the evidence.
 * - wait: not an answer yet: asked again from 00:00 of a named day.
 * - retry: not an answer yet: an attempt that did not reach the person.
 */
export type Next = 'close' | 'review' | 'forward' | 'return_up' | 'wait' | 'retry'
export type Follow = 'observation' | 'central' | 'monitor' | 'incident' | 'referral' | 'source' | 'duplicate' | 'phone'

export const DISPOSITION_CODES = [
  'HERE_HOME_OBS',
  'HERE_CENTRAL',
  'HERE_MONITOR',
  'HERE_RELEASED',
  'HERE_NO_RISK',
  'HERE_TRANSIT_ONLY',
  'HERE_REFUSED',
  'HERE_SYMPTOM',
  'AWAY_OTHER_AREA',
  'NOT_RESIDENT',
  'NOT_RETURNED',
  'WRONG_INFO',
  'PHONE_EMPTY',
  'PHONE_OFF',
  'NO_ANSWER',
  'HUNG_UP',
  'PHONE_NOT_OWNER',
  'DUPLICATE',
  'DECEASED_OTHER',
] as const
export type DispositionCode = (typeof DISPOSITION_CODES)[number]

/** `here`: the person was found in the area. `sourceWrong`: counts against the precision of the source (STAT-8). */
export type Disposition = {
  code: DispositionCode
  say: Say
  after: Say
  next: Next
  follow: Follow | null
  here: boolean
  sourceWrong: boolean
  urgent: boolean
  needs: ('area' | 'day' | 'note')[]
}

function row(
  code: DispositionCode,
  zh: string,
  en: string,
  afterZh: string,
  afterEn: string,
  more: Partial<Disposition>,
): Disposition {
  return {
    code,
    say: say(zh, en),
    after: say(afterZh, afterEn),
    next: 'close',
    follow: null,
    here: code.startsWith('HERE_'),
    sourceWrong: false,
    urgent: false,
    needs: [],
    ...more,
  }
}

const wrong = { sourceWrong: true }
const retry = { next: 'retry' as const }

export const DISPOSITIONS: readonly Disposition[] = [
  row(
    'HERE_HOME_OBS',
    '在辖区·已落实居家观察',
    'Here, home observation in place',
    '建立居家观察',
    'Opens a home observation',
    { follow: 'observation' },
  ),
  row(
    'HERE_CENTRAL',
    '在辖区·已集中隔离',
    'Here, in central isolation',
    '关联集中隔离记录',
    'Linked to the isolation record',
    { follow: 'central' },
  ),
  row('HERE_MONITOR', '在辖区·健康监测', 'Here, health monitoring', '建立健康监测', 'Opens health monitoring', {
    follow: 'monitor',
  }),
  row('HERE_RELEASED', '在辖区·已满期/超出排查期', 'Here, period over or past the window', '结束', 'Closes', {}),
  row(
    'HERE_NO_RISK',
    '在辖区·未经停重点地区',
    'Here, was not in a key area',
    '结束，反馈数据源误报',
    'Closes; the source is told it was wrong',
    { ...wrong, follow: 'source' },
  ),
  row('HERE_TRANSIT_ONLY', '途经未停留', 'Passed through without a stop', '结束', 'Closes', {}),
  row(
    'HERE_REFUSED',
    '在辖区·拒不配合',
    'Here, refuses to cooperate',
    '转为事件，由网格中心复核、民警协助',
    'Becomes an incident; the centre reviews, police help',
    { next: 'review', follow: 'incident', needs: ['note'] },
  ),
  row('HERE_SYMPTOM', '在辖区·有症状', 'Here, has symptoms', '立即转介发热门诊', 'Referred to a fever clinic at once', {
    follow: 'referral',
    urgent: true,
  }),
  row(
    'AWAY_OTHER_AREA',
    '已离开/在外地',
    'Has left, is elsewhere',
    '转给所在地继续核查',
    'Forwarded to where the person is',
    { next: 'forward', needs: ['area'] },
  ),
  row(
    'NOT_RESIDENT',
    '非本辖区居住',
    'Does not live here',
    '连同依据退回上一级',
    'Returned to the level above with the evidence',
    { ...wrong, next: 'return_up', needs: ['note'] },
  ),
  row('NOT_RETURNED', '未返回', 'Has not come back yet', '到预计返回日再核查', 'Asked again on the expected day', {
    next: 'wait',
    needs: ['day'],
  }),
  row(
    'WRONG_INFO',
    '信息有误（号码/姓名/证件）',
    'Wrong information (number, name, document)',
    '结束，退回数据源',
    'Closes; returned to the owner of the data',
    { ...wrong, follow: 'source' },
  ),
  row('PHONE_EMPTY', '空号', 'Number does not exist', '不再拨打，改为上门', 'No more calls; go to the door', retry),
  row('PHONE_OFF', '关机', 'Phone is off', '4 小时后再拨', 'Call again after 4 hours', retry),
  row('NO_ANSWER', '无人接听', 'No answer', '2 小时后再拨', 'Call again after 2 hours', retry),
  row('HUNG_UP', '挂断', 'Hung up', '次日再拨或上门', 'Call again the next day, or go to the door', retry),
  row(
    'PHONE_NOT_OWNER',
    '机主非本人',
    'Number belongs to someone else',
    '更正并删除该号码，改为上门',
    'The number is corrected and deleted; go to the door',
    { next: 'retry', follow: 'phone' },
  ),
  row(
    'DUPLICATE',
    '重复·前期已排查',
    'Duplicate, already checked',
    '合并，显示前期结论',
    'Merged; the earlier answer is shown',
    { follow: 'duplicate' },
  ),
  row('DECEASED_OTHER', '其他（说明）', 'Other (say what)', '由网格中心复核', 'Reviewed by the centre', {
    next: 'review',
    needs: ['note'],
  }),
]

const BY_CODE = new Map<string, Disposition>(DISPOSITIONS.map((d) => [d.code, d]))

/** A code that is not in the list is kept raw by the caller and goes to review; it is never refused (case 19). */
export function findDisposition(code: string): Disposition | null {
  return BY_CODE.get(code) ?? null
}

export function nextOf(code: string): Next {
  return BY_CODE.get(code)?.next ?? 'review'
}

export const HERE_CODES: readonly string[] = DISPOSITIONS.filter((d) => d.here).map((d) => d.code)
export const SOURCE_WRONG_CODES: readonly string[] = DISPOSITIONS.filter((d) => d.sourceWrong).map((d) => d.code)
export const RETRY_CODES: readonly string[] = DISPOSITIONS.filter((d) => d.next === 'retry').map((d) => d.code)
