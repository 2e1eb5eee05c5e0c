import { say } from '../core/say.ts'
import type { Say } from '../core/say.ts'

/** Verbs of the trail that name whose identity was opened, in the words that this person reads (REGISTER-21). */
export const VERB_NAMES: Record<string, Say> = {
  'person.open': say('打开身份信息', 'opened who you are'),
  'person.open_page': say('下发到值守手机', 'sent to a phone on duty'),
  'person.create': say('登记人员', 'registered the person'),
  'person.move': say('变更住处', 'changed where you live'),
  'person.assign': say('核定住处', 'settled where you live'),
  'sync.pull': say('同步到值守手机', 'synced to a phone on duty'),
  'observation.notice': say('打印告知书', 'printed the notice'),
  'observation.certificate': say('打印解除通知书', 'printed the note of release'),
  'reading.open': say('查看填报说明', 'read the words of a reading'),
  'task.open': say('打开任务对象', 'opened whom a task is about'),
  'visit.open': say('打开走访记录', 'opened a visit'),
  'registration.decide': say('核对登记', 'checked a registration'),
  'registration.proxy': say('代为登记', 'registered for you'),
  'list.export': say('导出名单', 'exported a list'),
}
