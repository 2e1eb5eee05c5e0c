import { DISPOSITIONS } from '@weiwang/domain/tasks/disposition'
import type { Disposition } from '@weiwang/domain/tasks/disposition'

export type DispositionGroup = { key: 'here' | 'away' | 'other'; items: Disposition[] }

const AWAY: readonly string[] = ['HERE_TRANSIT_ONLY', 'AWAY_OTHER_AREA', 'NOT_RESIDENT', 'NOT_RETURNED']

/** Found here, not here, anything else. "Not reached" is no answer and has its own button. */
export function dispositionGroups(): DispositionGroup[] {
  const answers = DISPOSITIONS.filter((d) => d.next !== 'retry')
  return [
    { key: 'here', items: answers.filter((d) => d.here && !AWAY.includes(d.code)) },
    { key: 'away', items: answers.filter((d) => AWAY.includes(d.code)) },
    { key: 'other', items: answers.filter((d) => !d.here && !AWAY.includes(d.code)) },
  ]
}
