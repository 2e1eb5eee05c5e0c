import { setTimeout as sleep } from 'node:timers/promises'
import { rngOf, weighted } from '@weiwang/domain/exercise/prng'
import type { Rng } from '@weiwang/domain/exercise/prng'
import { z } from 'zod'
import { ACTS, letIn, tryAct } from './acts.ts'
import type { Act, Work, World } from './acts.ts'
import { faultsOf } from './check.ts'
import type { Counts } from './check.ts'
import { newHand } from './hand.ts'
import type { Hand, Tab } from './hand.ts'
import { CALM, FAULTS } from './net.ts'
import { openPlace, splitGrid } from './place.ts'
import type { Place } from './place.ts'

export type Plan = {
  seed: string
  operations: number
  /** How often each is done in the whole run, at moments that the seed chooses. */
  kills: number
  databaseKills: number
  restores: number
  splits: number
}

export type Report = Plan & { faults: string[]; counts: Counts; trace: string[]; seconds: number }

const HOUR = 3_600_000
const PHONES = 2
const QUIET_ROUNDS = 14

/** What the centre does meanwhile, each with its weight beside the acts of phones. */
const CENTRE_SHARE = 0.06
/** Of the acts on phones, so many are a crowd that syncs at once. */
const CROWD_SHARE = 0.04

/**
 * Many phones of a few workers against a deployment of its own, everything decided by one seed: first the trouble, then a quiet
 * net in which every phone comes level, then what must be true of all of them (check.ts).
 */
export async function runChaos(plan: Plan): Promise<Report> {
  const began = Date.now()
  const place = await openPlace()
  const trace: string[] = []
  const tell = (what: string): void => {
    trace.push(what)
  }
  const hands: Hand[] = []
  try {
    const run = new Chaos(plan, place, tell)
    hands.push(...run.hands)
    await run.begin()
    await run.trouble()
    await run.quiet()
    const { faults, counts } = await faultsOf(place, run.hands, run.world.works, run.replaced)
    return { ...plan, faults, counts, trace, seconds: Math.round((Date.now() - began) / 1000) }
  } catch (error) {
    // Whatever breaks the run is told with the seed and the way there.
    const why = error instanceof Error ? (error.stack ?? error.message) : String(error)
    throw new Error(`seed ${plan.seed}: ${why}\n${trace.slice(-60).join('\n')}\n${place.deployment.said()}`, {
      cause: error,
    })
  } finally {
    for (const hand of hands) for (const tab of hand.tabs) await tab.phone.stop().catch(() => undefined)
    await place.close()
  }
}

const Listed = z.looseObject({ items: z.array(z.looseObject({ id: z.string(), area: z.string() })) })

class Chaos {
  readonly plan: Plan
  readonly place: Place
  readonly rng: Rng
  readonly hands: Hand[]
  readonly world: World
  readonly replaced = new Set<string>()
  readonly tell: (what: string) => void
  private calm = true

  constructor(plan: Plan, place: Place, tell: (what: string) => void) {
    this.plan = plan
    this.place = place
    this.tell = tell
    this.rng = rngOf(`chaos/${plan.seed}`)
    this.hands = place.workers.flatMap((worker, w) =>
      Array.from({ length: PHONES }, (_, p) =>
        newHand({
          name: `phone ${w + 1}.${p + 1}`,
          worker,
          place,
          rng: rngOf(`chaos/${plan.seed}/${w}/${p}`),
          faults: () => (this.calm ? CALM : FAULTS),
          told: tell,
        }),
      ),
    )
    const works: Work[] = []
    this.world = {
      rng: this.rng,
      works,
      replaced: this.replaced,
      logIn: async (hand) => {
        hand.cookie = await place.session(hand.worker)
      },
    }
  }

  async begin(): Promise<void> {
    for (const hand of this.hands) {
      const tab = await hand.openTab()
      await letIn(this.world, hand, tab)
      await tab.phone.sync()
    }
    if (this.plan.restores > 0) await this.place.backup()
  }

  /** The great events lie at steps that the seed chooses; the program is away while phones go on. */
  private schedule(): Map<number, (() => Promise<string>)[]> {
    const { operations, kills, databaseKills, restores, splits } = this.plan
    const events: (() => Promise<string>)[] = [
      ...Array.from({ length: kills }, () => () => this.killProgram()),
      ...Array.from({ length: databaseKills }, () => () => this.killDatabase()),
      ...Array.from({ length: restores }, () => () => this.restore()),
      ...Array.from({ length: splits }, () => () => this.split()),
    ]
    const at = new Map<number, (() => Promise<string>)[]>()
    for (const event of events) {
      const step = this.rng.between(Math.floor(operations / 8), operations - 1)
      at.set(step, [...(at.get(step) ?? []), event])
    }
    // A backup lies some way before each restore, so that there is something to lose.
    for (let i = 1; i < restores; i++) {
      const step = this.rng.between(Math.floor(operations / 8), operations - 1)
      at.set(step, [...(at.get(step) ?? []), () => this.backup()])
    }
    return at
  }

  async trouble(): Promise<void> {
    const at = this.schedule()
    this.calm = false
    for (let step = 0; step < this.plan.operations; step++) {
      for (const event of at.get(step) ?? []) this.tell(`${step} ${await event()}`)
      const said = this.rng.chance(CENTRE_SHARE) ? await this.centre() : await this.onPhones()
      this.tell(`${step} ${said}`)
    }
    this.calm = true
  }

  private async onPhones(): Promise<string> {
    if (this.rng.chance(CROWD_SHARE)) {
      const crowd = this.hands.filter(() => this.rng.chance(0.6))
      await Promise.all(crowd.map(async (hand) => hand.tabs[0]?.phone.sync()))
      return `${crowd.length} phones sync at once`
    }
    const hand = this.rng.pick(this.someHands())
    return this.act(hand, weighted<Act>(ACTS)(this.rng))
  }

  private someHands(): [Hand, ...Hand[]] {
    const [first, ...rest] = this.hands
    if (!first) throw new Error('no phones')
    return [first, ...rest]
  }

  private async act(hand: Hand, act: Act): Promise<string> {
    const tab = await this.tabOf(hand)
    const said = await tryAct(async () => {
      if (!(await letIn(this.world, hand, tab))) return `stays ${tab.phone.state().gate}`
      return act(this.world, hand, tab)
    })
    return `${hand.name} ${act.name}: ${said ?? 'nothing to do'}`
  }

  private async tabOf(hand: Hand): Promise<Tab> {
    const tab = hand.tabs[this.rng.int(Math.max(1, hand.tabs.length))]
    return tab ?? hand.openTab()
  }

  // ---- The centre -----------------------------------------------------------------------------------------------------------

  private async centre(): Promise<string> {
    const act = weighted([
      [() => this.reassign(), 4],
      [() => this.decideHandover(), 4],
      [() => this.reopen(), 5],
      [() => this.passOn(), 3],
      [() => this.endSessions(), 1],
    ])(this.rng)
    return act()
  }

  private post(login: string, url: string, body: object) {
    return this.place.desk(login, 'POST', url, body)
  }
  private get operator(): string {
    return `village${this.place.village}.operator`
  }

  private async reassign(): Promise<string> {
    const duties = await this.place.duties()
    const duty = duties[this.rng.int(Math.max(1, duties.length))]
    // The last worker stays without a duty now and then, and gets one now and then.
    const to = this.rng.pick(this.someHands()).worker
    if (!duty || duty.account === to.id) return 'nobody to give a duty to'
    const { status, text } = await this.post(this.operator, '/api/duties/reassign', {
      from: duty.account,
      to: to.id,
      areas: [duty.area],
      day: await this.place.today(),
      reason: '调整',
    })
    return `the centre gives ${duty.area} to ${to.name}: ${status} ${status === 200 ? '' : text.slice(0, 120)}`
  }

  private async decideHandover(): Promise<string> {
    const { body } = await this.place.desk(this.operator, 'GET', '/api/sync/handovers?limit=50')
    const listed = Listed.safeParse(body)
    const row = listed.success ? listed.data.items[this.rng.int(Math.max(1, listed.data.items.length))] : undefined
    if (!row) return 'nothing to decide'
    const answer = this.rng.chance(0.6)
      ? await this.post(this.operator, `/api/sync/handovers/${row.id}/take`, { id: row.id })
      : await this.post(this.operator, `/api/sync/handovers/${row.id}/set-aside`, { id: row.id, reason: '重复上报' })
    return `the supervisor decides ${row.id.slice(0, 8)}: ${answer.status} ${answer.status === 200 ? '' : answer.text.slice(0, 120)}`
  }

  private async taskIn(states: string): Promise<{ id: string; area: string } | null> {
    const rows = await this.place.sql(
      `select id, area from task where area >= $1 and area < $1 || 'z' and ${states} order by reference`,
      [this.place.village],
    )
    const row = rows[this.rng.int(Math.max(1, rows.length))]
    return row ? { id: String(row['id']), area: String(row['area']) } : null
  }

  private async reopen(): Promise<string> {
    const task = await this.taskIn(`state = 'review'`)
    if (!task) return 'no task to open again'
    const { status, text } = await this.post(
      `county${this.place.village.slice(0, 6)}.chief`,
      `/api/tasks/${task.id}/review`,
      {
        decision: 'reopen',
        reason: '再核',
      },
    )
    return `a task is opened again: ${status} ${status === 200 ? '' : text.slice(0, 120)}`
  }

  private async passOn(): Promise<string> {
    const task = await this.taskIn(`closed_at is null`)
    const duties = await this.place.duties()
    const to = duties[this.rng.int(Math.max(1, duties.length))]
    if (!task || !to) return 'no task to pass on'
    const { status, text } = await this.post(this.operator, `/api/tasks/${task.id}/pass`, {
      area: to.area,
      reason: '转办',
    })
    return `a task goes to ${to.area}: ${status} ${status === 200 ? '' : text.slice(0, 120)}`
  }

  private async endSessions(): Promise<string> {
    const { worker } = this.rng.pick(this.someHands())
    await this.place.endSessions(worker)
    return `the sessions of ${worker.name} end`
  }

  // ---- Great events ------------------------------------------------------------------------------------------------------------

  /** Phones go on while something great happens; what they meet is no server. */
  private async meanwhile(event: Promise<unknown>): Promise<void> {
    let over = false
    const ended = event.finally(() => (over = true))
    for (let i = 0; i < 6 && !over; i++) this.tell(`  meanwhile ${await this.onPhones()}`)
    await ended
  }

  private async killProgram(): Promise<string> {
    await Promise.all([this.onPhones(), this.meanwhile(this.place.deployment.crash())])
    return 'the program was killed'
  }

  private async killDatabase(): Promise<string> {
    const pid = this.place.deployment.databasePid()
    process.kill(pid, 'SIGKILL')
    await this.meanwhile(sleep(500))
    await this.place.settled()
    return 'PostgreSQL was killed'
  }

  private async backup(): Promise<string> {
    await this.meanwhile(this.place.backup())
    return 'a backup was made'
  }

  private async restore(): Promise<string> {
    await this.meanwhile(this.place.restore())
    return 'the last backup was put in place'
  }

  private async split(): Promise<string> {
    const today = await this.place.today()
    const rows = await this.place.sql(
      `select code from area where level = 6 and valid_to is null and valid_from < $1`,
      [today],
    )
    const whole = new Set(rows.map((row) => String(row['code'])))
    const duties = (await this.place.duties()).filter(({ area }) => whole.has(area))
    const duty = duties[this.rng.int(Math.max(1, duties.length))]
    if (!duty) return 'nothing to split'
    const doors = await this.place.sql(`select id from household where area >= $1 and area < $1 || 'z' order by id`, [
      duty.area,
    ])
    const some = doors.filter(() => this.rng.chance(0.5)).map((row) => String(row['id']))
    const share = { areas: [], buildings: [], households: [] }
    const parts = [
      { name: `${duty.area.slice(12)}甲`, share },
      { name: `${duty.area.slice(12)}乙`, share: { ...share, households: some } },
    ]
    await splitGrid(this.place, { kind: 'split', code: duty.area, parts, rest: 0 }, today)
    return `${duty.area} was split`
  }

  // ---- The end ------------------------------------------------------------------------------------------------------------------

  /** A quiet net: every phone is let in and syncs, hour after hour, until nothing moves any more. */
  async quiet(): Promise<void> {
    await this.place.settled()
    for (const hand of this.hands) {
      for (const tab of hand.tabs.slice(1)) await hand.close(tab)
      if (hand.tabs.length === 0) await hand.openTab()
    }
    for (let round = 0; round < QUIET_ROUNDS; round++) {
      let moved = 0
      for (const hand of this.hands) moved += await this.comeLevel(hand)
      await this.place.settled()
      this.tell(`quiet round ${round}: ${moved} moved`)
      if (moved === 0 && round > 0) return
    }
  }

  private async comeLevel(hand: Hand): Promise<number> {
    const [tab] = hand.tabs
    if (!tab) throw new Error(`${hand.name} has no tab`)
    hand.skew += 1.2 * HOUR
    await this.world.logIn(hand)
    await tab.phone.signedIn(hand.worker.id, { fresh: true })
    await letIn(this.world, hand, tab)
    const line = await tab.phone.sync()
    const { waiting, photosWaiting } = tab.phone.strip()
    this.tell(
      `${hand.name} ${line.trouble ?? 'ok'} sent ${line.sent} received ${line.received} waiting ${waiting}+${photosWaiting}`,
    )
    return line.sent + line.received + waiting + (line.ok ? 0 : 1)
  }
}
