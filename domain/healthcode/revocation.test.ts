import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  applyRevocations,
  decodeRevocations,
  encodeRevocations,
  forgetEnded,
  isRevoked,
  noneRevoked,
} from './revocation.ts'
import type { RevocationEntry, Revoked } from './revocation.ts'

const entry = fc.record({
  codeId: fc.uint8Array({ minLength: 8, maxLength: 8 }),
  until: fc.constantFrom(1000, 2000, 3000),
})
const head = { epoch: 1, from: 0, to: 0, asOf: 500 }

function applied(
  list: Revoked,
  of: { epoch?: number; from: number; to: number; asOf?: number },
  entries: RevocationEntry[],
) {
  const delta = decodeRevocations(encodeRevocations({ ...head, ...of }, entries))
  if (!delta) throw new Error('not read')
  return applyRevocations(list, delta)
}
const id = (n: number): Uint8Array => Uint8Array.of(n, n, n, n, n, n, n, n)
const e = (n: number, until = 1000): RevocationEntry => ({ codeId: id(n), until })

describe('the list of replaced codes (CODE-7)', () => {
  test('holds exactly what was put on it', () => {
    fc.assert(
      fc.property(
        fc.array(entry, { maxLength: 200 }),
        fc.uint8Array({ minLength: 8, maxLength: 8 }),
        (entries, other) => {
          const list = applied(noneRevoked(), { from: 0, to: entries.length }, entries)
          for (const { codeId } of entries) expect(list && isRevoked(list, codeId)).toBe(true)
          const prefix = (codeId: Uint8Array): string => codeId.slice(0, 6).join()
          expect(list && isRevoked(list, other)).toBe(entries.some(({ codeId }) => prefix(codeId) === prefix(other)))
        },
      ),
    )
  })

  test('case 71: deltas only add, in any order and number; a gap is noticed', () => {
    const one = applied(noneRevoked(), { from: 0, to: 2 }, [e(1), e(2)])
    if (!one) throw new Error('not applied')
    expect(applied(one, { from: 3, to: 4 }, [e(4)])).toBeNull()
    const two = applied(one, { from: 2, to: 3, asOf: 900 }, [e(3, 2000)])
    expect(two).toMatchObject({ n: 3, asOf: 900 })
    // An older answer that arrives late takes nothing back, neither ids nor the date.
    const late = two && applied(two, { from: 0, to: 1, asOf: 100 }, [e(1)])
    expect(late).toMatchObject({ n: 3, asOf: 900 })
    for (const n of [1, 2, 3]) expect(late && isRevoked(late, id(n))).toBe(true)
  })

  test('after a restore numbers begin again and what is held stays; an older epoch is not listened to', () => {
    const one = applied(noneRevoked(), { from: 0, to: 7 }, [e(1)])
    if (!one) throw new Error('not applied')
    expect(applied(one, { epoch: 2, from: 5, to: 6 }, [e(2)])).toBeNull()
    const two = applied(one, { epoch: 2, from: 0, to: 3 }, [e(2)])
    expect(two).toMatchObject({ epoch: 2, n: 3 })
    expect(two && isRevoked(two, id(1)) && isRevoked(two, id(2))).toBe(true)
    expect(two && applied(two, { epoch: 1, from: 0, to: 9 }, [])).toBeNull()
  })

  test('is forgotten when the code has ended by itself, a day later and no sooner', () => {
    const list = applied(noneRevoked(), { from: 0, to: 2 }, [e(1, 1000), e(2, 2000)])
    if (!list) throw new Error('not applied')
    expect(isRevoked(forgetEnded(list, 1000 + 86_399), id(1))).toBe(true)
    const later = forgetEnded(list, 1000 + 86_400)
    expect(isRevoked(later, id(1))).toBe(false)
    expect(isRevoked(later, id(2))).toBe(true)
    expect(later.n).toBe(2)
  })

  test('hostile bytes are read or not, never throw and never make a long list of a short text', () => {
    const good = encodeRevocations({ ...head, to: 3 }, [e(1), e(2), e(3)])
    fc.assert(
      fc.property(fc.nat({ max: good.length - 1 }), fc.nat({ max: 255 }), (at, byte) => {
        const changed = Uint8Array.from(good)
        changed[at] = byte
        const read = decodeRevocations(changed)
        for (const { ids } of read?.groups ?? []) expect(ids.length).toBeLessThan(good.length * 8)
      }),
    )
    fc.assert(fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => void decodeRevocations(bytes)))
  })

  test('an id takes about four bytes', () => {
    const entries = Array.from({ length: 10_000 }, (_, i) => {
      const codeId = new Uint8Array(8)
      new DataView(codeId.buffer).setUint32(0, Math.imul(i + 1, 2654435761) >>> 0)
      new DataView(codeId.buffer).setUint32(4, Math.imul(i + 7, 40503) >>> 0)
      return { codeId, until: 1000 }
    })
    const bytes = encodeRevocations({ ...head, to: 10_000 }, entries)
    expect(bytes.length / 10_000).toBeLessThan(4.7)
  })
})
