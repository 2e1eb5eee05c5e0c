import { RIGHTS } from './can.ts'
import type { Verb } from './can.ts'
import { CENTRE_ROLES, isCentre } from './roles.ts'
import type { Role } from './actor.ts'

/** ACCESS-13, tries at a door: after `free` failures within `windowMinutes` each further one doubles the wait, up to `maxWaitSeconds`. */
export type TryLimit = { free: number; windowMinutes: number; firstWaitSeconds: number; maxWaitSeconds: number }

/**
 * Three doors. The narrow one is account and address together, so that a stranger elsewhere cannot lock somebody out with a few
 * tries; the account alone is wider; an address is widest, since a whole centre may sit behind one.
 */
export const LIMITS = {
  pair: { free: 5, windowMinutes: 30, firstWaitSeconds: 30, maxWaitSeconds: 900 },
  account: { free: 20, windowMinutes: 60, firstWaitSeconds: 60, maxWaitSeconds: 900 },
  address: { free: 100, windowMinutes: 15, firstWaitSeconds: 60, maxWaitSeconds: 900 },
} as const satisfies Record<string, TryLimit>

/** One-time codes by SMS (ACCESS-12): one a minute and ten a day for a number, sixty an hour from an address. */
export const CODE_LIMITS = {
  minute: { most: 1, windowSeconds: 60 },
  day: { most: 10, windowSeconds: 86_400 },
  address: { most: 60, windowSeconds: 3600 },
} as const

export const CODE_DIGITS = 6
export const CODE_MINUTES = 5
export const CODE_TRIES = 5
/** A code handed over on paper or face to face: ten characters without 0, O, 1, I. */
export const HAND_OVER_HOURS = 24
export const HAND_OVER_ALPHABET = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ'
export const HAND_OVER_LENGTH = 10

/**
 * Seconds to wait before the next try.
 * @param fails failures in the window: how many and when the last one was
 */
export function waitSeconds(limit: TryLimit, fails: { count: number; last: Date | null }, now: Date): number {
  if (fails.count < limit.free || fails.last === null) return 0
  const doublings = Math.min(fails.count - limit.free, 20)
  const wait = Math.min(limit.firstWaitSeconds * 2 ** doublings, limit.maxWaitSeconds)
  const left = wait - (now.getTime() - fails.last.getTime()) / 1000
  return left > 0 ? Math.ceil(left) : 0
}

/** A session that is not `full` opens nothing: the second factor is still to come, or still to be enrolled. */
export type SessionLevel = 'full' | 'needs_totp' | 'needs_enrolment'

const GUARDED: readonly Verb[] = ['open', 'approve', 'bulk', 'export']

/** ACCESS-20: roles of a centre that open identities, approve, work in bulk or export. */
export function needsSecondFactor(roles: readonly Role[]): boolean {
  return roles.some(
    (role) =>
      CENTRE_ROLES.includes(role) &&
      Object.values(RIGHTS[role]).some((verbs) => verbs.some((verb) => GUARDED.includes(verb))),
  )
}

/**
 * How long a session lives (ACCESS-17): a desk's 12 hours, a phone's 30 days; a half-open one ten minutes, and half an hour
 * where an authenticator has to be found first.
 */
export function sessionHours(roles: readonly Role[], level: SessionLevel): number {
  if (level === 'needs_totp') return 1 / 6
  if (level === 'needs_enrolment') return 1 / 2
  return isCentre(roles) ? 12 : 30 * 24
}

const COMMON = [
  '1234567890', '0123456789', '0987654321', '1111111111', '8888888888', '6666666666', '1234512345', '1122334455', '5201314520',
  'password', 'password1', 'password12', 'password123', 'qwertyuiop', 'qwerty12345', '1qaz2wsx3edc', 'abcdefghij', 'abcd123456',
  'a123456789', 'woaini1314', 'woaini520', 'woaini1314520', 'iloveyou123', 'weiwang123', 'admin12345', 'administrator', 'letmein123',
  'welcome123', 'changeme123', 'p@ssw0rd', 'p@ssw0rd123', 'asdfghjkl1', 'zxcvbnm123', 'q1w2e3r4t5', '1q2w3e4r5t', 'wangge12345', '1314520520',
] // prettier-ignore

/** ACCESS-14: at least ten characters, none of the common ones, not the name one logs in with. No rules about kinds of characters. */
export function passwordFault(password: string, known: readonly string[]): 'short' | 'common' | 'name' | null {
  const chars = Array.from(password.normalize('NFC'))
  if (chars.length < 10) return 'short'
  const lower = password.toLowerCase()
  if (COMMON.includes(lower) || new Set(chars).size < 4) return 'common'
  const named = known.map((k) => k.toLowerCase()).filter((k) => k.length >= 4)
  return named.some((k) => lower.includes(k) && chars.length - Array.from(k).length < 6) ? 'name' : null
}
