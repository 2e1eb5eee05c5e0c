import { pathOf } from '@weiwang/domain/areas/code'
import type { AreaCode } from '@weiwang/domain/areas/code'
import type { Say } from '@weiwang/domain/core/say'
import type { Stage } from '@weiwang/domain/healthcode/objection-api'
import { stageArea } from '@weiwang/domain/healthcode/objection-clock'
import { dueEvents, sourceFinding } from '@weiwang/domain/healthcode/objection-decide'
import type { NewObjectionEvent } from '@weiwang/domain/healthcode/objection-event'
import { recordObjection } from '@weiwang/domain/healthcode/objection-fold'
import type { ObjectionState } from '@weiwang/domain/healthcode/objection-fold'
import { desksAround, insertNotices } from '../access/account-store.ts'
import type { DeskAccount } from '../access/account-store.ts'
import { actorId } from '../core/ctx.ts'
import type { Ctx } from '../core/ctx.ts'
import type { SourceStep } from '../core/counters.ts'
import { newId } from '../core/transaction.ts'
import { accountsFor, appendObjectionEvents, updateObjection } from './objection-store.ts'
import type { LoadedObjection } from './objection-store.ts'

/** Everything that goes with a decided event: event, row, what it says of the source. */
export function textPlace(id: string, n: number): { table: string; row: string; column: string } {
  return { table: 'objection_event', row: `${id}/${n}`, column: 'text_sealed' }
}

export const wordsPlace = (id: string) => ({ table: 'objection', row: id, column: 'words_sealed' })
export const relativePlace = (id: string) => ({ table: 'objection', row: id, column: 'relative_sealed' })
export const proofPlace = (id: string) => ({ table: 'objection_proof', row: id, column: 'sealed' })

/** STAT-8: one step for what a decision says of its source, and one back for what it no longer says. */
function sourceSteps(county: string, before: ObjectionState, after: ObjectionState): SourceStep[] {
  const of = (state: ObjectionState, n: number): SourceStep[] => {
    const found = sourceFinding(state)
    return found === null || state.closedDay === null ? [] : [{ county, ...found, day: state.closedDay, n }]
  }
  return [...of(before, -1), ...of(after, 1)]
}

export type ObjectionChange = {
  by?: string | null
  text?: string | undefined
  /** The steps of the clock alone. */
  clockOnly?: boolean
}

/** Steps of the clock that are due go before what was decided; `text` is sealed beside the last event. */
export async function changeObjection(
  ctx: Ctx,
  loaded: LoadedObjection,
  decided: readonly NewObjectionEvent[],
  options: ObjectionChange = {},
): Promise<LoadedObjection> {
  const { row, state: before } = loaded
  const recordedAt = ctx.now.toISOString()
  const by = options.by === undefined ? actorId(ctx) : options.by
  const clock = dueEvents(before, { now: ctx.now, zone: ctx.zone })
  if (decided.length === 0 && (options.clockOnly !== true || clock.length === 0)) return loaded
  const stamp = { area: before.area, occurredAt: recordedAt, recordedAt }
  const due = clock.length === 0 ? null : recordObjection(before, clock, { ...stamp, by: null })
  const done = recordObjection(due?.state ?? before, decided, { ...stamp, by })
  const events = [...(due?.events ?? []), ...done.events]
  const n = events.at(-1)?.n ?? 0
  const sealed =
    options.text === undefined || options.text === ''
      ? null
      : {
          n,
          text: await ctx.keys.seal(
            { emergencyId: row.emergency_id, now: ctx.now, ...textPlace(row.id, n) },
            options.text,
          ),
        }
  await appendObjectionEvents(ctx.db, row, events, sealed)
  await updateObjection(ctx.db, row, done.state)
  ctx.countSources(sourceSteps(row.county, before, done.state))
  return {
    row: { ...row, area: done.state.area, version: done.state.version },
    state: done.state,
    events: [...loaded.events, ...events],
  }
}

const MOST_TOLD = 20

/** Who sits at the desk of a stage; when nobody does, at the nearest above. */
export async function deskAt(ctx: Ctx, area: AreaCode, stage: Stage): Promise<DeskAccount[]> {
  const desks = await desksAround(ctx.db, pathOf(stageArea(area, stage)), { limit: MOST_TOLD })
  return desks.filter((one) => one.area === desks[0]?.area)
}

export async function tell(ctx: Ctx, accounts: readonly string[], kind: string, body: Say): Promise<void> {
  await insertNotices(
    ctx.db,
    [...new Set(accounts)].map((accountId) => ({ accountId, id: newId(ctx.now), kind, body, at: ctx.now })),
  )
}

/** The holder and whoever opened it for them. */
export async function tellHolder(ctx: Ctx, { row }: LoadedObjection, kind: string, body: Say): Promise<void> {
  const accounts = row.person_id === null ? [] : await accountsFor(ctx.db, row.person_id)
  const opener = row.asker === 'self' || row.asker === 'account' ? [row.by] : []
  await tell(
    ctx,
    [...accounts, ...opener].flatMap((id) => id ?? []),
    kind,
    body,
  )
}
