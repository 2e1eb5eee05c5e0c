import type { AreaCode } from '../areas/code.ts'
import { REACH_DIGITS } from './template.ts'
import type { RoleRule, TeamRole } from './template.ts'

/**
 * Who stands at which door (TEAM-3 to TEAM-6). Pure and deterministic; one door and ten thousand go through the same function.
 * Load comes first: among those whom cap and reach allow, only who has at most one door more than the least loaded is
 * considered; of these the nearest is taken. What is handed out is then evened, door by door along chains of people, until loads
 * differ by at most two or no chain is left; then the limit that binds is named.
 */
export type Position = { lat: number; lng: number }

export type FillDoor = {
  id: string
  area: AreaCode
  /** Estate and building, so that who already serves the building comes first. */
  building: string | null
  position: Position | null
  /** Who already stands in the team, whatever the role: one person has one seat at a door (TEAM-2). */
  taken: readonly string[]
  /** The seats to fill, with the template's rule. */
  seats: readonly { rule: RoleRule; missing: number }[]
}

export type FillPerson = {
  id: string
  roles: readonly TeamRole[]
  /** Areas of the duties valid on the day. */
  covers: readonly AreaCode[]
  /** Doors that the person has already. */
  load: number
  /** The person's own cap; null: the template's. */
  cap: number | null
  /** The middle of the doors that the person has. */
  position: Position | null
  buildings: readonly string[]
}

/** Why a seat stays empty: nobody of the role; all are out of reach, too far, at their cap, or in the team already. */
export const LIMITS = ['nobody', 'reach', 'distance', 'cap', 'seated'] as const
export type Limit = (typeof LIMITS)[number]

export type Seat = { doorId: string; role: TeamRole; personId: string; metres: number | null }
export type Gap = { doorId: string; role: TeamRole; missing: number; limit: Limit }

/** `held`: what people had before this filling stays with them. */
export type SpreadLimit = 'reach' | 'cap' | 'held'
export type Spread = {
  role: TeamRole
  people: number
  least: number
  most: number
  /** Null when loads differ by at most two. */
  limit: SpreadLimit | null
}

export type Filled = { seats: Seat[]; gaps: Gap[]; spread: Spread[] }

const METRES_PER_DEGREE = 111_320
/** TEAM-4: loads differ by at most so much. */
export const EVEN = 2

/** Metres between two points of one town; the curve of the earth does not matter there. */
export function metresBetween(a: Position, b: Position): number {
  const x = (b.lng - a.lng) * Math.cos((((a.lat + b.lat) / 2) * Math.PI) / 180)
  return Math.round(Math.hypot(x, b.lat - a.lat) * METRES_PER_DEGREE)
}

const LENGTHS = [18, 15, 12, 9, 6, 4, 2]

/** How many digits duty and door have in common: 18 a unit, 15 a grid … 6 a county; a duty around the door is as near as can be. */
export function nearness(covers: readonly AreaCode[], area: AreaCode): number {
  let most = 0
  for (const cover of covers) {
    if (area.startsWith(cover)) return area.length
    const shared = LENGTHS.find((n) => n <= area.length && n > most && cover.startsWith(area.slice(0, n)))
    most = shared ?? most
  }
  return most
}

type Person = FillPerson & { now: number; seatsOf: Map<string, Placed>; near: Set<string>; rank: number }
type Placed = { door: FillDoor; rule: RoleRule; seat: number }
type Allowed = { people: readonly Person[]; nearOf: ReadonlyMap<string, number>; role: number }

function capOf(person: Person, rule: RoleRule): number {
  return person.cap ?? rule.cap
}

function metresOf(person: Person, door: FillDoor): number | null {
  return person.position && door.position ? metresBetween(person.position, door.position) : null
}

function tooFar(person: Person, door: FillDoor, rule: RoleRule): boolean {
  const metres = rule.metres === null ? null : metresOf(person, door)
  return metres !== null && rule.metres !== null && metres > rule.metres
}

class Filling {
  readonly people: Person[]
  readonly seats: (Seat | null)[] = []
  readonly #byRole = new Map<TeamRole, Person[]>()
  readonly #allowed = new Map<string, Allowed>()
  readonly #reached = new Map<TeamRole, Set<Person>>()
  /** Who stands at each door now, beside those of before. */
  readonly #at = new Map<string, Set<string>>()

  constructor(people: readonly FillPerson[]) {
    this.people = people
      .toSorted((a, b) => (a.id < b.id ? -1 : 1))
      .map((one, rank) => ({ ...one, now: one.load, seatsOf: new Map(), near: new Set(one.buildings), rank }))
    for (const person of this.people)
      for (const role of person.roles) this.#byRole.set(role, [...(this.#byRole.get(role) ?? []), person])
  }

  ofRole(role: TeamRole): readonly Person[] {
    return this.#byRole.get(role) ?? []
  }

  /** Whom reach allows at a place; the same for every door of a grid, so it is found once. */
  allowed(rule: RoleRule, area: AreaCode): Allowed {
    const key = `${rule.role} ${rule.reach} ${area}`
    const known = this.#allowed.get(key)
    if (known) return known
    const all = this.ofRole(rule.role)
    const around = area.slice(0, REACH_DIGITS[rule.reach])
    const people = all.filter((person) =>
      person.covers.some((cover) => cover.startsWith(around) || area.startsWith(cover)),
    )
    const nearOf = new Map(people.map((person) => [person.id, nearness(person.covers, area)]))
    const found = { people, nearOf, role: all.length }
    this.#allowed.set(key, found)
    const reached = this.#reached.get(rule.role) ?? new Set()
    for (const person of people) reached.add(person)
    this.#reached.set(rule.role, reached)
    return found
  }

  isAt(door: FillDoor, personId: string): boolean {
    return door.taken.includes(personId) || this.#at.get(door.id)?.has(personId) === true
  }

  put(person: Person, placed: Placed): void {
    const { door, rule, seat } = placed
    person.now++
    person.seatsOf.set(`${door.id} ${rule.role}`, placed)
    if (door.building !== null) person.near.add(door.building)
    this.#at.set(door.id, (this.#at.get(door.id) ?? new Set()).add(person.id))
    this.seats[seat] = { doorId: door.id, role: rule.role, personId: person.id, metres: metresOf(person, door) }
  }

  take(person: Person, placed: Placed): void {
    person.now--
    person.seatsOf.delete(`${placed.door.id} ${placed.rule.role}`)
    this.#at.get(placed.door.id)?.delete(person.id)
  }

  /** TEAM-3: the nearest of the least loaded; null with the limit that leaves the seat empty. */
  choose(door: FillDoor, rule: RoleRule): Person | Limit {
    const { people, nearOf, role } = this.allowed(rule, door.area)
    if (role === 0) return 'nobody'
    if (people.length === 0) return 'reach'
    const free = people.filter((one) => !this.isAt(door, one.id))
    if (free.length === 0) return 'seated'
    const close = free.filter((one) => !tooFar(one, door, rule))
    if (close.length === 0) return 'distance'
    const able = close.filter((one) => one.now < capOf(one, rule))
    if (able.length === 0) return 'cap'
    const least = able.reduce((min, one) => Math.min(min, one.now), Infinity)
    const key = (one: Person): readonly number[] => [
      door.building !== null && one.near.has(door.building) ? 0 : 1,
      -(nearOf.get(one.id) ?? 0),
      metresOf(one, door) ?? Infinity,
      one.now,
      one.rank,
    ]
    const even = able.filter((one) => one.now <= least + 1)
    const [first = people[0], ...rest] = even
    if (first === undefined) return 'cap'
    return rest.reduce((best, one) => (before(key(one), key(best)) ? one : best), first)
  }

  canTake(person: Person, { door, rule }: Placed): boolean {
    return !this.isAt(door, person.id) && !tooFar(person, door, rule)
  }

  /** A chain of hand-overs from somebody with many doors to somebody with fewer by more than two; null when there is none. */
  chain(role: TeamRole, from: Person, seen: Set<Person>): { owner: Person; person: Person; placed: Placed }[] | null {
    const came = new Map<Person, { from: Person; placed: Placed }>()
    seen.add(from)
    const queue = [from]
    let goal: Person | null = null
    for (let i = 0; i < queue.length; i++) {
      const person = queue[i]
      if (!person) break
      for (const placed of person.seatsOf.values()) {
        if (placed.rule.role !== role) continue
        for (const other of this.allowed(placed.rule, placed.door.area).people) {
          if (seen.has(other) || !this.canTake(other, placed)) continue
          seen.add(other)
          came.set(other, { from: person, placed })
          queue.push(other)
          if (other.now < from.now - EVEN && other.now < capOf(other, placed.rule) && (!goal || other.now < goal.now))
            goal = other
        }
      }
      // The least loaded of this ring is as good as any further away: hand over what is near.
      if (goal) break
    }
    if (!goal) return null
    const steps: { owner: Person; person: Person; placed: Placed }[] = []
    for (let at: Person = goal; at !== from;) {
      const step = came.get(at)
      if (!step) return null
      steps.push({ owner: step.from, person: at, placed: step.placed })
      at = step.from
    }
    return steps
  }

  /** TEAM-4: hands doors of this filling on until no chain evens loads any further. */
  even(role: TeamRole): void {
    const people = this.reached(role)
    const least = (): number => people.reduce((min, one) => Math.min(min, one.now), Infinity)
    // Each hand-over lessens the sum of squares, so this ends.
    for (let moved = true; moved;) {
      moved = false
      // Whom somebody with as many doors has reached in vain can reach nobody either.
      const vain = new Set<Person>()
      for (const from of people.toSorted((a, b) => b.now - a.now || a.rank - b.rank)) {
        while (from.now - least() > EVEN && !vain.has(from)) {
          const seen = new Set<Person>()
          const steps = this.chain(role, from, seen)
          if (!steps) {
            for (const person of seen) if (person.now <= from.now) vain.add(person)
            break
          }
          for (const { owner, person, placed } of steps) {
            this.take(owner, placed)
            this.put(person, placed)
          }
          moved = true
        }
      }
    }
  }

  /** Those of a role whom the doors of this filling can reach. */
  reached(role: TeamRole): Person[] {
    return [...(this.#reached.get(role) ?? [])]
  }

  spread(role: TeamRole, rules: readonly RoleRule[]): Spread | null {
    const people = this.reached(role)
    if (people.length === 0) return null
    const low = people.reduce((a, b) => (b.now < a.now ? b : a))
    const high = people.reduce((a, b) => (b.now > a.now ? b : a))
    return {
      role,
      people: people.length,
      least: low.now,
      most: high.now,
      limit: high.now - low.now <= EVEN ? null : this.#binding(people, high, rules),
    }
  }

  #binding(people: readonly Person[], high: Person, rules: readonly RoleRule[]): SpreadLimit {
    const lows = people.filter((one) => high.now - one.now > EVEN)
    const full = (one: Person): boolean => rules.every((rule) => one.now >= capOf(one, rule))
    if (lows.every(full)) return 'cap'
    return lows.some((one) => !full(one) && high.load - one.now > EVEN) ? 'held' : 'reach'
  }
}

function before(a: readonly number[], b: readonly number[]): boolean {
  for (const [i, x] of a.entries()) {
    const y = b[i] ?? 0
    if (x !== y) return x < y
  }
  return false
}

/** Doors in the order of their addresses, so that neighbours come after one another. */
function inOrder(doors: readonly FillDoor[]): FillDoor[] {
  return doors.toSorted(
    (a, b) =>
      (a.area < b.area ? -1 : a.area > b.area ? 1 : 0) ||
      (a.building ?? '').localeCompare(b.building ?? '', 'zh', { numeric: true }) ||
      (a.id < b.id ? -1 : 1),
  )
}

/** Fills the empty seats of doors with people. Same input, same answer, whatever its order. */
export function fillTeams(doors: readonly FillDoor[], people: readonly FillPerson[]): Filled {
  const filling = new Filling(people)
  const gaps: Gap[] = []
  const rules = new Map<TeamRole, RoleRule[]>()
  const sorted = inOrder(doors)
  for (const door of sorted)
    for (const { rule } of door.seats) {
      const known = rules.get(rule.role) ?? []
      if (!known.includes(rule)) rules.set(rule.role, [...known, rule])
    }
  // Role by role: people of two roles are evened in each with what they got in the former.
  for (const [role] of rules) {
    for (const door of sorted)
      for (const { rule, missing } of door.seats.filter((seat) => seat.rule.role === role)) {
        for (let i = 0; i < missing; i++) {
          const chosen = filling.choose(door, rule)
          if (typeof chosen === 'string') {
            gaps.push({ doorId: door.id, role, missing: missing - i, limit: chosen })
            break
          }
          filling.put(chosen, { door, rule, seat: filling.seats.length })
        }
      }
    filling.even(role)
  }
  return {
    seats: filling.seats.filter((seat) => seat !== null),
    gaps,
    spread: [...rules].flatMap(([role, of]) => filling.spread(role, of) ?? []),
  }
}
