import { pathOf } from '@weiwang/domain/areas/code'
import type { AreaCode } from '@weiwang/domain/areas/code'

/** From the county down to the grid of a place: where colleagues who may be given access belong or are on duty. */
export function aroundGrid(area: AreaCode): AreaCode[] {
  return pathOf(area).filter((code) => code.length >= 6)
}
