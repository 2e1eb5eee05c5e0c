/** The resident's own registration (REGISTER-6, 7, 10, 11): what is known, the draft, sending in. */
import { maskDocument } from '@weiwang/domain/access/mask'
import { notFound } from '@weiwang/domain/core/problems'
import { say } from '@weiwang/domain/core/say'
import { Answers, Home, KeepDraft, KeptDraft, Need, Register, Registered } from '@weiwang/domain/healthcode/reg-api'
import type { FindPlaces, Known, MyRegistration, Places, PlaceRules } from '@weiwang/domain/healthcode/reg-api'
import { proofNeeded, registeredAlready } from '@weiwang/domain/healthcode/reg-problems'
import { COLLECTIONS } from '@weiwang/domain/healthcode/reg-notice'
import type { z } from 'zod'
import { searchAreas } from '../areas/store.ts'
import { defineAction } from '../core/action.ts'
import type { Ctx } from '../core/ctx.ts'
import { standingOf } from '../people/account-persons.ts'
import type { AccountPerson, Standing } from '../people/account-persons.ts'
import { openSealed } from '../people/identities.ts'
import { openText } from '../people/opening.ts'
import { areaNames, findSealed } from '../people/store.ts'
import { deskOf } from './reg-contact.ts'
import { standing, ownPhone } from './holders.ts'
import { wordsOf } from './reg-declare.ts'
import { policyFor } from './reg-policy-store.ts'
import {
  currentDeclaration,
  draftsOf,
  dropDraft,
  openHeldOf,
  personHead,
  putDraft,
  registrationsOf,
} from './reg-store.ts'
import type { RegistrationRow } from './reg-store.ts'
import { emergencyOf } from './reg-checks.ts'
import { readSubject, submit } from './reg-submit.ts'

const DRAFT_DAYS = 30

/** REGISTER-9, REGISTER-10: what a place asks and why, before anything is typed. */
export async function placeRules(ctx: Ctx, area: string): Promise<PlaceRules> {
  const policy = await policyFor(ctx.db, area)
  const nameOf = await areaNames(ctx.db, [area])
  return {
    area,
    name: say(nameOf(area), nameOf(area)),
    groups: policy.groups.map(({ need, say: words, situation, registeredHere }) => ({
      need,
      say: words,
      situation,
      registeredHere,
    })),
    others: policy.others,
    askDays: policy.askDays,
    documents: policy.documents,
    family: {
      max: policy.family.max,
      childUnder: policy.family.childUnder,
      elderFrom: policy.family.elderFrom,
    },
    notice: COLLECTIONS.map(({ about, say: what, why, basis, until, seenBy }) => ({
      about,
      say: what,
      why,
      basis,
      until,
      seenBy,
    })),
  }
}

/** Rows of sealed identities of persons of mine; the owner reads them, so no line of the trail says that they were opened. */
export async function knownOf(
  ctx: Ctx,
  person: AccountPerson,
  registration: RegistrationRow | undefined,
): Promise<Known> {
  const [row] = await findSealed(ctx.db, [''], [person.personId])
  if (!row) throw notFound({ thing: 'person' })
  const { masked, sex, doc_kind } = await personHead(ctx.db, person.personId)
  const nameOf = await areaNames(ctx.db, [row.home_area])
  // What is known by a number alone is not shown in clear: the number may have been somebody else's.
  const opened = person.basis === 'phone' ? null : await openSealed(ctx, row)
  const declaration = opened && registration ? await currentDeclaration(ctx.db, person.personId) : null
  const answers = Answers.safeParse(declaration?.answers)
  return {
    personId: person.personId,
    relation: person.relation,
    masked,
    name: opened?.name ?? null,
    document: opened?.document ? maskDocument(opened.document.number) : null,
    documentKind: doc_kind,
    birth: opened?.birth ?? null,
    sex,
    phone: opened?.phone ?? null,
    address: (registration && (await homeOf(ctx, registration))?.address) ?? opened?.address ?? null,
    area: row.home_area,
    areaName: nameOf(row.home_area),
    placed: row.home_area.length >= 15,
    registeredAt: registration && registration.erased_at === null ? registration.registered_at.toISOString() : null,
    need: Need.safeParse(registration?.need).data ?? null,
    words: declaration ? await wordsOf(ctx, declaration) : null,
    answers: answers.success ? answers.data : null,
    declaredAt: declaration?.at.toISOString() ?? null,
  }
}

/** The home as it was declared last. */
export async function homeOf(ctx: Ctx, row: RegistrationRow): Promise<Home | null> {
  const at = { table: 'registration', row: row.person_id, column: 'home_sealed' }
  const text = await openText(ctx, at, row.home_sealed)
  return text === null ? null : (Home.safeParse(JSON.parse(text)).data ?? null)
}

async function newestDraft(ctx: Ctx): Promise<MyRegistration['draft']> {
  const since = new Date(ctx.now.getTime() - DRAFT_DAYS * 86_400_000)
  for (const { subject, sealed, at } of await draftsOf(ctx.db, ctx.actor.id, since)) {
    const text = await openText(ctx, draftPlace(ctx.actor.id, subject), sealed)
    const body: unknown = text === null ? null : JSON.parse(text)
    if (typeof body === 'object' && body !== null)
      return { subject, body: Object.fromEntries(Object.entries(body)), at: at.toISOString() }
  }
  return null
}

export function draftPlace(accountId: string, subject: string): { table: string; row: string; column: string } {
  return { table: 'registration_draft', row: `${accountId}/${subject}`, column: 'sealed' }
}

async function rulesFor(ctx: Ctx, args: { area?: string | undefined }, home: string | null): Promise<PlaceRules> {
  return placeRules(ctx, args.area ?? home ?? ctx.root)
}

/** GET /api/my/registration */
export async function readMyRegistration(ctx: Ctx, args: { area?: string | undefined }): Promise<MyRegistration> {
  const found: Standing = await standingOf(ctx)
  if (!found.proven) {
    // Nothing is told but that a document is asked for: not of whom, not since when (REGISTER-4).
    if (found.bound)
      return { state: 'prove', rules: await rulesFor(ctx, args, null), me: null, draft: null, checking: null }
    await standing(ctx)
  }
  const self = found.persons.find((one) => one.relation === 'self')
  const registrations = await registrationsOf(
    ctx.db,
    found.persons.map((one) => one.personId),
  )
  const row = self && registrations.get(self.personId)
  const registered = self !== undefined && self.basis !== 'phone' && row !== undefined && row.erased_at === null
  const held = (await openHeldOf(ctx.db, ctx.actor.id)).find((one) => one.relation === 'self')
  // While somebody looks at it, what the number alone would show is in question too.
  const me = self && !(held && self.basis === 'phone') ? await knownOf(ctx, self, row) : null
  return {
    state: registered ? 'registered' : held ? 'checked' : 'none',
    rules: await rulesFor(ctx, args, me?.area ?? null),
    me,
    draft: await newestDraft(ctx),
    checking: held ? { since: held.at.toISOString(), desk: await deskOf(ctx, held.area) } : null,
  }
}

/** PUT /api/my/registration/draft: sealed; on the phone too, by the page itself. */
export const keepDraft = defineAction({
  name: 'registration.draft',
  input: KeepDraft,
  output: KeptDraft,
  reach: 'all',
  secret: true,
  run: async (ctx, { subject, body }): Promise<z.infer<typeof KeptDraft>> => {
    const found = await standingOf(ctx)
    if (found.bound && !found.proven) throw proofNeeded({})
    if (!found.bound) await standing(ctx)
    const empty = Object.keys(body).length === 0
    const line = { verb: 'registration.draft', thing: 'account', thingId: ctx.actor.id, area: ctx.root }
    if (empty) {
      await dropDraft(ctx.db, ctx.actor.id, subject)
      ctx.audit({ ...line, detail: { subject, dropped: true } })
      return { subject, at: null }
    }
    const { id: emergencyId } = await emergencyOf(ctx, ctx.root)
    const place = draftPlace(ctx.actor.id, subject)
    const sealed = await ctx.keys.seal({ emergencyId, now: ctx.now, ...place }, JSON.stringify(body))
    await putDraft(ctx.db, { accountId: ctx.actor.id, subject, emergencyId, sealed, at: ctx.now })
    ctx.audit({ ...line, detail: { subject } })
    return { subject, at: ctx.now.toISOString() }
  },
})

/** POST /api/my/registration */
export const registerMe = defineAction({
  name: 'registration.submit',
  input: Register,
  output: Registered,
  reach: 'all',
  run: async (ctx, args): Promise<Registered> => {
    const found = await standing(ctx)
    const phone = await ownPhone(ctx)
    const { promise: _, ...body } = args
    const subject = await readSubject(ctx, body, phone)
    const self = found.persons.find((one) => one.relation === 'self' && one.basis !== 'phone')
    const row = self && (await registrationsOf(ctx.db, [self.personId])).get(self.personId)
    if (row && row.erased_at === null && self.personId !== subject.personId) throw registeredAlready({})
    const sent = await submit(
      ctx,
      {
        body,
        relation: 'self',
        by: 'self',
        accountId: ctx.actor.id,
        sessionId: ctx.actor.sessionId,
        phone,
        lent: false,
        basis: 'proof',
      },
      subject,
    )
    await dropDraft(ctx.db, ctx.actor.id, 'self')
    return { state: sent.state, personId: sent.personId, n: sent.n, need: sent.need }
  },
})

/** GET /api/my/places */
export async function findPlaces(ctx: Ctx, args: z.output<typeof FindPlaces>): Promise<z.infer<typeof Places>> {
  await standing(ctx)
  const hits = await searchAreas(ctx.db, { q: args.text, limit: 60 }, ctx.today, ctx.root)
  return {
    items: hits
      .filter((hit) => hit.level <= args.level)
      .slice(0, 20)
      .map((hit) => ({ area: hit.code, name: `${hit.where}${hit.name}`, level: hit.level })),
  }
}
