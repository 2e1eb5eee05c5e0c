import type { TaskCard } from '@weiwang/domain/tasks/api'

const RANK = { red: 0, yellow: 1, blue: 2 } as const

export type Group = 'late' | 'today' | 'later' | 'waiting'

/** Late first, then what is due by the end of today, then the rest; what waits for a later try stands last. */
function groupOf(task: TaskCard, now: Date, endOfToday: Date): Group {
  if (task.state === 'waiting' || (task.nextTry !== null && new Date(task.nextTry) > endOfToday)) return 'waiting'
  const due = new Date(task.answerBy)
  if (due <= now) return 'late'
  return due <= endOfToday ? 'today' : 'later'
}

/** Within a group red before yellow before blue, then by the hour, then by door so that neighbours stand together. */
function byUrgency(a: TaskCard, b: TaskCard): number {
  return (
    RANK[a.grade] - RANK[b.grade] ||
    a.answerBy.localeCompare(b.answerBy) ||
    (a.door ?? '').localeCompare(b.door ?? '', 'zh-CN', { numeric: true }) ||
    a.id.localeCompare(b.id)
  )
}

const ORDER: readonly Group[] = ['late', 'today', 'later', 'waiting']

export function grouped(
  tasks: readonly TaskCard[],
  now: Date,
  endOfToday: Date,
): { group: Group; tasks: TaskCard[] }[] {
  return ORDER.map((group) => ({
    group,
    tasks: tasks.filter((task) => groupOf(task, now, endOfToday) === group).sort(byUrgency),
  })).filter((g) => g.tasks.length > 0)
}
