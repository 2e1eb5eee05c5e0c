import { pathOf } from '@weiwang/domain/areas/code'
import { notFound } from '@weiwang/domain/core/problems'
import { CertificateData, NoticeData, OpenedForPurpose, OpenedObservation } from '@weiwang/domain/observation/api'
import { MEASURE_RULES } from '@weiwang/domain/observation/measure'
import { notReleased } from '@weiwang/domain/observation/problems'
import { NOTICE, releaseWords } from '@weiwang/domain/observation/words'
import { dayOf } from '@weiwang/domain/core/day'
import { z } from 'zod'
import { desksAround } from '../access/account-store.ts'
import { areaNames, findEmergency } from '../access/store.ts'
import { defineAction } from '../core/action.ts'
import { permit } from '../core/ctx.ts'
import type { Ctx } from '../core/ctx.ts'
import { openSealed } from '../people/identities.ts'
import { openText } from '../people/opening.ts'
import { findSealed, resolveAlias } from '../people/store.ts'
import { addressPlace, textPlace, unitPlace } from './change.ts'
import { findObservation, findPaper, history, homesOf, onDutyAt } from './store.ts'
import type { Loaded } from './store.ts'

/** What is opened on purpose (OBS-24), and the two papers as data: the notice (OBS-9) and the release note (OBS-19). */
type Person = {
  name: string | null
  phone: string | null
  document: string | null
  address: string | null
  sex: number
}

/** Loads in scope and asks for the right to open; who may not open people may not print their papers. */
export async function openedFor(ctx: Ctx, id: string): Promise<Loaded> {
  const loaded = await findObservation(ctx.db, ctx.scope, id)
  if (!loaded) throw notFound({ thing: 'observation' })
  permit(ctx, 'open', { kind: 'observation', area: loaded.row.area })
  return loaded
}

/** The person as the register has it; the place of stay as it was told with the observation, when it is no door (OBS-6). */
async function personOf(ctx: Ctx, loaded: Loaded): Promise<Person> {
  const { row, state } = loaded
  const roots = await resolveAlias(ctx.db, [state.personId])
  const personId = roots.get(state.personId) ?? state.personId
  const [sealed] = await findSealed(ctx.db, [''], [personId])
  const home = (await homesOf(ctx.db, [personId])).get(personId)
  const stay = await openText(ctx, addressPlace(row.id), row.address_sealed)
  if (!sealed) return { name: null, phone: null, document: null, address: stay, sex: home?.sex ?? 0 }
  const known = await openSealed(ctx, sealed)
  return {
    name: known.name,
    phone: known.phone,
    document: known.document?.number ?? null,
    address: stay ?? known.address,
    sex: home?.sex ?? 0,
  }
}

/** OBS-9: employer or school as it was said when the person was told; blank where nobody said it. */
async function employerOf(ctx: Ctx, { row }: Loaded): Promise<NoticeData['unit']> {
  const text = await openText(ctx, unitPlace(row.id), row.unit_sealed)
  return text === null ? null : NoticeData.shape.unit.catch(null).parse(JSON.parse(text))
}

const Strokes = z.array(z.array(z.number()))

/** What was kept with the commitment in force, as text; pictures have a way of their own. */
async function paperOf(ctx: Ctx, { row, state }: Loaded, kind: 'strokes' | 'witness'): Promise<string | null> {
  const id = state.commitment?.paperId ?? null
  if (id === null) return null
  const paper = await findPaper(ctx.db, row.county, row.id, id)
  if (paper?.kind !== kind) return null
  return openText(ctx, { table: 'observation_paper', row: `${row.id}/${id}`, column: 'sealed' }, paper.sealed)
}

async function strokesOf(ctx: Ctx, loaded: Loaded): Promise<number[][] | null> {
  const text = await paperOf(ctx, loaded, 'strokes')
  return text === null ? null : Strokes.catch([]).parse(JSON.parse(text))
}

function auditOpening(ctx: Ctx, verb: string, loaded: Loaded, purpose: string): void {
  ctx.audit({
    verb,
    thing: 'observation',
    thingId: loaded.row.id,
    area: loaded.row.area,
    purpose,
    ids: [loaded.state.personId],
  })
}

/** POST /api/observations/:id/open */
export const openObservationTexts = defineAction({
  name: 'observation.open_texts',
  input: OpenedForPurpose,
  output: OpenedObservation,
  reach: 'all',
  secret: true,
  run: async (ctx, { id, purpose }): Promise<OpenedObservation> => {
    const loaded = await openedFor(ctx, id)
    const { name, phone, address } = await personOf(ctx, loaded)
    const texts: OpenedObservation['texts'] = []
    for (const line of await history(ctx.db, loaded.row.county, id)) {
      const text = await openText(ctx, textPlace(id, line.n), line.text_sealed)
      if (text !== null) texts.push({ n: line.n, text })
    }
    auditOpening(ctx, 'observation.open_texts', loaded, purpose)
    const strokes = await strokesOf(ctx, loaded)
    const unit = await employerOf(ctx, loaded)
    return { id, name, phone, address, unit, texts, strokes, witness: await paperOf(ctx, loaded, 'witness') }
  },
})

type Contact = { name: string; phone: string | null }

/** Who answers at the door today, with the telephone of an account: on duty over the place, the nearest first. */
export async function onDuty(ctx: Ctx, area: string, roles: readonly string[]): Promise<Contact | null> {
  const [one] = await onDutyAt(ctx.db, area, ctx.today, roles)
  if (!one) return null
  return { name: one.name, phone: await phoneOf(ctx, one.id, one.phone_sealed) }
}

async function phoneOf(ctx: Ctx, accountId: string, sealed: Buffer | null): Promise<string | null> {
  return openText(ctx, { table: 'account', row: accountId, column: 'phone_sealed' }, sealed)
}

/** OBS-21: objections go to the desk above the one that gave the notice; its telephone when it has one. */
export async function objectionAt(ctx: Ctx, area: string): Promise<{ contact: string; phone: string | null }> {
  const around = pathOf(area).filter((code) => code.length >= 6 && code.length <= 9)
  const names = await areaNames(ctx.db, around)
  const [desk] = await desksAround(ctx.db, around, { limit: 1, telephone: true })
  const code = desk?.area ?? area.slice(0, 6)
  const phone = desk ? await phoneOf(ctx, desk.id, desk.phone_sealed) : null
  return { contact: `${names.get(code) ?? code} 网格中心`, phone }
}

const SEX = [null, 'male', 'female'] as const

/** The notice with every field that practice asks for; nothing is invented where nothing is known. The caller says whose right it is. */
export async function noticeOf(ctx: Ctx, loaded: Loaded, purpose: string): Promise<NoticeData> {
  const { row, state } = loaded
  const person = await personOf(ctx, loaded)
  const emergency = await findEmergency(ctx.db, [''], row.emergency_id)
  const names = await areaNames(ctx.db, [row.area.slice(0, 12), row.area])
  const rules = MEASURE_RULES[state.measure]
  const { contact, phone } = await objectionAt(ctx, row.area)
  auditOpening(ctx, 'observation.notice', loaded, purpose)
  return {
    kind: 'notice',
    reference: row.reference,
    measure: state.measure,
    measureName: rules.say,
    name: person.name,
    sex: SEX[person.sex] ?? null,
    phone: person.phone,
    document: person.document,
    address: person.address,
    unit: await employerOf(ctx, loaded),
    from: state.startDay,
    to: state.endDay,
    rules: [rules.out, ...NOTICE.rules, rules.ends],
    consequence: NOTICE.consequence,
    legalOrder: emergency?.legal_order ?? '',
    cadre: await onDuty(ctx, row.area, ['cadre']),
    worker: await onDuty(ctx, row.area, ['worker']),
    issuedBy: names.get(row.area.slice(0, 12)) ?? row.area,
    issuedOn: state.noticeOn ?? ctx.today,
    central: NOTICE.central,
    objection: { say: NOTICE.objection, contact, phone, reference: state.objection?.reference ?? null },
    privacy: NOTICE.privacy,
    signed:
      state.commitment === null
        ? null
        : { how: state.commitment.how, on: state.commitment.on, strokes: await strokesOf(ctx, loaded) },
  }
}

/** The release note; the caller says whose right it is. @throws notReleased */
export async function certificateOf(ctx: Ctx, loaded: Loaded, purpose: string): Promise<CertificateData> {
  const { row, state } = loaded
  if (state.outcome !== 'released' || state.endDay === null || state.endedAt === null) throw notReleased({})
  const lines = await history(ctx.db, row.county, row.id)
  const released = lines.find((line) => line.kind === 'released')
  const { effective } = z.object({ effective: z.string() }).catch({ effective: state.endDay }).parse(released?.body)
  const person = await personOf(ctx, loaded)
  const names = await areaNames(ctx.db, [row.area.slice(0, 12)])
  auditOpening(ctx, 'observation.certificate', loaded, purpose)
  return {
    kind: 'release',
    reference: row.reference,
    note: state.note ?? row.reference,
    measure: state.measure,
    measureName: MEASURE_RULES[state.measure].say,
    name: person.name,
    document: person.document,
    address: person.address,
    from: state.startDay,
    to: state.endDay,
    effective,
    issuedBy: names.get(row.area.slice(0, 12)) ?? row.area,
    issuedOn: dayOf(new Date(state.endedAt), ctx.zone),
    followUpOn: state.followUpDay,
    deletedOn: state.deleteDay ?? ctx.today,
    text: releaseWords(state),
  }
}

/** POST /api/observations/:id/notice */
export const readNotice = defineAction({
  name: 'observation.notice',
  input: OpenedForPurpose,
  output: NoticeData,
  reach: 'all',
  secret: true,
  run: async (ctx, { id, purpose }): Promise<NoticeData> => noticeOf(ctx, await openedFor(ctx, id), purpose),
})

/** POST /api/observations/:id/certificate. @throws notReleased */
export const readCertificate = defineAction({
  name: 'observation.certificate',
  input: OpenedForPurpose,
  output: CertificateData,
  reach: 'all',
  secret: true,
  run: async (ctx, { id, purpose }): Promise<CertificateData> => certificateOf(ctx, await openedFor(ctx, id), purpose),
})
