import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { DocumentOptions } from './document.ts'
import { checkDigit, readDocument, readDocumentKind } from './document.ts'

const today = '2020-02-15'

function number(first17: string): string {
  return first17 + checkDigit(first17)
}
function ok(text: string | number, opts: Partial<DocumentOptions> = {}) {
  const r = readDocument(text, { today, ...opts })
  if (!r.ok) throw new Error(r.problem.code)
  return r.value
}
function code(text: string | number, opts: Partial<DocumentOptions> = {}): string {
  const r = readDocument(text, { today, ...opts })
  return r.ok ? 'ok' : r.problem.code
}

describe('citizen numbers (PEOPLE-1)', () => {
  it('reads the published example of GB 11643', () => {
    expect(ok('11010519491231002X')).toEqual({
      kind: 'resident',
      country: 'CN',
      number: '11010519491231002X',
      birth: '1949-12-31',
      sex: 2,
    })
  })
  it('reads lower-case x, full width, spaces, wrappers and an apostrophe as the same number', () => {
    for (const text of [
      '11010519491231002x',
      '１１０１０５１９４９１２３１００２Ｘ',
      '110105 19491231 002X',
      '="11010519491231002X"',
      "'11010519491231002X",
      '\u200b11010519491231002X\t',
    ]) {
      expect(ok(text).number).toBe('11010519491231002X')
    }
  })
  it('reads an old 15-digit number as its 18-digit equivalent', () => {
    const full = number('32050219620817301')
    expect(ok('320502620817301').number).toBe(full)
    expect(ok(full).number).toBe(full)
  })
  it('refuses 30 February, a birth in the future and one of two centuries ago, each by its own code', () => {
    expect(code(number('32050219900230001'))).toBe('DOCUMENT_DATE')
    expect(code(number('32050220200216001'))).toBe('DOCUMENT_FUTURE')
    expect(code(number('32050220200215001'))).toBe('ok')
    expect(code(number('32050220990101001'))).toBe('DOCUMENT_FUTURE')
    expect(code(number('32050218010101001'))).toBe('DOCUMENT_OLD')
  })
  it('does not refuse an abolished or unknown prefix', () => {
    expect(ok(number('32119919900101001')).kind).toBe('resident')
  })
  it('names the fault: check digit, length, stars', () => {
    expect(code('110105194912310021')).toBe('DOCUMENT_CHECK')
    expect(code('1101051949123100', { kind: 'resident' })).toBe('DOCUMENT_LENGTH')
    expect(code('110105********002X')).toBe('DOCUMENT_MASKED')
    expect(code(' ')).toBe('DOCUMENT_EMPTY')
  })
  it('finds every wrong digit and every swap of neighbours that differ', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 16 }), fc.integer({ min: 1, max: 9 }), (at, by) => {
        const good = '11010519491231002X'
        const wrong = good.slice(0, at) + String((Number(good[at]) + by) % 10) + good.slice(at + 1)
        expect(code(wrong)).not.toBe('ok')
      }),
    )
  })
})

describe('numbers that a spreadsheet destroyed (PEOPLE-2)', () => {
  it('refuses floats in every form with the remedy', () => {
    for (const text of [
      '3.20102E+17',
      '3.20102e17',
      '320105199001010000',
      '320105199001010017.0',
      320105199001010050,
    ]) {
      const r = readDocument(text, { today })
      expect(r).toMatchObject({
        ok: false,
        problem: { code: 'DOCUMENT_FLOAT', remedy: { zh: expect.stringContaining('文本') } },
      })
    }
  })
  it('accepts a true number that ends in 000 when a person typed it', () => {
    let seq = 100
    while (
      checkDigit(`320105199001${String((seq % 28) + 1).padStart(2, '0')}${String(Math.floor(seq / 100))}00`) !== '0'
    )
      seq++
    const text = number(`320105199001${String((seq % 28) + 1).padStart(2, '0')}${String(Math.floor(seq / 100))}00`)
    expect(text.endsWith('000')).toBe(true)
    expect(code(text)).toBe('DOCUMENT_FLOAT')
    expect(code(text, { typed: true })).toBe('ok')
  })
})

describe('other documents (PEOPLE-3)', () => {
  it('reads residence permits of Hong Kong, Macao and Taiwan residents, whatever was declared', () => {
    for (const [prefix, country] of [
      ['810000', 'HK'],
      ['820000', 'MO'],
      ['830000', 'TW'],
    ]) {
      expect(ok(number(`${prefix}19880304002`), { kind: 'resident' })).toMatchObject({
        kind: 'hmt_residence',
        country,
        birth: '1988-03-04',
      })
    }
  })
  it('cuts the renewal digits of travel permits', () => {
    expect(ok('H1234567802')).toEqual(ok('h12345678'))
    expect(ok('M12345678')).toMatchObject({ kind: 'hm_travel', country: 'MO' })
    expect(ok('1234567801(B)', { kind: 'tw_travel' })).toEqual(ok('12345678', { country: '台湾' }))
    expect(code('12345678')).toBe('DOCUMENT_KIND')
  })
  it('reads passports by country, in letters or words', () => {
    expect(ok('E12345678')).toMatchObject({ kind: 'passport', country: 'CN' })
    expect(ok('M12345678', { kind: 'passport', country: 'KOR' })).toMatchObject({ kind: 'passport', country: 'KR' })
    expect(ok('m12345678', { country: '韩国' }).country).toBe('KR')
    expect(ok('AB1234567', { kind: 'passport', country: 'Japan' }).country).toBe('JP')
    expect(code('AB1234567', { kind: 'passport' })).toBe('DOCUMENT_COUNTRY')
    expect(code('AB1234567', { kind: 'passport', country: '某国' })).toBe('DOCUMENT_COUNTRY')
  })
  it('reads both forms of the permanent residence card', () => {
    expect(ok('CAN110278062102')).toMatchObject({ kind: 'permanent', birth: '1978-06-21' })
    expect(ok('USA110205030102').birth).toBeUndefined()
    expect(ok(number('93112419800505001'))).toMatchObject({ kind: 'permanent', birth: '1980-05-05', sex: 1 })
    expect(code('CAN110278023002')).toBe('DOCUMENT_DATE')
  })
  it('reads the words of the kind column', () => {
    expect(
      [
        '居民身份证',
        '护照',
        '港澳居民来往内地通行证',
        '台湾居民来往大陆通行证',
        '港澳台居民居住证',
        '外国人永久居留身份证',
        'xx',
      ].map(readDocumentKind),
    ).toEqual(['resident', 'passport', 'hm_travel', 'tw_travel', 'hmt_residence', 'permanent', null])
  })
  it('never throws, whatever the cell holds', () => {
    expect(() => fc.assert(fc.property(fc.string(), (text) => void readDocument(text, { today })))).not.toThrow()
  })
})
