import { expect, test } from 'vitest'
import { readListed } from './listed.ts'

const today = '2020-02-15'
const rows = (lines: string[]) => {
  const { documents, faults } = readListed(lines, today)
  return { found: documents.map((d) => [d.row, d.document.number]), bad: faults.map((f) => f.row) }
}

test('GRADE-25: a pasted list names people by document, wherever the column stands, under a heading or without', () => {
  const wanted = { found: [[2, '32050519620315241X']], bad: [] }
  expect(rows(['姓名\t证件号码', '王某\t32050519620315241X', '', '  '])).toEqual(wanted)
  expect(rows(['name,document', '"32050519620315241X","Wang"'])).toEqual(wanted)
  expect(rows(['证件', '="32050519620315241X"；王某'])).toEqual(wanted)
})

test('FEED-10, PEOPLE-2: a name alone, a wrong check digit and a rounded number name nobody and say why', () => {
  const { documents, faults } = readListed(['王某', '王某 3', '320505196203152411', '3.20505E+17'], today)
  expect(documents).toEqual([])
  expect(faults.map((f) => f.row)).toEqual([2, 3, 4])
  expect(faults[0]?.why.zh).toContain('FEED-10')
  expect(faults[1]?.why.zh).toContain('校验')
})
