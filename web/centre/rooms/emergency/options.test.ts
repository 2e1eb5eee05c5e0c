import { expect, test } from 'vitest'
import { optionsText, readOptions } from './options.ts'

test('options written as lines come back as they were, blanks inside the words included', () => {
  const options = [
    { value: 'home', say: { zh: '在家 观察', en: 'At home, observed' } },
    { value: 'away', say: { zh: '外出', en: 'Away' } },
  ]
  expect(readOptions(optionsText(options))).toEqual(options)
})
