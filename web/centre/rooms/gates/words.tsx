import type { PassageList } from '@weiwang/domain/checkpoints/api'
import { GatePage } from '@weiwang/domain/checkpoints/api'
import type { GateView } from '@weiwang/domain/checkpoints/api'
import { useList } from '../../../api/query.ts'
import { useDesk } from '../../parts/desk.ts'
import { paths } from '../../paths.ts'

export const GATES_TOUCHED = ['/api/gates', '/api/passages']

/** The lists of a figure's table, in the order in which they are looked at. */
export const SHOWN: readonly PassageList[] = [
  'all',
  'green',
  'pending',
  'yellow',
  'red',
  'no_colour',
  'by_hand',
  'refused_code',
  'fever',
  'refer',
  'emergency',
  'visitor',
]

/** The passages behind a figure. */
export function passagesPath(of: { list: PassageList; day: string; gate?: string; hour?: number }): string {
  return paths.gates({
    tab: 'figures',
    list: of.list,
    on: of.day,
    ...(of.gate === undefined ? {} : { gate: of.gate }),
    ...(of.hour === undefined ? {} : { hour: String(of.hour) }),
  })
}

/** Open gates of the desk's area, for choosing among. */
export function useOpenGates(): GateView[] {
  const desk = useDesk()
  return useList(GatePage, '/api/gates', { area: desk.area, limit: 200 }).rows
}
