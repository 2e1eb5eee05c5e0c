/**
 * The code of a post (FORCE-7): `WWP1.<post>.<minute>.<proof>` changes each minute; `WWS1.<shift>.<proof>` is printed for one shift.
 * The proof is made by the server alone, so the code itself says when it was shown: the phone's clock decides nothing.
 */
import { BEFORE_MIN, AFTER_MIN } from './force-time.ts'

const MINUTE = 60_000
const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}'
const SCREEN = new RegExp(`^WWP1\\.(${UUID})\\.(\\d{8,10})\\.([0-9a-f]{32})$`)
const PAPER = new RegExp(`^WWS1\\.(${UUID})\\.([0-9a-f]{32})$`)

export type SignCode =
  | { kind: 'screen'; postId: string; minute: number; proof: string }
  | { kind: 'paper'; shiftId: string; proof: string }

/**
 * What a camera reads is the address of the phone's page with the code behind the #, which no browser sends to a server; scanners
 * that give the text alone, and codes printed before, give the code itself.
 */
const ADDRESS = /#code=([\w.-]+)$/
const bare = (text: string): string => ADDRESS.exec(text.trim())?.[1] ?? text.trim()

/** @param page the address of the phone's page for turns */
export function signAddress(page: string, code: string): string {
  return `${page}#code=${code}`
}

export function readSignCode(said: string): SignCode | null {
  const text = bare(said)
  const screen = SCREEN.exec(text)
  if (screen?.[1] !== undefined && screen[3] !== undefined)
    return { kind: 'screen', postId: screen[1], minute: Number(screen[2]), proof: screen[3] }
  const paper = PAPER.exec(text)
  if (paper?.[1] !== undefined && paper[2] !== undefined) return { kind: 'paper', shiftId: paper[1], proof: paper[2] }
  return null
}

export const minuteOf = (at: Date): number => Math.floor(at.getTime() / MINUTE)

/** What the server's proof is over. */
export const screenText = (postId: string, minute: number): string => `post.${postId}.${minute}`
export const paperText = (shiftId: string): string => `shift.${shiftId}`
export const screenCode = (postId: string, minute: number, proof: string): string => `WWP1.${postId}.${minute}.${proof}`
export const paperCode = (shiftId: string, proof: string): string => `WWS1.${shiftId}.${proof}`

/** A code on a screen is taken at once for so long; from a phone without signal it may arrive within so many hours. */
export const LIVE_MIN = 3
export const LATER_MIN = 12 * 60
/** How far a phone's clock may be before the server's. */
export const AHEAD_MIN = 5

export type SignTime = { ok: true; at: Date; how: 'code' | 'code_later' | 'paper' } | { ok: false }

/** When somebody stood at the screen: now, or at the minute that the code shows when it was sent later. */
export function screenTime(minute: number, now: Date): SignTime {
  const age = minuteOf(now) - minute
  if (age < -1 || age > LATER_MIN) return { ok: false }
  if (age <= LIVE_MIN) return { ok: true, at: now, how: 'code' }
  return { ok: true, at: new Date(minute * MINUTE), how: 'code_later' }
}

/**
 * A printed code proves the shift and not the minute: the phone's time counts while it is near the server's and inside the
 * shift's window, the server's otherwise.
 */
export function paperTime(shift: { startsAt: Date; endsAt: Date }, said: Date | null, now: Date): SignTime {
  const inside = (at: Date): boolean =>
    at.getTime() >= shift.startsAt.getTime() - BEFORE_MIN * MINUTE &&
    at.getTime() <= shift.endsAt.getTime() + AFTER_MIN * MINUTE
  const ahead = said === null ? 0 : said.getTime() - now.getTime()
  const trusted = said !== null && ahead <= AHEAD_MIN * MINUTE && ahead >= -LATER_MIN * MINUTE
  const at = trusted && ahead < 0 ? said : now
  return inside(at) ? { ok: true, at, how: 'paper' } : { ok: false }
}
