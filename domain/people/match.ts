/**
 * Whether two records are one person (PEOPLE-8). The same document is the same person by construction, because the person id
 * is made of it. Everything else is only ever proposed to a human, with a score and its reasons: a near name, and the same
 * birth date (at the precision both have, case 74) or the same telephone.
 */
import { say } from '../core/say.ts'
import type { Say } from '../core/say.ts'
import type { NameRelation } from './name.ts'
import { compareNames } from './name.ts'
import { birthsAgree } from './birth.ts'

export type Known = {
  personId: string
  /** A DocumentKind, or 'none'. */
  docKind: string
  name: string | null
  /** E.164, or anything that is equal when the telephones are equal (a hash). */
  phone: string | null
  birth: string | null
  sex: number
}

export type Match = { score: number; reasons: Say[] }

const NAME_SCORE: Readonly<Record<NameRelation, number>> = {
  same: 0.5,
  same_sound: 0.4,
  near: 0.3,
  unknown: 0,
  different: 0,
}
const NAME_SAY: Partial<Record<NameRelation, Say>> = {
  same: say('姓名相同', 'Same name'),
  same_sound: say('姓名同音', 'Names sound alike'),
  near: say('姓名差一字', 'Names differ by one character'),
}

/** Certainty is left to the document. */
const MOST = 0.99

/** Two papers of one kind are two persons, unless name and telephone both say otherwise (a mistyped number). */
function twoPapers(a: Known, b: Known): boolean {
  return a.docKind !== 'none' && a.docKind === b.docKind
}

function birthScore(a: Known, b: Known): { score: number; reason: Say | null; against: boolean } {
  const agree = birthsAgree(a.birth, b.birth)
  if (agree === null) return { score: 0, reason: null, against: false }
  if (!agree) return { score: -0.3, reason: say('出生日期不同', 'Birth dates differ'), against: true }
  const precision = Math.min(a.birth?.length ?? 0, b.birth?.length ?? 0)
  if (precision >= 10) return { score: 0.35, reason: say('出生日期相同', 'Same birth date'), against: false }
  if (precision >= 7) return { score: 0.2, reason: say('出生年月相同', 'Same month of birth'), against: false }
  return { score: 0.1, reason: say('出生年份相同', 'Same year of birth'), against: false }
}

/** Null: not worth a human's look. A record never matches itself (case 13). Score from 0 to 0.99. */
export function matchPersons(a: Known, b: Known): Match | null {
  if (a.personId === b.personId) return null
  const relation = compareNames(a.name ?? '', b.name ?? '')
  const name = NAME_SAY[relation]
  if (!name) return null
  const samePhone = a.phone !== null && a.phone === b.phone
  const birth = birthScore(a, b)
  if (!samePhone && birth.score <= 0) return null
  if (twoPapers(a, b) && (!samePhone || relation === 'near')) return null
  // A family shares a telephone: a merely near name with another birth date is a brother or a sister.
  if (birth.against && relation === 'near') return null
  const sexDiffers = a.sex !== 0 && b.sex !== 0 && a.sex !== b.sex
  if (sexDiffers && relation !== 'same') return null
  const reasons = [name]
  if (birth.reason) reasons.push(birth.reason)
  if (samePhone) reasons.push(say('电话相同', 'Same telephone'))
  if (sexDiffers) reasons.push(say('性别不同', 'Sex differs'))
  const score = NAME_SCORE[relation] + birth.score + (samePhone ? 0.15 : 0) - (sexDiffers ? 0.2 : 0)
  return { score: Math.max(0, Math.min(MOST, Math.round(score * 100) / 100)), reasons }
}

/** The pair in one order, so that (a, b) and (b, a) are one row of the review queue. */
export function orderedPair(a: string, b: string): [string, string] {
  return a < b ? [a, b] : [b, a]
}

/** Who stays in a merge when nobody says: the one with a document, then the smaller id. */
export function keeperOf(a: Known, b: Known): Known {
  if ((a.docKind === 'none') !== (b.docKind === 'none')) return a.docKind === 'none' ? b : a
  return a.personId < b.personId ? a : b
}
