import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeBase45, encodeBase45 } from './base45.ts'

const text = (words: string): Uint8Array => new TextEncoder().encode(words)

describe('base45, RFC 9285', () => {
  test('the examples of the standard', () => {
    expect(encodeBase45(text('AB'))).toBe('BB8')
    expect(encodeBase45(text('Hello!!'))).toBe('%69 VD92EX0')
    expect(encodeBase45(text('base-45'))).toBe('UJCLQE7W581')
    expect(decodeBase45('QED8WEX0')).toEqual(text('ietf!'))
  })

  test('there and back, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(decodeBase45(encodeBase45(bytes))).toEqual(bytes)
      }),
    )
  })

  test('one spelling: what can be read is exactly what would be written (CODE-1)', () => {
    const alphabet = Array.from('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:abc\n￥')
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...alphabet), { maxLength: 60 }), (chars) => {
        const read = decodeBase45(chars.join(''))
        expect(read === null ? chars.join('') : encodeBase45(read)).toBe(chars.join(''))
      }),
      { numRuns: 2000 },
    )
  })

  test('what others accept is refused: above the range, a lone character, small letters', () => {
    for (const wrong of ['GGW', ':::', 'A', 'AB CD', 'bb8', '::', 'BB8\n']) expect(decodeBase45(wrong)).toBeNull()
  })

  test('a view into a larger buffer gives its own bytes and nobody else’s', () => {
    const pool = text('secretABsecret')
    expect(encodeBase45(pool.subarray(6, 8))).toBe('BB8')
  })
})
