import { describe, expect, test } from 'vitest'
import { PRESETS } from './presets/all.ts'
import { SUZHOU } from './presets/suzhou.ts'
import type { Criterion } from './rule-set.ts'
import { readRuleSet } from './validate.ts'

const withRule = (patch: object): unknown => ({ ...SUZHOU, rules: [{ ...SUZHOU.rules[0], ...patch }] })
const when = (criterion: Criterion | object): unknown => withRule({ when: criterion })
const faults = (input: unknown): string[] =>
  readRuleSet(input)
    .validation.faults.filter((f) => f.level === 'error')
    .map((f) => f.path)

describe('GRADE-15: faults name the place and the remedy', () => {
  test.each(PRESETS.map((p) => [p.code, p] as const))('preset %s has none, in both languages', (_code, preset) => {
    const { validation } = readRuleSet(JSON.parse(JSON.stringify(preset)))
    expect(validation.faults).toEqual([])
    expect(validation.sentences).toHaveLength(preset.rules.length)
  })

  test.each<[string, unknown, string]>([
    ['an unknown risk level', when({ kind: 'stay', levels: ['severe'], withinDays: 14 }), 'rules.0.when.levels.0'],
    ['days above 60', when({ kind: 'contact', degrees: [1], withinDays: 61 }), 'rules.0.when.withinDays'],
    ['negative days', withRule({ lasts: { days: -1, from: 'fact' } }), 'rules.0.lasts.days'],
    ['an empty all', when({ kind: 'all', of: [] }), 'rules.0.when.of'],
    [
      'an empty any inside',
      when({ kind: 'all', of: [{ kind: 'measure' }, { kind: 'any', of: [] }] }),
      'rules.0.when.of.1.of',
    ],
    ['a not alone', when({ kind: 'not', of: { kind: 'measure' } }), 'rules.0.when'],
    [
      'a not in an any',
      when({ kind: 'any', of: [{ kind: 'measure' }, { kind: 'not', of: { kind: 'measure' } }] }),
      'rules.0.when.of.1',
    ],
    [
      'lives with inside lives with',
      when({ kind: 'lives_with', who: { kind: 'lives_with', who: { kind: 'measure' } } }),
      'rules.0.when.who',
    ],
    ['a stay that names nothing', when({ kind: 'stay', withinDays: 14 }), 'rules.0.when'],
    ['a rule that gives nothing', withRule({ gives: {} }), 'rules.0.gives'],
    [
      'red for a risk area elsewhere in the county',
      when({ kind: 'stay', levels: ['high'], withinDays: 14, match: 'county' }),
      'rules.0.gives',
    ],
    ['an unknown symptom', when({ kind: 'symptom', codes: ['sneeze'], withinDays: 7 }), 'rules.0.when.codes.0'],
    [
      'an entry for a test',
      {
        ...SUZHOU,
        rules: [
          { ...SUZHOU.rules[0], when: { kind: 'test', results: ['positive'] }, lasts: { days: 14, from: 'entry' } },
        ],
      },
      'rules.0.lasts.from',
    ],
    ['a duplicated id', { ...SUZHOU, rules: [SUZHOU.rules[0], SUZHOU.rules[0]] }, 'rules.1.id'],
    ['the id of changes by hand', withRule({ id: 'manual' }), 'rules.0.id'],
    ['an unknown field', withRule({ score: 3 }), 'rules.0'],
  ])('%s', (_name, input, path) => {
    expect(faults(input)).toContain(path)
    for (const fault of readRuleSet(input).validation.faults) {
      expect(fault.message.zh).not.toBe('')
      expect(fault.remedy.en).not.toBe('')
    }
  })
})

describe('GRADE-16: rules read like sentences', () => {
  test('Suzhou', () => {
    const sentences = readRuleSet(SUZHOU, (code) => (code === '42' ? '湖北省' : code)).validation.sentences
    expect(sentences[0]?.sentence.zh).toBe(
      '近 14 天内到过湖北省，或近 14 天内到过高风险地区的，判为红色、红码，自最后暴露日起 14 天（含第 14 天）。',
    )
    expect(sentences[5]?.sentence.en).toBe(
      'Whoever lives with someone who is held at a fever clinic is yellow and yellow code, until released, at once.',
    )
  })
})
