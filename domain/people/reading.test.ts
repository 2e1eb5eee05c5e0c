import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { birthsAgree, readBirth } from './birth.ts'
import { readHouseholdKind, normaliseAddress } from './household.ts'
import { keeperOf, matchPersons } from './match.ts'
import type { Known } from './match.ts'
import { clearlyDifferent, compareNames, foldPinyin, nameInitials, namePinyin, normaliseName } from './name.ts'
import { readPhone } from './phone.ts'
import { guessSearch } from './search.ts'

const today = '2020-02-15'

function phone(text: string | number): string {
  const r = readPhone(text)
  return r.ok ? r.value.e164 : r.problem.code
}
function birth(text: string): string {
  const r = readBirth(text, today)
  return r.ok ? (r.value?.value ?? 'nothing') : r.problem.code
}

describe('telephones (PEOPLE-4)', () => {
  it('reads a mobile in every dress', () => {
    for (const text of [
      '13812345678',
      '１３８１２３４５６７８',
      '+86 138 1234 5678',
      '0086-13812345678',
      '86-138-1234-5678',
      13812345678,
      '13812345678/13912345678',
    ]) {
      expect(phone(text)).toBe('+8613812345678')
    }
  })
  it('reads landlines with extensions', () => {
    for (const text of ['0512-65221111-802', '0512-65221111转802', '(0512) 65221111 ext.802'])
      expect(phone(text)).toBe('+8651265221111;ext=802')
    expect(phone('0512-65221111')).toBe('+8651265221111')
    expect(phone('65221111')).toBe('PHONE_NO_AREA')
  })
  it('reads Hong Kong, Macao and Taiwan with and without the plus', () => {
    expect(phone('+852 6123 4567')).toBe('+85261234567')
    expect(phone('852-61234567')).toBe('+85261234567')
    expect(phone('853-66123456')).toBe('+85366123456')
    expect(phone('886-912345678')).toBe('+886912345678')
  })
  it('names the fault', () => {
    expect([phone('1.38E+10'), phone('138****5678'), phone(''), phone('无'), phone('12345')]).toEqual([
      'PHONE_FLOAT',
      'PHONE_MASKED',
      'PHONE_EMPTY',
      'PHONE_EMPTY',
      'PHONE_INVALID',
    ])
  })
  it('gives the last four of the number, not of the extension', () => {
    const r = readPhone('0512-65221111-8025')
    expect(r.ok && r.value.last4).toBe('1111')
  })
  it('never throws', () => {
    expect(() => fc.assert(fc.property(fc.string(), (text) => void readPhone(text)))).not.toThrow()
  })
})

describe('birth dates (PEOPLE-5, case 74)', () => {
  it('keeps the precision that was given', () => {
    expect(['1963-05-17', '1963年5月17日', '19630517', '1963/5/17 00:00:00', '17.05.1963'].map(birth)).toEqual(
      Array.from({ length: 5 }, () => '1963-05-17'),
    )
    expect(['XX-XX-1963', '1963', '1963-00-00', '1963-XX-XX'].map(birth)).toEqual(
      Array.from({ length: 4 }, () => '1963'),
    )
    expect(['1963-05', '1963年5月', '1963-05-00'].map(birth)).toEqual(Array.from({ length: 3 }, () => '1963-05'))
    expect(['', '不详'].map(birth)).toEqual(['nothing', 'nothing'])
  })
  it('refuses what cannot be, and what cannot be told', () => {
    expect([birth('1963-02-30'), birth('2020-02-16'), birth('04/05/1963'), birth('abc')]).toEqual([
      'BIRTH_UNREADABLE',
      'BIRTH_FUTURE',
      'BIRTH_AMBIGUOUS',
      'BIRTH_UNREADABLE',
    ])
  })
  it('compares at the precision of both', () => {
    expect([
      birthsAgree('1963', '1963-05-17'),
      birthsAgree('1963-05', '1963-05-17'),
      birthsAgree('1963-06', '1963-05-17'),
      birthsAgree(null, '1963'),
    ]).toEqual([true, true, false, null])
  })
})

describe('names (PEOPLE-6)', () => {
  it('has one spelling', () => {
    expect(['张 伟', '张　伟', '\u200b张伟'].map(normaliseName)).toEqual(['张伟', '张伟', '张伟'])
    expect(normaliseName('买买提•艾力')).toBe(normaliseName('买买提·艾力'))
    expect(normaliseName(' smith,  john ')).toBe('SMITH JOHN')
  })
  it('reads surnames as surnames', () => {
    expect(['曾国', '单雄', '仇英', '解缙', '尉迟恭', '吕布'].map(namePinyin)).toEqual([
      'zengguo',
      'shanxiong',
      'qiuying',
      'xiejin',
      'yuchigong',
      'lvbu',
    ])
    expect(nameInitials('欧阳修')).toBe('oyx')
    expect(foldPinyin('Lü Bu')).toBe('lvbu')
    expect(foldPinyin('LYU BU')).toBe('lvbu')
  })
  it('tells same, same sound, near and different', () => {
    expect(compareNames('张伟', '张 伟')).toBe('same')
    expect(compareNames('张伟', '张玮')).toBe('same_sound')
    expect(compareNames('王小明', '王小朋')).toBe('near')
    expect(compareNames('张三', '王五')).toBe('different')
    expect(compareNames('Nomsa Dlamini', 'Nomsa Dlamni')).toBe('near')
    expect(compareNames('SMITH JOHN', 'John Smith')).toBe('same_sound')
    expect(compareNames('张伟', 'ZHANG WEI')).toBe('same_sound')
    expect(compareNames('张伟', 'Wei Zhang')).toBe('same_sound')
    expect(compareNames('张伟', '')).toBe('unknown')
    expect(compareNames('张*', '李四')).toBe('unknown')
  })
  it('holds a clearly different name, not a slip of the pen (PEOPLE-7)', () => {
    expect(clearlyDifferent('王小明', '王小朋')).toBe(false)
    expect(clearlyDifferent('张三', '李三')).toBe(true)
    expect(clearlyDifferent('张三', '')).toBe(false)
  })
})

const base: Known = { personId: 'a', docKind: 'none', name: '王小明', phone: 'p1', birth: '1990-01-02', sex: 1 }

describe('matching (PEOPLE-8)', () => {
  it('never matches a record with itself (case 13)', () => {
    expect(matchPersons(base, { ...base })).toBeNull()
  })
  it('proposes a near name with the same birth date or telephone, with reasons', () => {
    const m = matchPersons(base, { ...base, personId: 'b', phone: 'p2' })
    expect(m?.reasons.map((r) => r.zh)).toEqual(['姓名相同', '出生日期相同'])
    expect(m?.score).toBeGreaterThan(
      matchPersons(base, { ...base, personId: 'b', name: '王小朋', phone: 'p2' })?.score ?? 1,
    )
    expect(matchPersons(base, { ...base, personId: 'b', birth: null })?.reasons.map((r) => r.zh)).toEqual([
      '姓名相同',
      '电话相同',
    ])
  })
  it('matches partial birth dates at their precision (case 74)', () => {
    expect(matchPersons(base, { ...base, personId: 'b', phone: null, birth: '1990' })).not.toBeNull()
    expect(matchPersons(base, { ...base, personId: 'b', phone: null, birth: '1991' })).toBeNull()
  })
  it('leaves the same name alone when nothing else agrees, and brothers with one telephone', () => {
    expect(matchPersons(base, { ...base, personId: 'b', phone: 'p2', birth: '1980-01-02' })).toBeNull()
    expect(matchPersons(base, { ...base, personId: 'b', name: '王小朋', birth: '1992-01-02' })).toBeNull()
  })
  it('takes two papers of one kind for two persons', () => {
    const paper = { ...base, docKind: 'resident' }
    expect(matchPersons(paper, { ...paper, personId: 'b', phone: 'p2' })).toBeNull()
    expect(matchPersons(paper, { ...base, personId: 'b', phone: 'p2' })).not.toBeNull()
  })
  it('is symmetric', () => {
    const names = ['王小明', '王小朋', '王晓明', '李四', 'Wang Xiaoming', '']
    const known = fc.record({
      personId: fc.constantFrom('a', 'b', 'c'),
      docKind: fc.constantFrom('none', 'resident', 'passport'),
      name: fc.constantFrom(...names),
      phone: fc.constantFrom(null, 'p1', 'p2'),
      birth: fc.constantFrom(null, '1990', '1990-01', '1990-01-02', '1991-01-02'),
      sex: fc.constantFrom(0, 1, 2),
    })
    fc.assert(
      fc.property(known, known, (a, b) => {
        expect(matchPersons(a, b)?.score).toEqual(matchPersons(b, a)?.score)
      }),
    )
  })
  it('keeps the record with a document', () => {
    expect(keeperOf(base, { ...base, personId: 'z', docKind: 'resident' }).personId).toBe('z')
  })
})

describe('searching and register words', () => {
  it('reads what was typed (PEOPLE-10)', () => {
    expect(
      [
        '张三',
        'zhangsan',
        'zhs',
        '5678',
        '13812345678',
        '1990-01-02',
        '19900102',
        '11010519491231002X',
        '翠竹苑3幢501',
      ].map((t) => guessSearch(t, today)),
    ).toEqual(['name', 'pinyin', 'initials', 'phone_end', 'phone', 'birth', 'birth', 'document', 'address'])
  })
  it('knows register words and refuses unknown ones (PEOPLE-12)', () => {
    expect([readHouseholdKind('群租房'), readHouseholdKind('住宅'), readHouseholdKind('城堡')]).toEqual([
      'group_rental',
      'home',
      null,
    ])
    expect(normaliseAddress('翠竹苑 ３幢，501室')).toBe('翠竹苑3幢501室')
  })
})
