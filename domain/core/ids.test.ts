import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isUuid, uuid7, uuid8, uuid8OfHex } from './ids.ts'

const ten = fc.uint8Array({ minLength: 10, maxLength: 10 })

describe('ids', () => {
  test('UUIDv7 sorts by time and says its version and variant', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1e12, max: 4e12 }),
        fc.integer({ min: 1, max: 1e9 }),
        ten,
        ten,
        (ms, later, a, b) => {
          const first = uuid7(new Date(ms), a)
          expect(first < uuid7(new Date(ms + later), b)).toBe(true)
          expect(isUuid(first)).toBe(true)
          expect(first[14]).toBe('7')
          expect('89ab').toContain(first[19])
        },
      ),
    )
  })

  test('UUIDv8 is the same for the same hash', () => {
    const hash = new Uint8Array(32).fill(7)
    expect(uuid8(hash)).toBe(uuid8(hash))
    expect(uuid8(hash)).toBe('07070707-0707-8707-8707-070707070707')
  })

  test('UUIDv8 is the same from bytes and from their hexadecimal form', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 16, maxLength: 32 }), (hash) => {
        expect(uuid8OfHex(Buffer.from(hash).toString('hex'))).toBe(uuid8(hash))
      }),
    )
    expect(() => uuid8OfHex('07'.repeat(15))).toThrow(RangeError)
  })

  test('too little randomness or hash is refused', () => {
    expect(() => uuid7(new Date(0), new Uint8Array(9))).toThrow(RangeError)
    expect(() => uuid8(new Uint8Array(15))).toThrow(RangeError)
  })
})
