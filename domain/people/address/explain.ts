import { say } from '../../core/say.ts'
import type { Say } from '../../core/say.ts'

const FORMS: Readonly<Record<string, Say>> = {
  full: say('全称', 'full name'),
  variant: say('镇街改制前后的称谓', 'name before or after a change of kind'),
  old: say('旧称', 'old name'),
  other: say('别称', 'other name'),
  short: say('简称', 'short name'),
  under: say('上级之后的通称', 'common name below its parent'),
  street: say('街道简称', 'short name of a street office'),
  same: say('村（社区）名', 'village name'),
  group: say('村名加组号', 'village name with a group number'),
}

type Sentence = (args: readonly string[]) => Say

const SENTENCES: Readonly<Record<string, Sentence>> = {
  nothing: () => say('文本中没有可辨认的行政区名称', 'The text names no area that is known'),
  named: ([code = '', name = '', form = '']) => {
    const f = FORMS[form === 'other' ? 'other' : form] ?? say('', '')
    return say(`「${name}」${code}：${f.zh}`, `${name} ${code}: ${f.en}`)
  },
  short: ([, name = '']) =>
    say(
      `「${name}」只写了简称且后面可能是地名，未采用`,
      `${name} is written short and may be part of a longer name: not taken`,
    ),
  zone: ([code = '']) =>
    say(`开发区 ${code} 位于所写区县之内`, `The zone ${code} lies inside the county that is written`),
  quasi: ([code = '']) => say(`园区与街道重叠，以 ${code} 为准`, `Park and street overlap; ${code} is taken`),
  ambiguous: (codes) =>
    say(
      `有多处符合：${codes.join('、')}，只认到共同上级`,
      `Several places fit: ${codes.join(', ')}; only what holds them all is certain`,
    ),
  contradicts: ([code = '', kept = '']) =>
    say(
      `与所写的 ${code} 矛盾，只认到 ${kept || '无'}`,
      `Contradicts ${code} in the text; certain is ${kept || 'nothing'}`,
    ),
  prior: ([prior = '', code = '']) =>
    say(`同名地按所在辖区 ${prior} 取 ${code}`, `Of several namesakes the one near ${prior} is taken: ${code}`),
  alone: ([prior = '', code = '']) =>
    say(
      `按所在辖区 ${prior} 会认到 ${code}，与文本所写不符，以文本为准`,
      `From ${prior} it would be ${code}, which the text excludes: the text stands`,
    ),
  unplaced: ([code = '']) =>
    say(`${code} 的名称没有上级可以印证，未采用`, `Nothing places the name of ${code}: not taken`),
  mended: ([from = '', to = '']) =>
    say(`「${from}」差一个字，按「${to}」认`, `${from} is one character off and is taken for ${to}`),
  point: ([code = '', name = '']) => say(`门牌库「${name}」对应 ${code}`, `The register has ${name} in ${code}`),
  unregistered: ([code = '']) =>
    say(`门牌库中没有这个门牌，停在 ${code}`, `The register does not have this door; it stays at ${code}`),
}

/** One line of `Resolved.how` as a sentence in both languages, with the number of its rule. */
export function explain(line: string): { rule: string; say: Say } {
  const [rule = '', what = '', ...args] = line.split(' ')
  return { rule, say: SENTENCES[what]?.(args) ?? say(line, line) }
}
