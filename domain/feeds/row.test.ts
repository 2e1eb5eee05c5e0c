import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Mapping } from './api.ts'
import type { Cell } from './cell.ts'
import { cellText, headerKey } from './cell.ts'
import { readDay } from './date.ts'
import { factIdText } from './fact.ts'
import { findHeader, layoutOf, readHeader } from './layout.ts'
import { placeLookup, readAreaCode } from './place.ts'
import { PRESETS } from './presets.ts'
import { refusedColumn, refusedHeader, refusedValue } from './refuse.ts'
import type { RowContext, RowReading } from './row.ts'
import { readRow } from './row.ts'

const areas = [
  { code: '32', name: '江苏省' },
  { code: '3201', name: '南京市' },
  { code: '320106', name: '鼓楼区' },
  { code: '3203', name: '徐州市' },
  { code: '320302', name: '鼓楼区' },
  { code: '3205', name: '苏州市' },
  { code: '320506', name: '吴中区' },
  { code: '42', name: '湖北省' },
  { code: '4201', name: '武汉市' },
  { code: '420106', name: '武昌区' },
  { code: '11', name: '北京市' },
  { code: '1101', name: '市辖区' },
  { code: '110105', name: '朝阳区' },
  { code: '22', name: '吉林省' },
  { code: '2202', name: '吉林市' },
  { code: '2113', name: '朝阳市' },
]
const place = placeLookup(areas)
const ctx = { source: 'rail', today: '2020-02-20', zone: 'Asia/Shanghai', place, textCells: false }

function preset(id: string): Mapping {
  const found = PRESETS.find((p) => p.id === id)
  if (!found) throw new Error(id)
  return found.mapping
}

function read(id: string, row: Record<string, Cell>, over: Partial<RowContext> = {}, mapping = preset(id)): RowReading {
  const layout = layoutOf(mapping, readHeader(mapping.columns, Object.keys(row)))
  return readRow(layout, Object.values(row), { ...ctx, source: id, ...over })
}
const codes = (r: RowReading) => (r.ok ? [] : r.rejects.map((x) => x.problem.code))
const facts = (r: RowReading) => {
  if (!r.ok) throw new Error(JSON.stringify(r.rejects))
  return r.facts
}
const RAIL = {
  姓名: '张三',
  证件号码: '320106199001010016',
  手机号: '13812345678',
  出发地: '湖北武汉',
  乘车日期: '2020-2-5',
}

describe('an exercise', () => {
  it('EX-10: takes made-up numbers and refuses real ones, which a real deployment takes', () => {
    const exercise = { exercise: true }
    expect(codes(read('rail', RAIL, exercise))).toEqual(['REAL_IN_EXERCISE'])
    expect(codes(read('rail', RAIL))).toEqual([])
    expect(codes(read('rail', { ...RAIL, 证件号码: '32990019900101001X' }, exercise))).toEqual([])
  })
})

describe('cells', () => {
  it.each([
    ['="320106199001010016"', '320106199001010016'],
    ['13812345678\t', '13812345678'],
    ['\u00a0１３８１２３４５６７８ ', '13812345678'],
    ["'0512", '0512'],
    ['  ', ''],
    ['\\N', ''],
    ['无', ''],
  ])('cleans %j', (given, want) => expect(cellText(given)).toBe(want))
  it('compares headers without marks, brackets, width and case', () => {
    expect(headerKey('身份证号码（必填）*')).toBe(headerKey(' 身份证号码 '))
    expect(headerKey('ID_Number')).toBe(headerKey('id number'))
  })
})

describe('FEED-11 days', () => {
  const day = (cell: Cell, order: 'ymd' | 'dmy' | 'mdy' | null = null) => {
    const r = readDay(cell, { order, today: '2020-12-31', zone: 'Asia/Shanghai' })
    return r.ok ? r.value : r.problem.code
  }
  it.each<[Cell, string]>([
    ['2020-2-5', '2020-02-05'],
    ['2020/02/05 13:45:10', '2020-02-05'],
    ['2020.2.5', '2020-02-05'],
    ['2020年2月5日', '2020-02-05'],
    ['２０２０年２月５日', '2020-02-05'],
    ['2020年2月5日 8时30分', '2020-02-05'],
    ['20200205', '2020-02-05'],
    ['20200205134500', '2020-02-05'],
    [20200205, '2020-02-05'],
    [43866, '2020-02-05'],
    ['43866', '2020-02-05'],
    [43866.99999999, '2020-02-06'],
    [43866.5, '2020-02-05'],
    [new Date('2020-02-05T23:59:59.999Z'), '2020-02-06'],
    [new Date('2020-02-05T00:00:00Z'), '2020-02-05'],
    ['2020-02-05T17:00:00Z', '2020-02-06'],
    ['2020-02-05T23:00:00+08:00', '2020-02-05'],
    ['5 Feb 2020', '2020-02-05'],
    ['Feb 5, 2020', '2020-02-05'],
    ['25/02/2020', '2020-02-25'],
    ['03/03/2020', '2020-03-03'],
    ['03/04/2020', 'DATE_AMBIGUOUS'],
    ['20/02/05', 'DATE_NO_YEAR'],
    ['2月5日', 'DATE_NO_YEAR'],
    ['2020-02', 'DATE_PARTIAL'],
    ['2020年2月', 'DATE_PARTIAL'],
    ['2020-02-30', 'DATE_NONE'],
    ['2021-01-01', 'DATE_FUTURE'],
    ['1920-02-05', 'DATE_EARLY'],
    ['昨天', 'DATE_FORM'],
    [12, 'DATE_FORM'],
  ])('reads %j as %s', (given, want) => expect(day(given)).toBe(want))
  it('reads by the declared order of the column and never flips it', () => {
    expect(day('03/04/2020', 'dmy')).toBe('2020-04-03')
    expect(day('03/04/2020', 'mdy')).toBe('2020-03-04')
    expect(day('25/04/2020', 'mdy')).toBe('DATE_ORDER')
  })
  it('leaves blank blank', () => expect(day('')).toBe(null))
})

describe('FEED-4 what no feed may carry', () => {
  it.each([
    '经度',
    '纬度',
    'lat',
    'Longitude',
    'lng',
    'GPS坐标',
    '基站编号',
    '小区号',
    'cellId',
    'cell_id',
    'LAC',
    '活动轨迹',
    'trajectory',
    '民族',
    '宗教信仰',
    '政治面貌',
    '信访记录',
    'IMEI',
    '人脸照片',
    '位置点',
  ])('refuses the column %s', (header) => expect(refusedHeader(header)).not.toBe(null))
  it.each([
    '小区名称',
    '手机号',
    'cell phone',
    '出发地',
    '现住址',
    '到达时间',
    '车次',
    '人员类别',
    'place',
    'relation',
    '体温',
    '备注',
    'latest day',
    'long name',
    '国籍',
  ])('lets the column %s pass', (header) => expect(refusedHeader(header)).toBe(null))
  it.each(['31.2304,121.4737', '121.4737°E 31.2304°N', 'POINT(121.4 31.2)', '460-00-1234-56789', "31°14'N"])(
    'refuses the value %s',
    (text) => expect(refusedValue(text)).not.toBe(null),
  )
  it.each([
    '2020-02-05 13:45:10',
    '苏州市吴中区1.5公里',
    '0512-65221111-802',
    'G7001',
    '320506199001010010',
    '第3.2组',
  ])('lets the value %s pass', (text) => expect(refusedValue(text)).toBe(null))
  it('sees half a position by its values, and leaves temperatures alone', () => {
    expect(refusedColumn(['31.230416', '31.2999', '', '32.00001'])).not.toBe(null)
    expect(refusedColumn(['36.5', '37.2', '36.85'])).toBe(null)
  })
  it('rejects the row whose address hides a position', () =>
    expect(codes(read('rail', { ...RAIL, 现住址: '家里 31.2304,121.4737' }))).toEqual(['CELL_REFUSED']))
})

describe('FEED-14 places', () => {
  const at = (text: string) => {
    const r = place(text)
    return r.ok ? r.value : r.problem.code
  }
  it.each([
    ['湖北省武汉市', '4201'],
    ['湖北 武汉', '4201'],
    ['武汉', '4201'],
    ['武汉市武昌区', '420106'],
    ['420100', '4201'],
    ['420106003001', '420106'],
    ['420000', '42'],
    ['南京鼓楼区', '320106'],
    ['鼓楼区', 'PLACE_AMBIGUOUS'],
    ['江苏鼓楼区', 'PLACE_AMBIGUOUS'],
    ['朝阳', 'PLACE_AMBIGUOUS'],
    ['北京朝阳', '110105'],
    ['北京市', '11'],
    ['吉林', '22'],
    ['吉林市', '2202'],
    ['江苏五锡市', 'PLACE_UNKNOWN'],
    ['苏州市吴中区木渎镇', '320506'],
    ['999999', 'PLACE_UNKNOWN'],
    ['火星', 'PLACE_UNKNOWN'],
  ])('%s is %s', (text, want) => expect(at(text)).toBe(want))
  it('cuts trailing zeros of codes', () => {
    expect(['320000', '320500', '320506', '320506001000', '32', '00'].map(readAreaCode)).toEqual([
      '32',
      '3205',
      '320506',
      '320506',
      '32',
      null,
    ])
  })
})

describe('rows', () => {
  it('reads a rail ticket as a stay of one day', () => {
    const row = read('rail', RAIL)
    expect(row).toMatchObject({
      ok: true,
      person: { name: '张三', document: { kind: 'resident' }, phone: { e164: '+8613812345678' } },
    })
    expect(facts(row)).toEqual([
      { kind: 'stay', place: '4201', value: null, degree: null, from: '2020-02-05', to: '2020-02-05', source: 'rail' },
    ])
  })
  it('keeps blank blank and never ends what has not begun (case 14)', () => {
    expect(
      codes(read('telecom', { 手机号: '13812345678', 漫游地: '武汉', 结束日期: '2020-02-05', 起始日期: '' })),
    ).toContain('CELL_REQUIRED')
    expect(codes(read('air', { 手机号: '13812345678', 出发地: '武汉', 出发日期: '', 结束日期: '2020-02-05' }))).toEqual(
      ['SPAN_NO_START'],
    )
    expect(
      facts(read('telecom', { 手机号: '13812345678', 漫游地: '武汉', 起始日期: '2020-02-01', 结束日期: '' }))[0],
    ).toMatchObject({ from: '2020-02-01', to: '2020-02-01' })
    expect(
      codes(read('telecom', { 手机号: '13812345678', 漫游地: '武汉', 起始日期: '2020-02-05', 结束日期: '2020-02-01' })),
    ).toEqual(['SPAN_REVERSED'])
  })
  it('refuses a row that names nobody, and one that only a name names', () => {
    expect(codes(read('rail', { ...RAIL, 证件号码: '', 手机号: '无' }))).toEqual(['PERSON_UNKNOWN'])
  })
  it('tells all faults of a row at once', () => {
    expect(
      codes(
        read('rail', { ...RAIL, 证件号码: '3.20106E+17', 手机号: '1381234', 出发地: '火星', 乘车日期: '03/04/2019' }),
      ),
    ).toEqual(['DOCUMENT_FLOAT', expect.stringMatching(/^PHONE_/), 'DATE_AMBIGUOUS', 'PLACE_UNKNOWN'])
  })
  it('refuses numbers that a spreadsheet has rounded, and takes text that only looks so', () => {
    expect(codes(read('rail', { ...RAIL, 证件号码: 320106199001010050 }))).toEqual(['DOCUMENT_FLOAT'])
    expect(codes(read('rail', { ...RAIL, 证件号码: '320106199001010000' }))).toEqual(['DOCUMENT_FLOAT'])
  })
  it('reads contacts and cases of a case investigation', () => {
    const row = { 姓名: '李四', 证件号码: '320106199001010016', 末次接触日期: '2020/2/1' }
    expect(facts(read('case_investigation', { ...row, 人员类别: '次密接' }))[0]).toMatchObject({
      kind: 'contact',
      degree: 2,
      from: '2020-02-01',
      to: '2020-02-01',
    })
    expect(facts(read('case_investigation', { ...row, 人员类别: '确诊病例' }))[0]).toMatchObject({
      kind: 'case',
      value: 'confirmed',
    })
    expect(codes(read('case_investigation', { ...row, 人员类别: '亲戚' }))).toEqual(['VALUE_UNKNOWN'])
  })
  it('reads tests and clinics by closed lists, with spellings of the source', () => {
    const row = { 证件号码: '320106199001010016', 采样日期: '20200210' }
    expect(facts(read('laboratory', { ...row, 检测结果: '阴性' }))[0]).toMatchObject({
      kind: 'test',
      value: 'negative',
    })
    expect(codes(read('laboratory', { ...row, 检测结果: '弱阳' }))).toEqual(['VALUE_UNKNOWN'])
    const own = { ...preset('laboratory'), values: { positive: ['弱阳'], nonsense: ['阴'] } }
    expect(facts(read('laboratory', { ...row, 检测结果: '弱阳' }, {}, own))[0]).toMatchObject({ value: 'positive' })
    expect(facts(read('fever_clinic', { 证件号码: '320106199001010016', 就诊日期: '2020-02-10' }))[0]).toMatchObject({
      value: 'visited',
    })
    expect(
      codes(read('fever_clinic', { 证件号码: '320106199001010016', 就诊日期: '2020-02-10', 处置结果: '' })),
    ).toEqual(['VALUE_MISSING'])
  })
  it('makes one fact of each symptom', () => {
    const mapping: Mapping = { ...preset('laboratory'), fact: 'symptom' }
    const row = read(
      'laboratory',
      { 证件号码: '320106199001010016', 采样日期: '20200210', 检测结果: '发热、咳嗽' },
      {},
      mapping,
    )
    expect(facts(row).map((f) => f.value)).toEqual(['fever', 'cough'])
  })
  it('cuts a place to the county (FEED-1)', () =>
    expect(facts(read('rail', { ...RAIL, 出发地: '420106003001' }))[0]?.place).toBe('420106'))
  it('keeps no vehicle', () => expect(JSON.stringify(read('rail', { ...RAIL, 车次: 'G7001' }))).not.toContain('G7001'))
})

describe('headers', () => {
  const spec = preset('rail').columns
  it('finds the header below title lines and names what it ignores and refuses', () => {
    const found = findHeader(spec, [
      ['某市铁路购票数据（2020年2月）'],
      [],
      ['序号', '姓名', '证件号码', '出发地', '乘车日期', '经度'],
      ['1', '张三'],
    ])
    expect(found?.at).toBe(2)
    expect(found?.reading.ignored.map((c) => c.header)).toEqual(['序号'])
    expect(found?.reading.refused.map((c) => c.header)).toEqual(['经度'])
    expect(found?.reading.missing).toEqual([])
  })
  it('says what is missing', () => expect(readHeader(spec, ['姓名', '证件号码']).missing).toEqual(['place']))
  it('finds none in rows of data', () => expect(findHeader(spec, [['张三', '320106199001010016', '武汉']])).toBe(null))
  it('takes one column for each meaning and names the other', () => {
    const reading = readHeader(spec, ['姓名', '联系电话', '手机号'])
    expect(reading.columns.filter((c) => c.meaning === 'phone').map((c) => c.header)).toEqual(['手机号'])
    expect(reading.ignored.map((c) => c.header)).toEqual(['联系电话'])
  })
})

describe('FEED-2 the id of a fact', () => {
  const fact = {
    kind: 'stay',
    place: '4201',
    value: null,
    degree: null,
    from: '2020-02-05',
    to: '2020-02-05',
    source: 'rail',
  } as const
  it('is the same for the same content and another for any other', () => {
    const texts = [
      factIdText('p', fact),
      factIdText('q', fact),
      factIdText('p', { ...fact, place: '4202' }),
      factIdText('p', { ...fact, source: 'air' }),
      factIdText('p', { ...fact, to: '2020-02-06' }),
      factIdText('p', fact, 'A1'),
    ]
    expect(new Set(texts).size).toBe(texts.length)
    expect(factIdText('p', { ...fact })).toBe(texts[0])
  })
})

/** Read: facts of somebody, on days that have been; rejected: every fault with column, rule and remedy. */
function verdict(row: RowReading): string {
  if (!row.ok)
    return row.rejects.length > 0 && row.rejects.every((r) => r.problem.remedy?.zh && r.problem.rule && r.column)
      ? 'sound'
      : 'bare'
  if (row.facts.length === 0 || (row.person.document ?? row.person.phone) === null) return 'empty'
  return row.facts.every((f) => f.from <= f.to && f.to <= ctx.today) ? 'sound' : 'days'
}

describe('FEED-8', () => {
  it('ends any row as exactly one of read or rejected with reasons and remedies, whatever its cells are', () => {
    const cell = fc.oneof(
      fc.string(),
      fc.constantFrom(...Object.values(RAIL)),
      fc.double(),
      fc.boolean(),
      fc.date(),
      fc.constant(null),
    )
    const mapping = fc.constantFrom(...PRESETS.map((p) => p.mapping))
    fc.assert(
      fc.property(mapping, fc.array(cell, { minLength: 0, maxLength: 16 }), (m, cells) => {
        const layout = layoutOf(
          m,
          readHeader(
            m.columns,
            m.columns.map((c) => c.headers[0]),
          ),
        )
        expect(verdict(readRow(layout, cells, ctx))).toBe('sound')
      }),
      { numRuns: 500 },
    )
  })
})
