/**
 * Registration (REGISTER-2 to REGISTER-8): one way in for oneself, for a child or an elder, by a worker, and for what was held and
 * accepted. The caller has said who asks; here is decided whether a person must look at it, and everything is written in one go.
 */
import { maskName, maskPhone, maskDocument } from '@weiwang/domain/access/mask'
import type { AreaCode } from '@weiwang/domain/areas/code'
import { addDays, instantOf } from '@weiwang/domain/core/day'
import { Problem } from '@weiwang/domain/core/problem'
import { Answers, Home, Who, Words } from '@weiwang/domain/healthcode/reg-api'
import type { Need } from '@weiwang/domain/healthcode/reg-api'
import { needOf } from '@weiwang/domain/healthcode/reg-policy'
import type { RegistrationPolicy } from '@weiwang/domain/healthcode/reg-policy'
import { documentNotTaken, sentBefore, unknownPlace } from '@weiwang/domain/healthcode/reg-problems'
import { guardianshipUntil, heldWhy, MOST_SENT_A_DAY, OF_AGE, ageOn } from '@weiwang/domain/healthcode/reg-rules'
import type { HeldWhy } from '@weiwang/domain/healthcode/reg-rules'
import { clearlyDifferent } from '@weiwang/domain/people/name'
import { readPhone } from '@weiwang/domain/people/phone'
import { z } from 'zod'
import type { EmergencyRow } from '../access/store.ts'
import { actorId } from '../core/ctx.ts'
import type { Ctx } from '../core/ctx.ts'
import {
  endHolder,
  endLinks,
  linksOf,
  linksTo,
  lockBinding,
  putLink,
  putProof,
} from '../people/account-person-store.ts'
import type { Basis } from '../people/account-person-store.ts'
import { holds } from '../people/account-persons.ts'
import { documentId } from '../people/identity.ts'
import type { PersonRow } from '../people/identity.ts'
import { openText } from '../people/opening.ts'
import { registerPersons } from '../people/register.ts'
import { OWN_ADDRESS } from '../people/resolving.ts'
import { resolveAlias } from '../people/store.ts'
import { findStored } from '../people/store-register.ts'
import type { StoredPerson } from '../people/store-register.ts'
import { readPerson } from '../people/typed.ts'
import { areaOf, checkAnswers, emergencyOf, sayHome, sealHome } from './reg-checks.ts'
import { endCodes } from './reg-codes.ts'
import { writeDeclaration } from './reg-declare.ts'
import { policyFor } from './reg-policy-store.ts'
import {
  findDeclaration,
  findHeld,
  insertHeld,
  knownAreas,
  openHeldOf,
  putRegistration,
  sentSince,
} from './reg-store.ts'

export const Body = z.object({ id: z.uuid(), who: Who, home: Home, answers: Answers, words: Words })
export type Body = z.infer<typeof Body>

export type Relation = 'self' | 'child' | 'parent'
export type By = 'self' | 'guardian' | 'proxy'

export type Submission = {
  body: Body
  relation: Relation
  by: By
  /** Whose account; null for a worker who registers somebody without one. */
  accountId: string | null
  sessionId: string | null
  /** Under which somebody is reached: the account's own number, or what was told. E.164. */
  phone: string | null
  /** The number is a helper's: it is kept only where none is known. */
  lent: boolean
  basis: Basis
  /** Accepted by a person who saw the card: nothing holds it any more (REGISTER-3). */
  accepted?: boolean
}

export type Submitted = {
  state: 'registered' | 'checked'
  personId: string | null
  n: number | null
  need: Need
  masked: string
}

export type Subject = {
  row: PersonRow
  personId: string
  masked: string
  birth: string | null
  emergency: EmergencyRow
  policy: RegistrationPolicy
  area: AreaCode
}

/** Reads who it is and what is said, and refuses what cannot be: before anything is looked up about anybody. */
export async function readSubject(ctx: Ctx, body: Body, phone: string | null): Promise<Subject> {
  const area = areaOf(ctx, body.home)
  const emergency = await emergencyOf(ctx, area)
  const policy = await policyFor(ctx.db, area)
  const { document, name, birth, sex } = body.who
  const fields = {
    name,
    document: document.number,
    documentKind: document.kind,
    documentCountry: document.country,
    ...(birth === undefined ? {} : { birth }),
    ...(sex === undefined ? {} : { sex }),
  }
  const { row, faults } = readPerson(fields, { today: ctx.today, area, source: OWN_ADDRESS, typed: true })
  const first = faults[0]
  if (first) throw new Problem({ ...first.problem, at: `who.${first.column}` })
  if (row.document === null || !policy.documents.includes(row.document.kind))
    throw documentNotTaken({ kinds: policy.documents }, 'who.document')
  await checkAnswers(ctx, body.answers)
  if (body.home.area !== undefined && !(await knownAreas(ctx.db, [body.home.area])).has(body.home.area))
    throw unknownPlace({ area: body.home.area }, 'home.area')
  const read = phone === null ? null : readPhone(phone)
  return {
    row: { ...row, phone: read?.ok === true ? read.value : null },
    personId: documentId(ctx.keys, row.document),
    masked: maskName(name),
    birth: row.document.birth ?? row.birth ?? null,
    emergency,
    policy,
    area,
  }
}

async function nameIsOther(ctx: Ctx, stored: StoredPerson, name: string): Promise<boolean> {
  const at = { table: 'person', row: stored.person_id, column: 'name_sealed' }
  const known = await openText(ctx, at, stored.name_sealed)
  return known !== null && clearlyDifferent(known, name)
}

function phoneIsOther(ctx: Ctx, stored: StoredPerson, phone: string | null): boolean {
  if (stored.phone_hash === null || phone === null) return false
  const hash = ctx.keys.hash('phone', phone)
  return !stored.phone_hash.equals(hash) && !(stored.known ?? []).some((one) => one.equals(hash))
}

async function boundElsewhere(ctx: Ctx, root: string, s: Submission): Promise<boolean> {
  const links = (await linksTo(ctx.db, [root])).filter(
    (link) => link.accountId !== s.accountId && holds(link, ctx.today),
  )
  // Who has registered alone is nobody's ward; a child has the parent who came first, another is looked at.
  return links.some((link) => link.relation === 'self' || (link.relation === 'child' && s.relation === 'child'))
}

/** REGISTER-3: why somebody looks at it first. A worker has the card in hand: only another name stops one. */
async function whyHeld(ctx: Ctx, root: string, subject: Subject, s: Submission): Promise<HeldWhy[]> {
  if (s.accepted === true) return []
  const stored = (await findStored(ctx.db, [root])).get(root)
  const known = stored
    ? {
        otherName: await nameIsOther(ctx, stored, s.body.who.name),
        otherPhone: s.by !== 'proxy' && phoneIsOther(ctx, stored, s.phone),
        boundElsewhere: s.by !== 'proxy' && (await boundElsewhere(ctx, root, s)),
      }
    : null
  const since = addDays(ctx.today, 0)
  const sent = s.accountId === null ? 0 : await sentSince(ctx.db, s.accountId, instantOf(since, ctx.zone))
  return heldWhy(known, { relation: s.relation, sent, most: MOST_SENT_A_DAY + subject.policy.family.max })
}

const KeptBody = z.object({ body: Body, phone: z.string().nullable(), lent: z.boolean() })

async function hold(ctx: Ctx, subject: Subject, s: Submission, why: HeldWhy[]): Promise<Submitted> {
  const { id } = s.body
  const need = needOf(subject.policy, s.body.answers)
  if (s.accountId !== null) {
    const open = await openHeldOf(ctx.db, s.accountId)
    if (open.some((row) => row.person_id === subject.personId && row.relation === s.relation)) throw sentBefore({})
  }
  const sealed = await ctx.keys.seal(
    { emergencyId: subject.emergency.id, now: ctx.now, table: 'registration_held', row: id, column: 'body_sealed' },
    JSON.stringify({ body: s.body, phone: s.phone, lent: s.lent }),
  )
  await insertHeld(ctx.db, {
    id,
    area: subject.area,
    emergency_id: subject.emergency.id,
    account_id: s.accountId,
    session_id: s.sessionId,
    person_id: subject.personId,
    relation: s.relation,
    masked: subject.masked,
    why,
    body_sealed: sealed,
    state: 'open',
    at: ctx.now,
  })
  ctx.audit({
    verb: 'registration.held',
    thing: 'registration_held',
    thingId: id,
    area: subject.area,
    detail: { why, relation: s.relation, by: s.by },
  })
  return { state: 'checked', personId: null, n: null, need, masked: subject.masked }
}

/** What was held, opened again for the desk that decides on it. */
export async function openHeld(
  ctx: Ctx,
  row: { id: string; body_sealed: Buffer | null },
): Promise<z.infer<typeof KeptBody> | null> {
  const text = await openText(ctx, { table: 'registration_held', row: row.id, column: 'body_sealed' }, row.body_sealed)
  return text === null ? null : KeptBody.parse(JSON.parse(text))
}

export function maskedDocument(body: Body): string {
  return maskDocument(body.who.document.number)
}

export function maskedPhone(phone: string | null): string | null {
  return phone === null ? null : maskPhone(phone)
}

/**
 * REGISTER-3: an account that loses its holder answers for nobody any more, whoever has the phone; whoever brought the card adds children
 * and elders again. @returns whose codes are out on it
 */
async function endWards(ctx: Ctx, root: string, but: string): Promise<string[]> {
  const former = (await linksTo(ctx.db, [root])).filter(
    (link) => link.relation === 'self' && link.accountId !== but && holds(link, ctx.today),
  )
  const ended: string[] = []
  for (const { accountId } of former)
    for (const { personId, ...link } of await linksOf(ctx.db, accountId)) {
      if (link.relation === 'self' || !holds(link, ctx.today)) continue
      await endLinks(ctx.db, { personId, accountId }, ctx.now)
      ended.push(personId)
    }
  return ended
}

/** The binding of a person to an account; who registers alone is nobody's ward any more, children apart. */
async function bind(ctx: Ctx, root: string, subject: Subject, s: Submission): Promise<{ ended: string[] }> {
  if (s.accountId === null) return { ended: [] }
  const ended: string[] = []
  if (s.relation === 'self') {
    const gone: ('self' | 'parent' | 'spouse' | 'other')[] = ['parent', 'spouse', 'other']
    if (s.accepted === true) {
      gone.push('self')
      ended.push(...(await endWards(ctx, root, s.accountId)))
    }
    if ((await endLinks(ctx.db, { personId: root, relations: gone }, ctx.now)) > 0) ended.push(root)
    await endHolder(ctx.db, { accountId: s.accountId, but: root }, ctx.now)
  }
  const until =
    s.relation === 'child' && subject.birth !== null && subject.birth.length === 10
      ? guardianshipUntil(subject.birth)
      : null
  await putLink(ctx.db, {
    accountId: s.accountId,
    personId: root,
    relation: s.relation,
    basis: s.basis,
    since: ctx.today,
    until,
  })
  if (s.relation === 'self' && s.sessionId !== null)
    await putProof(ctx.db, { accountId: s.accountId, sessionId: s.sessionId }, ctx.now)
  const adult = subject.birth === null || ageOn(subject.birth.padEnd(10, '-12-31').slice(0, 10), ctx.today) >= OF_AGE
  if (s.relation === 'parent' && adult) ctx.emit('registration.told', { accountId: s.accountId, personId: root })
  return { ended }
}

/**
 * Registers, or holds. @throws what cannot be read; nothing in an answer or a refusal tells whether somebody is known (REGISTER-2).
 */
export async function submit(ctx: Ctx, s: Submission, subject: Subject): Promise<Submitted> {
  const { body } = s
  const need = needOf(subject.policy, body.answers)
  await lockBinding(ctx.db, [subject.personId, ...(s.accountId === null ? [] : [s.accountId])])
  const root = (await resolveAlias(ctx.db, [subject.personId])).get(subject.personId) ?? subject.personId
  const before = await findDeclaration(ctx.db, root, body.id)
  if (before) return { state: 'registered', personId: root, n: before.n, need, masked: subject.masked }
  if (s.accepted !== true) {
    const held = await findHeld(ctx.db, body.id)
    if (held) return { state: 'checked', personId: null, n: null, need, masked: subject.masked }
  }
  const why = await whyHeld(ctx, root, subject, s)
  if (why.length > 0) return hold(ctx, subject, s, why)
  return write(ctx, { root, subject, s, need })
}

async function write(
  ctx: Ctx,
  { root, subject, s, need }: { root: string; subject: Subject; s: Submission; need: Need },
): Promise<Submitted> {
  const { body } = s
  const stored = (await findStored(ctx.db, [root])).get(root)
  const keepPhone = !(s.lent && stored !== undefined && stored.phone_hash !== null)
  const row: PersonRow = { ...subject.row, phone: keepPhone ? subject.row.phone : null }
  const [made] = await registerPersons(ctx, [row], { emergencyId: subject.emergency.id })
  if (!made?.personId) throw new Problem(made?.problem ?? documentNotTaken({ kinds: [] }).body)
  const person = (await findStored(ctx.db, [root])).get(root)
  const homeArea = person?.home_area ?? subject.area
  const { differs } = await sayHome(ctx, root, body.home, subject.emergency.id)
  const { ended } = await bind(ctx, root, subject, s)
  const registered = await putRegistration(ctx.db, {
    person_id: root,
    home_area: homeArea,
    emergency_id: subject.emergency.id,
    account_id: s.accountId,
    need,
    situation: body.answers.situation,
    registered_here: body.answers.registeredHere,
    purpose: body.words.purpose,
    by: s.by,
    by_account: actorId(ctx),
    home_sealed: await sealHome(ctx, subject.emergency.id, root, body.home),
    address_differs: differs,
    declared_at: ctx.now,
    registered_day: ctx.today,
    registered_at: ctx.now,
    erased_at: null,
  })
  const n = await writeDeclaration(ctx, {
    id: body.id,
    personId: root,
    homeArea,
    emergency: subject.emergency,
    before: registered.declarations,
    answers: body.answers,
    words: body.words,
    need,
    by: s.by,
  })
  ctx.audit({
    verb: 'registration.submit',
    thing: 'person',
    thingId: root,
    area: homeArea,
    detail: { by: s.by, relation: s.relation, need, outcome: made.outcome },
  })
  for (const one of ended) await endCodes(ctx, one)
  return { state: 'registered', personId: root, n, need, masked: subject.masked }
}
