import type { Outing } from './outing.ts'

/** Apart from the shapes, so that the resident's page carries nothing else. */
export type OutingNow = 'ahead' | 'out' | 'overdue' | 'back' | 'off'

/** OBS-27: where an outing stands at a moment: a function of its hours, so that no job has to run for it. */
export function outingNow(outing: Outing, now: Date): OutingNow {
  if (outing.off) return 'off'
  if (outing.backAt !== null) return 'back'
  if (now < new Date(outing.from)) return 'ahead'
  return now <= new Date(outing.to) ? 'out' : 'overdue'
}
