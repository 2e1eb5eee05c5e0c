import type { GridRow } from '../areas/api.ts'
import type { RegisterRow } from '../people/api.ts'
import type { ExerciseUnit, VillagePopulation } from './population.ts'

/** The exercise as the files that a community would import: its grids and units, and its household register. */

const UNIT_KINDS: Record<ExerciseUnit['kind'], string> = {
  building: 'building',
  ten_households: 'cluster',
  shops: 'shops',
}

/** Rows of a grid file: each grid, then its units. */
export function gridRows(population: VillagePopulation): GridRow[] {
  const village = population.village.code
  return population.grids.flatMap((grid) => {
    const n = grid.code.slice(12)
    const head: GridRow = {
      village,
      grid: n,
      name: grid.name,
      kind: 'comprehensive',
      households: String(grid.households),
    }
    const units = grid.units.map((unit): GridRow => ({
      village,
      grid: n,
      unit: unit.code.slice(15),
      name: unit.name,
      kind: UNIT_KINDS[unit.kind],
      households: String(unit.households),
    }))
    return [head, ...units]
  })
}

/** Rows of a household register: a line for each registered member, and one for a door without any. */
export function registerRows(population: VillagePopulation): RegisterRow[] {
  const members = new Map<number, VillagePopulation['people']>()
  for (const person of population.people) {
    if (!person.registered) continue
    const list = members.get(person.household)
    if (list) list.push(person)
    else members.set(person.household, [person])
  }
  const rows: RegisterRow[] = []
  population.households.forEach((h, at) => {
    const door = {
      externalId: h.key,
      grid: h.unit,
      address: h.address,
      kind: h.kind,
      use: h.use,
      estate: h.estate,
      ...(h.building === '' ? {} : { building: h.building }),
      door: h.door,
    }
    const people = members.get(at)
    if (!people) rows.push({ row: rows.length + 1, ...door })
    for (const p of people ?? []) {
      rows.push({
        row: rows.length + 1,
        ...door,
        name: p.name,
        document: p.doc,
        documentKind: p.docKind === 'passport' ? '护照' : '居民身份证',
        birth: p.birth,
        ...(p.phone === null ? {} : { phone: p.phone }),
      })
    }
  })
  return rows
}
