import { countyOf, pathOf } from '@weiwang/domain/areas/code'
import type { AreaCode } from '@weiwang/domain/areas/code'
import { say } from '@weiwang/domain/core/say'
import { standingOf } from '@weiwang/domain/healthcode/objection-fold'
import type { Stage } from '@weiwang/domain/healthcode/objection-api'
import { STAGE_SAY } from '@weiwang/domain/healthcode/objection-words'
import { z } from 'zod'
import { areaExists } from '../access/store.ts'
import { standsAt } from '../areas/store.ts'
import type { Ctx } from '../core/ctx.ts'
import { defineJobs } from '../core/jobs.ts'
import type { Server } from '../core/server.ts'
import { homesOf } from '../people/store.ts'
import { changeObjection, deskAt, tell, tellHolder } from './objection-change.ts'
import { auditorsOf, carryObjection, dueObjections, lockOpenObjections, objectionsNowhere } from './objection-store.ts'
import type { LoadedObjection } from './objection-store.ts'

/**
 * OBJECT-6: the timer writes what the clock has done and tells those whose turn it is now; the auditor when 24 hours are over. It may
 * be late: whose turn it is does not wait for it. Nobody is told twice, since the step is written with the telling.
 */
const CHUNK = 100
const MOST_TOLD = 20

export async function escalateObjections(server: Server): Promise<number> {
  let done = 0
  for (;;) {
    const n = await server.asSystem('objection.escalate', async (ctx) => {
      const due = await dueObjections(ctx.db, ctx.now, CHUNK)
      for (const loaded of due) {
        const after = await changeObjection(ctx, loaded, [], { by: null, clockOnly: true })
        const to = after.state.clock.stage
        if (to === loaded.state.clock.stage) continue
        const desk = await deskAt(ctx, after.state.area, to)
        const where = STAGE_SAY[to]
        await tell(
          ctx,
          desk.map((one) => one.id),
          'objection.escalated',
          say(
            `一件码色申诉逾期，已自动转${where.zh}，请办理`,
            `An objection to a colour is late and has come to the ${where.en.toLowerCase()} by itself`,
          ),
        )
        if (to === 'city') {
          const auditors = await auditorsOf(ctx.db, pathOf(countyOf(after.state.area)), MOST_TOLD)
          const body = say('一件码色申诉超过时限未决', 'An objection to a colour is past its time')
          await tell(ctx, auditors, 'objection.overdue', body)
          await tellHolder(
            ctx,
            after,
            'objection.overdue',
            say('您的码色申诉已逾期，已转上级督办', 'Your objection is late and was taken to the level above'),
          )
        }
      }
      return due.length
    })
    done += n
    if (n < CHUNK) return done
  }
}

const ZERO = '00000000-0000-0000-0000-000000000000'

/** OBJECT-16: when areas are reorganised an open objection follows its grid, inside its county. */
export async function followObjectionAreas(server: Server): Promise<void> {
  for (let after = ZERO; ;) {
    const last = await server.asSystem('objection.areas', async (ctx) => {
      const list = await objectionsNowhere(ctx.db, after, CHUNK)
      const stands = await standsAt(
        ctx.db,
        list.map(({ state }) => state.area),
      )
      for (const loaded of list) {
        const from = loaded.state.area
        const to = stands.get(from) ?? from
        if (to === from || to.length < 6 || countyOf(to) !== countyOf(from)) continue
        await changeObjection(ctx, loaded, [{ kind: 'reorganised', body: { on: ctx.today, from, to } }], { by: null })
      }
      return list.length < CHUNK ? null : (list.at(-1)?.row.id ?? null)
    })
    if (last === null) return
    after = last
  }
}

const Persons = z.object({ personId: z.uuid().optional(), personIds: z.array(z.uuid()).optional() })

/** OBJECT-16: an open objection follows its person to the new home, to another county too. */
export async function followPersons(server: Server, payload: unknown): Promise<void> {
  const { personId, personIds = [] } = Persons.parse(payload)
  const persons = personId === undefined ? personIds : [personId, ...personIds]
  await server.asSystem('objection.follow', async (ctx) => {
    const open = await lockOpenObjections(ctx.db, persons)
    // Under the locks: of two moves the later one is what counts, whichever is followed last.
    const homes = await homesOf(
      ctx.db,
      open.flatMap(({ row }) => row.person_id ?? []),
    )
    for (const loaded of open) {
      const home = homes.get(loaded.row.person_id ?? '')
      if (home !== undefined && home !== loaded.row.area) await follow(ctx, loaded, home)
    }
  })
}

/** A home known coarser than a county, or outside of what is looked after here, has no desk that could take it: it stays. */
async function follow(ctx: Ctx, loaded: LoadedObjection, home: AreaCode): Promise<void> {
  const from = loaded.state.area
  if (home.length < 6 || !(await areaExists(ctx.db, home.slice(0, 6)))) return
  const county = countyOf(home)
  if (county !== loaded.row.county && !(await carryObjection(ctx.db, loaded.row, home))) return
  const there = { ...loaded, row: { ...loaded.row, county } }
  const after = await changeObjection(ctx, there, [{ kind: 'moved', body: { on: ctx.today, from, to: home } }], {
    by: null,
  })
  await tellNewDesk(ctx, home, standingOf(after.state, ctx.now).stage, from)
}

async function tellNewDesk(ctx: Ctx, home: AreaCode, stage: Stage, from: AreaCode): Promise<void> {
  const before = new Set((await deskAt(ctx, from, stage)).map((one) => one.id))
  const desk = (await deskAt(ctx, home, stage)).filter((one) => !before.has(one.id))
  await tell(
    ctx,
    desk.map((one) => one.id),
    'objection.moved',
    say(
      '一件码色申诉随本人迁入，请在原时限内办理',
      'An objection to a colour moved here with its person; its clock runs on',
    ),
  )
}

export const objectionJobs = defineJobs({
  reactions: {
    'areas.followed': async (server) => followObjectionAreas(server),
    'person.moved': followPersons,
    'person.resolved': followPersons,
  },
  timers: [{ name: 'objections', cron: '* * * * *', run: async (server) => void (await escalateObjections(server)) }],
})
