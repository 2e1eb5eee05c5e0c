import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { alarmOf, SYMPTOM_LIST, SYMPTOMS, takenAt } from './reading.ts'
import { isUnlikely, parseTemperature, showTemperature, TEMPERATURE } from './temperature.ts'
import { linkState, linkUrl, TOKEN_BYTES, tokenOf } from './reading-link.ts'
import { FORBIDDEN_WORDS, isStop, messageNumber, nextTryAt, optOutNumber, reminderText } from './reading-message.ts'
import { FileByLink, FileReadings, Token } from './reading-api.ts'

const ID = '01890a5d-ac96-774b-bcce-b302099a8057'

describe('READ-3 temperatures', () => {
  test('as people type them', () => {
    const typed = ['36.5', '36,5', '365', '36', '３６．５', ' 36.5℃', '37.35', '36.5度', '36.5°C']
    expect(typed.map(parseTemperature)).toEqual([365, 365, 365, 360, 365, 365, 373, 365, 365])
    expect(['', '3.65', '33.9', '43.1', '98.6', '36.5.1', 'abc', '-36'].map(parseTemperature)).toEqual(
      Array(8).fill(null),
    )
  })
  test('what is unlikely is asked again, what is impossible is refused', () => {
    expect([340, 354, 355, 389, 390, 430].map(isUnlikely)).toEqual([true, true, false, false, true, true])
    const file = (temperature: number | null) =>
      FileReadings.safeParse({
        how: 'door',
        occurredAt: '2020-02-05T11:00:00Z',
        items: [{ id: ID, county: '320506', observationId: ID, temperature }],
      }).success
    expect([339, 340, 430, 431].map(file)).toEqual([false, true, true, false])
    expect(file(null)).toBe(true)
  })
  test('shown as it was typed', () => {
    fc.assert(
      fc.property(fc.integer({ min: TEMPERATURE.least, max: TEMPERATURE.most }), (t) => {
        expect(parseTemperature(showTemperature(t))).toBe(t)
      }),
    )
  })
})

describe('READ-6 what is reported at once', () => {
  test('fever from 37.3 on', () => {
    expect([372, 373].map((temperature) => alarmOf({ temperature, symptoms: [] })?.fever ?? false)).toEqual([
      false,
      true,
    ])
  })
  test('symptoms of the list that alarm, others not, unknown ones are kept and alarm nobody (case 19)', () => {
    expect(alarmOf({ temperature: null, symptoms: ['cough', 'headache', 'newer_word'] })).toEqual({
      fever: false,
      symptoms: ['cough'],
    })
    expect(alarmOf({ temperature: 365, symptoms: ['headache', 'newer_word'] })).toBeNull()
  })
  test('the list has each code once and nothing that needs a doctor to see', () => {
    expect(SYMPTOM_LIST.map((s) => s.code)).toEqual([...SYMPTOMS])
    expect(JSON.stringify(SYMPTOM_LIST)).not.toMatch(/结膜|咽部|充血|pharyn|conjunctiv/u)
  })
})

test('READ-4: taken never after now, however far ahead a phone is', () => {
  const now = new Date('2020-02-05T12:00:00Z')
  expect(takenAt(new Date('2020-02-05T13:00:00Z'), now)).toEqual(now)
  expect(takenAt(new Date('2020-02-05T11:00:00Z'), now).toISOString()).toBe('2020-02-05T11:00:00.000Z')
})

describe('READ-13 links', () => {
  test('128 bits as 22 characters, each bit in its place', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: TOKEN_BYTES, maxLength: TOKEN_BYTES }), (bytes) => {
        const token = tokenOf(bytes)
        expect(Token.safeParse(token).success).toBe(true)
        expect(token).toBe(Buffer.from(bytes).toString('base64url'))
      }),
    )
    expect(() => tokenOf(new Uint8Array(8))).toThrow(/128/u)
  })
  test('the token stands behind the hash sign, where no server reads it', () => {
    const url = new URL(linkUrl('https://w.example/', 'A'.repeat(22)))
    expect(url.pathname + url.search).toBe('/r')
  })
  test('dead when its slot closes, dead after its use; who has reported is thanked, also late', () => {
    const closesAt = new Date('2020-02-05T16:00:00Z')
    const before = new Date('2020-02-05T15:59:59Z')
    expect(linkState({ closesAt, usedAt: null }, before)).toBe('good')
    expect(linkState({ closesAt, usedAt: null }, closesAt)).toBe('over')
    expect(linkState({ closesAt, usedAt: before }, before)).toBe('used')
    expect(linkState({ closesAt, usedAt: before }, closesAt)).toBe('used')
  })
  test('a token in an unexpected form is no request', () => {
    for (const token of ['', 'A'.repeat(21), 'A'.repeat(23), `${'A'.repeat(21)}/`])
      expect(FileByLink.safeParse({ token, id: ID, temperature: 365 }).success).toBe(false)
  })
})

describe('READ-14 messages', () => {
  const url = (n: number) => `https://w.example/r#${'A'.repeat(21)}${n}`
  test('no name and no word of health, in both languages, for one and for several', () => {
    for (const lang of ['zh', 'en'] as const) {
      for (const n of [1, 3]) {
        const asked = Array.from({ length: n }, (_, i) => ({ ordinal: i + 1, url: url(i) }))
        const text = reminderText(lang, { due: 1200 }, asked).toLowerCase()
        for (const word of FORBIDDEN_WORDS) expect(text).not.toContain(word)
        expect(text).toContain('20:00')
        for (const one of asked) expect(text).toContain(one.url.toLowerCase())
      }
    }
  })
  test('of several each line says which of mine, and who has ended is not there (case 27)', () => {
    const text = reminderText('zh', { due: 600 }, [
      { ordinal: 3, url: url(3) },
      { ordinal: 1, url: url(1) },
    ])
    expect(text).toContain('第1位')
    expect(text).toContain('第3位')
    expect(text).not.toContain('第2位')
    expect(text.indexOf('第1位')).toBeLessThan(text.indexOf('第3位'))
  })
})

describe('case 29: what becomes of a message', () => {
  test('tried again a few times, out of the quiet hours, and never after the deadline', () => {
    const now = new Date('2020-02-05T11:00:00Z') // 19:00
    const due = new Date('2020-02-05T12:00:00Z')
    const zone = 'Asia/Shanghai'
    expect([1, 2, 3, 4].map((n) => nextTryAt(n, now, due, zone)?.toISOString() ?? null)).toEqual([
      '2020-02-05T11:02:00.000Z',
      '2020-02-05T11:10:00.000Z',
      '2020-02-05T11:30:00.000Z',
      null,
    ])
    expect(nextTryAt(3, new Date('2020-02-05T11:40:00Z'), due, zone)).toBeNull()
  })
  test('landlines and what is no number are called', () => {
    expect(messageNumber('051265123456')).toBeNull()
    expect(messageNumber(null)).toBeNull()
    expect(messageNumber('139 1234 5678')).toBe('+8613912345678')
  })
  test('one form of a number, however it is written', () => {
    const forms = ['13912345678', '+86 139-1234-5678', '0086 13912345678', '１３９１２３４５６７８', '(139) 1234 5678']
    expect(new Set(forms.map(optOutNumber))).toEqual(new Set(['+8613912345678']))
    expect(optOutNumber('0512-6512 3456')).toBe(optOutNumber('+86 512 65123456'))
  })
  test('what people write to be left alone', () => {
    expect(['T', 't', 'ＴＤ', '退订', 'stop', ' STOP. ', 'Unsubscribe'].map(isStop)).toEqual(Array(7).fill(true))
    expect(['好的', 'thanks', 'stop by tomorrow', ''].map(isStop)).toEqual(Array(4).fill(false))
  })
})
