import { Workbook } from '@cj-tech-master/excelts'
import { describe, expect, test } from 'vitest'
import { MAX_BYTES, readGridFile } from './read-file.ts'

async function xlsx(rows: (string | number | null)[][]): Promise<Buffer> {
  const book = new Workbook()
  const sheet = book.addWorksheet('网格')
  for (const row of rows) sheet.addRow(row)
  return Buffer.from(await book.xlsx.writeBuffer())
}

const want = [{ village: '320105001012', grid: '1', unit: '', name: '东网格', kind: '综合', households: '410' }]

describe('AREA-4: grid files', () => {
  test('XLSX with a title above the heading and numbers in cells', async () => {
    const file = await xlsx([
      ['建邺区网格划分表', null, null, null, null],
      ['村（社区）编码', '网格号', '网格名称', '类型', '户数'],
      [320105001012, 1, '东网格', '综合', 410],
      [null, null, null, null, null],
    ])
    expect(await readGridFile(file)).toEqual({ rows: want, firstRow: 3 })
  })

  test.each([
    ['comma', '村（社区）编码,网格号,名称,类型,户数\n320105001012,1,东网格,综合,410\n'],
    ['semicolon and BOM', '\uFEFF村（社区）编码;网格编号;名称;网格类型;户数\r\n320105001012;1;东网格;综合;410\r\n'],
    [
      'tab, code beside name',
      '村（社区）编码\t村（社区）名称\t网格号\t网格名称\t类型\t户数\n320105001012\t茶亭社区\t1\t东网格\t综合\t410',
    ],
    ['English', 'village,grid,name,kind,households\n320105001012,1,东网格,综合,410\n'],
  ])('text with %s', async (_, text) => {
    expect(await readGridFile(Buffer.from(text))).toEqual({ rows: want, firstRow: 2 })
  })

  test('units have a column of their own', async () => {
    const { rows } = await readGridFile(Buffer.from('社区,网格号,微网格号,微网格名称\n茶亭社区,1,3,阳光花园3幢\n'))
    expect(rows[0]).toMatchObject({ village: '茶亭社区', grid: '1', unit: '3', name: '阳光花园3幢' })
  })

  test('a workbook that unpacks to far more than it is, is refused before it is unpacked', async () => {
    const file = await xlsx([['村', '网格号']])
    const at = file.lastIndexOf(Buffer.from('PK\u0001\u0002', 'latin1'))
    file.writeUInt32LE(2_000_000_000, at + 24)
    await expect(readGridFile(file)).rejects.toMatchObject({ body: { code: 'AREA_FILE_UNREADABLE' } })
  })

  test.each([
    ['no heading', Buffer.from('1,2,3\n4,5,6\n')],
    ['nothing', Buffer.from('')],
    ['a broken workbook', Buffer.from('PK\u0003\u0004 this is not one')],
    ['too many bytes', Buffer.alloc(MAX_BYTES + 1, 'a')],
    ['an endless line', Buffer.from(`村,网格号\n${'x'.repeat(50_000)}`)],
  ])('%s is refused in one clear problem', async (_, bytes) => {
    await expect(readGridFile(bytes)).rejects.toMatchObject({ body: { code: 'AREA_FILE_UNREADABLE' } })
  })
})
