/** The leader's side of a watch (WATCH-7 to WATCH-9): my doors through one mask, a note, a call for help; and what the centre sees of it. */
import { notAllowed, notFound } from '@weiwang/domain/core/problems'
import { AnswerNote, OpenedNote, OpenNote, WriteNote, WrittenNote } from '@weiwang/domain/teams/api'
import type { ListNotes, MyWatch, NoteView } from '@weiwang/domain/teams/api'
import { watchEnded } from '@weiwang/domain/teams/problems'
import { addressOrder, leaderDoor, NOTE_KINDS, RANG, WATCH_KINDS } from '@weiwang/domain/teams/watch'
import { z } from 'zod'
import { requireOpenEmergency } from '../access/store.ts'
import { defineAction } from '../core/action.ts'
import { permit } from '../core/ctx.ts'
import type { Ctx } from '../core/ctx.ts'
import { openText } from '../people/opening.ts'
import { areaNames } from '../people/store.ts'
import { forcePlace } from './force-place.ts'
import { groupBy } from './group.ts'
import {
  answerNote as answerNoteRow,
  allDoorIds,
  doorsOfWatches,
  findNote,
  findWatch,
  insertNote,
  listNotes,
  openHelpAt,
  setNeeds,
  watchesLedBy,
} from './store-watch.ts'

const Kind = z.enum(WATCH_KINDS)
const NoteKind = z.enum(NOTE_KINDS)
const Rang = z.enum(RANG).nullable()

/**
 * WATCH-7: the watches that the asking account leads and nothing else, whatever else the account may see; each door through the
 * one mask. The person is found by the leader's name on the watch, not by an area.
 */
export async function readMyWatches(ctx: Ctx): Promise<{ items: MyWatch[] }> {
  const watches = await watchesLedBy(ctx.db, ctx.actor.id)
  const items: MyWatch[] = []
  for (const [county, of] of groupBy(watches, (watch) => watch.county)) {
    const ids = of.map((watch) => watch.id)
    const doors = groupBy(await doorsOfWatches(ctx.db, county, ids), (door) => door.watch_id)
    const help = await openHelpAt(ctx.db, county, ids)
    for (const watch of of)
      items.push({
        id: watch.id,
        code: watch.code,
        name: watch.name,
        kind: Kind.parse(watch.kind),
        doors: (doors.get(watch.id) ?? []).toSorted(addressOrder).map((door) =>
          leaderDoor({
            householdId: door.id,
            building: door.building,
            door: door.door,
            members: door.members,
            help: door.needs || help.has(door.id),
          }),
        ),
      })
  }
  return { items }
}

/**
 * WATCH-8: a ring, a note or a call for help, by the leader of the watch or by who works there. What is typed is sealed; the call
 * reaches the phones of the grid at once. A repeat under the same id is the same note.
 */
export const writeNote = defineAction({
  name: 'watch.note',
  input: WriteNote,
  output: WrittenNote,
  reach: 'all',
  run: async (ctx, args) => {
    const watch = await findWatch(ctx.db, [''], args.watchId)
    const leads = watch?.leader_account === ctx.actor.id
    // Who neither leads nor works there learns nothing, not even that there is such a watch.
    if (!watch || (!leads && !ctx.scope.some((area) => watch.area.startsWith(area)))) throw notFound({ thing: 'watch' })
    if (!leads) permit(ctx, 'file', { kind: 'watch', area: watch.area })
    if (watch.ended_at !== null) throw watchEnded({})
    const { householdId } = args
    if (householdId !== null && !(await allDoorIds(ctx.db, watch)).includes(householdId))
      throw notFound({ thing: 'household' })
    const { id: emergencyId } = await requireOpenEmergency(ctx, watch.area)
    const place = { emergencyId, now: ctx.now, table: 'watch_note', row: args.id, column: 'text_sealed' }
    const made = await insertNote(ctx.db, {
      county: watch.county,
      id: args.id,
      watch_id: watch.id,
      household_id: householdId,
      area: watch.area,
      emergency_id: emergencyId,
      kind: args.kind,
      rang: args.kind === 'rang' ? args.rang : null,
      text_sealed: args.text === '' ? null : await ctx.keys.seal(place, args.text),
      by: ctx.actor.id,
      by_name: ctx.actor.name,
      occurred_at: args.occurredAt === undefined ? ctx.now : new Date(args.occurredAt),
      recorded_at: ctx.now,
    })
    const known = made ? null : await findNote(ctx.db, [''], args.id)
    if (!made && known?.by !== ctx.actor.id) throw notAllowed({ verb: 'file', thing: 'watch' })
    if (made) tell(ctx, watch, { id: args.id, kind: args.kind, householdId })
    ctx.audit({
      verb: 'watch.note',
      thing: 'watch',
      thingId: watch.id,
      area: watch.area,
      detail: { note: args.id, kind: args.kind, rang: args.rang, repeat: !made },
    })
    return { id: args.id, recordedAt: (known?.recorded_at ?? ctx.now).toISOString() }
  },
})

function tell(
  ctx: Ctx,
  watch: { area: string; id: string; name: string },
  note: { id: string; kind: string; householdId: string | null; answered?: boolean },
): void {
  if (note.kind !== 'help') return
  ctx.feed({
    grid: watch.area,
    kind: 'watch_note',
    id: note.id,
    urgent: note.answered !== true,
    body: {
      area: watch.area,
      watchId: watch.id,
      watchName: watch.name,
      householdId: note.householdId,
      kind: note.kind,
      by: ctx.actor.name,
      answered: note.answered ?? false,
    },
  })
}

/** WATCH-8: who has seen to a call says so; then the door says no more that help is wanted. */
export const answerNote = defineAction({
  name: 'watch.answer',
  input: AnswerNote,
  output: WrittenNote,
  reach: 'county',
  run: async (ctx, args) => {
    const note = await findNote(ctx.db, ctx.scope, args.id)
    if (!note) throw notFound({ thing: 'watch' })
    permit(ctx, 'file', { kind: 'watch', area: note.area })
    const first = await answerNoteRow(ctx.db, note, { id: ctx.actor.id, name: ctx.actor.name, at: ctx.now })
    const watch = await findWatch(ctx.db, [''], note.watch_id)
    if (first && watch)
      tell(ctx, watch, { id: note.id, kind: note.kind, householdId: note.household_id, answered: true })
    ctx.audit({
      verb: 'watch.answer',
      thing: 'watch',
      thingId: note.watch_id,
      area: note.area,
      detail: { note: note.id },
    })
    return { id: note.id, recordedAt: (note.answered_at ?? ctx.now).toISOString() }
  },
})

export const openNote = defineAction({
  name: 'watch.open_note',
  input: OpenNote,
  output: OpenedNote,
  secret: true,
  reach: 'county',
  run: async (ctx, args) => {
    const note = await findNote(ctx.db, ctx.scope, args.id)
    if (!note) throw notFound({ thing: 'watch' })
    permit(ctx, 'open', { kind: 'person', area: note.area })
    const place = { table: 'watch_note', row: note.id, column: 'text_sealed' }
    const text = await openText(ctx, place, note.text_sealed)
    ctx.audit({
      verb: 'watch.open_note',
      thing: 'watch',
      thingId: note.watch_id,
      area: note.area,
      purpose: args.purpose,
      detail: { note: note.id },
    })
    return { text: text ?? '' }
  },
})

export async function readNotes(ctx: Ctx, args: z.output<typeof ListNotes>) {
  const place = await forcePlace(ctx, args, 'watch')
  const page = await listNotes(ctx.db, { ...place, open: args.open ?? false, watchId: args.watchId ?? null }, args)
  const nameOf = await areaNames(
    ctx.db,
    page.rows.map((row) => row.area),
  )
  const items = page.rows.map((row): NoteView => ({
    id: row.id,
    watchId: row.watch_id,
    watchName: row.watch_name,
    area: row.area,
    areaName: nameOf(row.area),
    building: row.building,
    door: row.door,
    kind: NoteKind.parse(row.kind),
    rang: Rang.parse(row.rang),
    hasText: row.text_sealed !== null,
    by: row.by_name,
    occurredAt: row.occurred_at.toISOString(),
    answeredBy: row.answered_name,
    answeredAt: row.answered_at?.toISOString() ?? null,
  }))
  return { items, next: page.next, total: page.total }
}

/** WATCH-9: another room says that help is wanted at a door, or no more; the leader sees that it is, never why. */
export async function doorNeedsHelp(
  ctx: Ctx,
  at: { county: string; householdId: string; needs: boolean },
): Promise<void> {
  await setNeeds(ctx.db, at.county, at.householdId, at.needs)
}
