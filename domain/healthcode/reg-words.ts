import { say } from '../core/say.ts'
import type { Say } from '../core/say.ts'
import type { Need, Purpose, Relation, ReturnState, Situation, Transport } from './reg-api.ts'
import type { HeldWhy } from './reg-rules.ts'

/** Words of registration in both languages, for the faces, the copies and the trail. */
export const TRANSPORT_NAMES: Record<Transport, Say> = {
  train: say('火车', 'train'),
  plane: say('飞机', 'plane'),
  coach: say('长途客车', 'coach'),
  car: say('自驾', 'car'),
  ship: say('轮船', 'ship'),
  walk: say('步行', 'on foot'),
  other: say('其他', 'other'),
}

export const PURPOSE_NAMES: Record<Purpose, Say> = {
  home: say('回家', 'home'),
  work: say('工作', 'work'),
  study: say('上学', 'study'),
  business: say('商务', 'business'),
  visit: say('探亲访友', 'visit'),
  medical: say('就医', 'medical'),
  tourism: say('旅游', 'tourism'),
  other: say('其他', 'other'),
}

export const SITUATION_NAMES: Record<Situation, Say> = {
  living: say('已在本地', 'here already'),
  returning: say('返回本地', 'returning'),
  coming: say('来本地', 'coming'),
}

export const NEED_NAMES: Record<Need, Say> = { must: say('应当登记', 'must'), may: say('自愿登记', 'may') }

export const RELATION_NAMES: Record<Relation, Say> = {
  self: say('本人', 'self'),
  child: say('子女', 'child'),
  parent: say('老人', 'elder'),
  spouse: say('配偶', 'spouse'),
  other: say('其他', 'other'),
}

export const RETURN_STATE_NAMES: Record<ReturnState, Say> = {
  draft: say('填写中', 'draft'),
  submitted: say('已提交', 'sent in'),
  triaged: say('已分级', 'triaged'),
  host_notified: say('已告知网格', 'grid told'),
  arrived_confirmed: say('已到达', 'arrived'),
  health_plan_started: say('健康管理中', 'health plan under way'),
  completed: say('已完成', 'completed'),
  cancelled: say('已取消', 'cancelled'),
  no_show: say('逾期未到', 'did not come'),
}

/** What happens next, to the traveller. */
export const RETURN_NEXT: Record<ReturnState, Say> = {
  draft: say('填完后提交', 'Complete it and send it in'),
  submitted: say('正在分派，无需等待', 'It is being passed on; you need not wait'),
  triaged: say('正在找到您住处的网格员', 'The worker of your address is being found'),
  host_notified: say('网格员已知道；到达后请点“我到了”', 'The worker knows; when you are here, tap “I have arrived”'),
  arrived_confirmed: say(
    '网格员会与您联系；如有不适请先告知',
    'The worker will be in touch; tell them if you feel unwell',
  ),
  health_plan_started: say('请按告知书每日填报', 'Report daily as the notice says'),
  completed: say('已办结', 'Done'),
  cancelled: say('已取消；改变主意可再登记', 'Cancelled; you may register again'),
  no_show: say(
    '过了预计日期未见到达；改期请修改，已到请点“我到了”',
    'The expected day has passed; change it, or tap “I have arrived”',
  ),
}

export const HELD_NAMES: Record<HeldWhy, Say> = {
  name: say('证件已有记录，姓名明显不同', 'The document is known under a clearly different name'),
  phone: say('证件已有记录，联系电话不同', 'The document is known with another telephone'),
  bound: say('此人已由另一账号登记', 'The person is registered under another account'),
  guardian: say('此人已由另一账号登记或代办', 'The person is with another account, or registers alone'),
  many: say('同一账号一天内提交很多', 'Very many from one account within a day'),
}
