import { expect, test } from 'vitest'
import { pathToType } from './paths.ts'

test('a path below is told from here, one outside whole', () => {
  expect(pathToType('/home/w/data/exercise/feeds', '/home/w')).toBe('data/exercise/feeds')
  expect(pathToType('/var/lib/weiwang/data/exercise/feeds', '/home/w/app')).toBe('/var/lib/weiwang/data/exercise/feeds')
  expect(pathToType('/home/w', '/home/w')).toBe('/home/w')
  expect(pathToType('/home/w/..data', '/home/w')).toBe('..data')
})
