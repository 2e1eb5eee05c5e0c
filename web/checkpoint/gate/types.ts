import type { ByDocument, ExpectedReturn, GatePass, MyGate, MyGates, Visitor } from '@weiwang/domain/checkpoints/api'
import type { Decision } from '@weiwang/domain/checkpoints/decide'
import type { Check, Direction, GateColour, GateDisposition, Lane, ReferWhy } from '@weiwang/domain/checkpoints/gate'
import type { Say } from '@weiwang/domain/core/say'
import type { Trust } from './clock.ts'
import type { RestRow } from './store.ts'

export type NetAnswer = { status: number; body: unknown; bytes: Uint8Array<ArrayBuffer> | null }
/** `binary`: the answer is wanted as bytes. Throws when the server was not reached. */
export type Net = (request: {
  method: 'GET' | 'POST'
  path: string
  body?: unknown
  key?: string
  binary?: boolean
}) => Promise<NetAnswer>

/** How a code came: the camera, a scanner that types, a picture. */
export type How = 'camera' | 'typed' | 'picture'

/** Somebody at the gate. The name is the masked one of the code, for the eye of the guard; it is in memory only and is never sent. */
export type Case = {
  id: string
  at: number
  gateId: string
  direction: Direction
  lane: Lane
  check: Check | null
  checkRule: string | null
  colour: GateColour | null
  name: string | null
  why: Say | null
  /** Seconds ago that this presentation was answered here before. */
  againAfter: number | null
  clockTrusted: boolean
  listAgeMin: number | null
  temperature: number | null
  retest: number | null
  papers: boolean | null
  keyArea: boolean
  companions: number | null
  plate: string | null
  visitor: Visitor | null
  codeId: string | null
  decision: Decision
  /** Closed: what is said about it has been told and is no longer changed. */
  open: boolean
}

/** What a look at a text came to. `same`: the person who was just answered still stands there. */
export type Scanned = { kind: 'case'; case: Case } | { kind: 'not_a_code' } | { kind: 'same' } | { kind: 'no_gate' }

/** Whom a referral is about: the passage, and what was decided. */
export type ToRefer = { passageId: string; decision: Decision }

export type Referral = {
  passageId: string | null
  why: ReferWhy
  disposition: GateDisposition
  homeProof: 'document' | 'property' | 'lease' | 'vouched' | null
  called: string | null
  name: string
  document: string
  phone: string
  address: string
  note: string
}

export type Referred = { id: string; reference: string; areaName: string | null }

export type Session = 'in' | 'out' | 'unknown'

export type Tally = { day: string; passages: number; notGreen: number; fever: number; byHand: number; refused: number }

/** What the screens show; a new object at every change. */
export type GateState = {
  mine: MyGates | null
  gate: MyGate | null
  direction: Direction
  session: Session
  /** Whether the server was reached at the last try; null before the first. */
  reached: boolean | null
  busy: boolean
  trust: Trust
  /** Seconds; null: there is no list, or the clock is not trusted. */
  listAgeS: number | null
  /** There is a list, whether its age can be told or not. */
  listThere: boolean
  listOld: boolean
  keys: number
  waiting: number
  refused: number
  resting: readonly RestRow[]
  tally: Tally
  /** The newest first, five of them. */
  last: readonly Case[]
  /** The one that is being dealt with. */
  current: Case | null
  referred: readonly Referred[]
  /** Whose second measurement was a fever, too; null: a referral is about `current`. */
  toRefer: ToRefer | null
  /** Who has told of a return behind this gate and has not come. */
  expected: readonly ExpectedReturn[]
  /** The last second measurement. */
  retested: { temperature: number; fever: boolean } | null
  /** Replaced codes that are known here. */
  held: number
  full: boolean
}

/** What is known here of the number on a temporary pass; `asOf` in ms. */
export type PassAnswer =
  | { kind: 'never' }
  | { kind: 'none'; asOf: number }
  | { kind: 'found'; asOf: number; pass: GatePass }

export type ByDocumentAnswer = ByDocument | 'offline' | { problem: Say }
