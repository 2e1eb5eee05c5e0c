/** What follows a passage: a fever measured again (GATE-5), and where somebody went who did not simply pass (GATE-7). */
import { maskName } from '@weiwang/domain/access/mask'
import { ReferralItem, ReferralPrivate, RetestItem } from '@weiwang/domain/checkpoints/api'
import { referralCounts } from '@weiwang/domain/checkpoints/counts'
import { dispositionsOf } from '@weiwang/domain/checkpoints/decide'
import { DISPOSITION_SAY } from '@weiwang/domain/checkpoints/gate'
import { afterRetest, listsOf } from '@weiwang/domain/checkpoints/passage'
import { badDisposition, noTurnBackHome, nothingToRetest } from '@weiwang/domain/checkpoints/problems'
import { dayOf } from '@weiwang/domain/core/day'
import { readDocument } from '@weiwang/domain/people/document'
import { readPhone } from '@weiwang/domain/people/phone'
import { z } from 'zod'
import { areaExists, areaNames, requireOpenEmergency } from '../access/store.ts'
import { defineAction } from '../core/action.ts'
import type { Ctx } from '../core/ctx.ts'
import { newId } from '../core/transaction.ts'
import { registerPersons } from '../people/register.ts'
import { openTasks } from '../tasks/bulk.ts'
import { homeOf } from '../tasks/store.ts'
import { gateCampaign, gradeOf, reasonsOf } from './campaign.ts'
import { gateEver, stoodAt } from './gate-access.ts'
import type { Standing } from './gate-access.ts'
import { nameAtGate } from './named.ts'
import { momentOf } from './passages-time.ts'
import { kindOf } from './store.ts'
import { countHours, lockPassage, passageOf, setRetest } from './store-passages.ts'
import { insertReferral, openTaskOf, referralThere } from './store-referrals.ts'

export const fileRetest = defineAction({
  name: 'passage.retest',
  input: RetestItem,
  output: z.object({ id: z.uuid() }),
  reach: 'all',
  run: async (ctx, args) => {
    const standing = await gateEver(ctx, args.gateId)
    const { gate } = standing
    const at = momentOf(ctx, args.at)
    stoodAt(ctx, standing, at)
    const row = await lockPassage(ctx.db, gate.county, args.passageId)
    if (!row || row.gate_id !== gate.id || row.retest !== null || row.verdict !== 'hold_fever')
      throw nothingToRetest({})
    const before = passageOf(row)
    const after = afterRetest(before, args.temperature)
    await setRetest(ctx.db, row, { retest: args.temperature, retest_at: at, verdict: after.verdict })
    const step = (metric: string, n: number) => ({ day: row.day, hour: row.hour, metric, n })
    await countHours(ctx.db, { ...gate, area: row.area }, [
      ...listsOf(before).map((metric) => step(metric, -1)),
      ...listsOf(after).map((metric) => step(metric, 1)),
    ])
    ctx.audit({ verb: 'passage.retest', thing: 'gate', thingId: gate.id, area: gate.area, detail: { passage: row.id } })
    return { id: args.id }
  },
})

const Referral = ReferralItem.omit({ private: true, sealed: true }).extend({ private: ReferralPrivate })
type Referral = z.output<typeof Referral>
const Filed = z.object({
  id: z.uuid(),
  task: z.object({ reference: z.string(), areaName: z.string().nullable() }).nullable(),
})

/** A referral is never lost for a number that was typed wrongly: without somebody to find, the desk has it without a task. */
export const fileReferral = defineAction({
  name: 'gate.refer',
  input: Referral,
  output: Filed,
  reach: 'all',
  run: async (ctx, args) => {
    const standing = await gateEver(ctx, args.gateId)
    const { gate } = standing
    // Sent again after its first answer was deleted with the passages: it is there, and that is all that is left to say.
    if (await referralThere(ctx.db, gate.county, args.id)) return { id: args.id, task: null }
    const at = momentOf(ctx, args.at)
    stoodAt(ctx, standing, at)
    requireOffered(args, standing)
    const { id: emergencyId } = await requireOpenEmergency(ctx, gate.area)
    const homeArea = args.homeArea !== null && (await areaExists(ctx.db, args.homeArea)) ? args.homeArea : null
    const task = args.disposition === 'grid' ? await toGrid(ctx, args, { standing, emergencyId, homeArea }) : null
    const place = { table: 'gate_referral', row: args.id, column: 'private_sealed' }
    await insertReferral(ctx.db, {
      county: gate.county,
      id: args.id,
      gate_id: gate.id,
      area: gate.area,
      emergency_id: emergencyId,
      passage_id: args.passageId,
      day: dayOf(at, ctx.zone),
      at,
      recorded_at: ctx.now,
      why: args.why,
      disposition: args.disposition,
      home_proof: args.homeProof,
      home_area: task?.area ?? homeArea,
      called: args.called,
      masked: maskName(args.private.name),
      private_sealed: await ctx.keys.seal({ ...place, emergencyId, now: ctx.now }, JSON.stringify(args.private)),
      person_id: task?.personId ?? null,
      task_county: task?.county ?? null,
      task_id: task?.taskId ?? null,
      reference: task?.reference ?? null,
      // Cleared and turned back need nobody any more.
      ...(args.disposition === 'cleared'
        ? { outcome: 'none_needed', closed_at: ctx.now, closed_by: ctx.actor.name }
        : {}),
    })
    ctx.count(referralCounts({ area: gate.area, day: dayOf(at, ctx.zone), disposition: args.disposition }))
    ctx.audit({
      verb: 'gate.refer',
      thing: 'gate',
      thingId: gate.id,
      area: gate.area,
      detail: { referral: args.id, why: args.why, disposition: args.disposition },
    })
    if (task !== null)
      await nameAtGate(ctx, {
        county: gate.county,
        area: gate.area,
        emergencyId,
        day: dayOf(at, ctx.zone),
        verb: 'gate.refer',
        people: [task.personId],
      })
    const names = homeArea === null ? new Map<string, string>() : await areaNames(ctx.db, [homeArea])
    // Where somebody lives is told to no gate: it hears the name of the area that it gave itself.
    return {
      id: args.id,
      task:
        task === null
          ? null
          : { reference: task.reference, areaName: homeArea === null ? null : (names.get(homeArea) ?? null) },
    }
  },
})

/** The policy may have changed since: what no policy allows is refused, what this one does not offer is written down. */
function requireOffered(args: Referral, { gate }: Standing): void {
  const of = { why: args.why, fever: args.why === 'fever', homeProved: args.homeProof !== null, kind: kindOf(gate) }
  const offered = dispositionsOf(of, { turnBack: true })
  if (offered.includes(args.disposition)) return
  if (args.disposition === 'turned_back' && kindOf(gate) === 'estate') throw noTurnBackHome({}, 'disposition')
  const names = offered.map((one) => DISPOSITION_SAY[one].zh).join('、')
  throw badDisposition({ offered: names }, 'disposition')
}

type ToGrid = { personId: string; county: string; taskId: string; reference: string; area: string }

async function toGrid(
  ctx: Ctx,
  args: Referral,
  at: { standing: Standing; emergencyId: string; homeArea: string | null },
): Promise<ToGrid | null> {
  const { gate } = at.standing
  const { name, document, phone, address } = args.private
  const read = document === '' ? null : readDocument(document, { today: ctx.today, typed: true })
  const number = phone === '' ? null : readPhone(phone)
  const [registered] = await registerPersons(
    ctx,
    [
      {
        document: read?.ok ? read.value : null,
        name,
        phone: number?.ok ? number.value : null,
        address: address === '' ? null : address,
        area: at.homeArea ?? gate.area,
        source: 'gate',
      },
    ],
    { emergencyId: at.emergencyId },
  )
  const personId = registered?.personId ?? null
  if (personId === null) return null
  const home = await homeOf(ctx.db, personId)
  const area = home?.area ?? at.homeArea ?? gate.area
  const campaign = await gateCampaign(ctx, at.emergencyId)
  const task = {
    // Of its own: an id made from the referral's would lead from one to the other when the referral is blank.
    id: newId(ctx.now),
    area,
    personId,
    householdId: home?.householdId ?? null,
    masked: home?.masked ?? maskName(name),
    grade: gradeOf(args.why),
    reasons: reasonsOf(args.why, ctx.today),
  }
  await openTasks(ctx, campaign, [task])
  const open = await openTaskOf(ctx.db, personId, campaign.id)
  return open === null ? null : { personId, area, ...open }
}
