import type { ProblemBody } from '@weiwang/domain/core/problem'
import { ProblemOut } from '@weiwang/domain/sync/api'
import { z } from 'zod'
import { isRecord, recordOf, textIn } from './codec.ts'
import type { OutboxRow, SentRow } from './store.ts'
import type { OutboxItem, OutboxState } from './types.ts'
import type { Vault } from './vault.ts'

/** What is kept of a piece of work as it is shown: opened where its key is at hand. */

export type Body = Readonly<Record<string, unknown>>

/** As it lies under the data key: what is sent, whole. */
export type PlainItem = { key: string; seq: number; kind: string; grid?: string; at: string; body: Body } & {
  mends?: string
  toSupervisor?: string
}

const Word = z.object({ problem: ProblemOut.nullish(), answer: z.unknown() })

export function problemFrom(out: z.infer<typeof ProblemOut>): ProblemBody {
  const kinds = ['invalid', 'unauthenticated', 'refused', 'not_found', 'conflict', 'limit', 'unavailable'] as const
  const { rule, remedy, at, ...rest } = out
  return {
    ...rest,
    kind: kinds.find((kind) => kind === out.kind) ?? 'invalid',
    ...(rule === undefined ? {} : { rule }),
    ...(remedy === undefined ? {} : { remedy }),
    ...(at === undefined ? {} : { at }),
  }
}

export async function openPlain(vault: Vault, row: OutboxRow | SentRow): Promise<Record<string, unknown> | null> {
  const text = await vault.open(row.plain, row.key)
  return text === null ? null : recordOf(text)
}

export async function openWord(vault: Vault, row: OutboxRow | SentRow): Promise<z.infer<typeof Word> | null> {
  const sealed = 'problem' in row ? row.problem : row.answer
  if (!sealed) return null
  const text = await vault.open(sealed, `word/${row.key}`)
  if (text === null) return null
  const parsed = Word.safeParse(recordOf(text))
  return parsed.success ? parsed.data : null
}

function stateOf(row: OutboxRow | SentRow, sending: boolean): OutboxState {
  if ('outcome' in row) return row.outcome === 'held' ? 'held' : 'done'
  if (sending) return 'sending'
  return row.state === 'mended' ? 'waiting' : row.state
}

export function itemOf(
  row: OutboxRow | SentRow,
  opened: { plain: Record<string, unknown> | null; word: z.infer<typeof Word> | null },
  sending = false,
): OutboxItem {
  const { plain, word } = opened
  const body = plain?.['body']
  return {
    key: row.key,
    seq: row.seq,
    kind: row.kind,
    grid: row.grid === '' ? null : row.grid,
    at: row.at,
    state: stateOf(row, sending),
    tries: 'tries' in row ? row.tries : 0,
    problem: word?.problem ? problemFrom(word.problem) : null,
    body: isRecord(body) ? body : null,
    photos: row.photos,
    mends: row.mends,
    recordedAt: 'recordedAt' in row ? row.recordedAt : null,
    movedTo: 'movedTo' in row ? row.movedTo : null,
    handover: 'handover' in row ? row.handover : null,
    answer: word?.answer ?? null,
  }
}

/** The id of what a piece of work makes, for receipts and for finding it in the feed again. */
export function subjectOf(body: Body | null): string | null {
  return textIn(body, 'id') ?? textIn(body, 'personId') ?? textIn(body, 'taskId') ?? textIn(body, 'householdId')
}

/** One item as it is sent: plain by the session when it can be opened, else its sealed box. */
export type Due = { key: string; seq: number; boxKey: string; box: string; plain: Record<string, unknown> | null }
