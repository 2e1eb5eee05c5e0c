import { notFound } from '@weiwang/domain/core/problems'
import type { Say } from '@weiwang/domain/core/say'
import {
  Asker,
  GROUNDS,
  Ground,
  MyObjections,
  OpenMyObjection,
  ProofKind,
  SupplementMine,
  WithdrawMine,
} from '@weiwang/domain/healthcode/objection-api'
import type { MayObject, MyObjection, MyPass } from '@weiwang/domain/healthcode/objection-api'
import { stageArea } from '@weiwang/domain/healthcode/objection-clock'
import { decideHolder } from '@weiwang/domain/healthcode/objection-decide'
import { standingOf } from '@weiwang/domain/healthcode/objection-fold'
import { nothingToObject, oneAtATime } from '@weiwang/domain/healthcode/objection-problems'
import {
  GROUND_HINT,
  GROUND_SAY,
  HARDSHIP_SAY,
  STATE_SAY,
  eventSay,
  referenceOf,
} from '@weiwang/domain/healthcode/objection-words'
import { say } from '@weiwang/domain/core/say'
import { MAX_PROOFS } from '@weiwang/domain/healthcode/objection-api'
import { areaNames } from '../access/store.ts'
import { defineAction } from '../core/action.ts'
import type { Ctx } from '../core/ctx.ts'
import { personsOfAccount, recordsOfAccount } from '../people/account-persons.ts'
import { openText } from '../people/opening.ts'
import { boundRecords } from './holders.ts'
import { answerOf } from './objection-answer.ts'
import { changeObjection, deskAt, tell, textPlace, wordsPlace } from './objection-change.ts'
import { writeObjection } from './objection-open.ts'
import { passesHolding } from './objection-pass-store.ts'
import { colourStanding, keptReasons, presentReasons, reasonKey, reasonsFor } from './objection-reasons.ts'
import type { Standing } from './objection-reasons.ts'
import {
  countObjections,
  findObjection,
  lockObjection,
  objectionHistory,
  objectionsOf,
  proofsOf,
} from './objection-store.ts'
import type { LoadedObjection } from './objection-store.ts'

/**
 * The resident's side. No area stands behind it: whose it is says the account alone (REGISTER-1), and everything else is not found.
 */
export async function myObjection(ctx: Ctx, id: string, lock: boolean): Promise<LoadedObjection> {
  const loaded = await (lock ? lockObjection : findObjection)(ctx.db, [''], id)
  const mine = await recordsOfAccount(ctx)
  if (!loaded || loaded.row.person_id === null || !mine.includes(loaded.row.person_id))
    throw notFound({ thing: 'objection' })
  return loaded
}

/** What the desk asked for last, while it waits. */
async function askedOf(ctx: Ctx, { row, state }: LoadedObjection): Promise<string | null> {
  if (state.asked === null) return null
  const lines = await objectionHistory(ctx.db, row.county, row.id)
  const asked = lines.findLast((line) => line.kind === 'asked')
  return asked ? openText(ctx, textPlace(row.id, asked.n), asked.text_sealed) : null
}

async function present(ctx: Ctx, loaded: LoadedObjection, self: ReadonlySet<string>): Promise<MyObjection> {
  const { row, state, events } = loaded
  const stands = standingOf(state, ctx.now)
  const desk = stageArea(state.area, stands.stage)
  const names = await areaNames(ctx.db, [desk])
  const proofs = await proofsOf(ctx.db, [row])
  const reasons = keptReasons(row.reasons).filter((reason) => reasonKey(reason) === state.contested?.key)
  const [reason = null] = await presentReasons(ctx, reasons)
  const open = state.closedAt === null
  return {
    id: row.id,
    reference: referenceOf(row.id),
    personId: row.person_id ?? row.id,
    masked: row.masked,
    self: row.person_id !== null && self.has(row.person_id),
    ground: state.ground,
    groundName: GROUND_SAY[state.ground],
    colour: state.colour,
    reason,
    state: stands.name,
    stateName: STATE_SAY[stands.name],
    stage: stands.stage,
    deskName: names.get(desk) ?? desk,
    openedAt: state.openedAt,
    dueBy: stands.allDueBy,
    late: stands.overdue,
    asked: stands.waiting ? await askedOf(ctx, loaded) : null,
    askedUntil: stands.waiting ? (state.asked?.until ?? null) : null,
    words: (await openText(ctx, wordsPlace(row.id), row.words_sealed)) ?? '',
    proofs: proofs.map((proof) => ({ id: proof.id, kind: ProofKind.parse(proof.kind) })),
    answer: await answerOf(ctx, loaded, true),
    may: [
      ...(open && state.asked !== null ? (['supplement'] as const) : []),
      ...(open && state.proofs < MAX_PROOFS ? (['prove'] as const) : []),
      ...(open ? (['withdraw'] as const) : []),
    ],
    history: events.map((event) => ({ at: event.recordedAt, say: eventSay(event) })),
  }
}

function whyNot(standing: Standing, open: boolean): Say | null {
  if (open) return oneAtATime({}).body.message
  return standing.colour === null || standing.colour === 'green' ? nothingToObject({}).body.message : null
}

/** GET /api/my/objections */
export async function readMyObjections(ctx: Ctx): Promise<MyObjections> {
  const people = await personsOfAccount(ctx)
  const records = await recordsOfAccount(ctx)
  const self = new Set(people.filter((one) => one.relation === 'self').map((one) => one.personId))
  const loaded = await objectionsOf(ctx.db, records)
  const open = new Set(loaded.filter((one) => one.state.closedAt === null).map((one) => one.row.person_id))
  const items: MyObjection[] = []
  for (const one of loaded) items.push(await present(ctx, one, self))
  const mine: MayObject[] = []
  const masks = new Map<string, string>()
  for (const { personId } of people) {
    const standing = await colourStanding(ctx, [''], personId)
    if (!standing) continue
    const { person, colour } = standing
    masks.set(person.person_id, person.masked)
    const why = whyNot(standing, open.has(person.person_id))
    mine.push({
      personId: person.person_id,
      masked: person.masked,
      self: self.has(personId),
      colour,
      reasons: await presentReasons(ctx, reasonsFor(standing.reasons, colour, ctx.today)),
      may: why === null,
      why,
    })
  }
  const passes = (await passesHolding(ctx.db, await boundRecords(ctx), ctx.now)).map((pass): MyPass => ({
    id: pass.id,
    personId: pass.person_id ?? pass.id,
    masked: pass.masked,
    number: pass.number,
    reasonName: HARDSHIP_SAY[pass.reason],
    from: pass.issued_at.toISOString(),
    until: pass.until_at.toISOString(),
  }))
  const grounds = GROUNDS.map((ground) => ({ ground, say: GROUND_SAY[ground], hint: GROUND_HINT[ground] }))
  const total = await countObjections(ctx.db, records)
  return { items, total, people: mine, passes, grounds, asOf: ctx.now.toISOString() }
}

async function oneOfMine(ctx: Ctx, loaded: LoadedObjection): Promise<MyObjection> {
  const people = await personsOfAccount(ctx)
  return present(ctx, loaded, new Set(people.filter((one) => one.relation === 'self').map((one) => one.personId)))
}

// Nothing of it is kept as a first answer: it carries what was said.
const Mine = MyObjections.shape.items.element

export const openMyObjection = defineAction({
  name: 'my.objection.open',
  input: OpenMyObjection,
  output: Mine,
  reach: 'all',
  secret: true,
  run: async (ctx, args): Promise<MyObjection> => {
    const who = (await personsOfAccount(ctx)).find((one) => one.personId === args.personId)
    const standing = who ? await colourStanding(ctx, [''], who.personId) : null
    if (!who || !standing) throw notFound({ thing: 'person' })
    const asker = Asker.parse(who.relation === 'self' ? 'self' : 'account')
    const { id, ground, reason, words } = args
    return oneOfMine(
      ctx,
      await writeObjection(ctx, standing, { id, ground: Ground.parse(ground), reason, words, asker }),
    )
  },
})

async function holderStep(ctx: Ctx, id: string, step: 'supplement' | 'withdraw', text?: string): Promise<MyObjection> {
  const loaded = await myObjection(ctx, id, true)
  const decision = decideHolder(loaded.state, step, false, { now: ctx.now, zone: ctx.zone })
  if (!decision.ok) throw decision.problem
  const after = await changeObjection(ctx, loaded, decision.events, { text })
  ctx.audit({
    verb: `objection.${step}`,
    thing: 'objection',
    thingId: id,
    area: after.row.area,
    detail: { by: 'resident' },
  })
  if (step === 'supplement') {
    const desk = await deskAt(ctx, after.state.area, standingOf(after.state, ctx.now).stage)
    const body = say('一件码色申诉已补充材料', 'An objection to a colour was added to')
    await tell(
      ctx,
      desk.map((one) => one.id),
      'objection.supplemented',
      body,
    )
  }
  return oneOfMine(ctx, after)
}

export const supplementMine = defineAction({
  name: 'my.objection.supplement',
  input: SupplementMine,
  output: Mine,
  reach: 'all',
  secret: true,
  run: (ctx, { id, words }): Promise<MyObjection> => holderStep(ctx, id, 'supplement', words),
})

export const withdrawMine = defineAction({
  name: 'my.objection.withdraw',
  input: WithdrawMine,
  output: Mine,
  reach: 'all',
  secret: true,
  run: (ctx, { id }): Promise<MyObjection> => holderStep(ctx, id, 'withdraw'),
})
