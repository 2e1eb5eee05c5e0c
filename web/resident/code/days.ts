import type { CodeState, FreshCodes, MyCode } from '@weiwang/domain/healthcode/code-api'
import { addDays } from '@weiwang/domain/core/day'
import { compressPoint } from '@weiwang/domain/healthcode/point'
import { keep, recall } from '../keep.ts'
import { fromBase64, toBase64 } from './bytes64.ts'

/**
 * The days of one person on this phone: a key and, once fetched, a credential for today and the two days after, so that gates
 * cannot be joined into tracks and the code shows without a network (CODE-11). Keys are made here and cannot be taken out.
 */
const DAYS = 3

export type Entry = {
  day: string
  key: CryptoKey
  /** 33 bytes, base64url: how the server names the key. */
  holder: string
  credential: Uint8Array<ArrayBuffer> | null
  /** Milliseconds; `until` exclusive. */
  from: number
  until: number
}
export type Days = {
  n: number
  state: CodeState
  etag: string | null
  /** When the server confirmed it last, by its own clock, and after how many seconds it wants to be asked again. */
  heard: number
  nextS: number
  /** Days that have no credential yet by the server's word: the colour ends before, or is not judged for them. */
  missing: string[]
  /** The code was fetched by another phone of this account: it is one person's, so it shows there and not here. */
  elsewhere: boolean
  entries: Entry[]
}

export const daysKey = (person: string): string => `days:${person}`
export const recallDays = (person: string): Promise<Days | null> => recall<Days>(daysKey(person))
export const keepDays = (person: string, days: Days): Promise<boolean> => keep(daysKey(person), days)

/** Whether this browser has keys at all: over plain http, and on very old phones, it has not. */
export function hasKeys(): boolean {
  return globalThis.crypto?.subtle !== undefined
}

async function newEntry(day: string): Promise<Entry | null> {
  const pair = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify'])
  const point = compressPoint(new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey)))
  if (point === null) return null
  return { day, key: pair.privateKey, holder: toBase64(point), credential: null, from: 0, until: 0 }
}

/** Today's key and those of the next days; days that are over go with their keys. */
export async function entriesFor(today: string, before: readonly Entry[]): Promise<Entry[]> {
  const wanted = Array.from({ length: DAYS }, (_, i) => addDays(today, i))
  const made = await Promise.all(
    wanted.map(async (day) => before.find((one) => one.day === day) ?? (await newEntry(day))),
  )
  return made.filter((one) => one !== null)
}

function credentialOf(entry: Entry, same: boolean, { credentials, missing }: FreshCodes): Entry {
  const ofDay = credentials.filter((one) => one.day === entry.day)
  const mine = ofDay.find((one) => one.holder === entry.holder)
  if (mine !== undefined)
    return {
      ...entry,
      credential: fromBase64(mine.credential),
      from: Date.parse(mine.from),
      until: Date.parse(mine.until),
    }
  const still = same && ofDay.length === 0 && !missing.some(({ day }) => day === entry.day)
  return still ? entry : { ...entry, credential: null, from: 0, until: 0 }
}

const SECOND = 1000

/** When the server wants to be asked again. */
export const nextAt = (days: Days): number => days.heard + days.nextS * SECOND

/** What the server said, laid over what is here. A change of the code takes the credentials of before away (CODE-9). */
export function applied(
  before: Days | null,
  entries: readonly Entry[],
  fresh: FreshCodes,
  heard: { etag: string | null; now: number },
): Days {
  const same = before !== null && before.n === fresh.n
  const after = entries.map((one) => credentialOf(one, same, fresh))
  return {
    n: fresh.n,
    state: fresh.state,
    etag: heard.etag,
    heard: heard.now,
    nextS: fresh.nextS,
    missing: fresh.missing.map(({ day }) => day),
    elsewhere: after.some((one) => one.credential === null && fresh.credentials.some((other) => other.day === one.day)),
    entries: after,
  }
}

/** Days of the colour that have no credential here yet; the server is asked for them all at once. */
export function lacks({ entries, missing, elsewhere }: Days): boolean {
  return !elsewhere && entries.some((one) => one.credential === null && !missing.includes(one.day))
}

/** The credential of this moment: never before its beginning, never at or after its end (case 73). */
export function liveEntry(days: Days | null, now: number): Entry | null {
  return days?.entries.find((one) => one.credential !== null && one.from <= now && now < one.until) ?? null
}

export type Colour = 'red' | 'yellow' | 'green' | 'pending'
export type Shown =
  /** The QR code lives. */
  | { kind: 'live'; colour: Colour; entry: Entry }
  /** The server has just said the colour, and there is no credential for it here: the colour without the QR code. */
  | { kind: 'colour'; colour: Colour }
  /** Another phone of the account shows it. */
  | { kind: 'elsewhere' }
  /** No colour may be shown: what was here is over, or was never here. */
  | { kind: 'over' }
  /** Not a colour: not registered, not judged, held for review, or nothing is collected any more. */
  | { kind: 'word'; state: 'none' | 'applied' | 'expired' | 'suspended' }

export function colourOf(state: CodeState): Colour | null {
  return state === 'red' || state === 'yellow' || state === 'green' || state === 'pending' ? state : null
}

/** For so long an answer of the server alone is today's colour. */
export const ANSWER_MS = 10 * 60 * SECOND

/**
 * What this phone may show of a person now. A colour comes from a credential within its time; from the server's answer alone only
 * while that is fresh; an answer that knows of a later change than the credential overrules it at once.
 */
export function shown(code: MyCode, asOf: number, days: Days | null, now: number): Shown {
  const newer = days === null || code.n > days.n
  const state = newer ? code.state : days.state
  const colour = colourOf(state)
  if (colour === null) {
    if (state === 'none' || state === 'applied' || state === 'expired' || state === 'suspended')
      return { kind: 'word', state }
    return { kind: 'over' }
  }
  const entry = newer ? null : liveEntry(days, now)
  if (entry !== null) return { kind: 'live', colour, entry }
  if (!newer && days.elsewhere) return { kind: 'elsewhere' }
  const heard = newer ? asOf : days.heard
  return now - heard < ANSWER_MS && now >= heard - ANSWER_MS ? { kind: 'colour', colour } : { kind: 'over' }
}
