import { randomBytes, randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { decrypt, encrypt, encryptIds as encryptAll, keyIdOf, SEALED_ID } from './sealing.ts'

const key = randomBytes(32)
const keyId = randomBytes(16)
const place = { table: 'code_holder', column: 'person_sealed' }
function encryptIds(...args: Parameters<typeof encryptAll>): Buffer[] {
  const all = encryptAll(...args)
  return args[4].map((_, i) => all.subarray(i * SEALED_ID, (i + 1) * SEALED_ID))
}

const row = (n: number): string => n.toString(16).padStart(16, '0')

describe('sealed ids', () => {
  test('open to what they were, each at its own row, and name their data key', () => {
    const ids = Array.from({ length: 1000 }, () => randomUUID())
    const rows = ids.map((_, i) => row(i))
    const sealed = encryptIds(key, keyId, place, rows, ids)
    for (const [i, one] of sealed.entries()) {
      expect(keyIdOf(one)).toEqual(keyId)
      expect(decrypt(key, { ...place, row: row(i) }, one)).toBe(ids[i])
    }
    // One and the same id looks different at every row, and elsewhere it is nobody.
    const [a, b] = encryptIds(key, keyId, place, [row(1), row(2)], [ids[0] ?? '', ids[0] ?? ''])
    if (!a || !b) throw new Error('nothing sealed')
    expect(a.equals(b)).toBe(false)
    expect(decrypt(key, { ...place, row: row(2) }, a)).not.toBe(ids[0])
    expect(decrypt(key, { table: 'code_holder', column: 'other', row: row(1) }, a)).not.toBe(ids[0])
    expect(decrypt(randomBytes(32), { ...place, row: row(1) }, a)).not.toBe(ids[0])
  })

  test('are neither too short nor of another form', () => {
    const [one] = encryptIds(key, keyId, place, [row(1)], [randomUUID()])
    if (!one) throw new Error('nothing sealed')
    expect(() => keyIdOf(one.subarray(0, 32))).toThrow(RangeError)
    expect(() => encryptIds(key, keyId, place, ['short'], [randomUUID()])).toThrow(RangeError)
    expect(() => encryptIds(key, keyId, place, [row(1)], ['nobody'])).toThrow(RangeError)
    const text = encrypt(key, keyId, { ...place, row: row(1) }, 'x')
    expect(decrypt(key, { ...place, row: row(1) }, text)).toBe('x')
  })
})
