import { createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto'
import { expect, test } from 'vitest'
import { readCode, PREFIX } from './presentation.ts'
import { passText, readPass } from './pass.ts'
import type { Pass } from './pass.ts'

const KID = Uint8Array.of(1, 2, 3, 4)
const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const signNow = (data: Uint8Array): Uint8Array => sign('sha256', data, { key: privateKey, dsaEncoding: 'ieee-p1363' })
const PASS: Pass = {
  mark: Uint8Array.of(8, 7, 6, 5, 4, 3, 2, 1),
  number: 'L200215-004711',
  name: '阿**·买提*'.slice(0, 5),
  reason: 'birth',
  from: 1_581_700_000,
  until: 1_581_740_000,
}

test('OBJECT-17: a pass is written and read back, short enough to be scanned from paper, and is no code', () => {
  const text = passText(PASS, KID, signNow)
  expect(text.startsWith(PREFIX)).toBe(true)
  expect(text.length).toBeLessThan(260)
  const read = readPass(text)
  expect(read?.pass).toEqual(PASS)
  expect(
    read &&
      verify(
        'sha256',
        read.signed,
        { key: createPublicKey(publicKey.export({ type: 'spki', format: 'pem' })), dsaEncoding: 'ieee-p1363' },
        read.signature,
      ),
  ).toBe(true)
  // A gate of before, which knows no passes, says that it is no code.
  expect(readCode(text)).toBeNull()
})

test('what is not wholly a pass is none, and never throws', () => {
  const text = passText(PASS, KID, signNow)
  for (let at = PREFIX.length; at < text.length; at++) {
    const changed = `${text.slice(0, at)}${text[at] === 'A' ? 'B' : 'A'}${text.slice(at + 1)}`
    const read = readPass(changed)
    // What can still be read has bytes that the signature does not fit.
    const fits =
      read !== null && verify('sha256', read.signed, { key: publicKey, dsaEncoding: 'ieee-p1363' }, read.signature)
    expect(fits).toBe(false)
  }
  for (const bad of ['', PREFIX, `${text} `, text.slice(0, -3), text.toLowerCase()]) expect(readPass(bad)).toBeNull()
  expect(() => passText({ ...PASS, name: '' }, KID, signNow)).toThrow(RangeError)
  expect(() => passText({ ...PASS, until: PASS.from }, KID, signNow)).toThrow(RangeError)
  expect(() => passText({ ...PASS, number: 'a b' }, KID, signNow)).toThrow(RangeError)
})
