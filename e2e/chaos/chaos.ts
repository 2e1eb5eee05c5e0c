import { setTimeout as sleep } from 'node:timers/promises'
import { rngOf, weighted } from '@weiwang/domain/exercise/prng'
import type { Rng } from '@weiwang/domain/exercise/prng'
import { ACTS } from './acts.ts'
import { centreAct, findAll } from './centre.ts'
import { brokenNow, faultsOf } from './check.ts'
import type { Counts } from './check.ts'
import { fill, newDevice, newHand } from './hand.ts'
import type { Device, Hand, Tab } from './hand.ts'
import { CALM, FAULTS } from './net.ts'
import { AT_WORK, changeAreas, openPlace } from './place.ts'
import type { Place } from './place.ts'
import { letIn, newWorld, tryAct } from './world.ts'
import type { Act, World } from './world.ts'

export type Plan = {
  seed: string
  operations: number
  /** How often each is done in the whole run, at moments that the seed chooses. */
  kills: number
  databaseKills: number
  restores: number
  /** Grids split or merged; before each a day passes, for an area changes once a day. */
  changes: number
  upgrades: number
  /** After each of so many equal parts every phone comes level and everything is compared. */
  epochs: number
}

export type Report = Plan & {
  faults: string[]
  counts: Counts
  trace: string[]
  seconds: number
  /** Of them in trouble, the rest in starting, coming level and comparing. */
  troubled: number
  done: number
}

const HOUR = 3_600_000
const PHONES = 2
/** Devices that two workers use in turn. */
const SHARED = 2
const QUIET_ROUNDS = 14
const FOUND_ROUND = 4
const BUSY_MS = 3000
const LOOK_EVERY = 300
/** The longest patience of an exchange is shorter. */
const HANGS_MS = 150_000

/** Of all acts, so many are the centre's. */
const CENTRE_SHARE = 0.06

const chooseAct = weighted<Act>(ACTS)

/**
 * Many phones of a few workers against a deployment of its own, everything decided by one seed: every device goes its own way at
 * the same time as the others, with trouble from everywhere; then a quiet net in which every phone comes level; then what must be
 * true of all of them (check.ts). So for each epoch.
 */
export async function runChaos(
  plan: Plan,
  template: string,
  hear: (line: string) => void = () => undefined,
): Promise<Report> {
  const began = Date.now()
  const place = await openPlace(template)
  const trace: string[] = []
  const tell = (what: string): void => {
    const line = `${((Date.now() - began) / 1000).toFixed(2)} ${what}`
    trace.push(line)
    hear(line)
  }
  let run: Chaos | null = null
  try {
    run = new Chaos(plan, place, tell)
    await run.begin()
    let troubled = 0
    let result: Awaited<ReturnType<typeof faultsOf>> | null = null
    for (let epoch = 1; epoch <= plan.epochs; epoch++) {
      const from = Date.now()
      await run.trouble(epoch)
      troubled += Date.now() - from
      await run.quiet()
      result = await faultsOf(run.world, { books: epoch === plan.epochs })
      tell(`epoch ${epoch}: ${result.faults.length} faults`)
      if (result.faults.length > 0) break
    }
    if (!result) throw new Error('no epochs')
    const seconds = Math.round((Date.now() - began) / 1000)
    return { ...plan, ...result, trace, seconds, troubled: Math.round(troubled / 1000), done: run.world.done() }
  } catch (error) {
    // Whatever breaks the run is told with the seed and the way there.
    const why = error instanceof Error ? (error.stack ?? error.message) : String(error)
    throw new Error(`seed ${plan.seed}: ${why}\n${trace.slice(-60).join('\n')}\n${place.deployment.said()}`, {
      cause: error,
    })
  } finally {
    for (const hand of run?.world.hands ?? []) {
      fill(hand.device, false)
      for (const tab of hand.tabs) await tab.phone.stop().catch(() => undefined)
    }
    await place.close()
  }
}

type Event = { at: number; run: () => Promise<string> }

class Chaos {
  readonly plan: Plan
  readonly place: Place
  /** Decides the great events. */
  readonly rng: Rng
  readonly world: World
  private readonly tell: (what: string) => void
  private readonly events: Event[]
  private calm = true
  /** The program or its database is being killed: what it answers meanwhile is not its fault. */
  private stormy = false
  /** A great event has not come to its end. */
  private underWay = false
  private readonly strange: string[] = []
  private readonly doing = new Map<string, string>()
  private acts = 0

  constructor(plan: Plan, place: Place, tell: (what: string) => void) {
    this.plan = plan
    this.place = place
    this.tell = tell
    this.rng = rngOf(`chaos/${plan.seed}`)
    const devices = this.makeDevices()
    this.world = newWorld(place, devices, {
      odd: (what) => {
        if (!this.stormy) this.strange.push(what)
      },
      takeOdd: () => this.strange.splice(0),
      done: () => this.acts,
      tell,
      level: (hand) => this.comeLevel(hand),
      wiped: (hand) => this.wiped(hand),
    })
    this.events = this.schedule()
  }

  private makeDevices(): Device[] {
    const workers = this.place.workers.slice(0, AT_WORK)
    const devices: Device[] = []
    const put = (name: string, owners: readonly (Place['workers'][number] | undefined)[]): void => {
      const device = newDevice(name)
      for (const [i, worker] of owners.entries()) if (worker) this.makeHand(device, worker, `${name}${'ab'[i] ?? ''}`)
      devices.push(device)
    }
    for (const [w, worker] of workers.entries()) for (let p = 1; p <= PHONES; p++) put(`phone ${w + 1}.${p}`, [worker])
    for (let s = 0; s < SHARED; s++) put(`shared ${s + 1}.`, [workers[s], workers[s + 2]])
    return devices
  }

  private makeHand(device: Device, worker: Place['workers'][number], name: string): Hand {
    const { seed } = this.plan
    return newHand({
      name,
      device,
      worker,
      place: this.place,
      rng: rngOf(`chaos/${seed}/${name}/acts`),
      netRng: rngOf(`chaos/${seed}/${name}/net`),
      faults: () => (this.calm ? CALM : FAULTS),
      told: this.tell,
      cleared: () => this.wentWith(name),
      odd: (what) => this.world.odd(what),
    })
  }

  async begin(): Promise<void> {
    await Promise.all(
      this.world.devices.map(async (device) => {
        for (const hand of device.hands) {
          const tab = await hand.openTab()
          await letIn(this.world, hand, tab)
          await tab.phone.sync()
          if (device.hands.length > 1) await hand.close(tab)
        }
      }),
    )
  }

  /** The great events lie at acts that the seed chooses. */
  private schedule(): Event[] {
    const { operations, kills, databaseKills, restores, changes, upgrades } = this.plan
    const times = (n: number, run: () => Promise<string>): Event[] =>
      Array.from({ length: n }, () => ({ at: this.rng.between(Math.floor(operations / 8), operations - 1), run }))
    return [
      ...times(kills, () => this.killProgram()),
      ...times(databaseKills, () => this.killDatabase()),
      ...times(restores, () => this.restore()),
      // A backup lies some way before each restore, so that there is something to lose.
      ...times(restores > 1 ? restores : 0, () => this.backup()),
      ...times(changes, () => this.changeGrids()),
      ...times(upgrades, () => this.upgrade()),
    ].toSorted((a, b) => a.at - b.at)
  }

  /** One part of the operations: every device for itself, until the next great event, and during it. */
  async trouble(epoch: number): Promise<void> {
    const end = Math.floor((this.plan.operations * epoch) / this.plan.epochs)
    this.calm = false
    for (;;) {
      const next = this.events.find(({ at }) => at < end)
      const until = Math.max(this.acts, next?.at ?? end)
      await this.everybody(() => this.acts < until)
      if (!next) break
      this.events.splice(this.events.indexOf(next), 1)
      this.tell(`${this.acts} ${await this.during(next.run())}`)
    }
    this.calm = true
  }

  /** Phones go on while something great happens: each a few acts, whatever they meet. */
  private async during(event: Promise<string>): Promise<string> {
    let over = false
    this.stormy = true
    const most = this.acts + 3 * this.world.devices.length
    this.underWay = true
    const ended = event.finally(() => {
      over = true
      this.underWay = false
    })
    // The lanes must be heard to their end whatever becomes of the event.
    const [what] = await Promise.all([ended, this.everybody(() => !over && this.acts < most)])
    this.stormy = false
    return what
  }

  private async everybody(go: () => boolean): Promise<void> {
    const lanes = [...this.world.devices.map((device) => this.lane(device, go)), this.look(go)]
    // All of them end before anything is told, or one that failed would leave the others at work.
    const ended = Promise.allSettled(lanes)
    for (const lane of await Promise.race([ended, this.hang(go, ended)]))
      if (lane.status === 'rejected') throw lane.reason
  }

  /** A phone that never comes back from something is a fault of its own. */
  private async hang(go: () => boolean, ended: Promise<unknown>): Promise<never> {
    let over = false
    void ended.finally(() => (over = true))
    for (let still = 0; still < HANGS_MS; still += 1000) {
      await sleep(1000, undefined, { ref: false })
      if (over) return new Promise(() => undefined)
      // Who waits for a database that is away is not lost: a great event ends by itself or fails.
      if (go() || this.underWay) still = 0
    }
    const doing = this.world.devices.flatMap(({ name }) => this.doing.get(name) ?? [])
    throw new Error(`what hangs: ${doing.join('; ')}`)
  }

  private async lane(device: Device, go: () => boolean): Promise<void> {
    while (go()) {
      if (device.awayUntil > this.acts) {
        await sleep(15)
        continue
      }
      if (device.full && device.fullUntil <= this.acts) fill(device, false)
      const hand = await this.whoHolds(device)
      const step = this.acts
      this.doing.set(device.name, `${hand.name} since ${step}`)
      const said = hand.rng.chance(CENTRE_SHARE) ? await centreAct(this.world, hand.rng) : await this.onPhone(hand)
      this.doing.delete(device.name)
      this.tell(`${step} ${said}`)
    }
  }

  /** What must hold at any moment, looked at now and then while everything goes on. */
  private async look(go: () => boolean): Promise<void> {
    let next = this.acts + LOOK_EVERY
    while (go()) {
      await sleep(50)
      if (this.acts < next) continue
      next = this.acts + LOOK_EVERY
      const broken = await brokenNow(this.world)
      if (broken.length > 0) throw new Error(`at ${this.acts}: ${broken.join('; ')}`)
    }
  }

  /** Whoever used a shared device last mostly goes on; the other one mostly closes what is open. */
  private async whoHolds(device: Device): Promise<Hand> {
    const [first, second] = device.hands
    if (!first) throw new Error(`${device.name} is nobody's`)
    if (!second) return first
    const used = device.hands.find((hand) => hand.tabs.length > 0) ?? first
    if (!used.rng.chance(0.12)) return used
    const other = used === first ? second : first
    if (used.rng.chance(0.8)) for (const tab of used.tabs) await used.close(tab)
    if (used.rng.chance(0.7)) await this.world.logIn(other)
    return other
  }

  /** One act counts when something was done; a phone that stays closed syncs all the same. */
  private async onPhone(hand: Hand): Promise<string> {
    const act = chooseAct(hand.rng)
    this.doing.set(hand.device.name, `${hand.name} ${act.name} since ${this.acts}`)
    const tab = await this.tabOf(hand)
    const said = await tryAct(async () => {
      if (await letIn(this.world, hand, tab)) return act(this.world, hand, tab)
      if (tab.dead) return null
      const { gate } = tab.phone.state()
      const line = await tab.phone.sync()
      return `stays ${gate}: ${line.trouble ?? 'ok'}, sent ${line.sent}`
    })
    if (said.done) this.acts += 1
    else await sleep(2)
    return `${hand.name} ${act.name}: ${said.said}`
  }

  private async tabOf(hand: Hand): Promise<Tab> {
    const tab = hand.tabs[hand.rng.int(Math.max(1, hand.tabs.length))]
    return tab ?? hand.openTab()
  }

  private wentWith(name: string): void {
    const now = Date.now()
    for (const work of this.world.works) if (work.hand === name) work.wipedAt ??= now
  }

  /** What was made on a cleared phone must be at the server now. Its worker may be gone: then another one gets the phone. */
  private async wiped(hand: Hand): Promise<boolean> {
    hand.enrolled = false
    this.tell(`${hand.name} was cleared`)
    const rows = await this.place.sql(`select id, state from account where id = any($1) order by id`, [
      this.place.workers.map(({ id }) => id),
    ])
    const active = new Set(rows.filter((row) => row['state'] === 'active').map((row) => String(row['id'])))
    if (active.has(hand.worker.id)) return true
    const taken = new Set(hand.device.hands.map(({ worker }) => worker.id))
    const free = this.place.workers.filter(({ id }) => active.has(id) && !taken.has(id))
    const used = new Set(this.world.hands.map(({ worker }) => worker.id))
    const next = free.find(({ id }) => !used.has(id)) ?? free[0]
    if (!next) throw new Error('nobody is left to work')
    hand.give(next)
    this.tell(`${hand.name} goes to ${next.name}`)
    return false
  }

  // ---- Great events ------------------------------------------------------------------------------------------------------------

  private async killProgram(): Promise<string> {
    await this.place.deployment.crash()
    return 'the program was killed'
  }

  private async killDatabase(): Promise<string> {
    process.kill(this.place.deployment.databasePid(), 'SIGKILL')
    await sleep(300)
    await this.place.settled()
    return 'PostgreSQL was killed'
  }

  private async backup(): Promise<string> {
    await this.place.backup()
    return 'a backup was made'
  }

  private async restore(): Promise<string> {
    // What came from a phone that was cleared since the backup can come from nowhere any more.
    await this.place.restore()
    this.world.restores += 1
    const backupAt = this.place.backupAt()
    for (const work of this.world.works) if (work.wipedAt !== null && work.wipedAt > backupAt) work.excused = true
    return 'the last backup was put in place'
  }

  /** Ended in order and started again while half of the phones lie in drawers for days. */
  private async upgrade(): Promise<string> {
    for (const device of this.world.devices)
      if (this.rng.chance(0.5)) {
        device.awayUntil = Math.max(device.awayUntil, this.acts + this.rng.between(20, 200))
        device.skew += this.rng.between(1, 6) * 24 * HOUR
      }
    await this.place.upgrade()
    return 'the program was ended and started again'
  }

  /** A day passes on every phone too. */
  private async nextDay(): Promise<void> {
    await this.place.nextDay()
    for (const device of this.world.devices) device.skew += 24 * HOUR
  }

  private async changeGrids(): Promise<string> {
    await this.nextDay()
    const today = await this.place.today()
    const rows = await this.place.sql(
      `select code from area where level = 6 and valid_to is null and valid_from < $1 and code >= $2 and code < $2 || 'z' order by code`,
      [today, this.place.village],
    )
    const whole = rows.map((row) => String(row['code']))
    const merges = whole.length > 5 || (whole.length > 2 && this.rng.chance(0.4))
    return merges ? this.merge(whole, today) : this.split(whole, today)
  }

  private async split(whole: readonly string[], today: string): Promise<string> {
    const code = whole[this.rng.int(Math.max(1, whole.length))]
    if (code === undefined) return 'nothing to split'
    const doors = await this.place.sql(`select id from household where area >= $1 and area < $1 || 'z' order by id`, [
      code,
    ])
    const some = doors.filter(() => this.rng.chance(0.5)).map((row) => String(row['id']))
    const share = { areas: [], buildings: [], households: [] }
    const parts = [
      { name: `${code.slice(12)}甲`, share },
      { name: `${code.slice(12)}乙`, share: { ...share, households: some.slice(0, 2000) } },
    ]
    await changeAreas(this.place, { kind: 'split', code, parts, rest: 0 }, today)
    return `${code} was split`
  }

  private async merge(whole: readonly string[], today: string): Promise<string> {
    const at = this.rng.int(whole.length)
    const codes = [whole[at] ?? '', whole[(at + 1 + this.rng.int(whole.length - 1)) % whole.length] ?? '']
    const into = this.rng.chance(0.5) ? { into: codes[0] } : {}
    await changeAreas(this.place, { kind: 'merge', codes, name: `合${at + 1}片`, ...into }, today)
    return `${codes.join(' and ')} were merged`
  }

  // ---- The end of an epoch --------------------------------------------------------------------------------------------------------

  /** A quiet net: every phone is let in and syncs, hour after hour, until nothing moves any more. */
  async quiet(): Promise<void> {
    await this.place.settled()
    for (const device of this.world.devices) {
      fill(device, false)
      device.awayUntil = 0
    }
    for (const hand of this.world.hands) {
      for (const tab of hand.tabs.slice(1)) await hand.close(tab)
      if (hand.tabs.length === 0) await hand.openTab()
    }
    for (let round = 0; round < QUIET_ROUNDS; round++) {
      const moved = await Promise.all(
        this.world.devices.map(async (device) => {
          device.skew += 1.2 * HOUR
          let sum = 0
          for (const hand of device.hands) sum += await this.comeLevel(hand)
          return sum
        }),
      )
      // A lost phone that a restored server knows by another secret: nothing of it arrives until somebody says that it is found.
      if (round === FOUND_ROUND) await findAll(this.world)
      await this.place.settled()
      const sum = moved.reduce((a, b) => a + b, 0)
      this.tell(`quiet round ${round}: ${sum} moved`)
      if (sum === 0 && round > 0) return
    }
  }

  private async comeLevel(hand: Hand): Promise<number> {
    const tab = hand.tabs[0] ?? (await hand.openTab())
    if (await this.world.logIn(hand)) await tab.phone.signedIn(hand.worker.id, { fresh: true })
    const isIn = await tryAct(async () => ((await letIn(this.world, hand, tab)) ? 'open' : null))
    if (tab.dead) return 1
    const line = await tab.phone.sync()
    // As it was told: a place for a first sync is another's for some seconds (SYNC-11).
    if (line.trouble === 'busy') await sleep(BUSY_MS)
    const { waiting, photosWaiting } = tab.phone.strip()
    this.tell(
      `${hand.name} ${line.trouble ?? 'ok'} sent ${line.sent} received ${line.received} waiting ${waiting}+${photosWaiting}`,
    )
    return line.sent + line.received + waiting + (line.ok ? 0 : 1) + (isIn.done ? 0 : 1)
  }
}
