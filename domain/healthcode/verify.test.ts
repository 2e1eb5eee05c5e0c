import { describe, expect, test } from 'vitest'
import { around, DAY, gateKey, newPair, NOW, phone, shown, signed } from './code.fixture.ts'
import { paperText, presentationText, readCode } from './presentation.ts'
import { applyRevocations, decodeRevocations, encodeRevocations, noneRevoked } from './revocation.ts'
import { checkCode, notACode } from './verify.ts'
import type { CheckAround, Verdict } from './verify.ts'

async function check(text: string, over: Partial<CheckAround> = {}): Promise<Verdict> {
  const read = readCode(text)
  return read ? checkCode(read, around(over)) : notACode()
}

function revokedOf(codeId: Uint8Array, asOf = NOW) {
  const delta = decodeRevocations(encodeRevocations({ epoch: 1, from: 0, to: 1, asOf }, [{ codeId, until: NOW + DAY }]))
  const list = delta && applyRevocations(noneRevoked(), delta)
  if (!list) throw new Error('no list')
  return list
}
const CODE_ID = Uint8Array.of(9, 8, 7, 6, 5, 4, 3, 2)
const said = (verdict: Verdict): string =>
  verdict.kind === 'colour' ? verdict.colour : `${verdict.kind} ${verdict.rule}`

describe('what a gate says, all of it offline', () => {
  test('a live code shows its colour, with the masked name beside it', async () => {
    const verdict = await check(await shown({ colour: 'yellow' }))
    expect(verdict).toMatchObject({ kind: 'colour', colour: 'yellow', paper: false, listAgeS: 600 })
    expect(verdict.credential?.name).toBe('欧阳**')
  })

  test('its screenshot: good for 60 seconds and that second, refused from then on (CODE-3)', async () => {
    const text = await shown({}, NOW - 60)
    expect(said(await check(text))).toBe('green')
    expect(said(await check(text, { clock: { now: NOW + 1, trusted: true } }))).toBe('refused CODE-3')
    expect(said(await check(await shown({}, NOW + 60)))).toBe('green')
    expect(said(await check(await shown({}, NOW + 61)))).toBe('refused CODE-3')
  })

  test('another phone with a copy of the credential cannot sign (CODE-2)', async () => {
    expect(said(await check(await shown({}, NOW, newPair())))).toBe('refused CODE-2')
    // Neither does an old clock of the gate turn it into a doubt.
    const at = { clock: { now: NOW, trusted: false } }
    expect(said(await check(await shown({}, NOW, newPair()), at))).toBe('refused CODE-2')
  })

  test('the credential alone, taken out of a phone, is no pass (CODE-2)', async () => {
    expect(said(await check(paperText(await signed())))).toBe('refused CODE-2')
  })

  test('one changed bit of what the issuer signed is found (CODE-1)', async () => {
    const credential = await signed()
    for (const at of [20, 40, 60, 100, 120]) {
      const changed = Uint8Array.from(credential)
      changed[at] = (changed[at] ?? 0) ^ 1
      expect(said(await check(await presentationText(changed, NOW, phone.sign)))).toBe('refused CODE-1')
    }
    expect(said(await check('WW1:HELLO'))).toBe('refused CODE-1')
  })

  test('case 69: a code in date whose signing key has ended, is revoked, or is not in use yet', async () => {
    const text = await shown()
    expect(said(await check(text, { keys: [{ ...gateKey, until: NOW }] }))).toBe('refused CODE-4')
    expect(said(await check(text, { keys: [{ ...gateKey, until: NOW + 1 }] }))).toBe('green')
    expect(said(await check(text, { keys: [{ ...gateKey, revokedAt: NOW - 5 }] }))).toBe('refused CODE-4')
    expect(said(await check(text, { keys: [{ ...gateKey, from: NOW + 100 }] }))).toBe('refused CODE-4')
  })

  test('case 70: a clock that is not trusted never gives a colour, whichever way it is wrong', async () => {
    for (const now of [NOW - DAY, NOW, NOW + DAY]) {
      const verdict = await check(await shown({}, now), { clock: { now, trusted: false } })
      expect(said(verdict)).toBe('by_hand CODE-5')
      expect(verdict.listAgeS).toBeNull()
    }
    // What needs no clock stays certain.
    const replaced = { revoked: revokedOf(CODE_ID), clock: { now: NOW, trusted: false } }
    expect(said(await check(await shown(), replaced))).toBe('refused CODE-7')
  })

  test('case 71: a replaced code stays replaced, whatever list comes after', async () => {
    const text = await shown()
    const list = revokedOf(CODE_ID)
    expect(said(await check(text, { revoked: list }))).toBe('refused CODE-7')
    const empty = decodeRevocations(encodeRevocations({ epoch: 1, from: 1, to: 9, asOf: NOW + 60 }, []))
    const after = empty && applyRevocations(list, empty)
    expect(after && said(await check(text, { revoked: after }))).toBe('refused CODE-7')
  })

  test('case 72: a list too old asks for a hand by the site’s own rule and refuses nobody; the age is told', async () => {
    const text = await shown()
    const old = { asOf: NOW - 3 * DAY, maxAgeS: 2 * DAY }
    expect(await check(text, { list: old })).toMatchObject({ kind: 'by_hand', rule: 'CODE-8', listAgeS: 3 * DAY })
    expect(await check(text, { list: { ...old, maxAgeS: 90 * DAY } })).toMatchObject({
      kind: 'colour',
      listAgeS: 3 * DAY,
    })
    const show = { oldList: 'show', paper: 'show' } as const
    expect(await check(text, { list: old, policy: show })).toMatchObject({ kind: 'colour', listAgeS: 3 * DAY })
    expect(said(await check(text, { list: { asOf: null, maxAgeS: DAY } }))).toBe('by_hand CODE-8')
    // A key that came in meanwhile is unknown there by its own fault, and unknown everywhere else by the code's.
    expect(said(await check(text, { list: old, keys: [] }))).toBe('by_hand CODE-8')
    expect(said(await check(text, { keys: [] }))).toBe('refused CODE-4')
  })

  test('case 73: the last day holds until its end', async () => {
    const expiresAt = NOW + 600
    const text = await shown({ expiresAt }, expiresAt - 1)
    expect(said(await check(text, { clock: { now: expiresAt - 1, trusted: true } }))).toBe('green')
    expect(said(await check(text, { clock: { now: expiresAt, trusted: true } }))).toBe('refused CODE-6')
  })

  test('a code fetched ahead holds from its own day', async () => {
    const issuedAt = NOW + DAY
    expect(said(await check(await shown({ issuedAt, expiresAt: issuedAt + DAY })))).toBe('refused CODE-6')
  })

  test('what was shown here before is not taken again (CODE-9), and nothing unproven is looked up', async () => {
    const asked: number[] = []
    const seen = (_: Uint8Array, at: number): boolean => {
      asked.push(at)
      return true
    }
    expect(said(await check(await shown(), { seen }))).toBe('refused CODE-9')
    await check(await shown({}, NOW, newPair()), { seen })
    expect(asked).toEqual([NOW])
  })

  test('paper shows its colour and that it is paper, or asks for the document by the site’s rule (CODE-10)', async () => {
    const text = paperText(await signed({ holder: null, paper: true }))
    expect(await check(text)).toMatchObject({ kind: 'colour', colour: 'green', paper: true })
    const policy = { oldList: 'by_hand', paper: 'by_hand' } as const
    expect(said(await check(text, { policy }))).toBe('by_hand CODE-10')
    expect(said(await check(text, { revoked: revokedOf(CODE_ID) }))).toBe('refused CODE-7')
  })

  test('a holder key on no curve is no phone’s, and does not throw', async () => {
    const holder = Uint8Array.from([2, ...new Uint8Array(32).fill(0xff)])
    expect(said(await check(await shown({ holder })))).toBe('refused CODE-2')
  })
})
