import type { Fault } from '@weiwang/domain/grading/api'
import { expect, test } from 'vitest'
import { faultsAt, placeOf } from './faults.ts'

const fault = (path: string): Fault => ({
  path,
  level: 'error',
  rule: 'GRADE-1',
  message: { zh: '', en: '' },
  remedy: { zh: '', en: '' },
})

test('a fault is shown at its rule, not at the rule whose number begins alike', () => {
  const faults = [fault('rules[1].when'), fault('rules.10.say'), fault('rules/1/lasts')]
  expect(faultsAt(faults, 'rules.1').map((f) => placeOf(f.path))).toEqual(['rules.1.when', 'rules.1.lasts'])
})
