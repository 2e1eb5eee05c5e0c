import { say } from '@weiwang/domain/core/say'
import type { Say } from '@weiwang/domain/core/say'
import { HISTORY_KINDS } from '@weiwang/domain/healthcode/truth-api'
import type { ContradictionRow, Line } from '@weiwang/domain/healthcode/truth-api'
import {
  CONTRADICTION_KINDS,
  CONTRADICTION_STATES,
  EXPLAINED_SAY,
  nameOfKind,
  OUTCOME_SAY,
  OUTCOMES,
  STATE_SAY,
} from '@weiwang/domain/healthcode/truth-kinds'
import type { ContradictionKind, ContradictionState, Evidence, Outcome } from '@weiwang/domain/healthcode/truth-kinds'
import { knownLine, placesOf, SaidPart, saidLines, SOURCE_SAY } from '@weiwang/domain/healthcode/truth-words'
import { z } from 'zod'
import { areaNames } from '../access/store.ts'
import type { Ctx } from '../core/ctx.ts'
import { feedNamesOf, maskedOf } from './truth-store-lists.ts'
import type { ContradictionRecord } from './truth-store.ts'

/** What a row says to whoever may read it: both sides in words, names masked. */
const EVIDENCE_KINDS = [
  'stay',
  'abroad',
  'contact',
  'measure',
  'case',
  'fever_clinic',
  'symptom',
  'observation',
  'return',
  'phone',
  'key',
] as const
const Known = z.array(
  z.object({
    kind: z.enum(EVIDENCE_KINDS),
    source: z.string(),
    ref: z.string(),
    place: z.string().nullable(),
    value: z.string().nullable(),
    degree: z.number().nullable(),
    from: z.string(),
    to: z.string().nullable(),
    verified: z.boolean(),
  }),
)

export function kindOf(row: ContradictionRecord): ContradictionKind {
  const kind = CONTRADICTION_KINDS.find((one) => one === row.kind)
  if (!kind) throw new Error(`no kind ${row.kind}`)
  return kind
}

export function stateOf(row: ContradictionRecord): ContradictionState {
  const state = CONTRADICTION_STATES.find((one) => one === row.state)
  if (!state) throw new Error(`no state ${row.state}`)
  return state
}

export function eventKind(kind: string): (typeof HISTORY_KINDS)[number] {
  return HISTORY_KINDS.find((one) => one === kind) ?? 'evidence'
}

export function evidenceOf(row: ContradictionRecord): Evidence[] {
  return Known.parse(row.known)
}

export function outcomeOf(row: ContradictionRecord): Outcome | null {
  return OUTCOMES.find((one) => one === row.outcome) ?? null
}

function saidOf(row: ContradictionRecord): SaidPart {
  return SaidPart.catch({}).parse(row.said)
}

type Names = { places: Map<string, string>; sources: Map<string, Say> }

/** Names of a county with those above it, so that 鼓楼区 is told from 鼓楼区. */
async function namesFor(ctx: Ctx, rows: readonly ContradictionRecord[]): Promise<Names> {
  const codes = rows.flatMap((row) => placesOf(saidOf(row), evidenceOf(row)))
  const parts = await areaNames(
    ctx.db,
    codes.flatMap((code) => [code.slice(0, 2), code.slice(0, 4), code.slice(0, 6), code]),
  )
  const places = new Map<string, string>()
  for (const code of codes) {
    const path = [...new Set([code.slice(0, 2), code.slice(0, 4), code.slice(0, 6), code])]
    const names = path.flatMap((one) => parts.get(one) ?? [])
    places.set(code, names.length === 0 ? code : names.join(' '))
  }
  const sources = await feedNamesOf(
    ctx.db,
    rows.flatMap((row) => row.sources),
  )
  return { places, sources }
}

export function sourceName(source: string, names: ReadonlyMap<string, Say>): Say {
  return SOURCE_SAY[source] ?? names.get(source) ?? say(source, source)
}

function lines(row: ContradictionRecord, { places, sources }: Names): { said: Line[]; known: Line[] } {
  const placeName = (code: string): string => places.get(code) ?? code
  return {
    said: saidLines(saidOf(row), placeName).map((one) => ({
      say: one,
      source: null,
      sourceName: null,
      verified: false,
    })),
    known: evidenceOf(row).map((one) => ({
      say: knownLine(one, placeName),
      source: one.source,
      sourceName: sourceName(one.source, sources),
      verified: one.verified,
    })),
  }
}

export async function linesOf(ctx: Ctx, row: ContradictionRecord): Promise<{ said: Line[]; known: Line[] }> {
  return lines(row, await namesFor(ctx, [row]))
}

export async function linesFor(ctx: Ctx, rows: readonly ContradictionRecord[]) {
  const names = await namesFor(ctx, rows)
  return new Map(rows.map((row) => [row.id, lines(row, names)]))
}

export async function present(ctx: Ctx, rows: readonly ContradictionRecord[]): Promise<ContradictionRow[]> {
  const masked = await maskedOf(
    ctx.db,
    rows.map((row) => row.person_id),
  )
  const areas = await areaNames(
    ctx.db,
    rows.map((row) => row.home_area),
  )
  const both = await linesFor(ctx, rows)
  return rows.map((row) => {
    const kind = kindOf(row)
    const state = stateOf(row)
    return {
      id: row.id,
      personId: row.person_id,
      masked: masked.get(row.person_id) ?? '',
      area: row.home_area,
      areaName: areas.get(row.home_area) ?? row.home_area,
      kind,
      kindName: nameOfKind(kind),
      sources: row.sources,
      declaredOn: row.declared_on,
      foundAt: row.found_at.toISOString(),
      state,
      stateName: stateSay(row),
      outcome: outcomeOf(row),
      explained: row.explained_at !== null,
      said: both.get(row.id)?.said ?? [],
      known: both.get(row.id)?.known ?? [],
      version: row.version,
    }
  })
}

/** Nobody has been sent where the person explained it unasked: the words are the state's, and what they rest on. */
export function stateSay(row: ContradictionRecord): Say {
  const state = stateOf(row)
  const explained = state === 'answered' && row.finding === null && row.explained_at !== null
  return explained ? EXPLAINED_SAY : STATE_SAY[state]
}

export function outcomeName(row: ContradictionRecord): Say | null {
  const outcome = outcomeOf(row)
  return outcome === null ? null : OUTCOME_SAY[outcome]
}
