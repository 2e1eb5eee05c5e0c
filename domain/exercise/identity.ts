import { addDays } from '../core/day.ts'
import type { Day } from '../core/day.ts'
import type { Rng } from './prng.ts'

/**
 * Documents that cannot belong to anybody (EX-3). A resident identity number of the exercise has `99` as its third and
 * fourth digit: GB/T 2260 gives no city this code, so no living person carries such a number, while its length, birth
 * date, sex digit and check digit are right. Phone numbers have `0` as their fourth digit: no block of numbers is reserved for
 * tests in China, so in an exercise no message ever leaves the server, whatever the number.
 */
const SYNTHETIC_CITY = '99'

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
const CHECKS = '10X98765432'

/** The check digit of GB 11643-1999 for the first seventeen digits. */
export function checkDigit(first17: string): string {
  let sum = 0
  for (let i = 0; i < 17; i++) sum += Number(first17[i]) * (WEIGHTS[i] ?? 0)
  return CHECKS[sum % 11] ?? '0'
}

export function isSyntheticNumber(number: string): boolean {
  return /^\d{17}[\dX]$/.test(number) && number.slice(2, 4) === SYNTHETIC_CITY && checkDigit(number) === number[17]
}

/** Villages of one province that can be told apart: each has two numbers a birthday and sex in 100 division codes. */
const MOST_VILLAGES = 24_950
const PER_DAY = 2

/**
 * Hands out numbers of one village without a list of all others: the village's index chooses the division digits and the
 * sequence, the set of numbers already given is the village's own. When a day is full the birthday moves on by one.
 */
export function numbersOf(
  villageIndex: number,
): (province: string, birth: Day, sex: 1 | 2) => { number: string; birth: Day } {
  if (villageIndex < 0 || villageIndex >= MOST_VILLAGES) throw new RangeError(`village index ${villageIndex}`)
  const given = new Map<string, number>()
  return (province, wanted, sex) => {
    let birth = wanted
    for (;;) {
      const day = `${province}${birth}${sex}`
      const used = given.get(day) ?? 0
      if (used < PER_DAY) {
        given.set(day, used + 1)
        const slot = villageIndex * PER_DAY + used
        const division = String(Math.floor(slot / 499)).padStart(2, '0')
        // Odd for men, even for women; 000 is never used.
        const sequence = String((slot % 499) * 2 + (sex === 1 ? 1 : 2)).padStart(3, '0')
        const first17 = `${province}${SYNTHETIC_CITY}${division}${birth.replaceAll('-', '')}${sequence}`
        const number = first17 + checkDigit(first17)
        // A number ending in 000 looks like one that Excel has rounded, and importers refuse it.
        if (!number.endsWith('000')) return { number, birth }
        continue
      }
      birth = addDays(birth, 1)
    }
  }
}

/** The fifteen-digit form in which people born before 2000 were numbered once, or null. */
export function fifteenDigits(number: string): string | null {
  return number.slice(6, 8) === '19' ? number.slice(0, 6) + number.slice(8, 17) : null
}

/** Mainland mobile prefixes in use in 2020 that a checker of phone numbers accepts. */
const PREFIXES = ['130', '131', '132', '133', '135', '136', '137', '138', '139', '150', '151', '152', '153', '155', '156', '157', '158', '159', '166', '173', '175', '176', '177', '178', '180', '181', '182', '183', '185', '186', '187', '188', '189', '191', '198', '199'] as const // prettier-ignore
const NUMBERS = PREFIXES.length * 10_000_000
/** Room for the phones of one village; neighbouring numbers are spread by a step that has no common factor with the total. */
const PER_VILLAGE = 14_400
const STEP = 7_654_321

/** The n-th phone number of a village; distinct over a whole province. */
export function phoneOf(villageIndex: number, n: number): string {
  const slot = ((villageIndex * PER_VILLAGE + (n % PER_VILLAGE)) * STEP) % NUMBERS
  const prefix = PREFIXES[Math.floor(slot / 10_000_000)] ?? PREFIXES[0]
  return `${prefix}0${String(slot % 10_000_000).padStart(7, '0')}`
}

/** A passport of the exercise: two letters that no Chinese passport begins with, and a number. */
export function passportOf(villageIndex: number, n: number): string {
  return `XE${String(((villageIndex * 100 + n) * 7919) % 10_000_000).padStart(7, '0')}`
}

/** A birthday for an age in whole years on a day. */
export function birthFor(rng: Rng, age: number, on: Day): Day {
  return addDays(`${Number(on.slice(0, 4)) - age}${on.slice(4) === '-02-29' ? '-02-28' : on.slice(4)}`, -rng.int(365))
}
