import { useEffect, useMemo } from 'react'
import { z } from 'zod'
import { useLang } from '../../i18n/setup.ts'
import { isFound, standing } from '../order.ts'
import { useMine, useOutbox, usePhone, useThings } from '../phone/hooks.tsx'
import type { DoorView, DraftOf, OutboxItem, Phone, RawView, VisitView } from '../phone/types.ts'

/** An instruction as a grid's phone has it: read loosely, an older server says less (case 19). */
const Instruction = z.looseObject({
  instructionId: z.string(),
  area: z.string().catch(''),
  version: z.number(),
  state: z.string(),
  title: z.string().catch(''),
  text: z.string().catch(''),
  additions: z.array(z.looseObject({ text: z.string(), by: z.string().catch('') })).catch([]),
  by: z.string().catch(''),
  sentAt: z.string().catch(''),
  dueAt: z.string().catch(''),
  report: z.boolean().catch(false),
  eachDoor: z
    .object({ kinds: z.array(z.string()), purpose: z.string() })
    .nullable()
    .catch(null),
  doors: z.number().catch(0),
  doorsDone: z.number().catch(0),
})
/** `at`: under which id it lies on the phone, for one instruction may stand in several of my grids. */
export type Instruction = z.infer<typeof Instruction> & { id: string; at: string; grid: string }

/** What the worker says; each is further than the one before, `cannot` beside `accepted`. */
const STEP: Readonly<Record<string, number>> = { sent: 0, read: 1, accepted: 2, cannot: 2, done: 3, recalled: 4 }
export const RECEIPT = 'instruction.receipt'

/** The instruction that is meant by what `at` says. */
const idAt = (at: string): string => at.split('.')[0] ?? at

export function readInstruction(view: RawView): Instruction | null {
  const parsed = Instruction.safeParse(view.body)
  if (!parsed.success) return null
  return {
    ...parsed.data,
    id: parsed.data.instructionId,
    area: parsed.data.area || view.grid,
    at: view.id,
    grid: view.grid,
  }
}

type Said = { id: string; area: string; version: number; says: string }

/** Where the answer of this grid stands, with what was said here and is still on the way. */
export function stateWith(instruction: Instruction, said: readonly Said[]): string {
  let { state } = instruction
  for (const one of said) {
    if (one.id !== instruction.id || one.area !== instruction.area || one.version !== instruction.version) continue
    if ((STEP[one.says] ?? 0) >= (STEP[state] ?? 0)) state = one.says
  }
  return state
}

function saidIn(items: readonly OutboxItem[]): Said[] {
  return items.flatMap(({ kind, body, state }) => {
    if (kind !== RECEIPT || !body || state === 'refused' || state === 'held') return []
    const { id, area, version, says } = body
    if (typeof id !== 'string' || typeof area !== 'string') return []
    return typeof version === 'number' && typeof says === 'string' ? [{ id, area, version, says }] : []
  })
}

/**
 * What was answered here, by the key under which it went: an answer that the server has just taken would flicker back until the feed
 * shows it. Of one phone, and as long as nobody has said otherwise.
 */
const told = new WeakMap<Phone, Map<string, Said>>()

/** The server did not take it, or a supervisor has it: then it was not said. */
function isTakenBack({ state }: OutboxItem): boolean {
  return state === 'refused' || state === 'held'
}

export type Standing = { instruction: Instruction; state: string }

export function useInstructions(): { all: readonly Standing[]; unread: number } {
  const phone = usePhone()
  const things = useThings('instruction')
  const items = useOutbox()
  useEffect(() => {
    for (const item of items) if (isTakenBack(item)) told.get(phone)?.delete(item.key)
  }, [phone, items])
  return useMemo(() => {
    const back = new Set(items.filter(isTakenBack).map(({ key }) => key))
    const here = [...(told.get(phone) ?? [])].flatMap(([key, one]) => (back.has(key) ? [] : [one]))
    const said = [...here, ...saidIn(items)]
    const all = things
      .flatMap((view) => {
        const instruction = readInstruction(view)
        return instruction ? [{ instruction, state: stateWith(instruction, said) }] : []
      })
      .toSorted(
        (a, b) => (STEP[a.state] ?? 0) - (STEP[b.state] ?? 0) || a.instruction.dueAt.localeCompare(b.instruction.dueAt),
      )
    return { all, unread: all.filter(({ state }) => state === 'sent').length }
  }, [phone, things, items])
}

type Beside = { note?: string; draft?: DraftOf }

export function useReceipts(): (instruction: Instruction, says: string, beside?: Beside) => Promise<string> {
  const phone = usePhone()
  return async (instruction, says, { note = '', draft } = {}) => {
    const { id, version, area, grid } = instruction
    const body = {
      id,
      area,
      version,
      says,
      ...(note.trim() ? { note: note.trim() } : {}),
      occurredAt: phone.now().toISOString(),
    }
    const item = await phone.outbox.add({ kind: RECEIPT, grid, body, ...(draft ? { draft } : {}) })
    const here = told.get(phone) ?? new Map<string, Said>()
    told.set(phone, here.set(item.key, { id, area, version, says }))
    return item.key
  }
}

/** INSTR-6 as the server counts: a visit that stands, under this instruction, at which somebody was met. */
export function isVisited(instruction: Instruction, visits: readonly VisitView[]): boolean {
  return standing(visits).some(
    (visit) => visit.body.instructionId === instruction.id && isFound(visit) && visit.state !== 'refused',
  )
}

/** The instruction that a visit of this purpose to this door answers without being asked: the one due first that still wants it. */
export function askedOf(
  all: readonly Standing[],
  at: { door: DoorView; purpose: string; visits: readonly VisitView[] },
): string | null {
  const wanted = all
    .filter(
      ({ instruction, state }) =>
        state !== 'recalled' &&
        instruction.grid === at.door.grid &&
        instruction.eachDoor?.purpose === at.purpose &&
        instruction.eachDoor.kinds.includes(at.door.body.kind) &&
        !isVisited(instruction, at.visits),
    )
    .toSorted((a, b) => a.instruction.dueAt.localeCompare(b.instruction.dueAt))
  return wanted[0]?.instruction.id ?? null
}

/**
 * Under which instruction a visit to a door is filed, however its form was come to (INSTR-6): the one that it was opened from; of a
 * correction that of the visit that it corrects; else the one that asks for it.
 */
export function useInstructionOf(
  door: DoorView,
  of: { purpose: string; opened: string | null; corrects: string | null; visits: readonly VisitView[] },
): { instructionId?: string } {
  const { all } = useInstructions()
  const { purpose, opened, corrects, visits } = of
  if (opened !== null) return { instructionId: idAt(opened) }
  const id =
    corrects === null
      ? askedOf(all, { door, purpose, visits })
      : visits.find((visit) => visit.id === corrects)?.body.instructionId
  return id ? { instructionId: id } : {}
}

/** Which of my grids, for who covers several; with the place around it where two have one name. Null for who covers one. */
export function useGridName(): (grid: string) => string | null {
  const lang = useLang()
  const duties = useMine()?.duties ?? []
  return (code) => {
    const duty = duties.length > 1 ? duties.find(({ grid }) => grid === code) : undefined
    if (!duty) return null
    const alike = duties.filter((one) => one.name[lang] === duty.name[lang]).length > 1
    return alike ? `${duty.areaName.split(' ').at(-1) ?? ''} ${duty.name[lang]}` : duty.name[lang]
  }
}
