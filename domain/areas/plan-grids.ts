import { GRID_MAX } from './grid-rows.ts'
import type { Known } from './change.ts'
import type { AreaCode } from './code.ts'

export type VillageSize = { code: AreaCode; households: number }

/** What a generated grid aims at: the middle of the 300 to 500 households that the provinces' rules give. */
const AIM = 400

/**
 * Grids of a village for an exercise: as many as make them about 300 to 500 households, numbered 001 onward from west to
 * east; sizes differ by at most one. A village of fewer than 300 households is one grid. An exercise has no real borders,
 * so the order is a convention: lower numbers lie west.
 */
export function planGrids(village: VillageSize): Known[] {
  const count = Math.min(
    999,
    Math.max(1, Math.round(village.households / AIM), Math.ceil(village.households / GRID_MAX)),
  )
  const base = Math.floor(village.households / count)
  const more = village.households - base * count
  return Array.from({ length: count }, (_, i) => ({
    code: `${village.code}${String(i + 1).padStart(3, '0')}`,
    parent: village.code,
    level: 6,
    name: `第${i + 1}网格`,
    kind: 'comprehensive',
    households: base + (i < more ? 1 : 0),
  }))
}
