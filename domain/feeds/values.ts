import { plain } from '../people/reading.ts'
import type { Mapping } from './api.ts'
import type { Degree, FactKind } from './fact.ts'
import { FACT_VALUES } from './fact.ts'

/** FEED-13: what offices write for the closed lists of values; a source may add its own spellings. */
const SPELLINGS: Partial<Record<FactKind, Record<string, readonly string[]>>> = {
  symptom: {
    fever: ['发热', '发烧', '高热', '低热', '体温异常'],
    cough: ['咳嗽', '干咳', '咳痰'],
    fatigue: ['乏力', '疲劳'],
    breathless: ['气促', '呼吸困难', '胸闷', '气短', 'dyspnoea', 'shortness of breath'],
    sore_throat: ['咽痛', '咽喉痛', '咽干', '喉咙痛', 'sore throat'],
    diarrhoea: ['腹泻', 'diarrhea'],
    smell_loss: ['嗅觉减退', '味觉减退', '嗅觉味觉减退', '嗅觉丧失', 'loss of smell'],
    other: ['其他', '其它', '其他症状'],
  },
  fever_clinic: {
    visited: ['就诊', '已就诊', '门诊', '离院', '居家', '开药离院'],
    held: ['留观', '留院观察', '隔离留观', '收治', '住院', 'admitted'],
    excluded: ['排除', '已排除', '排除新冠', '解除留观', 'ruled out'],
  },
  test: {
    positive: ['阳性', '阳', '+', '(+)', '核酸阳性', '检出', 'pos'],
    negative: ['阴性', '阴', '(-)', '核酸阴性', '未检出', 'neg'],
    pending: ['待出', '检测中', '待检', '待复核', '复检', '结果未出', '送检'],
  },
  case: {
    confirmed: ['确诊', '确诊病例', '阳性病例', '临床诊断'],
    suspected: ['疑似', '疑似病例'],
    asymptomatic: ['无症状', '无症状感染者', '无症状感染'],
    recovered: ['治愈', '出院', '治愈出院', '康复'],
    excluded: ['排除', '已排除', '订正排除', 'ruled out'],
  },
  measure: {
    in: ['纳入', '医学观察', '隔离', '隔离中', '集中隔离', '居家隔离', '开始', '在管'],
    lifted: ['解除', '解除隔离', '解除医学观察', '期满', '结束', '出管'],
  },
}

const DEGREE_SPELLINGS: Record<Degree, readonly string[]> = {
  1: ['1', '密接', '密切接触者', '密切接触', '一级', 'close', 'close contact'],
  2: ['2', '次密接', '密接的密接', '次级密接', '次密切接触者', '二级', 'secondary', 'secondary contact'],
  3: ['3', '一般接触', '一般接触者', '三级', 'general', 'general contact'],
}

function key(text: string): string {
  return plain(text).toLowerCase().replace(/\s+/g, ' ')
}

/** Spelling → canonical value of one kind. */
export function valueTable(kind: FactKind, extra: Mapping['values'] = {}): ReadonlyMap<string, string> {
  const table = new Map<string, string>()
  const canonical = FACT_VALUES[kind]
  if (Array.isArray(canonical)) for (const value of canonical) table.set(value, value)
  for (const [value, spellings] of Object.entries(SPELLINGS[kind] ?? {})) {
    for (const spelling of spellings) table.set(key(spelling), value)
  }
  for (const [value, spellings] of Object.entries(extra)) {
    if (table.has(value)) for (const spelling of spellings) table.set(key(spelling), value)
  }
  return table
}

export function degreeTable(): ReadonlyMap<string, Degree> {
  const table = new Map<string, Degree>()
  for (const degree of [1, 2, 3] as const) {
    for (const spelling of DEGREE_SPELLINGS[degree]) table.set(key(spelling), degree)
  }
  return table
}

export function lookUp<T>(table: ReadonlyMap<string, T>, text: string): T | null {
  return table.get(text) ?? table.get(key(text)) ?? null
}
