import type { Say } from '../core/say.ts'
import { say } from '../core/say.ts'
import type { Colour, Grade } from './rule-set.ts'

/** GRADE-9: what a reason says besides when its source may not give red. */
export const CAPPED_NOTE: Say = say('（来源未获准判红，按黄处理）', ' (the source may not give red, so yellow)')

/** The words of this room as people read them; shared by sentences, faults and screens. */
export const GRADE_SAY: Record<Grade, Say> = {
  red: say('红色', 'red'),
  yellow: say('黄色', 'yellow'),
  blue: say('蓝色', 'blue'),
}

export const COLOUR_SAY: Record<Colour, Say> = {
  red: say('红码', 'red code'),
  yellow: say('黄码', 'yellow code'),
  pending: say('绿码待定', 'green pending'),
  green: say('绿码', 'green code'),
}

export const LEVEL_SAY: Record<string, Say> = {
  high: say('高风险', 'high-risk'),
  medium: say('中风险', 'medium-risk'),
  low: say('低风险', 'low-risk'),
}

export const DEGREE_SAY: Record<number, Say> = {
  1: say('密切接触者', 'a close contact'),
  2: say('次密切接触者', 'a secondary contact'),
  3: say('一般接触者', 'a general contact'),
}

export const CASE_SAY: Record<string, Say> = {
  confirmed: say('确诊', 'confirmed'),
  suspected: say('疑似', 'suspected'),
  asymptomatic: say('无症状感染', 'asymptomatic'),
  recovered: say('治愈', 'recovered'),
  excluded: say('排除', 'excluded'),
}

export const TEST_SAY: Record<string, Say> = {
  positive: say('阳性', 'positive'),
  negative: say('阴性', 'negative'),
  pending: say('待出', 'pending'),
}

export const CLINIC_SAY: Record<string, Say> = {
  held: say('留观', 'held'),
  visited: say('就诊', 'seen'),
  excluded: say('排除', 'cleared'),
}

export const MEASURE_SAY: Record<string, Say> = {
  in: say('医学管理措施未解除', 'under medical management'),
  lifted: say('医学管理措施已解除', 'released from medical management'),
}

export const SYMPTOM_SAY: Record<string, Say> = {
  fever: say('发热', 'fever'),
  cough: say('咳嗽', 'cough'),
  fatigue: say('乏力', 'fatigue'),
  breathless: say('呼吸困难', 'shortness of breath'),
  sore_throat: say('咽痛', 'sore throat'),
  diarrhoea: say('腹泻', 'diarrhoea'),
  smell_loss: say('嗅觉减退', 'loss of smell'),
  other: say('其他症状', 'other symptoms'),
}

export const DOOR_SAY: Record<string, Say> = {
  home: say('住宅', 'home'),
  rental: say('出租房', 'rental'),
  group_rental: say('群租房', 'group rental'),
  dormitory: say('集体宿舍', 'dormitory'),
  shop: say('店铺', 'shop'),
  business: say('单位', 'business'),
}
