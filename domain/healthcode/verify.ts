import { say } from '../core/say.ts'
import type { Say } from '../core/say.ts'
import type { Bytes } from './bytes.ts'
import { toHex } from './bytes.ts'
import type { Colour, Credential, Verify } from './credential.ts'
import { expandPoint } from './point.ts'
import { FRESH_S } from './presentation.ts'
import type { ReadCode } from './presentation.ts'
import { isRevoked } from './revocation.ts'
import type { Revoked } from './revocation.ts'

/**
 * What a gate says to a code, without any server (CODE-3 … CODE-10). Three answers: a colour; "check by hand", in grey, when
 * the gate itself cannot know; or refused, when the code cannot be right. No clock, no network, no store: all are arguments.
 */
export type GateKey = {
  /** Hex of the four bytes. */
  kid: string
  /** The point, 65 bytes. */
  publicKey: Bytes
  /** Seconds: codes signed with it hold from … until (exclusive), looked at when the code is scanned (case 69). */
  from: number
  until: number
  revokedAt: number | null
}

export type GatePolicy = {
  /** What a list that is too old means here: a check by hand, or the colour with the age beside it (case 72). */
  oldList: 'by_hand' | 'show'
  /** Whether a paper code gives its colour, or asks for a look at the document each time. */
  paper: 'show' | 'by_hand'
}

export const DEFAULT_POLICY: GatePolicy = { oldList: 'by_hand', paper: 'show' }

export type CheckAround = {
  keys: readonly GateKey[]
  revoked: Revoked
  /** Seconds; not trusted when the device's clock was set or has not been compared with the server's. */
  clock: { now: number; trusted: boolean }
  list: { asOf: number | null; maxAgeS: number }
  policy: GatePolicy
  /** Whether this gate has taken this presentation before (CODE-9); the gate remembers those of the last minutes. */
  seen?: (codeId: Uint8Array, at: number) => boolean
  verify: Verify
  /** The long form of a holder key; the server passes a quicker one. */
  expand?: (compressed: Uint8Array) => Bytes | null
}

type Found = {
  /** What the code says, once its issuer's signature has been verified: the masked name is for the eye of the guard. */
  credential: Credential | null
  paper: boolean
  /** Seconds since the list of replaced codes was complete; null when none was ever fetched or the clock is not trusted. */
  listAgeS: number | null
}
export type Verdict = Found &
  (
    | { kind: 'colour'; colour: Colour; credential: Credential }
    | { kind: 'by_hand'; why: Say; rule: string }
    | { kind: 'refused'; why: Say; rule: string }
  )

export const WORDS = {
  clock: say('本机时间不可信，请人工核验', 'The clock of this device is not trusted: check by hand'),
  oldList: say('作废名单过旧，请人工核验', 'The list of replaced codes is too old: check by hand'),
  unknownKeyOld: say('密钥未更新，无法验签，请人工核验', 'Keys are out of date, cannot verify: check by hand'),
  paper: say('纸质码，请核对证件', 'A paper code: compare it with the document'),
  unknownKey: say('不是本地签发的码', 'Not signed by an issuer known here'),
  forged: say('码被改动或伪造', 'The code was changed or forged'),
  revokedKey: say('签发密钥已作废，请刷新健康码', 'The signing key was revoked: refresh the code'),
  oldKey: say('签发密钥已过期，请刷新健康码', 'The signing key is past its time: refresh the code'),
  earlyKey: say('签发密钥尚未启用', 'The signing key is not in use yet'),
  replaced: say('码已更换，请持码人刷新', 'The code was replaced: ask the holder to refresh'),
  early: say('码尚未生效', 'The code does not hold yet'),
  ended: say('码已过期，请刷新', 'The code has ended: refresh it'),
  alone: say('缺少本机签名，不是实时出示', 'No signature of the phone: not shown live'),
  stale: say(
    '出示已过期：可能是截图，或手机时间不对',
    'Shown too long ago: a screenshot, or the phone’s clock is wrong',
  ),
  ahead: say('手机时间过快，请校准后重新出示', 'The phone’s clock runs ahead: set it and show again'),
  otherPhone: say('不是领取此码的手机', 'Not the phone to which this code was given'),
  used: say('此次出示已用过，请等待刷新', 'This was shown here before: wait until it renews'),
}

/** Seconds since the list was whole; null when there is none, or no clock to tell. */
export function listAge(around: Pick<CheckAround, 'clock' | 'list'>): number | null {
  const { clock, list } = around
  return clock.trusted && list.asOf !== null ? Math.max(0, clock.now - list.asOf) : null
}

export function tooOld(around: Pick<CheckAround, 'clock' | 'list'>): boolean {
  const age = listAge(around)
  return age === null || age > around.list.maxAgeS
}

type No = { kind: 'by_hand' | 'refused'; why: Say; rule: string }
const refused = (why: Say, rule: string): No => ({ kind: 'refused', why, rule })
const byHand = (why: Say, rule: string): No => ({ kind: 'by_hand', why, rule })

/** Who signed, and whether that signature stands: what needs no clock. */
export async function issuerOf(
  read: Pick<ReadCode, 'kid' | 'signed' | 'signature'>,
  around: Pick<CheckAround, 'keys' | 'clock' | 'list' | 'verify'>,
): Promise<{ key: GateKey } | No> {
  const kid = toHex(read.kid)
  const key = around.keys.find((k) => k.kid === kid)
  // A gate that has been alone for long may not know a new key yet: that is its fault, not the holder's (case 72).
  if (!key) return tooOld(around) ? byHand(WORDS.unknownKeyOld, 'CODE-8') : refused(WORDS.unknownKey, 'CODE-4')
  if (!(await around.verify(key.publicKey, read.signed, read.signature))) return refused(WORDS.forged, 'CODE-1')
  return { key }
}

/** The dates of a key that signed, and of what it signed; `until` is exclusive. */
export function withinDates(
  key: GateKey,
  of: { from: number; until: number },
  now: number,
  words: { early: Say; over: Say },
): No | null {
  if (now >= key.until) return refused(WORDS.oldKey, 'CODE-4')
  if (now + FRESH_S < key.from) return refused(WORDS.earlyKey, 'CODE-4')
  if (now + FRESH_S < of.from) return refused(words.early, 'CODE-6')
  if (now >= of.until) return refused(words.over, 'CODE-6')
  return null
}

/** What the lists and the calendar say; the order is from the certain to what needs a clock. */
function standing(read: ReadCode, key: GateKey, around: CheckAround): No | null {
  const { credential } = read
  const { now, trusted } = around.clock
  if (key.revokedAt !== null) return refused(WORDS.revokedKey, 'CODE-4')
  if (isRevoked(around.revoked, credential.codeId)) return refused(WORDS.replaced, 'CODE-7')
  if (!read.live && !credential.paper) return refused(WORDS.alone, 'CODE-2')
  if (!trusted) return byHand(WORDS.clock, 'CODE-5')
  const { issuedAt: from, expiresAt: until } = credential
  return withinDates(key, { from, until }, now, { early: WORDS.early, over: WORDS.ended })
}

/** Whether this phone shows it, now, for the first time here. */
async function presented(read: ReadCode, around: CheckAround): Promise<No | null> {
  const { live, credential } = read
  if (!live || !credential.holder) return null
  const point = (around.expand ?? expandPoint)(credential.holder)
  if (!point || !(await around.verify(point, live.signed, live.signature))) return refused(WORDS.otherPhone, 'CODE-2')
  if (!around.clock.trusted) return null
  if (live.at < around.clock.now - FRESH_S) return refused(WORDS.stale, 'CODE-3')
  if (live.at > around.clock.now + FRESH_S) return refused(WORDS.ahead, 'CODE-3')
  if (around.seen?.(credential.codeId, live.at) === true) return refused(WORDS.used, 'CODE-9')
  return null
}

/** The verdict of a gate on one code that `readCode` could read. A text that it could not read is refused as no code. */
export async function checkCode(read: ReadCode, around: CheckAround): Promise<Verdict> {
  const { credential } = read
  const listAgeS = listAge(around)
  const by = await issuerOf(read, around)
  if (!('key' in by)) return { ...by, credential: null, paper: credential.paper, listAgeS }
  const found = { credential, paper: credential.paper, listAgeS }
  const shown = await presented(read, around)
  // A forged presentation stays refused whatever the clock says; a certain no goes before a doubt of ours.
  if (shown?.rule === 'CODE-2') return { ...found, ...shown }
  const stands = standing(read, by.key, around)
  if (stands) return { ...found, ...stands }
  if (shown) return { ...found, ...shown }
  if (tooOld(around) && around.policy.oldList === 'by_hand') return { ...found, ...byHand(WORDS.oldList, 'CODE-8') }
  if (credential.paper && around.policy.paper === 'by_hand') return { ...found, ...byHand(WORDS.paper, 'CODE-10') }
  return { ...found, kind: 'colour', colour: credential.colour }
}

/** What a text that is no code of ours gets, so that every scan has a verdict. */
export function notACode(): Verdict {
  const why = say('不是本系统的健康码', 'Not a code of this system')
  return { ...refused(why, 'CODE-1'), credential: null, paper: false, listAgeS: null }
}
