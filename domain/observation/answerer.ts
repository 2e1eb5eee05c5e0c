import type { Day } from '../core/day.ts'

/**
 * OBS-28: who answers for a child. A child is never asked itself: somebody of the same door reports and is rung up. Who that may be is
 * told from births and sexes of the register, as a proposal: the register knows no parents, and a person decides.
 */
export const CHILD_UNDER = 16
const ADULT_FROM = 18
/** How much older a mother or a father is, both ends included. */
const PARENT_YEARS = { from: 16, to: 50 }

/** Whole years on a day, of a birth as the register has it (a day, a month or a year alone); null when it is not known. */
export function yearsOn(birth: string | null, day: Day): number | null {
  if (birth === null || !/^\d{4}/.test(birth)) return null
  const years = Number(day.slice(0, 4)) - Number(birth.slice(0, 4))
  // Of what is not known of the date the birthday has been: a year alone makes nobody a child for longer than it may.
  return day.slice(5, birth.length) < birth.slice(5) ? years - 1 : years
}

export function isChild(birth: string | null, day: Day): boolean {
  const years = yearsOn(birth, day)
  return years !== null && years < CHILD_UNDER
}

export type Near = { personId: string; birth: string | null; sex: number; hasPhone: boolean }
/** likely: by age and sex the mother or the father; adult: of age, or nobody knows. */
export const LIKELY = ['mother', 'father', 'adult'] as const
export type Likely = (typeof LIKELY)[number]

function likelyOf(child: number | null, one: Near, day: Day): Likely {
  const years = yearsOn(one.birth, day)
  const older = years === null || child === null ? null : years - child
  const parent = older !== null && older >= PARENT_YEARS.from && older <= PARENT_YEARS.to
  return !parent || (one.sex !== 1 && one.sex !== 2) ? 'adult' : one.sex === 2 ? 'mother' : 'father'
}

/** Those of the door who can answer for a child: no children, the likeliest parents first, of them those with a telephone. */
export function answerersFor<T extends Near>(
  birth: string | null,
  others: readonly T[],
  day: Day,
): (T & { likely: Likely })[] {
  const child = yearsOn(birth, day)
  const rank = (one: Near & { likely: Likely }): number => (one.hasPhone ? 0 : 10) + LIKELY.indexOf(one.likely)
  return others
    .filter((one) => (yearsOn(one.birth, day) ?? ADULT_FROM) >= ADULT_FROM)
    .map((one) => ({ ...one, likely: likelyOf(child, one, day) }))
    .toSorted((a, b) => rank(a) - rank(b) || (a.personId < b.personId ? -1 : 1))
}
