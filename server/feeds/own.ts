import { createHash } from 'node:crypto'
import { say } from '@weiwang/domain/core/say'
import type { Say } from '@weiwang/domain/core/say'
import type { Mapping } from '@weiwang/domain/feeds/api'
import { contentText, factIdText } from '@weiwang/domain/feeds/fact'
import type { Fact } from '@weiwang/domain/feeds/fact'
import { uuid8 } from '@weiwang/domain/core/ids'
import { sql } from 'kysely'
import type { Ctx } from '../core/ctx.ts'
import { json } from '../core/db/json.ts'
import { factId } from './load.ts'
import { insertBatch, insertFeed } from './store.ts'
import { markDirty, packFacts, storeFacts } from './store-facts.ts'

/**
 * Sources that are rooms of this program (FEED-41): what they say is a fact like any other, so that grading needs to know nothing of
 * them. Each is one source that takes no deliveries, with one delivery per emergency that its close-out deletes.
 */
export type OwnSource = { id: string; name: Say; purpose: Say; owner: string }

export const OBSERVATION_SOURCE: OwnSource = {
  id: 'observation',
  name: say('居家观察', 'Home observation'),
  purpose: say('措施的开始与解除', 'When a measure began and when it was lifted'),
  owner: '微网 Weiwang',
}

/** What people say of themselves (REGISTER-8): stays, contacts, symptoms, arrivals from abroad. */
export const DECLARATION_SOURCE: OwnSource = {
  id: 'declaration',
  name: say('本人申报', 'Own declaration'),
  purpose: say('本人申报的旅居、接触和症状', 'Stays, contacts and symptoms as people declare them'),
  owner: '微网 Weiwang',
}

/** Never read by the loader: the source is closed to deliveries. */
const MAPPING: Mapping = {
  fact: 'measure',
  columns: [
    { meaning: 'doc_number', headers: ['证件号码'], required: true, dates: null },
    { meaning: 'value', headers: ['措施'], required: true, dates: null },
  ],
  values: {},
  constant: {},
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

function idOf(source: string, personId: string, fact: Fact): string {
  return factId(factIdText(personId, { ...fact, source }, null, contentText(fact)))
}

async function batchOf(ctx: Ctx, source: OwnSource, emergency: { id: string; area: string }): Promise<string> {
  const id = uuid8(digest(`own/${source.id}/${emergency.id}`))
  await insertFeed(ctx.db, {
    id: source.id,
    area: ctx.root,
    name: json(source.name),
    owner: source.owner,
    purpose: json(source.purpose),
    kind: 'other',
    mapping: json<unknown>(MAPPING),
    bounds: json<unknown>({}),
    state: 'closed',
    created_by: null,
    created_at: ctx.now,
  })
  await insertBatch(ctx.db, {
    id,
    feed_id: source.id,
    area: emergency.area,
    emergency_id: emergency.id,
    file_name: source.id,
    file_hash: digest(`own/${source.id}/${emergency.id}/file`),
    bytes: 0,
    state: 'loaded',
    received_at: ctx.now,
    finished_at: ctx.now,
  })
  return id
}

/**
 * FEED-41: what a room says of one person now: facts that it says live, those it has said before and says no longer cease, and the
 * person is graded again when anything changed. Saying the same again changes nothing. Needs the system's role.
 */
export async function sayOwn(
  ctx: Ctx,
  source: OwnSource,
  of: { emergency: { id: string; area: string }; personId: string; says: readonly Fact[]; took: readonly Fact[] },
): Promise<void> {
  const { emergency, personId, says, took } = of
  const batch = { id: await batchOf(ctx, source, emergency), source: source.id, now: ctx.now }
  const facts = says.map((fact) => {
    const content = contentText(fact)
    return { personId, factId: idOf(source.id, personId, fact), fact, content, external: null }
  })
  const { fresh } = await storeFacts(ctx.db, batch, packFacts(facts))
  const gone = took.map((fact) => idOf(source.id, personId, fact)).filter((id) => !facts.some((f) => f.factId === id))
  const { rows } =
    gone.length === 0
      ? { rows: [] }
      : await sql<{ fact_id: string }>`
          update fact set withdrawn_at = ${ctx.now}::timestamptz
          where person_id = ${personId}::uuid and fact_id = any(${gone}::uuid[]) and source = ${source.id} and withdrawn_at is null
          returning fact_id`.execute(ctx.db)
  if (fresh.size > 0 || rows.length > 0) await markDirty(ctx.db, [personId], ctx.now)
}
