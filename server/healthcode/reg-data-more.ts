/** What the later rooms hold about a person (REGISTER-20): code and objections, help and readings, who was sent and who employs. */
import { CODE_STATE_SAY, CODE_TRIGGER_SAY } from '@weiwang/domain/healthcode/code-words'
import { CodeState, CodeTrigger } from '@weiwang/domain/healthcode/code-api'
import { Hardship } from '@weiwang/domain/healthcode/objection-api'
import { standingOf } from '@weiwang/domain/healthcode/objection-fold'
import { GROUND_SAY, HARDSHIP_SAY, referenceOf, STATE_SAY } from '@weiwang/domain/healthcode/objection-words'
import type { DataSection } from '@weiwang/domain/healthcode/reg-api'
import {
  CONTRADICTION_KINDS,
  CONTRADICTION_STATES,
  nameOfKind,
  OUTCOME_SAY,
  OUTCOMES,
  STATE_SAY as CONTRADICTION_STATE_SAY,
} from '@weiwang/domain/healthcode/truth-kinds'
import { say } from '@weiwang/domain/core/say'
import { SYMPTOM_SAY } from '@weiwang/domain/grading/words'
import { Mood, MOOD_NAMES, WAY_IN_NAMES, WayIn } from '@weiwang/domain/observation/reading'
import { PROMISES } from '@weiwang/domain/observation/service-kind'
import { ServiceKind } from '@weiwang/domain/observation/service-api'
import { DISPOSITIONS } from '@weiwang/domain/tasks/disposition'
import type { Ctx } from '../core/ctx.ts'
import { openText } from '../people/opening.ts'
import { answerOf } from './objection-answer.ts'
import { wordsPlace } from './objection-change.ts'
import type { LoadedObjection } from './objection-store.ts'
import { memberHash } from './org-members.ts'
import { membershipsOf, orgsByIds } from './org-store.ts'
import { both, L, line, section } from './reg-data-lines.ts'
import type { About, Item } from './reg-data-lines.ts'
import {
  codesAbout,
  misuseAbout,
  objectionsAbout,
  passesAbout,
  readingsAbout,
  servicesAbout,
  tasksAbout,
} from './reg-data-store.ts'
import { contradictionsAbout } from './truth-store-lists.ts'

const OTHERS_KEY = say('另一账号的手机用过此码，已拒绝', 'A phone of another account tried this code and was refused')
const AGAIN = say('定期', 'Again and again')

/** The code, what was objected to it, passes beside it, and what did not fit a declaration. */
export async function contestedSections(ctx: Ctx, { records, page }: About): Promise<DataSection[]> {
  const codes = await codesAbout(ctx.db, records, page)
  const misuse = await misuseAbout(ctx.db, records, page)
  const passes = await passesAbout(ctx.db, records, page)
  const objections = await objectionsAbout(ctx.db, records, page)
  const contradictions = await contradictionsAbout(ctx.db, records, page)
  return [
    section(
      'codes',
      [
        ...codes.rows.map((row): Item => {
          const state = CodeState.safeParse(row.to_state)
          const trigger = CodeTrigger.safeParse(row.trigger)
          return {
            at: row.at.toISOString(),
            lines: [
              ...line(L.state, state.success ? both(CODE_STATE_SAY[state.data]) : row.to_state),
              ...line(L.reason, trigger.success ? both(CODE_TRIGGER_SAY[trigger.data]) : row.trigger),
              ...line(L.from, row.from_day),
              ...line(L.to, row.until_day),
            ],
          }
        }),
        ...misuse.rows.map(({ at }): Item => ({ at: at.toISOString(), lines: line(L.what, both(OTHERS_KEY)) })),
      ],
      { page, of: [codes, misuse] },
    ),
    section('objections', await objectionItems(ctx, objections.rows), { page, of: [objections] }),
    section(
      'passes',
      passes.rows.map((row): Item => ({
        at: row.issued_at.toISOString(),
        lines: [
          ...line(L.reference, row.number),
          ...line(L.reason, both(HARDSHIP_SAY[Hardship.parse(row.reason)])),
          ...line(L.until, (row.revoked_at ?? row.until_at).toISOString()),
        ],
      })),
      { page, of: [passes] },
    ),
    section(
      'contradictions',
      contradictions.rows.map((row): Item => {
        const kind = CONTRADICTION_KINDS.find((one) => one === row.kind)
        const outcome = OUTCOMES.find((one) => one === row.outcome)
        const state = CONTRADICTION_STATES.find((one) => one === row.state)
        return {
          at: row.found_at.toISOString(),
          lines: [
            ...line(L.what, kind ? both(nameOfKind(kind)) : row.kind),
            ...line(L.state, state ? both(CONTRADICTION_STATE_SAY[state]) : row.state),
            ...line(L.result, outcome ? both(OUTCOME_SAY[outcome]) : null),
          ],
        }
      }),
      { page, of: [contradictions] },
    ),
  ]
}

async function objectionItems(ctx: Ctx, objections: readonly LoadedObjection[]): Promise<Item[]> {
  const items: Item[] = []
  for (const loaded of objections) {
    const { row, state } = loaded
    const answer = await answerOf(ctx, loaded, true)
    items.push({
      at: state.openedAt,
      lines: [
        ...line(L.reference, referenceOf(row.id)),
        ...line(L.reason, both(GROUND_SAY[state.ground])),
        ...line(L.state, both(STATE_SAY[standingOf(state, ctx.now).name])),
        ...line(L.remark, await openText(ctx, wordsPlace(row.id), row.words_sealed)),
        ...line(L.proofs, state.proofs === 0 ? null : String(state.proofs)),
        ...line(L.answer, answer === null ? null : [both(answer.say), answer.words ?? ''].join(' ').trim()),
      ],
    })
  }
  return items
}

/** Readings under observation and the help that was asked for. */
export async function helpedSections(ctx: Ctx, { records, page }: About): Promise<DataSection[]> {
  const readings = await readingsAbout(ctx.db, records, page)
  const services = await servicesAbout(ctx.db, records, page)
  return [
    section(
      'readings',
      readings.rows.map((row): Item => {
        const mood = Mood.safeParse(row.mood)
        const way = WayIn.safeParse(row.how)
        return {
          at: row.recorded_at.toISOString(),
          lines: [
            ...line(L.from, row.day),
            ...line(L.temperature, row.temperature === null ? null : (row.temperature / 10).toFixed(1)),
            ...line(L.symptoms, row.symptoms.map((code) => symptomName(code)).join('；')),
            ...line(L.state, mood.success ? both(MOOD_NAMES[mood.data]) : null),
            ...line(L.way, way.success ? both(WAY_IN_NAMES[way.data]) : row.how),
          ],
        }
      }),
      { page, of: [readings] },
    ),
    section(
      'services',
      services.rows.map((row): Item => {
        const kind = ServiceKind.safeParse(row.kind)
        return {
          at: row.at.toISOString(),
          lines: [
            ...line(L.what, kind.success ? both(PROMISES[kind.data].say) : row.kind),
            ...line(L.way, row.rule ? both(AGAIN) : null),
            ...line(L.to, row.until),
          ],
        }
      }),
      { page, of: [services] },
    ),
  ]
}

function symptomName(code: string): string {
  const known = SYMPTOM_SAY[code]
  return known ? both(known) : code
}

/** Who was sent to ask, and which company or school has the person on its list. */
export async function askedSections(ctx: Ctx, { records, page }: About): Promise<DataSection[]> {
  const tasks = await tasksAbout(ctx.db, records, page)
  const members = await membershipsOf(
    ctx.db,
    records.map((id) => memberHash(ctx, id)),
  )
  const orgs = await orgsByIds(
    ctx.db,
    members.map((one) => one.org_id),
  )
  return [
    section(
      'tasks',
      tasks.rows.map((row): Item => ({
        at: row.at.toISOString(),
        lines: [
          ...line(L.reference, row.reference),
          ...row.reasons.flatMap((reason) => line(L.reason, both(reason.say))),
          ...line(L.result, dispositionName(row.disposition)),
        ],
      })),
      { page, of: [tasks] },
    ),
    section(
      'employers',
      members.map((one): Item => ({
        at: one.invited_at.toISOString(),
        lines: [
          ...line(L.employer, orgs.get(one.org_id)?.name),
          ...line(L.consent, one.consented_day),
          ...line(L.expected, one.returns_on),
          ...line(L.confirmed, one.confirmed_returns_on),
        ],
      })),
    ),
  ]
}

function dispositionName(code: string | null): string | null {
  if (code === null) return null
  const known = DISPOSITIONS.find((one) => one.code === code)
  return known ? both(known.say) : code
}
