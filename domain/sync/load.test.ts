import { expect, test } from 'vitest'
import { loadFault } from './load.ts'

test('LOAD-1: two weeks at once, and by number only inside a county', () => {
  const ask = { area: '320506', from: '2020-02-01', to: '2020-02-14', sort: 'forms' }
  expect(loadFault(ask)).toBeNull()
  expect(loadFault({ ...ask, to: '2020-02-15' })).toBe('span')
  expect(loadFault({ ...ask, to: '2020-01-31' })).toBe('span')
  expect(loadFault({ ...ask, area: '3205' })).toBe('wide')
  expect(loadFault({ ...ask, area: '3205', sort: 'area' })).toBeNull()
})
