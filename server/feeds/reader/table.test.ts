import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { deflateRawSync } from 'node:zlib'
import { Workbook } from '@cj-tech-master/excelts'
import { Problem } from '@weiwang/domain/core/problem'
import type { Cell } from '@weiwang/domain/feeds/cell'
import { MEANING_NAMES } from '@weiwang/domain/feeds/layout'
import { PRESETS } from '@weiwang/domain/feeds/presets'
import { afterAll, describe, expect, it } from 'vitest'
import { LIMITS } from './limits.ts'
import type { Limits } from './limits.ts'
import { openTable } from './table.ts'

const dir = mkdtempSync(path.join(tmpdir(), 'weiwang-reader-'))
afterAll(() => rmSync(dir, { recursive: true, force: true }))

/** GB18030 for the two-byte range, by inverting the decoder; U+3400 to U+4DFF needs four bytes and is given by hand. */
const gbOf = new Map<string, number[]>([['㛃', [0x82, 0x30, 0xb7, 0x31]]])
for (let a = 0x81; a <= 0xfe; a++) {
  for (let b = 0x40; b <= 0xfe; b++) {
    if (b !== 0x7f) gbOf.set(new TextDecoder('gb18030').decode(Uint8Array.of(a, b)), [a, b])
  }
}
const gb = (text: string): Buffer =>
  Buffer.from(Array.from(text).flatMap((c) => (c < '\u0080' ? [c.charCodeAt(0)] : (gbOf.get(c) ?? []))))

const spec = PRESETS.find((p) => p.id === 'rail')?.mapping.columns ?? []
let files = 0

async function read(content: Buffer | string, limits: Limits = LIMITS) {
  const file = path.join(dir, `${files++}.csv`)
  writeFileSync(file, content)
  const table = await openTable(file, 'x.csv', spec, (m) => MEANING_NAMES[m], limits)
  const rows: { n: number; cells: readonly Cell[] }[] = []
  for await (const bunch of table.rows) rows.push(...bunch)
  return { ...table, rows }
}

async function fault(content: Buffer | string, limits: Limits = LIMITS): Promise<string> {
  try {
    await read(content, limits)
    return 'none'
  } catch (error) {
    if (error instanceof Problem) return `${error.body.code} ${error.body.message.en}`
    throw error
  }
}

const CSV =
  '姓名,证件号码,手机号,出发地,乘车日期\r\n张三,320106199001010016,13812345678,武汉,2020-02-05\r\n李㛃,,13912345678,"湖北,武汉",2020-02-06\r\n'
const utf16 = (text: string, big: boolean): Buffer => {
  const buffer = Buffer.from(text, 'utf16le')
  return big ? buffer.swap16() : buffer
}

describe('FEED-5 encodings (case 10)', () => {
  it.each<[string, Buffer]>([
    ['utf-8', Buffer.from(CSV)],
    ['utf-8', Buffer.from(`\ufeff${CSV}`)],
    ['utf-16le', utf16(`\ufeff${CSV}`, false)],
    ['utf-16be', utf16(`\ufeff${CSV}`, true)],
    ['utf-16le', utf16(CSV, false)],
    ['gb18030', gb(CSV)],
  ])('reads %s', async (encoding, bytes) => {
    const table = await read(bytes)
    expect(table.reading).toMatchObject({ encoding, separator: ',', headerRow: 1, ignored: [] })
    expect(table.rows.map((r) => [r.n, r.cells[0], r.cells[3]])).toEqual([
      [2, '张三', '武汉'],
      [3, '李㛃', '湖北,武汉'],
    ])
  })

  it('decodes a character that lies across two chunks', async () => {
    const long = `姓名,证件号码,出发地\n${'张三李四,,武汉\n'.repeat(40_000)}`
    expect((await read(Buffer.from(long))).rows).toHaveLength(40_000)
    expect((await read(gb(`a${long}`.slice(1)))).rows.at(-1)?.cells).toEqual(['张三李四', '', '武汉'])
  })

  it('names the line and byte of a fault', async () => {
    const bytes = Buffer.concat([
      Buffer.from(CSV),
      Buffer.from('王五,'),
      Buffer.from([0xff, 0xff, 0xff]),
      Buffer.from('\r\n'),
    ])
    expect(await fault(bytes)).toBe(
      `FILE_ENCODING The file is neither UTF-8, UTF-16 nor GB18030: line 4, byte ${Buffer.byteLength(CSV) + 8}`,
    )
  })
})

describe('FEED-6 separators and headers (cases 11 and 12)', () => {
  it.each([',', ';', '\t', '|', '，'])(
    'finds the separator %j from the header, below title lines',
    async (separator) => {
      const lines = [
        `某市数据，共2条；联系人：王`,
        '',
        ['姓名', '证件号码', '手机号', '出发地', '乘车日期'],
        ['张三', '', '13812345678', '武汉', '2020-2-5'],
      ]
      const table = await read(lines.map((l) => (Array.isArray(l) ? l.join(separator) : l)).join('\n'))
      expect(table.reading).toMatchObject({ separator, headerRow: 3 })
      expect(table.rows).toEqual([{ n: 4, cells: ['张三', '', '13812345678', '武汉', '2020-2-5'] }])
    },
  )

  it('says which separator was tried and what is missing', async () => {
    expect(await fault('甲;乙;丙\n1;2;3\n')).toContain(
      'HEADER_MISSING No header was found in the first 20 rows (read with ";" as separator)',
    )
    expect(await fault('姓名,证件号码\n张三,1\n')).toContain('The header lacks place')
  })

  it('leaves out blank rows, keeps their numbers, and names ignored columns', async () => {
    const table = await read('序号,姓名,证件号码,出发地\n\n1,张三,x,武汉\n,,,\n2,李四,y,武汉\n')
    expect(table.rows.map((r) => r.n)).toEqual([3, 5])
    expect(table.reading.ignored).toEqual(['序号'])
  })

  it.each(['\n', '\r\n', '\r'])('numbers the same rows with and without quotes, lines ended by %j', async (end) => {
    const lines = ['标题', '姓名,证件号码,出发地', '张三,1,武汉', '', '李四,2,武汉', '王五,3,武汉']
    for (const last of ['', end]) {
      const plain = await read(lines.join(end) + last)
      const quoted = await read(lines.join(end).replace('张三', '"张三"') + last)
      expect(plain.rows).toEqual(quoted.rows)
      expect(plain.rows.map((r) => r.n)).toEqual([3, 5, 6])
      expect(plain.rows.at(-1)?.cells).toEqual(['王五', '3', '武汉'])
    }
  })

  it('reads quotes that stand inside a cell, and lines that are short', async () => {
    const table = await read('姓名,证件号码,出发地\n李"四,1,武汉\n王五\n')
    expect(table.rows.map((r) => r.cells)).toEqual([['李"四', '1', '武汉'], ['王五']])
  })
})

describe('FEED-4', () => {
  it('refuses a file with a column of coordinates, cells or tracks, by name and by value', async () => {
    expect(await fault('姓名,证件号码,出发地,经度,纬度\n')).toMatch(
      /^COLUMN_REFUSED coordinates are not accepted: 经度, 纬度/,
    )
    expect(await fault('姓名,证件号码,出发地,基站编号\n')).toContain('radio cells')
    expect(await fault('姓名,证件号码,出发地,x1\n张三,1,武汉,"31.2304,121.4737"\n')).toContain(
      'COLUMN_REFUSED coordinates are not accepted: x1',
    )
  })
})

describe('FEED-16 bounds', () => {
  it('refuses too many bytes, rows and columns, and a record that never ends', async () => {
    expect(await fault(CSV, { ...LIMITS, bytes: 10 })).toContain('FILE_TOO_BIG')
    expect(await fault(CSV, { ...LIMITS, rows: 2 })).toContain('number of rows')
    expect(await fault(CSV, { ...LIMITS, columns: 4 })).toContain('number of columns')
    expect(await fault(`${CSV}"${'x'.repeat(300_000)}`)).toContain('FILE_TOO_BIG')
    expect(await fault(`${CSV.replaceAll('"', '')}${'x'.repeat(600_000)}`)).toContain('FILE_TOO_BIG')
  })

  it('refuses old workbooks and PDF by content, whatever their name', async () => {
    expect(await fault(Buffer.from('d0cf11e0a1b11ae1', 'hex'))).toContain('FILE_TYPE')
    expect(await fault('%PDF-1.7')).toContain('FILE_TYPE')
  })
})

async function workbook(build: (book: Workbook) => void): Promise<Buffer> {
  const book = new Workbook()
  build(book)
  return Buffer.from(await book.xlsx.writeBuffer())
}

/** An archive of one deflated part, with the size that it claims to have. */
function archive(name: string, content: Buffer, claimed = content.length, count = 1): Buffer {
  const packed = deflateRawSync(content)
  const local = Buffer.alloc(30)
  local.writeUInt32LE(0x04034b50, 0)
  local.writeUInt16LE(8, 8)
  local.writeUInt32LE(packed.length, 18)
  local.writeUInt32LE(claimed, 22)
  local.writeUInt16LE(name.length, 26)
  const central = Buffer.alloc(46)
  central.writeUInt32LE(0x02014b50, 0)
  central.writeUInt16LE(8, 10)
  central.writeUInt32LE(packed.length, 20)
  central.writeUInt32LE(claimed, 24)
  central.writeUInt16LE(name.length, 28)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(count, 10)
  end.writeUInt32LE(46 + name.length, 12)
  end.writeUInt32LE(30 + name.length + packed.length, 16)
  return Buffer.concat([local, Buffer.from(name), packed, central, Buffer.from(name), end])
}

describe('workbooks', () => {
  it('reads text, numbers, dates and serials from the sheet whose header is known', async () => {
    const bytes = await workbook((book) => {
      book.addWorksheet('说明').addRow(['填表说明'])
      const sheet = book.addWorksheet('数据')
      sheet.addRow(['铁路购票数据'])
      sheet.addRow([])
      sheet.addRow(['姓名', '证件号码', '手机号', '出发地', '乘车日期'])
      sheet.addRow(['张三', '320106199001010016', 13812345678, '武汉', new Date('2020-02-05T00:00:00Z')])
      sheet.addRow(['李四', Number('320106199001010016'), '13912345678', '武汉', 43866.5])
    })
    const table = await read(bytes)
    expect(table.textCells).toBe(true)
    expect(table.reading).toMatchObject({ format: 'xlsx', sheet: '数据', headerRow: 3 })
    expect(table.rows).toEqual([
      { n: 4, cells: ['张三', '320106199001010016', 13812345678, '武汉', new Date('2020-02-05T00:00:00Z')] },
      { n: 5, cells: ['李四', Number('320106199001010016'), '13912345678', '武汉', 43866.5] },
    ])
  })

  it('refuses bombs by what they claim and by what they really unpack to', async () => {
    const zeros = Buffer.alloc(4_000_000)
    const small = { ...LIMITS, unpacked: 1_000_000 }
    expect(await fault(archive('xl/workbook.xml', zeros), small)).toContain('unpacked size')
    expect(await fault(archive('xl/workbook.xml', zeros, 100), small)).toContain('unpacked size')
    expect(await fault(archive('xl/workbook.xml', zeros, 100, 9_999), small)).toContain('number of parts')
  })

  it('refuses archives that are no workbook or are cut off', async () => {
    expect(await fault(archive('a.txt', Buffer.from('x')))).toContain('FILE_BROKEN')
    const bytes = await workbook((book) => book.addWorksheet('a').addRow(['姓名', '证件号码', '出发地']))
    expect(await fault(bytes.subarray(0, bytes.length - 30))).toContain('FILE_BROKEN')
    expect(await fault(archive('xl/workbook.xml', Buffer.from('<no/>')))).toContain('FILE_BROKEN')
  })

  it('refuses more rows than a workbook may have', async () => {
    const bytes = await workbook((book) => {
      const sheet = book.addWorksheet('a')
      for (let i = 0; i < 5; i++) sheet.addRow(['姓名', '证件号码', '出发地'])
    })
    expect(await fault(bytes, { ...LIMITS, workbookRows: 4 })).toContain('number of rows')
  })
})
