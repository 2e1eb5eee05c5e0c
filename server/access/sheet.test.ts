import { deflateRawSync } from 'node:zlib'
import { Problem } from '@weiwang/domain/core/problem'
import { describe, expect, test } from 'vitest'
import { readRosterFile } from './sheet.ts'

/** A zip of stored or deflated parts, enough for a workbook of one sheet. `declare` lies about a size. */
function zip(parts: Record<string, Buffer | string>, declare?: number): Buffer {
  const local: Buffer[] = []
  const central: Buffer[] = []
  let offset = 0
  for (const [name, content] of Object.entries(parts)) {
    const data = Buffer.from(content)
    const packed = deflateRawSync(data)
    const crc = crc32(data)
    const head = Buffer.alloc(30)
    head.writeUInt32LE(0x04034b50, 0)
    head.writeUInt16LE(20, 4)
    head.writeUInt16LE(8, 8)
    head.writeUInt32LE(crc, 14)
    head.writeUInt32LE(packed.length, 18)
    head.writeUInt32LE(data.length, 22)
    head.writeUInt16LE(name.length, 26)
    const entry = Buffer.alloc(46)
    entry.writeUInt32LE(0x02014b50, 0)
    entry.writeUInt16LE(20, 6)
    entry.writeUInt16LE(8, 10)
    entry.writeUInt32LE(crc, 16)
    entry.writeUInt32LE(packed.length, 20)
    entry.writeUInt32LE(declare ?? data.length, 24)
    entry.writeUInt16LE(name.length, 28)
    entry.writeUInt32LE(offset, 42)
    local.push(head, Buffer.from(name), packed)
    central.push(entry, Buffer.from(name))
    offset += 30 + name.length + packed.length
  }
  const directory = Buffer.concat(central)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(Object.keys(parts).length, 8)
  end.writeUInt16LE(Object.keys(parts).length, 10)
  end.writeUInt32LE(directory.length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...local, directory, end])
}

function crc32(data: Buffer): number {
  let crc = ~0
  for (const byte of data) {
    crc ^= byte
    for (let k = 0; k < 8; k++) crc = (crc >>> 1) ^ (0xedb88320 & -(crc & 1))
  }
  return ~crc >>> 0
}

const X = '<?xml version="1.0" encoding="UTF-8"?>'
function workbook(rows: string, declare?: number): Buffer {
  return zip(
    {
      '[Content_Types].xml': `${X}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>`,
      '_rels/.rels': `${X}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
      'xl/workbook.xml': `${X}<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="花名册" sheetId="1" r:id="rId1"/></sheets></workbook>`,
      'xl/_rels/workbook.xml.rels': `${X}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
      'xl/worksheets/sheet1.xml': `${X}<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>${rows}</sheetData></worksheet>`,
    },
    declare,
  )
}
const text = (ref: string, value: string): string => `<c r="${ref}" t="inlineStr"><is><t>${value}</t></is></c>`

async function why(content: Buffer): Promise<string> {
  try {
    await readRosterFile(content.toString('base64'))
    return 'read'
  } catch (error) {
    return error instanceof Problem ? error.body.code : String(error)
  }
}

describe('a roster as a file', () => {
  test('XLSX with a title line; a phone kept as a number is written out in full', async () => {
    const rows = `<row r="1">${text('A1', '花名册')}</row><row r="2">${text('A2', '姓名')}${text('B2', '手机号')}${text('C2', '辖区')}</row><row r="3">${text('A3', '张三')}<c r="B3"><v>13812345678</v></c>${text('C3', '平江街道')}</row>`
    const { rows: read } = await readRosterFile(workbook(rows).toString('base64'))
    expect(read).toEqual([{ row: 3, name: '张三', phone: '13812345678', area: '平江街道', roles: '', grids: '' }])
  })

  test('a workbook that would unfold to too much is refused before it is unfolded', async () => {
    expect(await why(workbook('', 60 * 1024 * 1024))).toBe('UNREADABLE_ROSTER')
  })

  test.each([
    ['empty', Buffer.alloc(0)],
    ['no headings', Buffer.from('张三,13812345678\n')],
    ['a broken archive', Buffer.from('PK\u0003\u0004 nothing')],
    ['too large', Buffer.alloc(6 * 1024 * 1024, 97)],
  ])('%s is said, not a failure', async (_what, content) => expect(await why(content)).toBe('UNREADABLE_ROSTER'))

  test.each([
    ['UTF-8 with a byte-order mark and commas', Buffer.from('\ufeff姓名,手机号\n张三,13812345678\n')],
    [
      'UTF-16 with tabs',
      Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('姓名\t手机号\n张三\t13812345678\n', 'utf16le')]),
    ],
  ])('%s', async (_what, content) => {
    const { rows } = await readRosterFile(content.toString('base64'))
    expect(rows).toMatchObject([{ row: 2, name: '张三', phone: '13812345678' }])
  })
})
