import type { Attachment, InstructionInput } from '@weiwang/domain/tasks/instruction-api'
import { isDay, instantOf } from '@weiwang/domain/core/day'
import type { FormPurpose } from '@weiwang/domain/tasks/form'
import type { Chosen } from '../../parts/AreaPick.tsx'

export const LEVELS = ['2', '3', '4', '5', '6'] as const
export type Level = (typeof LEVELS)[number]

/** What is typed while an instruction is written; the id is made with the sheet, so that a second press is the same sending. */
export type Draft = {
  id: string
  title: string
  text: string
  to: Chosen[]
  level: Level
  route: 'straight' | 'by_level'
  day: string
  hour: string
  report: boolean
  each: boolean
  kinds: string[]
  purpose: FormPurpose
  attachments: Attachment[]
}

/** The deadline as an instant of the deployment's zone; null while the day is not a day. */
export function dueOf(draft: Pick<Draft, 'day' | 'hour'>, zone: string): Date | null {
  return isDay(draft.day) ? instantOf(draft.day, zone, Number(draft.hour)) : null
}

export type DraftFault = 'title' | 'text' | 'day' | 'past' | 'kinds'

/** What has to be mended before it can be sent. */
export function draftFaults(draft: Draft, zone: string, now: Date): DraftFault[] {
  const due = dueOf(draft, zone)
  const faults: (DraftFault | false)[] = [
    draft.title.trim().length < 2 && 'title',
    draft.text.trim() === '' && 'text',
    due === null && 'day',
    due !== null && due <= now && 'past',
    draft.each && draft.kinds.length === 0 && 'kinds',
  ]
  return faults.filter((fault) => fault !== false)
}

/** As the wire has it; the whole of the writer's area when no part of it was named. */
export function inputOf(draft: Draft, area: string, zone: string): InstructionInput | null {
  const due = dueOf(draft, zone)
  if (due === null) return null
  return {
    title: draft.title.trim(),
    text: draft.text.trim(),
    to: draft.to.length > 0 ? draft.to.map(({ code }) => code) : [area],
    level: Number(draft.level),
    route: draft.route,
    dueAt: due.toISOString(),
    report: draft.report,
    eachDoor: draft.each ? { kinds: draft.kinds, purpose: draft.purpose } : null,
    attachments: draft.attachments.map(({ id }) => id),
  }
}
