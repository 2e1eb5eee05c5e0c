import { countyOf, pathOf } from '@weiwang/domain/areas/code'
import { say } from '@weiwang/domain/core/say'
import { STAGE_SAY } from '@weiwang/domain/healthcode/objection-words'
import { standsAt } from '../areas/store.ts'
import { defineJobs } from '../core/jobs.ts'
import type { Server } from '../core/server.ts'
import { changeObjection, deskAt, tell, tellHolder } from './objection-change.ts'
import { auditorsOf, dueObjections, objectionsNowhere } from './objection-store.ts'

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

export const objectionJobs = defineJobs({
  reactions: { 'areas.followed': async (server) => followObjectionAreas(server) },
  timers: [{ name: 'objections', cron: '* * * * *', run: async (server) => void (await escalateObjections(server)) }],
})
