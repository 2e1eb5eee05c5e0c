import { createHash } from 'node:crypto'
import { uuid8 } from '@weiwang/domain/core/ids'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { digitsAreSound } from './importer.ts'
import { factId } from './load.ts'
import { maskValue } from './present.ts'
import { csvCell } from './rejects.ts'

test('FEED-2: the id of a fact is the uuid8 of the hash of its text', () => {
  fc.assert(fc.property(fc.string(), (text) => factId(text) === uuid8(createHash('sha256').update(text).digest())))
})

test('FEED-15: a column that a spreadsheet has rounded is told by its ends', () => {
  const sound = Array.from({ length: 40 }, (_, i) => `3205061990010100${i + 10}`)
  expect(digitsAreSound(sound)).toBe(true)
  expect(digitsAreSound([...sound.slice(1), '320506199001010000'])).toBe(true)
  expect(digitsAreSound(sound.map((v) => `${v.slice(0, 15)}000`))).toBe(false)
  expect(digitsAreSound([...sound, '3.20506E+17'])).toBe(false)
  expect(digitsAreSound(sound.slice(0, 5))).toBe(false)
})

test('FEED-23: cells that begin a formula are text, quotes stay inside', () => {
  expect(['=1+1', '+1', '-1', '@x', '\tx', 'a"b', '正常'].map(csvCell)).toEqual([
    `"'=1+1"`,
    `"'+1"`,
    `"'-1"`,
    `"'@x"`,
    `"'\tx"`,
    '"a""b"',
    '"正常"',
  ])
})

test('a masked value shows its ends alone', () => {
  expect(['', 'a', 'ab', 'abc', '13812345678', '𠮷野家'].map(maskValue)).toEqual([
    '',
    '*',
    '**',
    'a*c',
    '13*******78',
    '𠮷*家',
  ])
})
