import { expect, test } from 'vitest'
import { sharedBuffers } from './embedded.ts'

test('the embedded server keeps an eighth of the memory as its cache, within bounds', () => {
  const gb = 2 ** 30
  expect([0.5, 2, 4, 6, 64].map((n) => sharedBuffers(n * gb))).toEqual(['256MB', '256MB', '512MB', '768MB', '1024MB'])
})
