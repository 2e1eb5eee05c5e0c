/** Corrections of one's own data (REGISTER-14): as often as one likes, each with what stood there before; never a locked button. */
import { Problem } from '@weiwang/domain/core/problem'
import { Answers, Correct, Corrected } from '@weiwang/domain/healthcode/reg-api'
import type { Home } from '@weiwang/domain/healthcode/reg-api'
import { registerFirst } from '@weiwang/domain/healthcode/reg-problems'
import { guardianshipUntil } from '@weiwang/domain/healthcode/reg-rules'
import { readBirth } from '@weiwang/domain/people/birth'
import type { ChangeField } from '@weiwang/domain/people/change-api'
import { clearlyDifferent } from '@weiwang/domain/people/name'
import type { z } from 'zod'
import { defineAction } from '../core/action.ts'
import { actorId } from '../core/ctx.ts'
import type { Ctx } from '../core/ctx.ts'
import { newId } from '../core/transaction.ts'
import { endLinks, putLink, setUntil } from '../people/account-person-store.ts'
import type { AccountPerson } from '../people/account-persons.ts'
import { personTarget } from '../people/change.ts'
import { openSealed } from '../people/identities.ts'
import { findSealed } from '../people/store.ts'
import { boundMine, ownPhone } from './holders.ts'
import { endCodes } from './reg-codes.ts'
import { unsay, wordsOf } from './reg-declare.ts'
import { homeOf } from './reg-mine.ts'
import { currentDeclaration, eraseRegistration, insertChanges, lockRegistration, setHome } from './reg-store.ts'
import type { ChangeRow, RegistrationRow } from './reg-store.ts'
import { emergencyOf, sayHome, sealHome } from './reg-checks.ts'
import { readSubject, submit } from './reg-submit.ts'

type Outcome = 'changed' | 'same' | 'checked'
type Line = { field: string; outcome: Outcome; from: string | null; to: string }
type Args = z.output<typeof Correct>

function isField(field: string): field is 'name' | 'birth' | 'sex' {
  return field === 'name' || field === 'birth' || field === 'sex'
}

function wantedOf(ctx: Ctx, changes: Args['changes']): Map<ChangeField, string> {
  const wanted = new Map<ChangeField, string>()
  if (changes.name !== undefined) wanted.set('name', changes.name)
  if (changes.birth !== undefined) {
    const read = readBirth(changes.birth, ctx.today)
    if (!read.ok) throw new Problem({ ...read.problem, at: 'changes.birth' })
    wanted.set('birth', read.value?.value ?? '')
  }
  if (changes.sex !== undefined) wanted.set('sex', String(changes.sex))
  return wanted
}

/** The fields of the person record. A document says birth and sex itself, and another name under it is for a person to look at. */
async function correctFields(ctx: Ctx, personId: string, changes: Args['changes']): Promise<Line[]> {
  const wanted = wantedOf(ctx, changes)
  if (wanted.size === 0) return []
  const target = await personTarget(ctx, personId)
  if (!target) throw registerFirst({})
  const { person, now } = target
  const lines = [...wanted].map(([field, to]): Line => {
    const from = now.get(field) ?? ''
    if (from === to) return { field, outcome: 'same', from, to }
    const documented =
      (field === 'birth' && person.docBirth !== '') ||
      (field === 'sex' && person.docSex !== '') ||
      (field === 'name' && from !== '' && clearlyDifferent(from, to))
    return { field, outcome: documented ? 'checked' : 'changed', from, to }
  })
  const values = new Map(
    lines.flatMap(({ field, outcome, to }): [ChangeField, string][] =>
      outcome === 'changed' && isField(field) ? [[field, to]] : [],
    ),
  )
  if (values.size > 0) await target.write(values, target.edits)
  const birth = values.get('birth')
  if (birth !== undefined) await setUntil(ctx.db, personId, birth.length === 10 ? guardianshipUntil(birth) : null)
  return lines
}

async function correctHome(ctx: Ctx, row: RegistrationRow, home: Home): Promise<Line> {
  const before = await homeOf(ctx, row)
  const line = { field: 'address', from: before?.address ?? null, to: home.address }
  if (before !== null && before.address === home.address && before.area === home.area)
    return { ...line, outcome: 'same' }
  const { differs } = await sayHome(ctx, row.person_id, home, row.emergency_id)
  await setHome(ctx.db, {
    personId: row.person_id,
    sealed: await sealHome(ctx, row.emergency_id, row.person_id, home),
    differs,
  })
  return { ...line, outcome: differs ? 'checked' : 'changed' }
}

async function sealLine(ctx: Ctx, row: RegistrationRow, line: Line): Promise<ChangeRow> {
  const id = newId(ctx.now)
  const seal = (column: string, text: string): Promise<Buffer> =>
    ctx.keys.seal({ emergencyId: row.emergency_id, now: ctx.now, table: 'registration_change', row: id, column }, text)
  return {
    person_id: row.person_id,
    id,
    home_area: row.home_area,
    emergency_id: row.emergency_id,
    field: line.field,
    outcome: line.outcome === 'checked' ? 'checked' : 'changed',
    from_sealed: line.from === null ? null : await seal('from_sealed', line.from),
    to_sealed: await seal('to_sealed', line.to),
    by_account: actorId(ctx),
    at: ctx.now,
  }
}

/**
 * A document that was typed wrongly is another person's, or nobody's: the registration goes to the right one, with what was declared, and
 * the wrong record says nothing any more. Where the right one is known under another name or number, a person looks first.
 */
async function correctDocument(
  ctx: Ctx,
  { person, row }: { person: AccountPerson; row: RegistrationRow },
  document: NonNullable<Args['changes']['document']>,
): Promise<{ line: Line; personId: string }> {
  const [sealed] = await findSealed(ctx.db, [''], [row.person_id])
  const known = sealed ? await openSealed(ctx, sealed) : null
  const current = await currentDeclaration(ctx.db, row.person_id)
  const answers = Answers.safeParse(current?.answers)
  const home = await homeOf(ctx, row)
  const words = current ? await wordsOf(ctx, current) : null
  if (!known?.name || !answers.success || home === null || words === null) throw registerFirst({})
  const phone = await ownPhone(ctx)
  const body = {
    id: newId(ctx.now),
    who: { document, name: known.name, ...(known.birth === null ? {} : { birth: known.birth }) },
    home,
    answers: answers.data,
    words,
  }
  const subject = await readSubject(ctx, body, phone)
  const line = { field: 'document', from: known.document?.number ?? null, to: document.number }
  if (subject.personId === row.person_id) return { line: { ...line, outcome: 'same' }, personId: row.person_id }
  const relation = person.relation === 'child' || person.relation === 'parent' ? person.relation : 'self'
  const emergency = await emergencyOf(ctx, row.home_area)
  if (relation === 'self') await endLinks(ctx.db, { personId: row.person_id, accountId: ctx.actor.id }, ctx.now)
  const sent = await submit(
    ctx,
    {
      body,
      relation,
      by: relation === 'self' ? 'self' : 'guardian',
      accountId: ctx.actor.id,
      sessionId: ctx.actor.sessionId,
      phone,
      lent: relation !== 'self',
      basis: 'proof',
    },
    subject,
  )
  if (sent.state === 'checked' || sent.personId === null) {
    // Until somebody has looked, everything stays as it was.
    if (relation === 'self')
      await putLink(ctx.db, {
        accountId: ctx.actor.id,
        personId: row.person_id,
        relation,
        basis: person.basis,
        since: person.since ?? ctx.today,
        until: person.until,
      })
    return { line: { ...line, outcome: 'checked' }, personId: row.person_id }
  }
  await endLinks(ctx.db, { personId: row.person_id, accountId: ctx.actor.id }, ctx.now)
  await unsay(ctx, row.person_id, emergency)
  await endCodes(ctx, row.person_id)
  await eraseRegistration(ctx.db, row.person_id, ctx.now)
  return { line: { ...line, outcome: 'changed' }, personId: sent.personId }
}

/** POST /api/my/registration/correct */
export const correctMine = defineAction({
  name: 'registration.correct',
  input: Correct,
  output: Corrected,
  reach: 'all',
  secret: true,
  run: async (ctx, { personId, changes }): Promise<z.infer<typeof Corrected>> => {
    const person = await boundMine(ctx, personId)
    const row = await lockRegistration(ctx.db, person.personId)
    if (!row || row.erased_at !== null) throw registerFirst({})
    await emergencyOf(ctx, row.home_area)
    const lines = await correctFields(ctx, row.person_id, changes)
    if (changes.home !== undefined) lines.push(await correctHome(ctx, row, changes.home))
    let now = row.person_id
    if (changes.document !== undefined) {
      const done = await correctDocument(ctx, { person, row }, changes.document)
      lines.push(done.line)
      now = done.personId
    }
    const news = lines.filter((line) => line.outcome !== 'same')
    await insertChanges(ctx.db, await Promise.all(news.map((line) => sealLine(ctx, row, line))))
    ctx.audit({
      verb: 'registration.correct',
      thing: 'person',
      thingId: row.person_id,
      area: row.home_area,
      detail: { fields: Object.fromEntries(lines.map((line) => [line.field, line.outcome])) },
    })
    return { personId: now, fields: lines.map(({ field, outcome }) => ({ field, outcome })) }
  },
})
