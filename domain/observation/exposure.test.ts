import { expect, test } from 'vitest'
import { exposureOf } from './exposure.ts'

const fact = (kind: string, to: string, degree?: number) => ({ rule: 'X-1', fact: { kind, to, from: to, degree } })

test.each([
  [
    'the last day of everything that is told, the reason by the contact',
    [fact('stay', '2020-02-05'), fact('contact', '2020-02-03', 1)],
    '2020-02-05',
    'close_contact',
  ],
  ['a contact of a contact', [fact('contact', '2020-02-03', 2)], '2020-02-03', 'secondary_contact'],
  ['abroad counts before a stay', [fact('stay', '2020-02-01'), fact('abroad', '2020-02-04')], '2020-02-04', 'abroad'],
  ['a stay alone', [fact('stay', '2020-02-01')], '2020-02-01', 'risk_area'],
  ['a symptom is no exposure, and a blank stays blank (case 14)', [fact('symptom', '2020-02-01')], null, 'other'],
  ['nothing', [], null, 'other'],
  ['what cannot be read is no exposure', 'nonsense', null, 'other'],
])('day 0 of %s', (_, reasons, day, reason) => {
  expect(exposureOf(reasons)).toEqual({ day, reason })
})
