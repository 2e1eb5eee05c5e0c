import type { Role } from '../access/actor.ts'
import { pathOf } from '../areas/code.ts'
import type { AreaCode } from '../areas/code.ts'
import { nameOf } from './names.ts'
import type { VillagePlan } from './place.ts'
import { rngOf } from './prng.ts'

/** The accounts of an exercise: desks at five levels on the way to the filled villages, workers in their grids, and who sits in teams. */
export type StaffRole = Extract<
  Role,
  | 'operator'
  | 'analyst'
  | 'chief'
  | 'auditor'
  | 'administrator'
  | 'worker'
  | 'doctor'
  | 'officer'
  | 'cadre'
  | 'checkpoint'
>
export type Staff = {
  login: string
  name: string
  role: StaffRole
  area: AreaCode
  /** What a duty is over: grids for workers, the village for those of teams. */
  covers: AreaCode[]
  employment: 'full' | 'part' | null
  /** Where somebody at home rings (EX-14). */
  phone: string
}

/**
 * EX-14: no exchange begins with a nought, so that nobody is ever reached: 0512-0100 0001, 0512-0100 0002 and on. They are no way in:
 * what logs in is a mobile number.
 */
export function staffPhone(n: number): string {
  const digits = String(1_000_000 + n)
  return `0512-0${digits.slice(0, 3)} ${digits.slice(3)}`
}

const PREFIX: Record<number, string> = { 2: 'province', 4: 'city', 6: 'county', 9: 'town', 12: 'village' }

/** At the province stand the roles that decide on others; below, an operator and a second person who approves. */
const DESKS: Record<number, readonly StaffRole[]> = {
  2: ['operator', 'chief', 'chief', 'auditor', 'administrator', 'analyst'],
  4: ['operator', 'chief', 'chief', 'auditor', 'administrator'],
  6: ['operator', 'chief', 'auditor'],
  9: ['operator', 'chief'],
  12: ['operator', 'chief'],
}

/** One of each for so many grids, so that a team of four has its seats and nobody more doors than a template allows (TEAM-1). */
const GRIDS_FOR: Readonly<Record<'doctor' | 'officer' | 'cadre', number>> = { doctor: 4, officer: 8, cadre: 4 }
export const TEAM_STAFF = ['doctor', 'officer', 'cadre'] as const

/** Who stands at the gates of the first village. */
export function gateLogin(village: AreaCode): string {
  return `gate${village}`
}

function personName(seed: string, login: string): string {
  const rng = rngOf(`${seed}/staff/${login}`)
  return nameOf(rng, rng.chance(0.55) ? 2 : 1, rng.between(26, 54))
}

/**
 * One full-time worker for each grid; a part-time worker shares two neighbouring grids of a village (the grid standard asks
 * for one full-time and some part-time workers). Doctors, officers and cadres have a duty over their village, for its teams.
 * Log-in names say level or role and code, so that nobody needs a list.
 */
export function staffOf(seed: string, plans: readonly VillagePlan[]): Staff[] {
  const staff: Staff[] = []
  const add = (
    login: string,
    role: StaffRole,
    area: AreaCode,
    covers: AreaCode[] = [],
    employment: Staff['employment'] = null,
  ): void => {
    const phone = staffPhone(staff.length + 1)
    staff.push({ login, name: personName(seed, login), role, area, covers, employment, phone })
  }
  const desks = new Set<AreaCode>()
  for (const { village } of plans) for (const area of pathOf(village.code)) desks.add(area)
  for (const area of [...desks].sort((a, b) => a.length - b.length || (a < b ? -1 : 1))) {
    const desk = DESKS[area.length] ?? []
    desk.forEach((role, i) => {
      // A second holder of a role: an emergency is proposed by one chief and approved by the other.
      const second = desk.indexOf(role) < i ? '2' : ''
      add(`${PREFIX[area.length] ?? 'desk'}${area}.${role}${second}`, role, area)
    })
  }
  for (const { village, grids } of plans) {
    const codes = Array.from({ length: grids }, (_, i) => `${village.code}${String(i + 1).padStart(3, '0')}`)
    for (const grid of codes) add(`worker${grid}`, 'worker', village.code, [grid], 'full')
    for (let i = 0; i < codes.length; i += 2)
      add(`part${codes[i] ?? ''}`, 'worker', village.code, codes.slice(i, i + 2), 'part')
    for (const role of TEAM_STAFF)
      for (let i = 0; i < Math.ceil(grids / GRIDS_FOR[role]); i++)
        add(`${role}${village.code}${i === 0 ? '' : `.${i + 1}`}`, role, village.code, [village.code])
  }
  const [first] = plans
  if (first) add(gateLogin(first.village.code), 'checkpoint', first.village.code, [first.village.code])
  return staff
}
