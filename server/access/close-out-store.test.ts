import { closeOutKinds, isNamed } from '@weiwang/domain/access/close-out'
import { expect, test } from 'vitest'
import { familiesOf } from './close-out-store.ts'

const OF = {
  emergencyId: '018f0000-0000-7000-8000-000000000001',
  area: '32',
  endedAt: new Date('2020-02-20T00:00:00Z'),
}

test('DELETE-5: whatever a close-out deletes is told in words, so that both who decide know what goes', () => {
  const tables = familiesOf(OF).flatMap((family) => [family.parent, ...family.children.map((child) => child.table)])
  expect(tables.length).toBeGreaterThan(100)
  expect(tables.filter((table) => !isNamed(table))).toEqual([])
})

test('DELETE-5: no row is left out of the words, not even of a table that has none', () => {
  const kinds = closeOutKinds({ visit: 3, visit_person: 4, person: 2, household: 0, later_table: 5 })
  expect(kinds.map(({ say, rows }) => [say.en, rows])).toEqual([
    ['People with their documents and homes', 2],
    ['Visits', 7],
    ['Other', 5],
  ])
})
