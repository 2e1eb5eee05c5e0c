import { expect, test } from 'vitest'
import { rejectsCsv } from './rejects.ts'

test('rejects name line, column, reason and remedy; a value that a spreadsheet would run is defused', () => {
  const text = rejectsCsv([
    {
      row: 4,
      column: 'village',
      value: '=HYPERLINK("x")',
      rule: 'AREA-4',
      message: { zh: '没有这个村', en: 'No such village' },
      remedy: { zh: '请核对', en: 'Check it' },
    },
  ])
  expect(text.split('\r\n')[1]).toBe(`4,village,"'=HYPERLINK(""x"")",AREA-4,没有这个村,No such village,请核对,Check it`)
})
