import { decideMediated } from '@weiwang/domain/incidents/decide'
import type { NewDisputeEvent } from '@weiwang/domain/incidents/event'
import { kindOfAnswer, resultOfAnswer } from '@weiwang/domain/incidents/words'
import { z } from 'zod'
import { findOpenEmergency } from '../access/store.ts'
import type { Ctx } from '../core/ctx.ts'
import { idFrom } from '../core/ids.ts'
import type { Server } from '../core/server.ts'
import { openText } from '../people/opening.ts'
import { changeDispute } from './change.ts'
import { writeDispute } from './opening.ts'
import { lockDisputeOfVisit, rootVisit, visitFor } from './store.ts'
import type { MediationVisit } from './store.ts'

/** MED-5: the phone's form "mediation held" is a dispute too, once; a corrected visit corrects it. */
const Filed = z.object({ county: z.string(), visitId: z.uuid() })
const Says = z.object({ purpose: z.string().nullable(), supersedes: z.string().nullable() })
const Answers = z.record(z.string(), z.unknown()).catch({})

async function agreedText(ctx: Ctx, visit: MediationVisit): Promise<string | undefined> {
  const place = { table: 'visit', row: visit.id, column: 'answers_sealed' }
  const text = await openText(ctx, place, visit.answers_sealed)
  const agreed = text === null ? undefined : Answers.parse(JSON.parse(text))['agreed']
  return typeof agreed === 'string' && agreed.trim() !== '' ? agreed : undefined
}

/** Of all visits only a mediation, or a correction (perhaps of one), can concern a dispute. */
export function visitMediates(payload: unknown): boolean {
  const says = Says.safeParse(payload)
  return !says.success || says.data.purpose === 'mediation' || says.data.supersedes !== null
}

export async function followVisit(server: Server, payload: unknown): Promise<void> {
  const { county, visitId } = Filed.parse(payload)
  await server.asSystem('mediation.visit', async (ctx) => {
    const visit = await visitFor(ctx.db, county, visitId)
    if (!visit) return
    const root = visit.supersedes === null ? visit.id : await rootVisit(ctx.db, county, visit.id)
    const before = await lockDisputeOfVisit(ctx.db, county, root)
    const held = visit.purpose === 'mediation'
    const answers = Answers.parse(visit.answers)
    const kind = kindOfAnswer(answers['about'])
    const result = resultOfAnswer(answers['outcome'])
    if (before === null) {
      if (!held || !(await findOpenEmergency(ctx, visit.area))) return
      await writeDispute(ctx, {
        id: idFrom(`dispute\u0000${root}`),
        kind,
        area: visit.area,
        householdId: visit.household_id,
        mediator: visit.by,
        visitId: root,
        parties: [],
        held: result === null || result === 'passed_on' ? undefined : { result, agreed: await agreedText(ctx, visit) },
        passedOn: result === 'passed_on',
        occurredAt: visit.occurred_at.toISOString(),
      })
      return
    }
    // Told twice, or corrected: the newest word stands, and what was done at the desk since is kept.
    const { state } = before
    const when = { now: ctx.now, zone: ctx.zone }
    const events: NewDisputeEvent[] = []
    if (!held) {
      if (state.closedAt === null) events.push({ kind: 'closed', body: { on: ctx.today, closing: 'withdrawn' } })
    } else if (visit.id !== root) {
      if (state.kind !== kind) events.push({ kind: 'corrected', body: { on: ctx.today, kind, visitId: visit.id } })
      const word = result === 'agreed' ? 'agreed' : result === 'not_agreed' ? 'not_agreed' : 'mediating'
      if (result !== null && result !== 'passed_on' && state.closedAt === null && state.state !== word)
        events.push(decideMediated(result, undefined, visit.id, when))
    }
    await changeDispute(ctx, before, events, { by: visit.by, text: held ? await agreedText(ctx, visit) : undefined })
  })
}
