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
  'code.paper': say('打印纸质码', 'printed a paper code'),
  'code.stop': say('停用健康码', 'stopped your code'),
  'code.resume': say('恢复健康码', 'let your code go on'),
  'list.export': say('导出名单', 'exported a list'),
  'objection.read': say('查看申诉说明', 'read the words of your objection'),
  'objection.proof': say('查看申诉证明', 'looked at the proof of your objection'),
  'objection.print': say('打印申诉答复', 'printed the answer to your objection'),
  'hardship_pass.print': say('打印临时通行证', 'printed a temporary pass'),
  'contradiction.read': say('查看您的说明', 'read what you explained'),
  'observation.open_photo': say('查看观察照片', 'looked at a picture of the observation'),
  'service.open': say('打开送达信息', 'opened where to bring something'),
  'service.open_photo': say('查看送达照片', 'looked at a picture of what was brought'),
  'medicine.open': say('查看用药', 'opened the medicines you take'),
  'medicine.search': say('按药名配药', 'looked for who takes a medicine'),
  'mediation.read': say('查看纠纷说明', 'read the words of a dispute'),
  'gate.document': say('卡口按证件查验', 'looked up at a gate by your document'),
  'gate.refer': say('卡口转网格', 'sent on from a gate'),
  'gate.referral_open': say('打开卡口转办信息', 'opened what a gate sent on'),
  'passage.open': say('按病例开启通行记录', 'passages were opened for a case'),
  'passage.result': say('按病例查找接触者', 'found as a contact of a case'),
  'push.propose': say('列入下发名单', 'put on a list for the grids'),
  'return.arrive': say('确认到达', 'confirmed that you arrived'),
  'person.merge': say('合并重复记录', 'joined two records of you'),
  'person.undo_merge': say('拆开误并记录', 'parted records that were joined wrongly'),
  'person.decide_review': say('判定重复记录', 'decided whether two records are you'),
  'household.create': say('登记户', 'registered the household'),
}

/** What has no words of its own yet is still told. */
export const VERB_OTHER: Say = say('处理与您有关的事项', 'dealt with something about you')
