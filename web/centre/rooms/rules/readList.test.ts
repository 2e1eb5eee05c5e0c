import { expect, test } from 'vitest'
import { isWorkbook, linesOf, readText } from './readList.ts'

test('FEED-5: a list is read in UTF-8, UTF-16 and GB18030; a workbook is told apart', () => {
  const gb = Uint8Array.of(0xd0, 0xd5, 0xc3, 0xfb, 0x0a, 0x31)
  const utf16 = Uint8Array.of(0xff, 0xfe, 0xd3, 0x59, 0x0d, 0x54)
  expect([readText(gb), readText(utf16), readText(new TextEncoder().encode('\ufeff姓名'))]).toEqual([
    '姓名\n1',
    '姓名',
    '姓名',
  ])
  expect([isWorkbook(Uint8Array.of(0x50, 0x4b, 3, 4)), isWorkbook(gb)]).toEqual([true, false])
})

test('row numbers are those of the file: blank lines within stay, those at the end go', () => {
  expect(linesOf('a\r\n\r\nb\n\n \n')).toEqual(['a', '', 'b'])
})
