import { expect, test } from 'vitest'
import type { OutboxItem, RawView } from '../../phone/types.ts'
import { expectedOf } from './expected.ts'

const thing = (id: string, more: object = {}): RawView => ({
  id,
  grid: '320508001001001',
  n: 1,
  kind: 'return',
  body: {
    county: '320508',
    area: '320508001001001',
    personId: 'p',
    masked: '张*',
    state: 'host_notified',
    level: 'high',
    expectedDay: '2020-02-20',
    graceUntil: '2020-02-21',
    transport: 'train',
    fromName: '武昌区',
    companions: 0,
    version: 3,
    ...more,
  },
})

test('case 66, case 67: late from the day after the grace, by the day of the phone and without a net', () => {
  const part = (today: string) => expectedOf([thing('a')], [], today).map((one) => one.part)
  expect(part('2020-02-21')).toEqual(['expected'])
  expect(part('2020-02-22')).toEqual(['late'])
})

test('what waits to be sent counts here already; what cannot be read is left out, never the list (case 19)', () => {
  const item = { key: 'k', kind: 'return.step', body: { id: 'a', step: 'arrive' } } as unknown as OutboxItem
  const list = expectedOf(
    [thing('a'), thing('b', { expectedDay: '2020-02-19' }), thing('c', { expectedDay: 7 })],
    [item],
    '2020-02-20',
  )
  expect(list.map((one) => [one.id, one.part, one.waiting])).toEqual([
    ['b', 'expected', false],
    ['a', 'here', true],
  ])
  const done = { key: 'k', kind: 'return.step', body: { id: 'a', step: 'complete' } } as unknown as OutboxItem
  expect(expectedOf([thing('a')], [done], '2020-02-20')).toEqual([])
})
