import { isFound as isFoundBy } from '@weiwang/domain/visits/found'
import type { DoorView, TaskView, VisitView } from './phone/types.ts'

const RANK: Readonly<Record<string, number>> = { red: 0, yellow: 1, blue: 2 }
const LEAST = 3

export type Group = 'late' | 'today' | 'later' | 'waiting' | 'done'
const ORDER: readonly Group[] = ['late', 'today', 'later', 'waiting', 'done']

/** Answered, gone up or filed from here: nothing more to do for now, whatever the server will say. */
export function isOpen(task: TaskView): boolean {
  return task.body.state !== 'closed' && task.body.state !== 'review' && !task.filed && !task.returned
}

/** Late first, then what is due by the end of today, then the rest; what waits for a later try stands after. */
function groupOf(task: TaskView, now: Date, endOfToday: Date): Group {
  const { body } = task
  if (!isOpen(task)) return 'done'
  if (body.state === 'waiting' || (body.nextTry && new Date(body.nextTry) > endOfToday)) return 'waiting'
  const due = new Date(body.answerBy)
  if (due <= now) return 'late'
  return due <= endOfToday ? 'today' : 'later'
}

/** Doors in walking order: by estate, building and number, 2 before 10. */
export function byDoor(a: DoorView | null, b: DoorView | null): number {
  return (a?.label ?? '').localeCompare(b?.label ?? '', 'zh-CN', { numeric: true })
}

/** Red before yellow before blue, then by the hour, then by door so that neighbours stand together. */
export function byUrgency(a: TaskView, b: TaskView): number {
  return (
    (RANK[a.body.grade] ?? LEAST) - (RANK[b.body.grade] ?? LEAST) ||
    a.body.answerBy.localeCompare(b.body.answerBy) ||
    byDoor(a.door, b.door) ||
    a.id.localeCompare(b.id)
  )
}

export function grouped(
  tasks: readonly TaskView[],
  now: Date,
  endOfToday: Date,
): { group: Group; tasks: TaskView[] }[] {
  return ORDER.map((group) => ({
    group,
    tasks: tasks.filter((task) => groupOf(task, now, endOfToday) === group).toSorted(byUrgency),
  })).filter((g) => g.tasks.length > 0)
}

/** The open tasks as one walk: door after door, those of one door together and the most urgent of them first. */
export function walked(tasks: readonly TaskView[]): { door: DoorView | null; tasks: TaskView[] }[] {
  const doors = new Map<string, { door: DoorView | null; tasks: TaskView[] }>()
  for (const task of tasks.filter(isOpen)) {
    const id = task.door?.id ?? ''
    const here = doors.get(id) ?? { door: task.door, tasks: [] }
    here.tasks.push(task)
    doors.set(id, here)
  }
  return [...doors.values()]
    .map((one) => ({ ...one, tasks: one.tasks.toSorted(byUrgency) }))
    .toSorted((a, b) => Number(a.door === null) - Number(b.door === null) || byDoor(a.door, b.door))
}

/** Somebody was met or refused: as the server counts a door for an instruction (INSTR-6). */
export function isFound(visit: VisitView): boolean {
  return isFoundBy(visit.body.result)
}

/** Doors to be visited again: the last visit that was not corrected found nobody. @param visits newest first */
export function foundNobody(visits: readonly VisitView[]): VisitView | null {
  const [last] = standing(visits)
  return last && !isFound(last) && !last.body.taskId ? last : null
}

/** The visits that stand: newest first, without those that a later one corrects. */
export function standing(visits: readonly VisitView[]): VisitView[] {
  const corrected = new Set(visits.flatMap((visit) => (visit.body.supersedes ? [visit.body.supersedes] : [])))
  return visits.filter((visit) => !corrected.has(visit.id))
}

/**
 * What came since the worker last looked: things of a grid above the number that was seen there. A grid that was never looked at
 * has no news, since everything would be.
 */
export function changedSince<View extends { grid: string; n: number }>(
  views: readonly View[],
  seen: Readonly<Record<string, number>>,
): View[] {
  return views.filter((view) => view.n > (seen[view.grid] ?? Number.POSITIVE_INFINITY))
}

/** The highest number of each grid, to be kept as seen. */
export function highest(views: readonly { grid: string; n: number }[]): Record<string, number> {
  const seen: Record<string, number> = {}
  for (const view of views) seen[view.grid] = Math.max(seen[view.grid] ?? 0, view.n)
  return seen
}
