import type { FreshCodes, MyCode } from '@weiwang/domain/healthcode/code-api'
import { expect, test } from 'vitest'
import { ANSWER_MS, applied, colourOf, entriesFor, lacks, liveEntry, nextAt, shown } from './days.ts'
import type { Days, Entry } from './days.ts'

const NOON = Date.parse('2020-02-24T12:00:00+08:00')
const MIDNIGHT = Date.parse('2020-02-25T00:00:00+08:00')
const HOUR = 3_600_000

const code = (part: Partial<MyCode>): MyCode => ({ n: 1, state: 'green', colour: 'green', ...part }) as MyCode

function entry(part: Partial<Entry>): Entry {
  return {
    day: '2020-02-24',
    key: {} as CryptoKey,
    holder: 'A',
    credential: new Uint8Array(1),
    from: Date.parse('2020-02-24T00:00:00+08:00'),
    until: MIDNIGHT,
    ...part,
  }
}
const days = (part: Partial<Days>): Days => ({
  n: 1,
  state: 'green',
  etag: null,
  heard: NOON,
  nextS: 600,
  missing: [],
  elsewhere: false,
  entries: [entry({})],
  ...part,
})

test('case 73: a credential holds to the last moment of its day and not one longer, also without a network', () => {
  const kept = days({ heard: NOON - 12 * HOUR })
  expect(shown(code({}), NOON - 12 * HOUR, kept, MIDNIGHT - 1)).toMatchObject({ kind: 'live', colour: 'green' })
  expect(shown(code({}), NOON - 12 * HOUR, kept, MIDNIGHT)).toEqual({ kind: 'over' })
  expect(liveEntry(kept, kept.entries[0]!.from - 1)).toBeNull()
})

test('tomorrow has a credential of its own on the phone', () => {
  const tomorrow = entry({ day: '2020-02-25', holder: 'B', from: MIDNIGHT, until: MIDNIGHT + 24 * HOUR })
  const kept = days({ entries: [entry({}), tomorrow] })
  expect(liveEntry(kept, MIDNIGHT)?.holder).toBe('B')
})

test('an answer that knows of a later change overrules the credential: the new colour without the old QR code', () => {
  expect(shown(code({ n: 2, state: 'red' }), NOON, days({}), NOON)).toEqual({ kind: 'colour', colour: 'red' })
  // Later, without having heard again, no colour at all rather than an old one.
  expect(shown(code({ n: 2, state: 'red' }), NOON, days({}), NOON + ANSWER_MS)).toEqual({ kind: 'over' })
})

test('a colour without a credential is shown while the server’s word is fresh', () => {
  expect(shown(code({}), NOON, null, NOON + ANSWER_MS - 1)).toEqual({ kind: 'colour', colour: 'green' })
  expect(shown(code({}), NOON, null, NOON + ANSWER_MS)).toEqual({ kind: 'over' })
})

test('what is no colour is told in words', () => {
  for (const state of ['none', 'applied', 'expired', 'suspended'] as const) {
    expect(shown(code({ state }), NOON, null, NOON)).toEqual({ kind: 'word', state })
    expect(colourOf(state)).toBeNull()
  }
})

const fresh = (part: Partial<FreshCodes>): FreshCodes => ({
  n: 1,
  state: 'green',
  credentials: [],
  missing: [],
  nextS: 600,
  asOf: new Date(NOON).toISOString(),
  ...part,
})

test('CODE-9: a changed code takes the credentials of before away; the keys of the days stay', () => {
  const before = days({})
  const same = applied(before, before.entries, fresh({}), { etag: '"a"', now: NOON })
  expect(same.entries[0]?.credential).not.toBeNull()
  expect(nextAt(same)).toBe(NOON + 600_000)
  const changed = applied(before, before.entries, fresh({ n: 2, state: 'yellow' }), { etag: '"b"', now: NOON })
  expect(changed.entries[0]).toMatchObject({ holder: 'A', credential: null })
  expect(liveEntry(changed, NOON)).toBeNull()
})

test('a credential is taken for the key it was made for, and for no other', () => {
  const credential = {
    day: '2020-02-24',
    credential: 'AQID',
    codeId: 'x',
    from: '2020-02-23T16:00:00.000Z',
    until: '2020-02-24T16:00:00.000Z',
  }
  const bare = entry({ credential: null, from: 0, until: 0 })
  const other = applied(null, [bare], fresh({ credentials: [{ ...credential, holder: 'Z' }] }), {
    etag: null,
    now: NOON,
  })
  expect(other.entries[0]?.credential).toBeNull()
  // Two phones do not take it from each other by themselves.
  expect([other.elsewhere, lacks(other)]).toEqual([true, false])
  expect(shown(code({}), NOON, other, NOON)).toEqual({ kind: 'elsewhere' })
  const none = applied(null, [bare], fresh({}), { etag: null, now: NOON })
  expect([none.elsewhere, lacks(none)]).toEqual([false, true])
  expect(lacks({ ...none, missing: ['2020-02-24'] })).toBe(false)
  const mine = applied(null, [bare], fresh({ credentials: [{ ...credential, holder: 'A' }] }), {
    etag: null,
    now: NOON,
  })
  expect(mine.entries[0]?.credential).toEqual(new Uint8Array([1, 2, 3]))
  expect(lacks(mine)).toBe(false)
})

test('what another phone fetched for the day is not shown here any more, though nothing else changed', () => {
  const taken = { day: '2020-02-24', credential: 'AQID', codeId: 'x', holder: 'Z', from: '', until: '' }
  const before = days({})
  const after = applied(before, before.entries, fresh({ credentials: [taken] }), { etag: null, now: NOON })
  expect([after.elsewhere, liveEntry(after, NOON)]).toEqual([true, null])
})

test('three days of keys that cannot leave the phone; yesterday’s goes', async () => {
  const first = await entriesFor('2020-02-24', [])
  expect(first.map((one) => one.day)).toEqual(['2020-02-24', '2020-02-25', '2020-02-26'])
  expect(first.every((one) => !one.key.extractable)).toBe(true)
  expect(new Set(first.map((one) => one.holder)).size).toBe(3)
  const next = await entriesFor('2020-02-25', first)
  expect(next.map((one) => one.day)).toEqual(['2020-02-25', '2020-02-26', '2020-02-27'])
  expect(next[0]?.holder).toBe(first[1]?.holder)
})
