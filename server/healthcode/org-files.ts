/** The file by which an organisation asks to begin work again: events first, the row beside (ORG-11 … ORG-14). */
import { FileBody } from '@weiwang/domain/healthcode/org-api'
import type { OrgFile } from '@weiwang/domain/healthcode/org-api'
import { fileNow, foldFile, lacksOf } from '@weiwang/domain/healthcode/org-file'
import type { FileEvent, FileStanding } from '@weiwang/domain/healthcode/org-file'
import { FILE_STATE_SAY, fileEventSay } from '@weiwang/domain/healthcode/org-words'
import { actorId } from '../core/ctx.ts'
import type { Ctx } from '../core/ctx.ts'
import { newId } from '../core/transaction.ts'
import { openText } from '../people/opening.ts'
import { appendFileEvent, fileEvents, filesOf, insertFile, updateFile } from './org-store.ts'
import type { FileRow, OrgRow, StoredEvent } from './org-store.ts'

const bodyPlace = (id: string) => ({ table: 'resumption', row: id, column: 'body_sealed' })
const textPlace = (id: string, n: number) => ({ table: 'resumption_event', row: `${id}/${n}`, column: 'text_sealed' })

const EMPTY: FileBody = {
  plan: '',
  opens: '1970-01-01',
  headcount: 0,
  materials: { masks: 0, disinfectant: 0, thermometry: 0 },
  isolationRooms: 0,
  officer: { name: '', phone: '' },
}

export type LoadedFile = { row: FileRow; file: FileStanding; events: StoredEvent[]; body: FileBody }

/** The newest file of an organisation; the caller holds the organisation's row locked when it means to write. */
export async function loadFile(ctx: Ctx, org: OrgRow): Promise<LoadedFile | null> {
  const row = (await filesOf(ctx.db, [org])).get(org.id)
  if (!row) return null
  const events = await fileEvents(ctx.db, row)
  const text = await openText(ctx, bodyPlace(row.id), row.body_sealed)
  const body = FileBody.safeParse(text === null ? null : JSON.parse(text))
  return { row, file: foldFile(events.map((one) => one.event)), events, body: body.success ? body.data : EMPTY }
}

/** One event with the row after it; `words` are sealed beside it, the body where it was written anew. */
export async function writeFileEvent(
  ctx: Ctx,
  loaded: Pick<LoadedFile, 'row' | 'file'>,
  event: FileEvent,
  more: { words?: string | undefined; body?: FileBody } = {},
): Promise<void> {
  const { row } = loaded
  const n = row.version + 1
  const after = foldFile([event], loaded.file)
  const at = { emergencyId: row.emergency_id, now: ctx.now }
  const words = more.words?.trim() ?? ''
  await appendFileEvent(ctx.db, row, {
    n,
    event,
    by: actorId(ctx),
    textSealed: words === '' ? null : await ctx.keys.seal({ ...at, ...textPlace(row.id, n) }, words),
    at: ctx.now,
  })
  await updateFile(ctx.db, row, {
    state: after.state,
    asked_until: after.askedUntil,
    version: n,
    updated_at: ctx.now,
    ...(more.body === undefined
      ? {}
      : { body_sealed: await ctx.keys.seal({ ...at, ...bodyPlace(row.id) }, JSON.stringify(more.body)) }),
  })
}

export async function beginFile(ctx: Ctx, org: OrgRow, body: FileBody): Promise<void> {
  const id = newId(ctx.now)
  const at = { emergencyId: org.emergency_id, now: ctx.now, ...bodyPlace(id) }
  const row: FileRow = {
    county: org.county,
    org_id: org.id,
    id,
    area: org.area,
    emergency_id: org.emergency_id,
    state: 'draft',
    asked_until: null,
    body_sealed: await ctx.keys.seal(at, JSON.stringify(body)),
    updated_at: ctx.now,
    version: 0,
  }
  await insertFile(ctx.db, row)
  await writeFileEvent(ctx, { row, file: foldFile([]) }, { kind: 'drafted', body: { on: ctx.today } })
}

export async function presentFile(ctx: Ctx, loaded: LoadedFile | null): Promise<OrgFile | null> {
  if (loaded === null) return null
  const { row, file, events, body } = loaded
  const state = fileNow(file, ctx.today)
  const history: OrgFile['history'] = []
  for (const { n, event, textSealed, at } of events) {
    if (event.kind === 'saved') continue
    const words = await openText(ctx, textPlace(row.id, n), textSealed)
    history.push({ n, at: at.toISOString(), say: fileEventSay(event), words })
  }
  return {
    id: row.id,
    state,
    stateName: FILE_STATE_SAY[state],
    body,
    askedUntil: file.askedUntil,
    lacks: lacksOf(body),
    history,
    version: row.version,
  }
}
