/** Rights on one page (REGISTER-20, 21): everything held about a person of mine, in words, and who opened it. */
import { maskPhone } from '@weiwang/domain/access/mask'
import { ROLE_NAMES } from '@weiwang/domain/access/roles'
import { ROLES } from '@weiwang/domain/access/actor'
import { say } from '@weiwang/domain/core/say'
import type { Say } from '@weiwang/domain/core/say'
import { AskData } from '@weiwang/domain/healthcode/reg-api'
import type { Answers, DataKind, DataSection, MyData, Opened, OpenedList } from '@weiwang/domain/healthcode/reg-api'
import { COLLECTIONS } from '@weiwang/domain/healthcode/reg-notice'
import { registerFirst } from '@weiwang/domain/healthcode/reg-problems'
import {
  NEED_NAMES,
  PURPOSE_NAMES,
  RELATION_NAMES,
  RETURN_STATE_NAMES,
  SITUATION_NAMES,
  TRANSPORT_NAMES,
} from '@weiwang/domain/healthcode/reg-words'
import { METHOD_NAMES, RESULT_NAMES } from '@weiwang/domain/visits/words'
import { factSay } from '@weiwang/domain/healthcode/objection-words'
import { MANUAL_REASON_INFO, MANUAL_REASONS } from '@weiwang/domain/grading/reasons'
import { COLOUR_SAY, DEGREE_SAY, SYMPTOM_SAY } from '@weiwang/domain/grading/words'
import { Measure, MEASURE_RULES } from '@weiwang/domain/observation/measure'
import type { z } from 'zod'
import type { Ctx } from '../core/ctx.ts'
import { colourOf } from '../grading/store.ts'
import { linksTo } from '../people/account-person-store.ts'
import { holds } from '../people/account-persons.ts'
import { openAddress } from '../people/identities.ts'
import { areaNames, findSealed, mergedInto } from '../people/store.ts'
import { mine, ownPhone } from './holders.ts'
import { deskOf } from './reg-contact.ts'
import { both, L, line, section, spanOf } from './reg-data-lines.ts'
import type { About, Item, Line } from './reg-data-lines.ts'
import { askedSections, contestedSections, helpedSections } from './reg-data-more.ts'
import {
  changesAbout,
  declarationsAbout,
  deniedAbout,
  factsAbout,
  gradesAbout,
  manualAbout,
  observationsAbout,
  openingsOf,
  residencesAbout,
  returnsAbout,
  visitsAbout,
} from './reg-data-store.ts'
import type { FactLine } from './reg-data-store.ts'
import { presentDeclaration } from './reg-declare.ts'
import { marksOf } from './gate-marks.ts'
import { homeOf, knownOf } from './reg-mine.ts'
import { fromNames } from './reg-returns.ts'
import { draftsOf, openHeldOf, registrationsOf } from './reg-store.ts'
import { VERB_NAMES, VERB_OTHER } from '@weiwang/domain/healthcode/reg-verbs'

async function answerLines(ctx: Ctx, answers: Answers): Promise<Line[]> {
  const { arrival, stays, abroad, contacts, symptoms, temperature } = answers
  const nameOf = await fromNames(
    ctx,
    [arrival?.fromArea, ...stays.map((one) => one.area)].flatMap((one) => one ?? []),
  )
  return [
    ...line(L.situation, both(SITUATION_NAMES[answers.situation])),
    ...(arrival === null
      ? []
      : [
          ...line(L.from, nameOf(arrival.fromArea ?? arrival.fromCountry ?? '')),
          ...line(L.arrived, arrival.arrivedOn),
          ...line(L.transport, both(TRANSPORT_NAMES[arrival.transport])),
        ]),
    ...line(L.stays, stays.map((one) => `${nameOf(one.area)} ${spanOf(one.from, one.to)}`).join('；')),
    ...line(L.place, abroad.map((one) => `${nameOf(one.country)} ${one.arrivedOn}`).join('；')),
    ...line(L.contacts, contacts.map((one) => `${degreeName(one.degree)} ${one.day}`).join('；')),
    ...line(L.symptoms, symptoms.map((one) => `${named(SYMPTOM_SAY, one.code)} ${one.from}`).join('；')),
    ...line(L.temperature, temperature === null ? null : (temperature / 10).toFixed(1)),
  ]
}

function degreeName(degree: number): string {
  const known = DEGREE_SAY[degree]
  return known ? both(known) : String(degree)
}

async function identitySections(ctx: Ctx, about: About): Promise<DataSection[]> {
  const { person, records, page } = about
  const row = (await registrationsOf(ctx.db, [person.personId])).get(person.personId)
  const known = await knownOf(ctx, person, row)
  const homes = await residencesAbout(ctx.db, records, page)
  const changes = await changesAbout(ctx.db, records, page)
  const nameOf = await areaNames(
    ctx.db,
    homes.rows.map((home) => home.area),
  )
  const home = row ? await homeOf(ctx, row) : null
  const said = await addressOf(ctx, person.personId)
  const addresses = page > 0 ? [] : [...new Set([home?.address, said].flatMap((text) => text ?? []))]
  const registered: Item[] =
    row && row.erased_at === null
      ? [
          {
            at: row.registered_at.toISOString(),
            lines: [
              ...line(L.need, both(NEED_NAMES[row.need === 'must' ? 'must' : 'may'])),
              ...line(L.purpose, purposeName(row.purpose)),
            ],
          },
        ]
      : []
  const first = page > 0 ? [] : [...registered, ...(await heldItems(ctx, person.personId))]
  return [
    section('identity', [
      {
        at: null,
        lines: [
          ...line(L.name, known.name ?? known.masked),
          ...line(L.document, known.document),
          ...line(L.phone, known.phone),
          ...line(L.birth, known.birth),
        ],
      },
    ]),
    section(
      'residence',
      [
        ...addresses.map((text) => ({ at: null, lines: line(L.address, text) })),
        ...homes.rows.map((one) => ({
          at: null,
          lines: [...line(L.area, nameOf(one.area)), ...line(L.from, spanOf(one.from_day, one.to_day))],
        })),
      ],
      { page, of: [homes] },
      addresses.length,
    ),
    section(
      'registration',
      [
        ...first,
        ...changes.rows.map((one) => ({ at: one.at.toISOString(), lines: line(L.field, fieldName(one.field)) })),
      ],
      { page, of: [changes] },
      first.length,
    ),
  ]
}

/** The address that a source or a worker has for the person; it may still wait to be found on the map. */
async function addressOf(ctx: Ctx, personId: string): Promise<string | null> {
  const [row] = await findSealed(ctx.db, [''], [personId])
  return row ? openAddress(ctx, row) : null
}

/** What this account has sent in and somebody looks at; of what others have sent nothing is told (REGISTER-3). */
async function heldItems(ctx: Ctx, personId: string): Promise<Item[]> {
  const held = await openHeldOf(ctx.db, ctx.actor.id)
  return held
    .filter((one) => one.person_id === personId)
    .map((one) => ({ at: one.at.toISOString(), lines: line(L.state, both(L.checking)) }))
}

function purposeName(purpose: string): string {
  const found = Object.entries(PURPOSE_NAMES).find(([name]) => name === purpose)
  return found ? both(found[1]) : purpose
}

/** What was corrected (REGISTER-14), in the words of the page. */
const FIELD_NAMES: Record<string, Say> = {
  name: L.name,
  birth: L.birth,
  sex: say('性别', 'Sex'),
  address: L.address,
  document: L.document,
  phone: L.phone,
}

function fieldName(field: string): string {
  const known = FIELD_NAMES[field]
  return known ? both(known) : field
}

async function declaredSections(ctx: Ctx, { records, page }: About): Promise<DataSection[]> {
  const declarations = await declarationsAbout(ctx.db, records, page)
  const declared = await Promise.all(
    declarations.rows.map(async (row): Promise<Item> => {
      const one = await presentDeclaration(ctx, row)
      if (one.erasedAt !== null) return { at: one.at, lines: line(L.what, '已删除 erased') }
      const { words } = one
      return {
        at: one.at,
        lines: [
          ...(await answerLines(ctx, one.answers)),
          ...line(L.number, words?.number),
          ...line(L.purpose, words ? both(PURPOSE_NAMES[words.purpose]) : null),
          ...line(L.employer, words?.employer),
          ...line(L.members, words?.members.map((member) => member.name).join('、')),
          ...line(L.remark, words?.remark),
        ],
      }
    }),
  )
  const returns = await returnsAbout(ctx.db, records, page)
  const fromName = await fromNames(
    ctx,
    returns.rows.map((row) => row.from_place),
  )
  return [
    section('declarations', declared, { page, of: [declarations] }),
    section(
      'returns',
      returns.rows.map((row) => ({
        at: row.created_at.toISOString(),
        lines: [
          ...line(L.expected, row.expected_day),
          ...line(L.from, fromName(row.from_place)),
          ...line(L.state, returnStateName(row.state)),
        ],
      })),
      { page, of: [returns] },
    ),
  ]
}

function returnStateName(state: string): string {
  const found = Object.entries(RETURN_STATE_NAMES).find(([name]) => name === state)
  return found ? both(found[1]) : state
}

/** A fact as the desk and the objection say it, in both languages. */
function factLine(row: FactLike, nameOf: (code: string) => string): string {
  const value = row.kind === 'abroad' && row.value !== null ? nameOf(row.value) : row.value
  const fact = { kind: row.kind, value, degree: row.degree ?? null, from: row.from_day, to: row.to_day }
  return both(factSay(fact, row.place === null ? null : nameOf(row.place)))
}
type FactLike = Pick<FactLine, 'kind' | 'place' | 'value' | 'from_day' | 'to_day'> & { degree?: number | null }

async function judgedSections(ctx: Ctx, { records, page }: About): Promise<DataSection[]> {
  const facts = await factsAbout(ctx.db, records, page)
  const denied = await deniedAbout(ctx.db, records, page)
  const nameOf = await fromNames(
    ctx,
    [...facts.rows, ...denied.rows].flatMap((row) => row.place ?? (row.kind === 'abroad' ? (row.value ?? []) : [])),
  )
  const grades = await gradesAbout(ctx.db, records, page)
  const manual = await manualAbout(ctx.db, records, page)
  return [
    section(
      'facts',
      [
        ...facts.rows.map((row) => ({
          at: row.recorded_at.toISOString(),
          lines: [
            ...line(L.what, factLine(row, nameOf)),
            ...line(L.source, row.source_name === null ? null : both(row.source_name)),
          ],
        })),
        ...denied.rows.map((row) => ({
          at: row.at.toISOString(),
          lines: [
            ...line(L.what, factLine(row, nameOf)),
            ...line(L.source, row.source_name === null ? null : both(row.source_name)),
            ...line(L.state, both(L.denied)),
          ],
        })),
      ],
      { page, of: [facts, denied] },
    ),
    section(
      'grades',
      [
        ...grades.rows.map((row) => {
          const colour = colourOf(row.colour)
          return {
            at: row.recorded_at.toISOString(),
            lines: [
              ...line(L.result, colour === null ? '—' : both(COLOUR_SAY[colour])),
              ...line(L.from, spanOf(row.from_day, row.until_day)),
              ...row.reasons.flatMap((reason) => line(L.reason, both(reason.say))),
            ],
          }
        }),
        ...manual.rows.map((row) => {
          const colour = colourOf(row.colour)
          return {
            at: row.at.toISOString(),
            lines: [
              ...line(L.result, `${colour === null ? '—' : both(COLOUR_SAY[colour])} ${both(L.byHand)}`),
              ...line(L.from, spanOf(row.from_day, row.until_day)),
              ...line(L.reason, manualReason(row.reason)),
            ],
          }
        }),
      ],
      { page, of: [grades, manual] },
    ),
  ]
}

function manualReason(code: string): string {
  const known = MANUAL_REASONS.find((one) => one === code)
  return known ? both(MANUAL_REASON_INFO[known].say) : code
}

async function servedSections(ctx: Ctx, { records, page }: About): Promise<DataSection[]> {
  const observations = await observationsAbout(ctx.db, records, page)
  const visits = await visitsAbout(ctx.db, records, page)
  return [
    section(
      'observations',
      observations.rows.map((row) => ({
        at: null,
        lines: [
          ...line(L.reference, row.reference),
          ...line(L.what, measureName(row.measure)),
          ...line(L.from, spanOf(row.opened_day, row.ended_at?.toISOString().slice(0, 10) ?? null)),
        ],
      })),
      { page, of: [observations] },
    ),
    section(
      'visits',
      visits.rows.map((row) => ({
        at: row.recorded_at.toISOString(),
        lines: [...line(L.way, named(METHOD_NAMES, row.method)), ...line(L.result, named(RESULT_NAMES, row.result))],
      })),
      { page, of: [visits] },
    ),
  ]
}

function named(names: Readonly<Record<string, Say>>, code: string): string {
  const known = names[code]
  return known ? both(known) : code
}

function measureName(measure: string): string {
  const read = Measure.safeParse(measure)
  return read.success ? both(MEASURE_RULES[read.data].say) : measure
}

const DRAFT_MS = 30 * 86_400_000

async function accountSections(ctx: Ctx, about: About): Promise<DataSection[]> {
  const links = (await linksTo(ctx.db, [about.person.personId])).filter((link) => holds(link, ctx.today))
  const own = about.person.relation === 'self'
  const drafts = own ? await draftsOf(ctx.db, ctx.actor.id, new Date(ctx.now.getTime() - DRAFT_MS)) : []
  const phone = own ? await ownPhone(ctx) : null
  return [
    section(
      'family',
      links
        .filter((link) => link.relation !== 'self')
        .map((link) => ({
          at: null,
          lines: [
            ...line(L.relation, both(RELATION_NAMES[link.relation])),
            ...line(L.from, spanOf(link.since, link.until)),
          ],
        })),
    ),
    section(
      'drafts',
      drafts.map((draft) => ({ at: draft.at.toISOString(), lines: line(L.subject, draft.subject) })),
    ),
    section('account', phone === null ? [] : [{ at: null, lines: line(L.phone, maskPhone(phone)) }]),
  ]
}

async function aboutOf(ctx: Ctx, personId: string, page = 0): Promise<About> {
  const person = await mine(ctx, personId)
  // What is known by a number alone may be about whoever had it before: everything is told when the document was shown.
  if (person.basis === 'phone') throw registerFirst({})
  const records = [person.personId, ...(await mergedInto(ctx.db, person.personId))]
  return { person, records, page }
}

type Sections = (ctx: Ctx, about: About) => Promise<DataSection[]>
/** Which kinds each part of the page tells of: one of them alone is read when the page goes on with it. */
const PARTS: readonly (readonly [readonly DataKind[], Sections])[] = [
  [['identity', 'residence', 'registration'], identitySections],
  [['declarations', 'returns'], declaredSections],
  [['facts', 'grades'], judgedSections],
  [['observations', 'visits'], servedSections],
  [['readings', 'services'], helpedSections],
  [['codes', 'objections', 'passes', 'contradictions'], contestedSections],
  [['tasks', 'employers'], askedSections],
  [['family', 'drafts', 'account'], accountSections],
]

async function sectionsOf(ctx: Ctx, about: About, kind?: DataKind): Promise<DataSection[]> {
  const found: DataSection[] = []
  for (const [kinds, read] of PARTS)
    if (kind === undefined || kinds.includes(kind))
      found.push(...(await read(ctx, about)).filter((one) => kind === undefined || one.kind === kind))
  const order = COLLECTIONS.map((one) => one.about)
  return found.toSorted((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind))
}

/** GET /api/my/data */
export async function readMyData(ctx: Ctx, args: z.input<typeof AskData>): Promise<MyData> {
  const { personId, kind, page } = AskData.parse(args)
  // What stands on the first page alone is not told again beside what comes after.
  const about = await aboutOf(ctx, personId, kind === undefined ? 0 : page)
  const known = await knownOf(ctx, about.person, undefined)
  const desk = await deskOf(ctx, known.area)
  return {
    personId: about.person.personId,
    masked: known.masked,
    sections: await sectionsOf(ctx, about, kind),
    complain: [
      { say: say('先找值守的网格中心', 'First, the desk on duty'), ...desk },
      {
        say: say('政务服务热线', 'The government’s hotline'),
        name: '12345',
        phone: '12345',
      },
      {
        say: say('个人信息保护投诉、举报：网信部门', 'Complaints about personal data: the cyberspace administration'),
        name: '12377',
        phone: '12377',
      },
    ],
    asOf: ctx.now.toISOString(),
  }
}

/** Everything of it, however much there is: what a copy holds (REGISTER-20). */
export async function readAllMyData(ctx: Ctx, personId: string): Promise<MyData> {
  const data = await readMyData(ctx, { personId })
  const sections: DataSection[] = []
  for (const first of data.sections) {
    const items = [...first.items]
    for (let next = first.next; next !== null;) {
      const [more] = await sectionsOf(ctx, await aboutOf(ctx, personId, next), first.kind)
      items.push(...(more?.items ?? []))
      next = more?.next ?? null
    }
    sections.push({ ...first, items, next: null })
  }
  return { ...data, sections }
}

// ---- Who opened it ------------------------------------------------------------------------------------------------------------------

const SHOWN = 100
const SYSTEM = say('系统', 'the program')

/** The strongest role that an account holds: what a person is told, never a name (REGISTER-21). */
function roleOf(roles: readonly string[]): Say {
  const found = ROLES.toReversed().find((role) => roles.includes(role) && role !== 'resident')
  return found === undefined ? SYSTEM : ROLE_NAMES[found]
}

/** GET /api/my/data/opened */
export async function readOpened(
  ctx: Ctx,
  args: { personId: string; before?: string | undefined },
): Promise<z.infer<typeof OpenedList>> {
  const about = await aboutOf(ctx, args.personId)
  const links = await linksTo(ctx.db, [about.person.personId])
  const owners = [ctx.actor.id, ...links.filter((link) => link.relation === 'self').map((link) => link.accountId)]
  const before = args.before === undefined ? null : new Date(args.before)
  const marks = await marksOf(ctx, about.records)
  const { rows, total, more } = await openingsOf(ctx.db, {
    records: about.records,
    marks,
    owners,
    before,
    limit: SHOWN,
  })
  const nameOf = await areaNames(
    ctx.db,
    rows.map((row) => row.area.slice(0, 12)),
  )
  const items = rows.map((row): Opened => {
    return {
      at: row.at.toISOString(),
      role: row.actor === null ? SYSTEM : roleOf(row.roles),
      areaName: nameOf(row.area.slice(0, 12)),
      what: VERB_NAMES[row.verb] ?? VERB_OTHER,
      purpose: row.purpose,
    }
  })
  const last = items.at(-1)
  return { items, total, next: more && last ? last.at : null }
}

/** However often it was opened. */
export async function readAllOpened(ctx: Ctx, personId: string): Promise<z.infer<typeof OpenedList>> {
  const first = await readOpened(ctx, { personId })
  const items = [...first.items]
  for (let { next } = first; next !== null;) {
    const more = await readOpened(ctx, { personId, before: next })
    items.push(...more.items)
    ;({ next } = more)
  }
  return { items, total: first.total, next: null }
}
