import type { Rng } from '@weiwang/domain/exercise/prng'
import type { Device, Hand, Tab } from './hand.ts'
import type { Place } from './place.ts'

/** A piece of work that a phone has kept, as the one who made it remembers it. */
export type Work = {
  key: string
  hand: string
  account: string
  kind: string
  body: Readonly<Record<string, unknown>>
  photoIds: readonly string[]
  /** When it was seen that its phone had been cleared, by this process's clock. */
  wipedAt: number | null
  /** Its phone was cleared after the backup that was put in place: it may be gone with what came after that backup. */
  excused: boolean
}

export type World = {
  place: Place
  devices: Device[]
  hands: Hand[]
  works: Work[]
  /** Keys of work that other work replaces. */
  replaced: Set<string>
  /** Notes an answer that no request should have, unless something is being killed at this moment. */
  odd: (what: string) => void
  /** What was noted since it was last asked. */
  takeOdd: () => string[]
  restores: number
  /** How many acts have been done. */
  done: () => number
  tell: (what: string) => void
  /** Lets a phone in and syncs it on a quiet net. */
  level: (hand: Hand) => Promise<number>
  /** A new session for the phone's worker. */
  logIn: (hand: Hand) => Promise<boolean>
  /** A phone was found cleared: what was made on it cannot come from it any more. False: another worker has it now. */
  wiped: (hand: Hand) => Promise<boolean>
}

/** What a worker does with a phone. Says in a few words what it did, or null when there was nothing to do it with. */
export type Act = (world: World, hand: Hand, tab: Tab) => Promise<string | null>

export function newWorld(place: Place, devices: Device[], more: Partial<World> = {}): World {
  return {
    place,
    devices,
    hands: devices.flatMap((device) => device.hands),
    works: [],
    replaced: new Set(),
    odd: () => undefined,
    takeOdd: () => [],
    restores: 0,
    done: () => 0,
    tell: () => undefined,
    level: () => Promise.resolve(0),
    logIn: async (hand) => {
      hand.device.cookie = await place.session(hand.worker)
      return hand.device.cookie !== null
    },
    wiped: () => Promise.resolve(true),
    ...more,
  }
}

/** An id that the seed decides, shaped as one that a phone makes. */
export function idFrom(rng: Rng): string {
  const hex = (digits: number): string => Array.from({ length: digits }, () => rng.int(16).toString(16)).join('')
  return `${hex(8)}-${hex(4)}-7${hex(3)}-8${hex(3)}-${hex(12)}`
}

export function anyOf<T>(rng: Rng, list: readonly T[]): T | undefined {
  const i = rng.int(Math.max(1, list.length))
  return list[i]
}

export function byId<T extends { id: string }>(list: readonly T[]): T[] {
  return list.toSorted((a, b) => (a.id < b.id ? -1 : 1))
}

/** Keeps a piece of work on the phone and remembers it. */
export async function add(
  world: World,
  hand: Hand,
  { phone }: Tab,
  work: {
    kind: string
    grid: string | undefined
    body: Record<string, unknown>
    photos?: readonly string[]
    draft?: { form: string; version: string; subject: string } | undefined
  },
): Promise<string> {
  const { kind, grid, body, photos = [], draft } = work
  const item = await phone.outbox.add({ kind, grid, body, photos, ...(draft === undefined ? {} : { draft }) })
  remember(world, hand, { key: item.key, kind, body: item.body ?? body, photoIds: photos })
  return `${kind} ${item.key.slice(0, 8)}`
}

export function remember(world: World, hand: Hand, made: Pick<Work, 'key' | 'kind' | 'body' | 'photoIds'>): void {
  world.works.push({ ...made, hand: hand.name, account: hand.worker.id, wipedAt: null, excused: false })
}

const EXPECTED = new Set(['PhoneLocked', 'Trouble', 'PhoneFull'])

export type Tried = { done: boolean; said: string }

/** An act; what the phone itself refuses (locked meanwhile, no net for a log-in, no room) is part of the day, and no act. */
export async function tryAct(act: () => Promise<string | null>): Promise<Tried> {
  try {
    const said = await act()
    return { done: said !== null, said: said ?? 'nothing to do' }
  } catch (error) {
    // Answered otherwise between the look at the list and the act, by what another tab had sent.
    if (error instanceof Error && error.message === 'only refused work is replaced')
      return { done: false, said: error.message }
    if (error instanceof Error && EXPECTED.has(error.name))
      return { done: false, said: `${error.name}: ${error.message.split('\n')[0] ?? ''}` }
    throw error
  }
}

/** What the phone's gate asks for, done as a worker would. False: it stays closed for now. */
export async function letIn(world: World, hand: Hand, { phone }: Tab): Promise<boolean> {
  for (let turn = 0; turn < 4; turn++) {
    const { gate, sessionEnded } = phone.state()
    if (gate === 'open') {
      hand.enrolled = true
      if (sessionEnded && hand.rng.chance(0.6)) await signIn(world, hand, phone)
      return true
    }
    if (gate === 'locked') {
      const answer = await phone.unlock(hand.pin)
      if (!answer.ok && answer.why === 'pin') throw new Error(`${hand.name}: its own PIN does not open it`)
    } else if (gate === 'away') await phone.sync()
    else if (gate === 'logIn') await signIn(world, hand, phone)
    else {
      if (gate === 'new' && hand.enrolled && !(await world.wiped(hand))) return false
      await world.logIn(hand)
      await phone.enrol({ account: hand.worker, pin: hand.pin })
    }
  }
  return phone.state().gate === 'open'
}

async function signIn(world: World, hand: Hand, phone: Tab['phone']): Promise<void> {
  if (await world.logIn(hand)) await phone.signedIn(hand.worker.id, { fresh: true })
}
