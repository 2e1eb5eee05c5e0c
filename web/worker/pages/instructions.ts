import { useMemo } from 'react'
import { z } from 'zod'
import { useOutbox, usePhone, useThings } from '../phone/hooks.tsx'
import type { OutboxItem, RawView } from '../phone/types.ts'

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
export const idAt = (at: string): string => at.split('.')[0] ?? at

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
    if (kind !== RECEIPT || !body || state === 'refused') return []
    const { id, area, version, says } = body
    if (typeof id !== 'string' || typeof area !== 'string') return []
    return typeof version === 'number' && typeof says === 'string' ? [{ id, area, version, says }] : []
  })
}

// An answer that the server has just taken would flicker back until the feed shows it.
const told = new Map<string, Said>()

export type Standing = { instruction: Instruction; state: string }

export function useInstructions(): { all: readonly Standing[]; unread: number } {
  const things = useThings('instruction')
  const items = useOutbox()
  return useMemo(() => {
    const said = [...told.values(), ...saidIn(items)]
    const all = things
      .flatMap((view) => {
        const instruction = readInstruction(view)
        return instruction ? [{ instruction, state: stateWith(instruction, said) }] : []
      })
      .toSorted(
        (a, b) => (STEP[a.state] ?? 0) - (STEP[b.state] ?? 0) || a.instruction.dueAt.localeCompare(b.instruction.dueAt),
      )
    return { all, unread: all.filter(({ state }) => state === 'sent').length }
  }, [things, items])
}

export function useReceipts(): (instruction: Instruction, says: string, note?: string) => Promise<string> {
  const phone = usePhone()
  return async (instruction, says, note = '') => {
    const { id, version, area, grid } = instruction
    const body = {
      id,
      area,
      version,
      says,
      ...(note.trim() ? { note: note.trim() } : {}),
      occurredAt: phone.now().toISOString(),
    }
    const item = await phone.outbox.add({ kind: RECEIPT, grid, body })
    told.set(`${id} ${area} ${says}`, { id, area, version, says })
    return item.key
  }
}
