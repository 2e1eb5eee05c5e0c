/** Rights on one page (REGISTER-20, 21): everything held about a person of mine, in words, and who opened it. */
import { maskPhone } from '@weiwang/domain/access/mask'
import { ROLE_NAMES } from '@weiwang/domain/access/roles'
import { ROLES } from '@weiwang/domain/access/actor'
import { say } from '@weiwang/domain/core/say'
import type { Say } from '@weiwang/domain/core/say'
import type { Answers, DataKind, DataSection, MyData, Opened, OpenedList } from '@weiwang/domain/healthcode/reg-api'
import { collectionOf, COLLECTIONS } from '@weiwang/domain/healthcode/reg-notice'
import { registerFirst } from '@weiwang/domain/healthcode/reg-problems'
import {
  NEED_NAMES,
  PURPOSE_NAMES,
  RELATION_NAMES,
  RETURN_STATE_NAMES,
  SITUATION_NAMES,
  TRANSPORT_NAMES,
} from '@weiwang/domain/healthcode/reg-words'
import { COLOUR_SAY } from '@weiwang/domain/grading/words'
import { Measure, MEASURE_RULES } from '@weiwang/domain/observation/measure'
import type { z } from 'zod'
import type { Ctx } from '../core/ctx.ts'
import { colourOf } from '../grading/store.ts'
import { linksTo } from '../people/account-person-store.ts'
import { holds } from '../people/account-persons.ts'
import type { AccountPerson } from '../people/account-persons.ts'
import { areaNames, mergedInto } from '../people/store.ts'
import { mine, ownPhone } from './holders.ts'
import { deskOf } from './reg-contact.ts'
import {
  factsAbout,
  gradesAbout,
  observationsAbout,
  openingsOf,
  residencesAbout,
  visitsAbout,
} from './reg-data-store.ts'
import { presentDeclaration } from './reg-declare.ts'
import { homeOf, knownOf } from './reg-mine.ts'
import { fromNames } from './reg-returns.ts'
import { returnsOf } from './reg-return-store.ts'
import { changesOf, declarationsOf, draftsOf, registrationsOf } from './reg-store.ts'
import { VERB_NAMES } from '@weiwang/domain/healthcode/reg-verbs'

type Line = { label: Say; value: string }
type Item = { at: string | null; lines: Line[] }

const L = {
  name: say('姓名', 'Name'),
  document: say('证件', 'Document'),
  phone: say('电话', 'Telephone'),
  birth: say('出生日期', 'Birth date'),
  address: say('地址', 'Address'),
  area: say('辖区', 'Area'),
  from: say('起', 'From'),
  to: say('止', 'To'),
  source: say('来源', 'Source'),
  what: say('内容', 'What'),
  place: say('地点', 'Place'),
  need: say('要求', 'Required'),
  situation: say('情形', 'Situation'),
  purpose: say('事由', 'Purpose'),
  employer: say('单位', 'Employer'),
  members: say('同住人', 'Household'),
  transport: say('交通方式', 'Transport'),
  number: say('车次航班车牌', 'Train, flight or plate'),
  arrived: say('到达日期', 'Arrived on'),
  stays: say('旅居地', 'Stays'),
  contacts: say('接触', 'Contacts'),
  symptoms: say('症状', 'Symptoms'),
  temperature: say('体温', 'Temperature'),
  remark: say('说明', 'Remark'),
  state: say('状态', 'State'),
  expected: say('预计日期', 'Expected on'),
  relation: say('关系', 'Relation'),
  result: say('结论', 'Result'),
  reason: say('理由', 'Reason'),
  reference: say('编号', 'Reference'),
  way: say('方式', 'By'),
  field: say('更正项', 'Corrected'),

  subject: say('表单', 'Form'),
}

function line(label: Say, value: string | null | undefined): Line[] {
  return value === null || value === undefined || value === '' ? [] : [{ label, value }]
}

const both = (words: Say): string => `${words.zh} ${words.en}`

type About = { person: AccountPerson; records: string[] }

function section(kind: DataKind, items: Item[], total = items.length): DataSection {
  const { say: what, why, basis, seenBy, until, correct, erase } = collectionOf(kind)
  return { kind, say: what, why, basis, seenBy, until, correct, erase, total, items }
}

function spanOf(from: string, to: string | null): string {
  return to === null ? `${from} —` : from === to ? from : `${from} — ${to}`
}

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
    ...line(L.contacts, contacts.map((one) => `${one.degree} ${one.day}`).join('；')),
    ...line(L.symptoms, symptoms.map((one) => `${one.code} ${one.from}`).join('；')),
    ...line(L.temperature, temperature === null ? null : (temperature / 10).toFixed(1)),
  ]
}

async function identitySections(ctx: Ctx, about: About): Promise<DataSection[]> {
  const { person, records } = about
  const row = (await registrationsOf(ctx.db, [person.personId])).get(person.personId)
  const known = await knownOf(ctx, person, row)
  const homes = await residencesAbout(ctx.db, records)
  const nameOf = await areaNames(
    ctx.db,
    homes.rows.map((home) => home.area),
  )
  const home = row ? await homeOf(ctx, row) : null
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
        ...(home === null ? [] : [{ at: null, lines: line(L.address, home.address) }]),
        ...homes.rows.map((one) => ({
          at: null,
          lines: [...line(L.area, nameOf(one.area)), ...line(L.from, spanOf(one.from_day, one.to_day))],
        })),
      ],
      homes.total + (home === null ? 0 : 1),
    ),
    section(
      'registration',
      row && row.erased_at === null
        ? [
            {
              at: row.registered_at.toISOString(),
              lines: [
                ...line(L.need, row.need === 'must' ? both(NEED_NAMES.must) : both(NEED_NAMES.may)),
                ...line(L.purpose, purposeName(row.purpose)),
              ],
            },
            ...(await correctionItems(ctx, person.personId)),
          ]
        : [],
    ),
  ]
}

function purposeName(purpose: string): string {
  const found = Object.entries(PURPOSE_NAMES).find(([name]) => name === purpose)
  return found ? both(found[1]) : purpose
}

async function correctionItems(ctx: Ctx, personId: string): Promise<Item[]> {
  const rows = await changesOf(ctx.db, personId, 100)
  return rows.map((row) => ({ at: row.at.toISOString(), lines: line(L.field, row.field) }))
}

async function declaredSections(ctx: Ctx, about: About): Promise<DataSection[]> {
  const { rows, total } = await declarationsOf(ctx.db, about.person.personId, 50)
  const declared = await Promise.all(
    rows.map(async (row): Promise<Item> => {
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
  const returns = await returnsOf(ctx.db, [about.person.personId], 50)
  const fromName = await fromNames(
    ctx,
    returns.map((row) => row.from_place),
  )
  return [
    section('declarations', declared, total),
    section(
      'returns',
      returns.map((row) => ({
        at: row.created_at.toISOString(),
        lines: [
          ...line(L.expected, row.expected_day),
          ...line(L.from, fromName(row.from_place)),
          ...line(L.state, returnStateName(row.state)),
        ],
      })),
    ),
  ]
}

function returnStateName(state: string): string {
  const found = Object.entries(RETURN_STATE_NAMES).find(([name]) => name === state)
  return found ? both(found[1]) : state
}

async function judgedSections(ctx: Ctx, about: About): Promise<DataSection[]> {
  const facts = await factsAbout(ctx.db, about.records)
  const nameOf = await fromNames(
    ctx,
    facts.rows.flatMap((row) => row.place ?? (row.kind === 'abroad' ? (row.value ?? []) : [])),
  )
  const grades = await gradesAbout(ctx.db, about.records)
  return [
    section(
      'facts',
      facts.rows.map((row) => ({
        at: row.recorded_at.toISOString(),
        lines: [
          ...line(L.what, [row.kind, row.place === null ? (row.value ?? '') : nameOf(row.place)].join(' ')),
          ...line(L.from, spanOf(row.from_day, row.to_day)),
          ...line(L.source, row.source_name === null ? null : both(row.source_name)),
        ],
      })),
      facts.total,
    ),
    section(
      'grades',
      grades.rows.map((row) => {
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
      grades.total,
    ),
  ]
}

async function servedSections(ctx: Ctx, about: About): Promise<DataSection[]> {
  const observations = await observationsAbout(ctx.db, about.records)
  const visits = await visitsAbout(ctx.db, about.records)
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
      observations.total,
    ),
    section(
      'visits',
      visits.rows.map((row) => ({
        at: row.recorded_at.toISOString(),
        lines: [...line(L.way, row.method), ...line(L.result, row.result)],
      })),
      visits.total,
    ),
  ]
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

async function aboutOf(ctx: Ctx, personId: string): Promise<About> {
  const person = await mine(ctx, personId)
  // What is known by a number alone may be about whoever had it before: everything is told when the document was shown.
  if (person.basis === 'phone') throw registerFirst({})
  const records = [person.personId, ...(await mergedInto(ctx.db, person.personId))]
  return { person, records }
}

/** GET /api/my/data */
export async function readMyData(ctx: Ctx, args: { personId: string }): Promise<MyData> {
  const about = await aboutOf(ctx, args.personId)
  const sections = [
    ...(await identitySections(ctx, about)),
    ...(await declaredSections(ctx, about)),
    ...(await judgedSections(ctx, about)),
    ...(await servedSections(ctx, about)),
    ...(await accountSections(ctx, about)),
  ]
  const known = await knownOf(ctx, about.person, undefined)
  const order = COLLECTIONS.map((one) => one.about)
  const desk = await deskOf(ctx, known.area)
  return {
    personId: about.person.personId,
    masked: known.masked,
    sections: sections.toSorted((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind)),
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
  const { rows, total, more } = await openingsOf(ctx.db, { records: about.records, owners, before, limit: SHOWN })
  const nameOf = await areaNames(
    ctx.db,
    rows.map((row) => row.area.slice(0, 12)),
  )
  const items = rows.map((row): Opened => {
    return {
      at: row.at.toISOString(),
      role: row.actor === null ? SYSTEM : roleOf(row.roles),
      areaName: nameOf(row.area.slice(0, 12)),
      what: VERB_NAMES[row.verb] ?? say(row.verb, row.verb),
      purpose: row.purpose,
    }
  })
  const last = items.at(-1)
  return { items, total, next: more && last ? last.at : null }
}
