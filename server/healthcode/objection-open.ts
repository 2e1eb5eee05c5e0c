import { countyOf } from '@weiwang/domain/areas/code'
import type { Asker, Ground, Relation } from '@weiwang/domain/healthcode/objection-api'
import { recordObjection } from '@weiwang/domain/healthcode/objection-fold'
import {
  noSuchReason,
  nothingToObject,
  objectionIdTaken,
  oneAtATime,
  tooManyToday,
} from '@weiwang/domain/healthcode/objection-problems'
import { say } from '@weiwang/domain/core/say'
import { requireOpenEmergency } from '../access/store.ts'
import type { Ctx } from '../core/ctx.ts'
import { json } from '../core/db/json.ts'
import { deskAt, relativePlace, tell, wordsPlace } from './objection-change.ts'
import { reasonKey, reasonsFor } from './objection-reasons.ts'
import type { Standing } from './objection-reasons.ts'
import {
  appendObjectionEvents,
  insertObjection,
  lockObjection,
  rowOfObjection,
  standingFor,
} from './objection-store.ts'
import type { LoadedObjection } from './objection-store.ts'

/** OBJECT-4: enough to try again with something new; more in one day helps nobody. */
const MOST_A_DAY = 3

export type Opening = {
  id: string
  ground: Ground
  reason?: string | undefined
  words: string
  asker: Asker
  relative?: { relation: Relation; name: string; phone: string } | undefined
}

/** The same opening again is the same objection; anybody else's id is taken. */
async function before(ctx: Ctx, id: string, person: string): Promise<LoadedObjection | null> {
  const loaded = await lockObjection(ctx.db, [''], id)
  if (loaded && (loaded.row.by !== ctx.actor.id || loaded.row.person_id !== person)) throw objectionIdTaken({ id })
  return loaded
}

function audited(ctx: Ctx, ask: Opening, area: string, detail: Record<string, unknown>): void {
  ctx.audit({ verb: 'objection.open', thing: 'objection', thingId: ask.id, area, detail })
}

/**
 * OBJECT-1, OBJECT-3, OBJECT-4: opens an objection to today's colour of a person and tells the community's desk. The caller says who
 * may speak for the person. @throws nothingToObject, noSuchReason, oneAtATime, tooManyToday, objectionIdTaken, noOpenEmergency
 */
export async function writeObjection(ctx: Ctx, standing: Standing, ask: Opening): Promise<LoadedObjection> {
  const { person, records, colour } = standing
  const known = await before(ctx, ask.id, person.person_id)
  if (known) {
    audited(ctx, ask, known.row.area, { repeat: true })
    return known
  }
  const { id: emergencyId } = await requireOpenEmergency(ctx, person.home_area)
  if (colour === null || colour === 'green') throw nothingToObject({})
  const reasons = reasonsFor(standing.reasons, colour, ctx.today)
  const wrong = ask.reason === undefined ? reasons[0] : reasons.find((reason) => reasonKey(reason) === ask.reason)
  if (ask.reason !== undefined && !wrong) throw noSuchReason({ reason: ask.reason }, 'reason')
  const stands = await standingFor(ctx.db, records, ctx.today)
  if (stands.open) throw oneAtATime({})
  if (stands.today >= MOST_A_DAY) throw tooManyToday({ most: MOST_A_DAY })
  const at = ctx.now.toISOString()
  const contested = wrong
    ? {
        key: reasonKey(wrong),
        rule: wrong.rule,
        source: wrong.fact.source,
        household: wrong.via === 'household',
      }
    : null
  const { state, events } = recordObjection(
    null,
    [{ kind: 'opened', body: { on: ctx.today, ground: ask.ground, asker: ask.asker, colour, contested } }],
    { area: person.home_area, by: ctx.actor.id, occurredAt: at, recordedAt: at },
  )
  const county = countyOf(person.home_area)
  const made = await insertObjection(ctx.db, {
    county,
    id: ask.id,
    emergency_id: emergencyId,
    person_id: person.person_id,
    masked: person.masked,
    by: ctx.actor.id,
    asker: ask.asker,
    ground: ask.ground,
    colour,
    rule: wrong?.rule ?? null,
    source: wrong?.fact.source ?? null,
    reasons: json<unknown>(reasons),
    words_sealed: await ctx.keys.seal({ emergencyId, now: ctx.now, ...wordsPlace(ask.id) }, ask.words),
    relative_sealed: ask.relative
      ? await ctx.keys.seal({ emergencyId, now: ctx.now, ...relativePlace(ask.id) }, JSON.stringify(ask.relative))
      : null,
    ...rowOfObjection(state),
  })
  if (!made) throw oneAtATime({})
  await appendObjectionEvents(ctx.db, { county, id: ask.id }, events, null)
  const desk = await deskAt(ctx, person.home_area, 'community')
  await tell(
    ctx,
    desk.map((one) => one.id),
    'objection.opened',
    say('有一件码色申诉，请在 4 小时内核查', 'An objection to a colour: look into it within 4 hours'),
  )
  audited(ctx, ask, person.home_area, { ground: ask.ground, asker: ask.asker, colour })
  const loaded = await lockObjection(ctx.db, [''], ask.id)
  if (!loaded) throw oneAtATime({})
  return loaded
}
