import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeBase45, encodeBase45 } from './base45.ts'
import { fromHex, toHex } from './bytes.ts'
import { credentialOf, issuer, KID, newPair, NOW, pairFrom, phone, shown, signed, verifyNode } from './code.fixture.ts'
import { readCbor, writeCbor } from './cbor.ts'
import { readSign1 } from './cose.ts'
import { fitName, NAME_BYTES, readCredential, RULE_SET_BYTES, signCredential } from './credential.ts'
import { compressPoint, expandPoint, isLow, lowered } from './point.ts'
import { MAX_CHARS, paperText, PREFIX, readCode } from './presentation.ts'

const COLOURS = ['red', 'yellow', 'green', 'pending'] as const

describe('the credential (CODE-1)', () => {
  test('what is signed is what is read', async () => {
    for (const colour of COLOURS) {
      const credential = credentialOf({ colour })
      const read = readCredential(await signCredential(credential, KID, issuer.sign))
      expect(read?.credential).toEqual(credential)
      expect(read && (await verifyNode(issuer.point, read.signed, read.signature))).toBe(true)
    }
  })

  test('golden: these bytes stay what they are, or every gate that is offline stops reading', async () => {
    const times = { issuedAt: 1_800_000_000, expiresAt: 1_800_050_000 }
    const credential = credentialOf({ holder: fromHex(`02${'11'.repeat(32)}`), ...times })
    const bytes = await signCredential(credential, KID, async () => new Uint8Array(64).fill(1))
    const claims = [
      'a5',
      '041a6b4a9550', // 4: end
      '051a6b49d200', // 5: from
      '07480908070605040302', // 7: code id
      `08a101a401022001215820${'11'.repeat(32)}22f4`, // 8: {1: COSE_Key, P-256, x, the sign of y}
      '3a0001000083', // -65537: [
      '01', // green
      '68e6aca7e998b32a2a', // 欧阳**
      '6873757a686f752e31', // suzhou.1 ]
    ].join('')
    expect(toHex(bytes)).toBe(`8449a20126044401020304a0585d${claims}5840${'01'.repeat(64)}`)
    expect(claims.length / 2).toBe(0x5d)
  })

  test('the longest presentation has 379 characters: QR version 10-L (CODE-2)', async () => {
    const name = '欧'.repeat(4) + '**'
    expect(new TextEncoder().encode(name).length).toBe(NAME_BYTES)
    const longest = await shown(
      { name, ruleSet: 'a'.repeat(RULE_SET_BYTES), issuedAt: 0xfffffff0, expiresAt: 0xffffffff },
      0xffffffff,
    )
    expect(longest.length).toBeLessThanOrEqual(MAX_CHARS)
    expect(longest.length).toBe(379)
    expect(longest).toMatch(/^[0-9A-Z $%*+\-./:]+$/)
  })

  test('names are cut between characters and never empty', () => {
    expect(fitName('张*明')).toBe('张*明')
    expect(fitName('𠮷𠮷𠮷𠮷𠮷')).toBe('𠮷𠮷𠮷')
    expect(fitName('Jean** Baptiste** de**')).toBe('Jean** Baptist')
    expect(fitName('')).toBe('*')
  })

  test('what is not whole is not signed', async () => {
    const wrong = [
      { name: '' },
      { name: 'a'.repeat(NAME_BYTES + 1) },
      { name: '张\u202e三' },
      { ruleSet: 'Suzhou' },
      { codeId: new Uint8Array(7) },
      { expiresAt: NOW - 7200 },
      { issuedAt: 1.5 },
      { paper: true },
      { holder: null },
      { holder: Uint8Array.from([4, ...phone.holder.slice(1)]) },
    ]
    for (const over of wrong) await expect(signed(over)).rejects.toThrow(RangeError)
  })

  test('one spelling: a longer number, another order, a claim more, an open length, a second signature are no code', async () => {
    const bytes = await signed()
    const read = readSign1(bytes)
    if (!read) throw new Error('not read')
    const again = async (payload: Uint8Array): Promise<Uint8Array> => {
      const signature = await issuer.sign(read.signed)
      const head = payload.length < 256 ? [0x58, payload.length] : [0x59, payload.length >> 8, payload.length & 255]
      return Uint8Array.from([...bytes.slice(0, 12), ...head, ...payload, 0x58, 64, ...lowered(signature)])
    }
    const { payload } = read
    expect(readCredential(await again(payload))).not.toBeNull()
    const more = Uint8Array.from([0xa6, ...payload.slice(1), 0x19, 0xff, 0xff, 0x00])
    const open = Uint8Array.from([0xbf, ...payload.slice(1), 0xff])
    const longKey = Uint8Array.from([payload[0] ?? 0, 0x18, 0x04, ...payload.slice(2)])
    const trailing = Uint8Array.from([...payload, 0])
    for (const wrong of [more, open, longKey, trailing, new Uint8Array(), writeCbor([1])])
      expect(readCredential(await again(wrong))).toBeNull()
    const signature = bytes.slice(-64)
    const n = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n
    const s = n - BigInt(`0x${toHex(signature.slice(32))}`)
    const high = Uint8Array.from([...bytes.slice(0, -32), ...Buffer.from(s.toString(16).padStart(64, '0'), 'hex')])
    expect(await verifyNode(issuer.point, read.signed, high.slice(-64))).toBe(true)
    expect(readCredential(high)).toBeNull()
  })

  test('a code of any content is read or not, and never throws', async () => {
    const good = await shown()
    fc.assert(
      fc.property(fc.nat({ max: good.length - 1 }), fc.string({ unit: 'binary', maxLength: 2 }), (at, char) => {
        readCode(good.slice(0, at) + char + good.slice(at + 1))
      }),
    )
    fc.assert(fc.property(fc.uint8Array({ maxLength: 260 }), (bytes) => void readCode(PREFIX + encodeBase45(bytes))))
    fc.assert(fc.property(fc.string({ maxLength: 500 }), (text) => void readCode(text)))
    expect(readCode(PREFIX + '0'.repeat(100_000))).toBeNull()
  })

  test('no bit can be changed and the text still be read as the same code', async () => {
    const bytes = decodeBase45((await shown()).slice(PREFIX.length))
    if (!bytes) throw new Error('not read')
    const whole = readCode(PREFIX + encodeBase45(bytes))
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const changed = Uint8Array.from(bytes)
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      const read = readCode(PREFIX + encodeBase45(changed))
      expect(read === null || JSON.stringify(read) !== JSON.stringify(whole)).toBe(true)
    }
  })

  test('paper is the credential alone and says that it is paper', async () => {
    const read = readCode(paperText(await signed({ holder: null, paper: true })))
    expect(read?.live).toBeNull()
    expect(read?.credential).toMatchObject({ paper: true, holder: null })
  })
})

describe('beside a general CBOR library', () => {
  const any = fc.record({
    codeId: fc.uint8Array({ minLength: 8, maxLength: 8 }),
    colour: fc.constantFrom(...COLOURS),
    name: fc.constantFrom('张*明', 'J** S**', '𠮷*', '*'),
    ruleSet: fc.constantFrom('suzhou.1', 'r.1', 'zhenjia.12'),
    issuedAt: fc.nat({ max: 0xfffffff0 }),
    span: fc.integer({ min: 1, max: 15 }),
    paper: fc.boolean(),
  })

  test('our claims are its canonical spelling of the same map, whatever they hold', async () => {
    await fc.assert(
      fc.asyncProperty(any, async ({ span, paper, ...of }) => {
        const credential = credentialOf({
          ...of,
          expiresAt: of.issuedAt + span,
          paper,
          ...(paper ? { holder: null } : {}),
        })
        const message = readSign1(await signCredential(credential, KID, async () => new Uint8Array(64).fill(1)))
        if (!message) throw new Error('not read')
        const claims = readCbor(message.payload)
        expect(claims).toBeInstanceOf(Map)
        expect(Buffer.from(writeCbor(claims)).equals(Buffer.from(message.payload))).toBe(true)
        expect(
          readCredential(await signCredential(credential, KID, async () => new Uint8Array(64).fill(1)))?.credential,
        ).toEqual(credential)
      }),
    )
  })
})

test('many signed at once do not get into each other', async () => {
  const many = Array.from({ length: 50 }, (_, i) =>
    credentialOf({ codeId: new Uint8Array(8).fill(i), name: `张${i}`, colour: COLOURS[i % 4] ?? 'green' }),
  )
  const slow = async (data: Uint8Array): Promise<Uint8Array> => {
    const copy = Uint8Array.from(data)
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 5))
    return issuer.sign(copy)
  }
  const made = await Promise.all(many.map((one) => signCredential(one, KID, slow)))
  for (const [i, bytes] of made.entries()) {
    const read = readCredential(bytes)
    expect(read?.credential).toEqual(many[i])
    expect(read && (await verifyNode(issuer.point, read.signed, read.signature))).toBe(true)
  }
})

describe('points of P-256', () => {
  test('33 bytes give back the 65, and what lies on no curve gives nothing', () => {
    for (let i = 0; i < 20; i++) {
      const { point, holder } = newPair()
      expect(expandPoint(holder)).toEqual(point)
      expect(compressPoint(point)).toEqual(holder)
    }
    expect(expandPoint(Uint8Array.from([2, ...new Uint8Array(32).fill(0xff)]))).toBeNull()
    expect(expandPoint(Uint8Array.from([4, ...phone.holder.slice(1)]))).toBeNull()
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (x) => {
        const point = expandPoint(Uint8Array.from([3, ...x]))
        expect(point === null ? [3, ...x] : Array.from(compressPoint(point) ?? [])).toEqual([3, ...x])
      }),
    )
  })

  test('of two signatures the lower is kept, and it still fits', async () => {
    const data = Uint8Array.of(1, 2, 3)
    for (let i = 0; i < 20; i++) {
      const low = lowered(await issuer.sign(data))
      expect(isLow(low)).toBe(true)
      expect(await verifyNode(issuer.point, data, Uint8Array.from(low))).toBe(true)
    }
  })

  test('a key from its stored form signs what its point verifies', async () => {
    const { privateKey, point } = newPair()
    const again = pairFrom(privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64'))
    expect(again.point).toEqual(point)
  })
})
