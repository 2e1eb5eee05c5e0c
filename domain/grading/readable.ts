import type { Say } from '../core/say.ts'
import { say } from '../core/say.ts'
import { DEFAULT_DOORS } from './plan.ts'
import type { Atom, Criterion, Lasts, Rule, StayCriterion } from './rule-set.ts'
import {
  CASE_SAY,
  CLINIC_SAY,
  COLOUR_SAY,
  DEGREE_SAY,
  DOOR_SAY,
  GRADE_SAY,
  LEVEL_SAY,
  MEASURE_SAY,
  SYMPTOM_SAY,
  TEST_SAY,
} from './words.ts'

/** Rules read like sentences (GRADE-16). `areaName` turns a code into a name where the caller has one. */
export type AreaName = (code: string) => string

const asIs: AreaName = (code) => code

function listed(words: Say[], zhJoin = '、', enJoin = ' or '): Say {
  return say(words.map((w) => w.zh).join(zhJoin), words.map((w) => w.en).join(enJoin))
}

function known(words: Record<string, Say>, keys: readonly (string | number)[]): Say {
  return listed(keys.map((key) => words[key] ?? say(String(key), String(key))))
}

const days = (n: number): string => (n === 1 ? '1 day' : `${n} days`)
const within = (n: number | undefined): Say =>
  n === undefined ? say('', '') : say(`近 ${n} 天内`, ` within the last ${days(n)}`)

function staySentence(atom: StayCriterion, areaName: AreaName): Say {
  const levels = atom.levels ? known(LEVEL_SAY, atom.levels) : say('', '')
  const names = atom.where?.map(areaName) ?? []
  const where = say(names.join('、'), names.join(', '))
  const w = within(atom.withinDays)
  if (atom.match === 'county') {
    return say(
      `${w.zh}到过的县区内另有${levels.zh}地区`,
      `was${w.en} in a county that has a ${levels.en} area elsewhere`,
    )
  }
  const judged =
    atom.judged === 'run_day' ? say('（以研判当日等级为准）', ' (by the level on the day of the run)') : say('', '')
  if (!atom.levels) return say(`${w.zh}到过${where.zh}`, `was in ${where.en}${w.en}`)
  const of = atom.where ? say(`${where.zh}的`, ` in ${where.en}`) : say('', '')
  return say(`${w.zh}到过${of.zh}${levels.zh}地区${judged.zh}`, `was in a ${levels.en} area${of.en}${w.en}${judged.en}`)
}

function atomSentence(atom: Atom, areaName: AreaName): Say {
  const w = within(atom.withinDays)
  switch (atom.kind) {
    case 'stay':
      return staySentence(atom, areaName)
    case 'contact': {
      const who = known(DEGREE_SAY, atom.degrees)
      return say(`${w.zh}为${who.zh}`, `was ${who.en}${w.en}`)
    }
    case 'symptom': {
      const what = atom.codes ? known(SYMPTOM_SAY, atom.codes) : say('任何症状', 'any symptom')
      return say(`${w.zh}有${what.zh}`, `had ${what.en}${w.en}`)
    }
    case 'abroad': {
      const from = atom.countries ? `${atom.countries.join('、')} ` : ''
      return say(
        `${w.zh}自境外${from === '' ? '' : `（${from.trim()}）`}入境`,
        `arrived from abroad${from === '' ? '' : ` (${from.trim()})`}${w.en}`,
      )
    }
    case 'fever_clinic': {
      const state = known(CLINIC_SAY, atom.states ?? ['held'])
      return say(`${w.zh}在发热门诊${state.zh}`, `is ${state.en} at a fever clinic${w.en}`)
    }
    case 'test': {
      const result = known(TEST_SAY, atom.results)
      return say(`${w.zh}最近一次检测为${result.zh}`, `has a ${result.en} latest test${w.en}`)
    }
    case 'case': {
      const status = known(CASE_SAY, atom.statuses)
      return say(`${w.zh}为${status.zh}病例`, `is a ${status.en} case${w.en}`)
    }
    case 'measure': {
      const state = known(MEASURE_SAY, atom.states ?? ['in'])
      return say(`${w.zh}${state.zh}`, `is ${state.en}${w.en}`)
    }
  }
}

export function criterionSentence(criterion: Criterion, areaName: AreaName = asIs): Say {
  switch (criterion.kind) {
    case 'all':
      return listed(
        criterion.of.map((c) => bracketed(c, areaName)),
        '，且',
        ' and ',
      )
    case 'any':
      return listed(
        criterion.of.map((c) => bracketed(c, areaName)),
        '，或',
        ' or ',
      )
    case 'not': {
      const inner = criterionSentence(criterion.of, areaName)
      return say(`并非（${inner.zh}）`, `not (${inner.en})`)
    }
    case 'lives_with': {
      const inner = criterionSentence(criterion.who, areaName)
      const doors = criterion.doors ?? []
      const usual = doors.length === 0 || doors.toSorted().join() === DEFAULT_DOORS.toSorted().join()
      const door = known(DOOR_SAY, doors)
      return say(
        `与以下人员同住${usual ? '' : `（${door.zh}）`}：${inner.zh}`,
        `lives${usual ? '' : ` (${door.en})`} with someone who ${inner.en}`,
      )
    }
    default:
      return atomSentence(criterion, areaName)
  }
}

function bracketed(criterion: Criterion, areaName: AreaName): Say {
  const s = criterionSentence(criterion, areaName)
  return criterion.kind === 'all' || criterion.kind === 'any' ? say(`（${s.zh}）`, `(${s.en})`) : s
}

function lastsSentence(lasts: Lasts): Say {
  switch (lasts.from) {
    case 'fact':
      return say(
        `自最后暴露日起 ${lasts.days} 天（含第 ${lasts.days} 天）`,
        `until day ${lasts.days} after the last exposure, that day included`,
      )
    case 'entry':
      return say(
        `自进入本地之日起 ${lasts.days} 天（含第 ${lasts.days} 天）`,
        `until day ${lasts.days} after entering the area, that day included`,
      )
    case 'release':
      return lasts.days === 0
        ? say('至解除时即止', 'until released, at once')
        : say(
            `解除后再 ${lasts.days} 天（含第 ${lasts.days} 天）`,
            `until day ${lasts.days} after the release, that day included`,
          )
  }
}

export function ruleSentence(rule: Rule, areaName: AreaName = asIs): Say {
  const when = criterionSentence(rule.when, areaName)
  const gives = listed(
    [
      ...(rule.gives.grade ? [GRADE_SAY[rule.gives.grade]] : []),
      ...(rule.gives.colour ? [COLOUR_SAY[rule.gives.colour]] : []),
    ],
    '、',
    ' and ',
  )
  const lasts = lastsSentence(rule.lasts)
  return say(`${when.zh}的，判为${gives.zh}，${lasts.zh}。`, `Whoever ${when.en} is ${gives.en}, ${lasts.en}.`)
}
