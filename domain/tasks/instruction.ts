import { contains, levelOf } from '../areas/code.ts'
import type { AreaCode } from '../areas/code.ts'
import { FORM_PURPOSES } from './form.ts'
import type { FormPurpose } from './form.ts'

/**
 * An instruction 工作指令 goes from a centre to the areas below it, straight to the grids or level by level, and every receiver
 * answers with receipts (INSTR-1). What a receiver has done is a fold of its own events, the same on phone and server.
 */
export const RECEIPT_EVENT_KINDS = [
  'sent',
  'read',
  'accepted',
  'cannot',
  'done',
  'reopened',
  'passed_on',
  'changed',
  'recalled',
  'escalated',
] as const
export type ReceiptEventKind = (typeof RECEIPT_EVENT_KINDS)[number]

export type ReceiptEvent = {
  kind: ReceiptEventKind
  at: string
  by: string | null
  version: number
  /** Of an escalation: which half of the time given has passed, 1 to 3. A half that nobody was told of is skipped (INSTR-5). */
  step?: number | null
}

export const RECEIPT_STATES = ['sent', 'read', 'accepted', 'cannot', 'done', 'recalled'] as const
export type ReceiptState = (typeof RECEIPT_STATES)[number]

export type Receipt = {
  state: ReceiptState
  /** The version of the instruction that the receiver has in hand. */
  version: number
  readAt: string | null
  acceptedAt: string | null
  doneAt: string | null
  passedOnAt: string | null
  /** The last half of the time given that has been told to the level above: 0 to 3. */
  escalated: number
}

const NEW: Receipt = {
  state: 'sent',
  version: 0,
  readAt: null,
  acceptedAt: null,
  doneAt: null,
  passedOnAt: null,
  escalated: 0,
}

/** INSTR-2: events in the order in which they were recorded. A repeat changes nothing; what follows a recall does not count. */
export function foldReceipt(events: readonly ReceiptEvent[]): Receipt {
  return events.reduce(nextReceipt, NEW)
}

export function nextReceipt(receipt: Receipt, event: ReceiptEvent): Receipt {
  const { state } = receipt
  if (state === 'recalled' && event.kind !== 'changed') return receipt
  switch (event.kind) {
    case 'sent':
      return { ...NEW, version: event.version }
    case 'read':
      return { ...receipt, state: state === 'sent' ? 'read' : state, readAt: receipt.readAt ?? event.at }
    case 'accepted':
      return state === 'done'
        ? receipt
        : {
            ...receipt,
            state: 'accepted',
            readAt: receipt.readAt ?? event.at,
            acceptedAt: receipt.acceptedAt ?? event.at,
          }
    case 'cannot':
      return state === 'done' ? receipt : { ...receipt, state: 'cannot', readAt: receipt.readAt ?? event.at }
    case 'done':
      return {
        ...receipt,
        state: 'done',
        readAt: receipt.readAt ?? event.at,
        acceptedAt: receipt.acceptedAt ?? event.at,
        doneAt: receipt.doneAt ?? event.at,
      }
    case 'reopened':
      return state === 'done' ? { ...receipt, state: 'accepted', doneAt: null } : receipt
    case 'passed_on':
      return { ...receipt, passedOnAt: receipt.passedOnAt ?? event.at }
    case 'changed':
      // A new version must be read and accepted again; what was done stays in the events.
      return { ...NEW, version: event.version, passedOnAt: receipt.passedOnAt }
    case 'recalled':
      return { ...receipt, state: 'recalled', version: event.version }
    case 'escalated':
      return { ...receipt, escalated: Math.max(receipt.escalated, Math.min(3, event.step ?? 0)) }
  }
}

/** Late is a function of the moment at which it is read (case 66): the due instant itself is in time (case 67). */
export function isLate(receipt: Pick<Receipt, 'state'>, dueAt: Date, now: Date): boolean {
  return receipt.state !== 'done' && receipt.state !== 'recalled' && now.getTime() > dueAt.getTime()
}

/** INSTR-5: how many steps of 50 % of the time given have passed, 0 to 3: at half, at the end, at half as long again. */
export function stepsDue(sentAt: Date, dueAt: Date, now: Date): number {
  const given = dueAt.getTime() - sentAt.getTime()
  if (given <= 0) return now.getTime() > dueAt.getTime() ? 3 : 0
  return Math.max(0, Math.min(3, Math.floor((now.getTime() - sentAt.getTime()) / (given / 2))))
}

const DAY_MS = 24 * 3_600_000
const OVER_DAYS = 7
const OPEN_DAYS = 30

/**
 * INSTR-10: when a grid's phones have it no longer: seven days after it is over there, which is when it was recalled, or done and its
 * deadline past; one that was never done thirty days after its deadline. The centres keep it.
 * @param at when the last word on it was said
 */
export function leavesPhonesAt(receipt: Pick<Receipt, 'state' | 'doneAt'>, dueAt: Date, at: Date): Date {
  const after = (from: Date, days: number): Date => new Date(from.getTime() + days * DAY_MS)
  if (receipt.state === 'recalled') return after(at, OVER_DAYS)
  if (receipt.state !== 'done') return after(dueAt, OPEN_DAYS)
  const done = receipt.doneAt === null ? at : new Date(receipt.doneAt)
  return after(done > dueAt ? done : dueAt, OVER_DAYS)
}

/** What is to be done at every door of some kinds, by a form; a door counts once, by its first visit for the instruction. */
export type EachDoor = { kinds: readonly string[]; purpose: FormPurpose }

export type Addition = { text: string; dueAt: string | null }
export type AdditionFault = 'not_below' | 'later' | 'empty'

/**
 * INSTR-4: a level on the way may add and may not weaken: more text, an earlier deadline, never a later one and never fewer
 * receivers.
 */
export function additionFault(
  of: { dueAt: string },
  by: { area: AreaCode; receiver: AreaCode },
  addition: Addition,
): AdditionFault | null {
  if (!contains(by.receiver, by.area)) return 'not_below'
  if (addition.text.trim() === '' && addition.dueAt === null) return 'empty'
  if (addition.dueAt !== null && new Date(addition.dueAt).getTime() > new Date(of.dueAt).getTime()) return 'later'
  return null
}

export const ROUTES = ['straight', 'by_level'] as const
export type InstructionRoute = (typeof ROUTES)[number]

/** The levels of receivers: grids, or the centres of one level below the one that writes. */
export function receiverLevels(writer: AreaCode): number[] {
  const own = levelOf(writer)
  return [2, 3, 4, 5, 6].filter((level) => level > own)
}

export function isFormPurpose(text: string): text is FormPurpose {
  return FORM_PURPOSES.some((purpose) => purpose === text)
}

const starts = (bytes: Uint8Array, magic: readonly number[]): boolean => magic.every((byte, i) => bytes[i] === byte)

/** What a file is by its first bytes; null for everything that may not go with an instruction. */
export function attachmentType(bytes: Uint8Array): 'application/pdf' | 'image/jpeg' | 'image/png' | null {
  if (starts(bytes, [0x25, 0x50, 0x44, 0x46, 0x2d])) return 'application/pdf'
  if (starts(bytes, [0xff, 0xd8, 0xff])) return 'image/jpeg'
  return starts(bytes, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]) ? 'image/png' : null
}
