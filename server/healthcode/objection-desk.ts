import { say } from '@weiwang/domain/core/say'
import { notFound } from '@weiwang/domain/core/problems'
import {
  AskAtDesk,
  DecideObjection,
  OpenAtDesk,
  OpenObjection,
  OpenedObjection,
  Relation,
  StepObjection,
  SteppedObjection,
  UndoObjection,
} from '@weiwang/domain/healthcode/objection-api'
import type { MayObject } from '@weiwang/domain/healthcode/objection-api'
import { colourOfState } from '@weiwang/domain/healthcode/code-state'
import { stageArea } from '@weiwang/domain/healthcode/objection-clock'
import { decideDesk, decideOutcome, mayDecide, mayUndo } from '@weiwang/domain/healthcode/objection-decide'
import type { Corrected, ObjectionDesk } from '@weiwang/domain/healthcode/objection-decide'
import { standingOf } from '@weiwang/domain/healthcode/objection-fold'
import { factNotTheirs, nothingCorrected, nothingToObject } from '@weiwang/domain/healthcode/objection-problems'
import type { Colour } from '@weiwang/domain/grading/rule-set'
import { z } from 'zod'
import { requireOpenEmergency } from '../access/store.ts'
import { defineAction } from '../core/action.ts'
import { actorId, may, permit } from '../core/ctx.ts'
import type { Ctx } from '../core/ctx.ts'
import { denyFacts, liftDenied } from '../feeds/deny.ts'
import { denialsOf } from '../feeds/store-denied.ts'
import { regradeOne } from '../grading/judge-one.ts'
import type { PersonRow } from '../grading/store-read.ts'
import { followCodes } from './code-change.ts'
import { codeNow, findCodes } from './code-store.ts'
import { endManual, manualRows, ruleSetFor } from '../grading/store.ts'
import { openSealed } from '../people/identities.ts'
import { openText } from '../people/opening.ts'
import { findSealed } from '../people/store.ts'
import { changeObjection, deskAt, relativePlace, tell, tellHolder, textPlace, wordsPlace } from './objection-change.ts'
import { writeObjection } from './objection-open.ts'
import { colourStanding, presentReasons, reasonsFor } from './objection-reasons.ts'
import { lockObjection, objectionHistory } from './objection-store.ts'
import type { LoadedObjection } from './objection-store.ts'

/**
 * The desk's verbs. Facts are read and written with the system's role (reach 'all'), so every one of them asks for scope and right
 * itself: it lies within my areas, and this desk may work where it lies now (OBJECT-8).
 */
async function within(ctx: Ctx, id: string): Promise<LoadedObjection> {
  const loaded = await lockObjection(ctx.db, ctx.scope, id)
  if (!loaded) throw notFound({ thing: 'objection' })
  permit(ctx, 'read', { kind: 'objection', area: loaded.state.area })
  return loaded
}

/** Whether this account decided the colour by hand: its changes that still stand. */
async function hasOwnColour(ctx: Ctx, personId: string | null): Promise<boolean> {
  if (personId === null) return false
  return (await manualRows(ctx.db, personId)).some(
    (row) =>
      row.endedAt === null && row.until >= ctx.today && (row.by === ctx.actor.id || row.approvedBy === ctx.actor.id),
  )
}

/** OBJECT-8, OBJECT-9 for this reader. */
export async function seenFrom(ctx: Ctx, { row, state }: LoadedObjection): Promise<ObjectionDesk> {
  const { stage } = standingOf(state, ctx.now)
  return {
    stage: may(ctx, 'file', { kind: 'objection', area: stageArea(state.area, stage) }),
    county: may(ctx, 'approve', { kind: 'objection', area: stageArea(state.area, 'county') }),
    ownColour: await hasOwnColour(ctx, row.person_id),
    ownIntake: row.by === ctx.actor.id,
    decided: state.closedBy === ctx.actor.id,
  }
}

function stepped({ row, state }: LoadedObjection, ctx: Ctx, colour: Colour | null): SteppedObjection {
  const stands = standingOf(state, ctx.now)
  return { id: row.id, state: stands.name, stage: stands.stage, version: state.version, colour }
}

function audit(ctx: Ctx, verb: string, { row, state }: LoadedObjection, detail: Record<string, unknown> = {}): void {
  ctx.audit({ verb, thing: 'objection', thingId: row.id, area: state.area, detail })
}

/** GET /api/objections/ask: what may be objected to for somebody who stands at the desk. */
export async function readAtDesk(ctx: Ctx, { personId }: z.output<typeof AskAtDesk>): Promise<MayObject> {
  const standing = await colourStanding(ctx, ctx.scope, personId)
  if (!standing) throw notFound({ thing: 'person' })
  const { person, colour, reasons } = standing
  permit(ctx, 'file', { kind: 'objection', area: person.home_area })
  const nothing = colour === null || colour === 'green'
  return {
    personId: person.person_id,
    masked: person.masked,
    self: false,
    colour,
    reasons: await presentReasons(ctx, reasonsFor(reasons, colour, ctx.today)),
    may: !nothing,
    why: nothing ? nothingToObject({}).body.message : null,
  }
}

/** OBJECT-3: for a person without a phone, or for one who is away by a relative who came. */
export const openObjectionAtDesk = defineAction({
  name: 'objection.open',
  input: OpenAtDesk,
  output: SteppedObjection,
  reach: 'all',
  secret: true,
  run: async (ctx, args): Promise<SteppedObjection> => {
    const standing = await colourStanding(ctx, ctx.scope, args.personId)
    if (!standing) throw notFound({ thing: 'person' })
    permit(ctx, 'file', { kind: 'objection', area: standing.person.home_area })
    const { id, ground, reason, words, relative } = args
    const asker = relative === undefined ? 'desk_self' : 'desk_relative'
    const loaded = await writeObjection(ctx, standing, { id, ground, reason, words, asker, relative })
    return stepped(loaded, ctx, standing.colour)
  },
})

export const stepObjection = defineAction({
  name: 'objection.step',
  input: StepObjection,
  output: SteppedObjection,
  reach: 'all',
  run: async (ctx, args): Promise<SteppedObjection> => {
    const loaded = await within(ctx, args.id)
    const { step, finding, words } = args
    permit(ctx, 'file', { kind: 'objection', area: loaded.state.area })
    const decision = decideDesk(loaded.state, { step, finding, words }, await seenFrom(ctx, loaded), {
      now: ctx.now,
      zone: ctx.zone,
    })
    if (!decision.ok) throw decision.problem
    const after = await changeObjection(ctx, loaded, decision.events, { text: words })
    audit(ctx, `objection.${step}`, after, finding === undefined ? {} : { finding })
    if (step === 'ask')
      await tellHolder(
        ctx,
        after,
        'objection.asked',
        say('您的码色申诉需要补充材料', 'Your objection needs something more'),
      )
    if (step === 'pass') {
      const desk = await deskAt(ctx, after.state.area, after.state.clock.stage)
      const body = say('下级转来一件码色申诉，请办理', 'An objection to a colour was passed up to you')
      await tell(
        ctx,
        desk.map((one) => one.id),
        'objection.passed',
        body,
      )
    }
    return stepped(after, ctx, null)
  },
})

type Grant = Extract<z.output<typeof DecideObjection>, { decision: 'granted' }>

/** At once; where no rule set is in force there is nothing to judge by, and what is wrong is put right all the same (CODE-23). */
async function judgeAgain(ctx: Ctx, person: PersonRow): Promise<void> {
  if (await ruleSetFor(ctx.db, person.home_area)) await regradeOne(ctx, person, { by: null, caseNo: null })
}

/** OBJECT-11: puts right what was wrong where it lies, judges the person again at once, and says what was done. */
async function putRight(ctx: Ctx, { row }: LoadedObjection, args: Grant): Promise<Corrected> {
  const standing = row.person_id === null ? null : await colourStanding(ctx, [''], row.person_id)
  if (!standing) throw notFound({ thing: 'person' })
  const { person, records, colour: before } = standing
  const denied =
    args.facts.length === 0
      ? []
      : await denyFacts(ctx, { records, facts: args.facts, reason: 'objection', reasonId: row.id })
  if (denied === null) throw factNotTheirs({ fact: args.facts[0]?.factId ?? '' }, 'facts')
  const by = actorId(ctx)
  const manual = await endManual(ctx.db, person.person_id, args.manual, { by, now: ctx.now })
  if (manual.length < new Set(args.manual).size) throw factNotTheirs({ fact: args.manual[0] ?? '' }, 'manual')
  await judgeAgain(ctx, person)
  await followCodes(ctx, [person.person_id], { trigger: 'objection', by })
  const after = await colourNow(ctx, person.person_id)
  return { denied: denied.map((one) => one.id), manual, before, after }
}

/** What the holder is shown: the code's colour, which is green where grading has nothing to say; without a code, the grade's. */
async function colourNow(ctx: Ctx, personId: string): Promise<Colour | null> {
  const code = (await findCodes(ctx.db, [personId])).get(personId)
  if (code) return colourOfState(codeNow(code).state)
  return (await colourStanding(ctx, [''], personId))?.colour ?? null
}

async function decided(ctx: Ctx, loaded: LoadedObjection, args: z.output<typeof DecideObjection>): Promise<Corrected> {
  if (args.decision === 'granted') return putRight(ctx, loaded, args)
  const standing = loaded.row.person_id === null ? null : await colourStanding(ctx, [''], loaded.row.person_id)
  return { denied: [], manual: [], before: standing?.colour ?? null, after: standing?.colour ?? null }
}

export const decideObjection = defineAction({
  name: 'objection.decide',
  input: DecideObjection,
  output: SteppedObjection,
  reach: 'all',
  run: async (ctx, args): Promise<SteppedObjection> => {
    const loaded = await within(ctx, args.id)
    permit(ctx, 'approve', { kind: 'objection', area: stageArea(loaded.state.area, 'county') })
    const when = { now: ctx.now, zone: ctx.zone }
    const who = await seenFrom(ctx, loaded)
    const refused = mayDecide(loaded.state, args.decision, who, when)
    if (refused) throw refused
    if (args.decision === 'granted' && args.facts.length + args.manual.length === 0 && !args.elsewhere)
      throw nothingCorrected({})
    await requireOpenEmergency(ctx, loaded.state.area)
    const corrected = await decided(ctx, loaded, args)
    const decision = decideOutcome(loaded.state, args, who, corrected, when)
    if (!decision.ok) throw decision.problem
    const after = await changeObjection(ctx, loaded, decision.events, { text: args.words })
    audit(ctx, 'objection.decide', after, {
      decision: args.decision,
      ...(args.decision === 'granted' ? { wrong: args.wrong } : { refusal: args.refusal }),
      denied: corrected.denied.length,
      manual: corrected.manual.length,
      before: corrected.before,
      after: corrected.after,
    })
    const granted = args.decision === 'granted'
    await tellHolder(
      ctx,
      after,
      'objection.decided',
      granted
        ? say('您的码色申诉成立，已更正', 'Your objection is granted and put right')
        : say('您的码色申诉已有答复', 'Your objection is answered'),
    )
    ctx.emit('objection.decided', { id: args.id, personId: loaded.row.person_id })
    return stepped(after, ctx, corrected.after)
  },
})

/**
 * OBJECT-14: a correction that rested on a forged proof is taken back, by somebody other than who decided it. What was denied lives
 * again where a delivery still says it, and the person is judged again.
 */
export const undoObjection = defineAction({
  name: 'objection.undo',
  input: UndoObjection,
  output: SteppedObjection,
  reach: 'all',
  run: async (ctx, { id, words }): Promise<SteppedObjection> => {
    const loaded = await within(ctx, id)
    const { state, row } = loaded
    permit(ctx, 'revoke', { kind: 'objection', area: stageArea(state.area, 'county') })
    const refused = mayUndo(state, await seenFrom(ctx, loaded))
    if (refused) throw refused
    await requireOpenEmergency(ctx, state.area)
    const standing = row.person_id === null ? null : await colourStanding(ctx, [''], row.person_id)
    if (!standing) throw notFound({ thing: 'person' })
    const keys = (await denialsOf(ctx.db, standing.records)).filter((one) => state.denied.includes(one.id))
    await liftDenied(ctx, keys)
    await judgeAgain(ctx, standing.person)
    await followCodes(ctx, [standing.person.person_id], { trigger: 'correction' })
    const colour = await colourNow(ctx, standing.person.person_id)
    const lifted = keys.map((one) => one.id)
    const after = await changeObjection(
      ctx,
      loaded,
      [{ kind: 'undone', body: { on: ctx.today, lifted, after: colour } }],
      { text: words },
    )
    audit(ctx, 'objection.undo', after, { lifted: lifted.length, after: colour })
    await tellHolder(
      ctx,
      after,
      'objection.undone',
      say('您的申诉更正已被撤销，可再次申诉', 'The correction was taken back; you may object again'),
    )
    return stepped(after, ctx, colour)
  },
})

const Relative = z.object({ relation: Relation, name: z.string(), phone: z.string() })

/** POST /api/objections/:id/open: what was said, by whom, for a purpose that the audit keeps. */
export const openObjectionTexts = defineAction({
  name: 'objection.read',
  input: OpenObjection,
  output: OpenedObjection,
  reach: 'all',
  secret: true,
  run: async (ctx, { id, purpose }): Promise<OpenedObjection> => {
    const loaded = await within(ctx, id)
    const { row, state } = loaded
    permit(ctx, 'open', { kind: 'objection', area: state.area })
    const texts: OpenedObjection['texts'] = []
    for (const line of await objectionHistory(ctx.db, row.county, row.id)) {
      const text = await openText(ctx, textPlace(row.id, line.n), line.text_sealed)
      if (text !== null) texts.push({ n: line.n, text })
    }
    const [sealed] = row.person_id === null ? [] : await findSealed(ctx.db, [''], [row.person_id])
    const known = sealed ? await openSealed(ctx, sealed) : null
    const relative = await openText(ctx, relativePlace(row.id), row.relative_sealed)
    ctx.audit({
      verb: 'objection.read',
      thing: 'objection',
      thingId: id,
      area: state.area,
      purpose,
      ids: row.person_id === null ? [] : [row.person_id],
    })
    return {
      id,
      words: await openText(ctx, wordsPlace(row.id), row.words_sealed),
      name: known?.name ?? null,
      phone: known?.phone ?? null,
      relative: relative === null ? null : Relative.parse(JSON.parse(relative)),
      texts,
    }
  },
})
