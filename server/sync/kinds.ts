/**
 * What phones can hand in: each kind of item is one action of one room, run as its own request (SYNC-12). A room that lets phones
 * write adds one entry here: the action, what its body is about (for order and for finding where that lies now), and, when it
 * binds only who covers the place at the moment (acceptances, receipts), `work: false`.
 */
import { itemUnreadable } from '@weiwang/domain/sync/push-problems'
import type { Problem } from '@weiwang/domain/core/problem'
import { z } from 'zod'
import type { Actor } from '@weiwang/domain/access/actor'
import type { AreaCode } from '@weiwang/domain/areas/code'
import type { Action } from '../core/action.ts'
import type { Ctx } from '../core/ctx.ts'
import { issuesOf } from '../core/issues.ts'
import type { Server } from '../core/server.ts'
import type { Once, StoredAnswer } from '../core/transaction.ts'
import { proxyRegister } from '../healthcode/reg-desk.ts'
import { stepReturn } from '../healthcode/reg-my-returns.ts'
import { stepObservation } from '../observation/actions.ts'
import { openObservation } from '../observation/actions-open.ts'
import { openDispute, stepDispute } from '../incidents/actions.ts'
import { fileReading } from '../observation/readings-actions.ts'
import { askService, stepService } from '../observation/service-actions.ts'
import { addPerson, movePersonFromPhone, useHousehold, usePerson } from '../people/adding.ts'
import { changeHousehold, changePerson } from '../people/change.ts'
import { askHelp, closeHelp } from '../people/help.ts'
import { createHousehold } from '../people/households.ts'
import { acceptTask, attemptTask, returnTask } from '../tasks/actions.ts'
import { giveReceipt } from '../tasks/instructions.ts'
import { signTurn } from '../teams/force-posts.ts'
import { answerNote, writeNote } from '../teams/watch-notes.ts'
import { fileVisit } from '../visits/actions.ts'
import { keepDraft } from './drafts.ts'
import type { Subject } from './handover-store.ts'

export type Body = Record<string, unknown>
/** When the item was made, for actions that ask and bodies that do not say. */
export type Made = {
  at: string
  /** A supervisor takes it in, having read why it was not filed. */
  taken?: boolean
}
export type RunOptions = {
  key: string
  keyCounty: string
  same: unknown
  requestId?: string
  stored?: StoredAnswer | null
}

/** A body that this server can run: as the worker's own request, or inside another's (taking in). */
export type Ready = {
  run: (server: Server, actor: Actor, options: RunOptions) => Promise<Once<unknown>>
  runIn: (ctx: Ctx) => Promise<unknown>
}

export type Kind = {
  kind: string
  /** Done work, which counts whoever covers the place now; otherwise it means nothing from somebody else. */
  work: boolean
  subjects: (body: Body) => Subject[]
  /** Ids that the item makes or names, for the order among items; more than `subjects`. */
  ids: (body: Body) => string[]
  /** The body with another area in place of one that ended. */
  moved: (body: Body, from: AreaCode, to: AreaCode) => Body
  read: (body: Body, made: Made) => { ok: true; ready: Ready } | { ok: false; problem: Problem }
}

type Entry<I extends z.ZodType, O> = {
  kind: string
  action: Action<I, O>
  work?: boolean
  subjects?: (body: Body) => (Subject | null)[]
  /** Fills in what the action asks and the phone says beside the body. */
  prepare?: (body: Body, made: Made) => Body
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

function textAt(body: Body, name: string): string | null {
  const value = body[name]
  return typeof value === 'string' && value !== '' ? value : null
}

/** A field of the body that names a thing. */
export function named(body: Body, name: string, thing: Subject['thing']): Subject | null {
  const id = textAt(body, name)
  if (id === null) return null
  return thing === 'area' || UUID.test(id) ? { thing, id } : null
}

function uuidsIn(value: unknown, depth = 0): string[] {
  if (typeof value === 'string') return UUID.test(value) ? [value.toLowerCase()] : []
  if (depth > 2 || typeof value !== 'object' || value === null) return []
  return Object.values(value).flatMap((one) => uuidsIn(one, depth + 1))
}

/** The first thing that is wrong with what a phone said, with its place. */
export function unreadable(input: z.ZodType, said: unknown, error: z.ZodError): Problem {
  const { path, message, zh } = issuesOf(input, said, error)[0] ?? { path: '', message: '', zh: '' }
  return itemUnreadable({ path, why: { zh, en: message } }, path)
}

/** A newer phone may say more than this server asks: what it does not know is left out, never refused (case 19). */
function loose(input: z.ZodType): z.ZodType {
  return input instanceof z.ZodObject ? input.strip() : input
}

function kind<I extends z.ZodType, O>(entry: Entry<I, O>): Kind {
  const { action } = entry
  const shape = loose(action.input)
  return {
    kind: entry.kind,
    work: entry.work ?? true,
    subjects: (body) => (entry.subjects?.(body) ?? []).filter((one) => one !== null),
    // What all visits of a campaign share says nothing about their order.
    ids: (body) => uuidsIn(Object.fromEntries(Object.entries(body).filter(([name]) => name !== 'campaignId'))),
    moved: (body, from, to) => (body['area'] === from ? { ...body, area: to } : body),
    read: (body, made) => {
      const whole = entry.prepare?.(body, made) ?? body
      // Most bodies say nothing that this server does not know: they are read once.
      const strict = action.input.safeParse(whole)
      const stripped = strict.success ? null : shape.safeParse(whole)
      const parsed = stripped?.success ? action.input.safeParse(stripped.data) : (stripped ?? strict)
      if (parsed.success) {
        const args = parsed.data
        const ready: Ready = {
          run: (server, actor, options) => server.runOnce(action, actor, args, options),
          runIn: (ctx) => action.run(ctx, args),
        }
        return { ok: true, ready }
      }
      return {
        ok: false,
        problem: unreadable(stripped?.success ? action.input : shape, stripped?.data ?? whole, parsed.error),
      }
    },
  }
}

/** Fields of a visit that this server does not know go along as answers, which keep anything (VISIT-3). */
function keepUnknown(body: Body, known: z.ZodType): Body {
  if (!(known instanceof z.ZodObject)) return body
  const extra = Object.entries(body).filter(([name]) => !(name in known.shape))
  if (extra.length === 0) return body
  const answers = typeof body['answers'] === 'object' && body['answers'] !== null ? body['answers'] : {}
  const rest = Object.fromEntries(Object.entries(body).filter(([name]) => name in known.shape))
  return {
    ...rest,
    answers: { ...answers, ...Object.fromEntries(extra.map(([name, value]) => [`+${name}`.slice(0, 60), value])) },
  }
}

/** Whoever takes in what was refused beside a near record has looked at both; the pair still goes to the queue of pairs (PEOPLE-8). */
const continued = (body: Body, made: Made): Body =>
  made.taken === true ? { continueReason: '由负责人收录 taken in', ...body } : body

const withTime = (body: Body, made: Made): Body => ({ occurredAt: made.at, ...body })

/** Whose readings one item files: several members of a door at once. */
function readingsOf(body: Body): string[] {
  const items = Array.isArray(body['items']) ? body['items'] : []
  return items.flatMap((one: unknown) => z.object({ observationId: z.uuid() }).safeParse(one).data?.observationId ?? [])
}

const KINDS: readonly Kind[] = [
  kind({
    kind: 'visit.file',
    action: fileVisit,
    subjects: (body) => [
      named(body, 'taskId', 'task'),
      named(body, 'householdId', 'household'),
      named(body, 'supersedes', 'visit'),
      named(body, 'area', 'area'),
    ],
    prepare: (body, made) => keepUnknown(withTime(body, made), fileVisit.input),
  }),
  // Who accepts binds himself: from somebody who does not cover the place any more it means nothing.
  kind({
    kind: 'task.accept',
    action: acceptTask,
    work: false,
    subjects: (body) => [named(body, 'id', 'task')],
    prepare: withTime,
  }),
  kind({
    kind: 'task.attempt',
    action: attemptTask,
    subjects: (body) => [named(body, 'id', 'task')],
    prepare: withTime,
  }),
  kind({ kind: 'task.return', action: returnTask, subjects: (body) => [named(body, 'id', 'task')] }),
  // What a grid says to its order binds whoever covers it now.
  kind({
    kind: 'instruction.receipt',
    action: giveReceipt,
    work: false,
    subjects: (body) => [named(body, 'area', 'area')],
    prepare: withTime,
  }),
  kind({
    kind: 'household.add',
    action: createHousehold,
    subjects: (body) => [named(body, 'area', 'area')],
    prepare: continued,
  }),
  kind({ kind: 'household.use', action: useHousehold, subjects: (body) => [named(body, 'householdId', 'household')] }),
  kind({
    kind: 'household.change',
    action: changeHousehold,
    subjects: (body) => [named(body, 'id', 'household')],
    prepare: withTime,
  }),
  kind({
    kind: 'person.add',
    action: addPerson,
    subjects: (body) => [named(body, 'householdId', 'household'), named(body, 'area', 'area')],
    prepare: continued,
  }),
  kind({ kind: 'person.use', action: usePerson, subjects: (body) => [named(body, 'personId', 'person')] }),
  kind({
    kind: 'person.change',
    action: changePerson,
    subjects: (body) => [named(body, 'id', 'person')],
    prepare: withTime,
  }),
  // Where somebody moves to may lie anywhere; whose work it is goes by the person.
  kind({ kind: 'person.move', action: movePersonFromPhone, subjects: (body) => [named(body, 'id', 'person')] }),
  kind({
    kind: 'observation.open',
    action: openObservation,
    subjects: (body) => [named(body, 'householdId', 'household'), named(body, 'area', 'area')],
    prepare: withTime,
  }),
  // One kind for the seven steps; what is seen at a door counts whoever covers it now.
  kind({
    kind: 'observation.step',
    action: stepObservation,
    subjects: (body) => [named(body, 'id', 'observation')],
    prepare: withTime,
  }),
  // A ring or a call at a door of a watch; who leads it, or covers the grid, is decided by the action.
  kind({
    kind: 'watch.note',
    action: writeNote,
    subjects: (body) => [named(body, 'householdId', 'household')],
    prepare: withTime,
  }),
  kind({ kind: 'watch.answer', action: answerNote }),
  // Coming and going by the code of a post: the code says when it was shown, so it may arrive later (FORCE-7).
  kind({ kind: 'force.sign', action: signTurn, prepare: (body, made) => ({ at: made.at, ...body }) }),
  kind({
    kind: 'reading.file',
    action: fileReading,
    subjects: (body) => readingsOf(body).map((id) => ({ thing: 'observation', id })),
    prepare: (body, made) => ({ how: 'door', ...withTime(body, made) }),
  }),
  // What is asked for a door, and what became of it, counts whoever covers it by now; an acceptance binds who accepts.
  kind({
    kind: 'service.ask',
    action: askService,
    subjects: (body) => [named(body, 'householdId', 'household'), named(body, 'personId', 'person')],
    prepare: withTime,
  }),
  kind({ kind: 'service.step', action: stepService, prepare: withTime }),
  kind({
    kind: 'mediation.open',
    action: openDispute,
    subjects: (body) => [named(body, 'householdId', 'household'), named(body, 'area', 'area')],
    prepare: withTime,
  }),
  kind({ kind: 'mediation.step', action: stepDispute, prepare: withTime }),
  // Typed at the door for somebody who cannot; whoever covers the place by now, it stays said.
  kind({ kind: 'registration.proxy', action: proxyRegister, prepare: withTime }),
  kind({ kind: 'return.step', action: stepReturn, prepare: withTime }),
  kind({ kind: 'help.ask', action: askHelp, prepare: withTime }),
  kind({ kind: 'help.close', action: closeHelp }),
  kind({ kind: 'draft.keep', action: keepDraft }),
]

const BY_NAME = new Map(KINDS.map((one) => [one.kind, one]))

/** Undefined: a newer phone knows more than this server. */
export function kindOf(name: string): Kind | undefined {
  return BY_NAME.get(name)
}

export function kindNames(): string[] {
  return [...BY_NAME.keys()]
}
