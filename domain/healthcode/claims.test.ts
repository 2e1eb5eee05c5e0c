import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ClaimsReader, ClaimsWriter } from './claims.ts'

const written = (value: string): Uint8Array => new ClaimsWriter().text(value).done().slice()

describe('texts by hand', () => {
  test('are written as the platform writes them, and read back', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 5 }), (value) => {
        const bytes = new TextEncoder().encode(value)
        fc.pre(bytes.length <= 23 && new TextDecoder().decode(bytes) === value)
        const out = written(value)
        expect(Array.from(out.subarray(1))).toEqual(Array.from(bytes))
        const reader = new ClaimsReader(out)
        expect([reader.text(), reader.ended]).toEqual([value, true])
      }),
    )
  })

  test('are read only where the platform reads them too, and then as the same', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 23 }), (bytes) => {
        const reader = new ClaimsReader(Uint8Array.from([0x60 + bytes.length, ...bytes]))
        const read = reader.text()
        let theirs: string | null = null
        try {
          theirs = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
        } catch {
          theirs = null
        }
        expect(reader.ended ? read : null).toBe(theirs)
      }),
      { numRuns: 5000 },
    )
  })

  test('a number has one spelling', () => {
    for (const value of [0, 23, 24, 255, 256, 65_535, 65_536, 0xffffffff]) {
      const reader = new ClaimsReader(new ClaimsWriter().uint(value).done().slice())
      expect([reader.uint(), reader.ended]).toEqual([value, true])
    }
    for (const long of [
      [0x18, 23],
      [0x19, 0, 255],
      [0x1a, 0, 0, 255, 255],
      [0x1b, 0, 0, 0, 0, 0, 0, 0, 1],
    ]) {
      const reader = new ClaimsReader(Uint8Array.from(long))
      reader.uint()
      expect(reader.ended).toBe(false)
    }
  })
})
