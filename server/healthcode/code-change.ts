/**
 * A code follows what is known (CODE-13, CODE-14): one function for a declaration, a run, a day that passed, an objection. It finds
 * the state of today, writes the event by the pure fold, and replaces what is on phones and paper when it says something else.
 */
import { countyOf } from '@weiwang/domain/areas/code'
import type { AreaCode } from '@weiwang/domain/areas/code'
import { addDays, instantOf } from '@weiwang/domain/core/day'
import type { Day } from '@weiwang/domain/core/day'
import type { CodeTrigger } from '@weiwang/domain/healthcode/code-api'
import { changeOf, outdates, standingOf, triggerOf } from '@weiwang/domain/healthcode/code-state'
import type { CodeEvent, CodeStanding } from '@weiwang/domain/healthcode/code-state'
import { isUnsettled } from '@weiwang/domain/healthcode/code-unsettled'
import { findOpenEmergency } from '../access/store.ts'
import type { Ctx } from '../core/ctx.ts'
import { activeRuleSets, rulesOf } from '../grading/store.ts'
import type { RuleSetRow } from '../grading/store.ts'
import { addRevocations, replaceOf } from './code-holder-store.ts'
import type { Replaced } from './code-holder-store.ts'
import { codeNow, lockCodes, lockFirst, subjectsOf, writeChanges } from './code-store.ts'
import type { Changed, CodeRow, Subject } from './code-store.ts'

export type Follow = {
  /** Why; without it, what the difference itself says. */
  trigger?: CodeTrigger
  runId?: string | null
  /** Who decided, when a person did. */
  by?: string | null
  /** Persons who have no code yet get one: they have registered. */
  apply?: boolean
}

export function personHash(ctx: Pick<Ctx, 'keys'>, personId: string): Buffer {
  return ctx.keys.hash('code_person', personId)
}

/** The rule set of a place, and whether anything may be kept there, asked once for each. */
function places(ctx: Ctx, active: readonly RuleSetRow[]) {
  const open = new Map<string, boolean>()
  return {
    ruleSet: (area: AreaCode): RuleSetRow | undefined =>
      active.filter((row) => area.startsWith(row.area)).toSorted((a, b) => b.area.length - a.area.length)[0],
    open: async (area: AreaCode): Promise<boolean> => {
      const county = area.slice(0, 6)
      const known = open.get(county) ?? (await findOpenEmergency(ctx, county)) !== null
      open.set(county, known)
      return known
    },
  }
}

export type Seen = {
  subject: Subject
  standing: CodeStanding
  /** False where no rule set is in force (CODE-23); whose home is not found yet waits to be. */
  judged: boolean
}

const COUNTY = 6
const isPlaced = (home: AreaCode): boolean => home.length >= COUNTY

async function standing(
  ctx: Ctx,
  subject: Subject,
  heldUntil: Day | null,
  at: ReturnType<typeof places>,
): Promise<Seen> {
  const ruleSet = at.ruleSet(subject.home_area)
  const rules = ruleSet && rulesOf(ruleSet)
  const found = standingOf({
    today: ctx.today,
    heldUntil,
    registered: subject.registered_here !== null,
    emergencyOpen: await at.open(subject.home_area),
    graded:
      subject.colour !== null && subject.rule_set_id !== null
        ? {
            colour: subject.colour,
            ruleSetId: subject.rule_set_id,
            fromDay: subject.from_day ?? ctx.today,
            untilDay: subject.until_day,
            reasons: subject.reasons ?? [],
          }
        : null,
    ruleSet: ruleSet
      ? { id: ruleSet.id, otherwise: rules?.otherwise ?? null, unsettled: rules?.unsettled ?? null }
      : null,
    unsettled: isUnsettled({
      registeredHere: subject.registered_here,
      purpose: subject.purpose,
      residence: subject.residence,
    }),
    since: subject.declared_on ?? ctx.today,
  })
  return { subject, standing: found, judged: ruleSet !== undefined || !isPlaced(subject.home_area) }
}

/** What codes are now, read without writing: for pages, and wherever the midnight work may be late (case 66). */
export async function seenCodes(
  ctx: Ctx,
  ids: readonly string[],
  codes: ReadonlyMap<string, CodeRow>,
): Promise<Map<string, Seen>> {
  const at = places(ctx, await activeRuleSets(ctx.db))
  const found = new Map<string, Seen>()
  for (const subject of await subjectsOf(ctx.db, ids, ctx.today)) {
    const heldUntil = codes.get(subject.person_id)?.held_until ?? null
    found.set(subject.person_id, await standing(ctx, subject, heldUntil, at))
  }
  return found
}

/** Nobody is told of what they have just done themselves. */
const OWN: readonly CodeTrigger[] = ['applied', 'declaration']

/**
 * Brings the codes of these persons up to what is known now; persons without a code are left alone unless `apply`. For the jobs
 * role (reach 'all'); rows are taken in the order of ids, the list's counter last. @returns what changed
 */
export async function followCodes(ctx: Ctx, ids: readonly string[], of: Follow = {}): Promise<Map<string, CodeEvent>> {
  if (of.apply === true) await lockFirst(ctx.db, ids)
  const codes = await lockCodes(ctx.db, ids)
  const at = places(ctx, await activeRuleSets(ctx.db))
  const changes: Changed[] = []
  const outdated: string[] = []
  const shortened: { personId: string; until: string }[] = []
  const wanted = of.apply === true ? ids : [...codes.keys()]
  for (const subject of await subjectsOf(ctx.db, wanted, ctx.today)) {
    const row = codes.get(subject.person_id)
    const before = row ? codeNow(row) : null
    const { standing: now } = await standing(ctx, subject, row?.held_until ?? null, at)
    const { person_id: personId, home_area: area, emergency_id: emergencyId } = subject
    const moved = row !== undefined && isPlaced(row.home_area) && countyOf(row.home_area) !== countyOf(area)
    const trigger = of.trigger ?? triggerOf(before, now, ctx.today, moved)
    const event = changeOf(before, now, trigger)
    if (!event || (!before && event.state === 'expired')) continue
    changes.push({ personId, area, emergencyId, event, tell: !OWN.includes(trigger) && before?.state !== event.state })
    if (outdates(before, event)) outdated.push(personId)
    else if (event.untilDay !== null) shortened.push({ personId, until: event.untilDay })
  }
  await writeChanges(ctx.db, changes, { now: ctx.now, runId: of.runId ?? null, by: of.by ?? null })
  const replaced: Replaced[] = await replaceOf(
    ctx.db,
    outdated.map((id) => personHash(ctx, id)),
    ctx.now,
  )
  for (const { personId, until } of shortened)
    replaced.push(
      ...(await replaceOf(ctx.db, [personHash(ctx, personId)], ctx.now, instantOf(addDays(until, 1), ctx.zone))),
    )
  for (const { personId, event } of changes) ctx.emit('code.changed', { personId, n: event.n })
  await addRevocations(ctx.db, replaced, ctx.now)
  return new Map(changes.map(({ personId, event }) => [personId, event]))
}
