/**
 * Pictures that a phone hands in without a session (SYNC-25): sealed as they lie on it, part by part, by the phone's secret alone. A
 * picture follows its visit, or the step that names it: it is stored with it when that is here, and waits sealed as long as a
 * supervisor has not taken it in.
 */
import type { Actor } from '@weiwang/domain/access/actor'
import { Problem } from '@weiwang/domain/core/problem'
import { invalidInput } from '@weiwang/domain/core/problems'
import { PHOTO_PART_BYTES } from '@weiwang/domain/sync/api'
import type { PutSealedPhoto, SealedPhotoTaken } from '@weiwang/domain/sync/api'
import { boxDoesNotOpen } from '@weiwang/domain/sync/push-problems'
import { MAX_PHOTO_BYTES } from '@weiwang/domain/visits/api'
import { notAPicture } from '@weiwang/domain/visits/problems'
import { z } from 'zod'
import { findOpenEmergency } from '../access/store.ts'
import type { Ctx } from '../core/ctx.ts'
import { KeyDestroyed } from '../core/keys/keyring.ts'
import type { Server } from '../core/server.ts'
import { storePaperPhoto } from '../observation/paper-photos.ts'
import { serviceNamedBy, servicePhotoBy } from '../observation/service-photo-store.ts'
import { storeServicePhoto } from '../observation/service-photos.ts'
import { paperNamed, paperPhotoBy } from '../observation/store.ts'
import { cleanJpeg } from '../visits/image.ts'
import { storePhoto } from '../visits/photos.ts'
import { findPhotoById, findVisitById } from '../visits/store.ts'
import type { Secret } from './phones-store.ts'
import { openBoxBytes, openBytes, sealKey } from '../core/keys/seal-key.ts'
import {
  countSealedPhotos,
  dropParts,
  dropSealedPhoto,
  keepWhole,
  lockSealedPhoto,
  partNumbers,
  partsOf,
  putPart,
  putSealedPhoto,
  sweepSealedPhotos,
  waitingFor,
} from './store-sealed-photos.ts'
import type { SealedPhoto } from './store-sealed-photos.ts'

/** Pictures of one account that may lie here at a time, and after how long another is worth a try. */
const MOST = 200
const FULL_S = 3600
/** No emergency is in force where the account belongs: nothing personal is kept (as for hand-overs). */
const CLOSED_S = 3600
const KEPT_MS = 30 * 24 * 3_600_000

type Outcome = Pick<SealedPhotoTaken, 'state'> & Partial<Pick<SealedPhotoTaken, 'missing' | 'problem' | 'comeBack'>>

const place = (at: { account_id: string; id: string }) => ({
  table: 'sealed_photo',
  row: `${at.account_id}/${at.id}`,
  column: 'jpeg_sealed',
})

function checkPart({ part, parts }: PutSealedPhoto, bytes: Buffer): void {
  const isLast = part === parts - 1
  const fits = isLast ? bytes.length > 0 && bytes.length <= PHOTO_PART_BYTES : bytes.length === PHOTO_PART_BYTES
  if (part < parts && fits) return
  throw invalidInput(
    { issues: [{ path: 'part', message: `${bytes.length} bytes of part ${part} of ${parts}` }] },
    'part',
  )
}

/** One part of a picture; the last one to come makes it whole. @throws invalidInput */
export async function takePart(
  server: Server,
  phone: Secret,
  args: PutSealedPhoto,
  bytes: Buffer,
): Promise<SealedPhotoTaken> {
  checkPart(args, bytes)
  const outcome = await outcomeOf(server, phone, args, bytes)
  return { id: args.id, missing: [], comeBack: null, now: server.clock.now().toISOString(), ...outcome }
}

async function outcomeOf(server: Server, phone: Secret, args: PutSealedPhoto, bytes: Buffer): Promise<Outcome> {
  if (await isStored(server, phone, args)) return { state: 'stored' }
  const kept = await server.asSystem('photo.part', (ctx) => keepPart(ctx, phone, args, bytes))
  if (kept.state !== 'waiting') return kept
  // What it belongs to may have come in the moment before this was kept: whoever is second finds the other.
  return (await attach(server, args.subject)).has(args.id) ? { state: 'stored' } : kept
}

async function isStored(server: Server, phone: Secret, { id, about, subject }: PutSealedPhoto): Promise<boolean> {
  const { db } = server.jobsPool
  if (about === 'observation') return (await paperPhotoBy(db, subject, id)) === phone.account_id
  if (about === 'service') return (await servicePhotoBy(db, subject, id)) === phone.account_id
  const stored = await findPhotoById(db, id)
  return stored?.by === phone.account_id && stored.visit_id === subject
}

async function keepPart(ctx: Ctx, phone: Secret, args: PutSealedPhoto, bytes: Buffer): Promise<Outcome> {
  const at = { accountId: phone.account_id, id: args.id }
  const known = await lockSealedPhoto(ctx.db, at)
  if (known?.jpeg_sealed) return { state: 'waiting' }
  if (!known && (await countSealedPhotos(ctx.db, phone.account_id)) >= MOST) return { state: 'later', comeBack: FULL_S }
  const same = known?.box === args.box && known.parts === args.parts && known.subject_id === args.subject
  if (!same) {
    const { device, now } = { device: phone.device, now: ctx.now }
    await dropParts(ctx.db, at)
    await putSealedPhoto(ctx.db, {
      ...at,
      device,
      about: args.about,
      subjectId: args.subject,
      parts: args.parts,
      box: args.box,
      boxKey: args.boxKey,
      now,
    })
  }
  await putPart(ctx.db, { ...at, part: args.part, bytes })
  const have = await partNumbers(ctx.db, at)
  const missing = Array.from({ length: args.parts }, (_, i) => i).filter((part) => !have.includes(part))
  if (missing.length > 0) return { state: 'part', missing }
  return makeWhole(ctx, phone, args)
}

/** Opened once, to see that it is a picture and to leave out its metadata; then it lies sealed under the emergency's own key. */
async function makeWhole(ctx: Ctx, phone: Secret, args: PutSealedPhoto): Promise<Outcome> {
  const at = { accountId: phone.account_id, id: args.id }
  const picture = await openPicture(ctx, args, at)
  if (picture instanceof Problem) {
    await dropSealedPhoto(ctx.db, at)
    return { state: 'refused', problem: picture.body }
  }
  const emergency = await findOpenEmergency(ctx, phone.area)
  if (!emergency) return { state: 'later', comeBack: CLOSED_S }
  const row = { account_id: phone.account_id, id: args.id }
  const text = picture.toString('base64')
  const sealed = await ctx.keys.seal({ emergencyId: emergency.id, now: ctx.now, ...place(row) }, text)
  await keepWhole(ctx.db, at, emergency.id, sealed)
  await dropParts(ctx.db, at)
  const detail = { photo: args.id, bytes: picture.length, account: phone.account_id, sealed: true }
  ctx.audit({ verb: 'photo.hand_in', thing: args.about, thingId: args.subject, area: phone.area, detail })
  return { state: 'waiting' }
}

async function openPicture(
  ctx: Ctx,
  args: PutSealedPhoto,
  at: { accountId: string; id: string },
): Promise<Buffer | Problem> {
  const key = await sealKey(ctx.keys, ctx.db, ctx.now)
  const secret = key.id === args.boxKey ? openBoxBytes(key, args.id, Buffer.from(args.box, 'base64url')) : null
  if (secret?.length !== 32) return boxDoesNotOpen({})
  const whole = Buffer.concat((await partsOf(ctx.db, at)).map(({ bytes }) => bytes))
  const plain = openBytes(secret, args.id, whole)
  if (plain === null) return boxDoesNotOpen({})
  const picture = plain.length <= MAX_PHOTO_BYTES ? cleanJpeg(plain) : null
  return picture?.bytes ?? notAPicture({ kilobytes: Math.floor(MAX_PHOTO_BYTES / 1000) })
}

// ---- With its visit ---------------------------------------------------------------------------------------------------------------

/** By whom a picture must be: who filed the visit, who took the step that names it. Null: it has not come yet. */
async function authorOfSubject(server: Server, row: SealedPhoto): Promise<string | null> {
  const { db } = server.jobsPool
  if (row.about === 'visit') return (await findVisitById(db, row.subject_id))?.by ?? null
  if (row.about === 'service') return serviceNamedBy(db, row.subject_id, row.id)
  return (await paperNamed(db, row.subject_id, row.id))?.by ?? null
}

/** Stores what waits for a visit or an observation with it; harmless to repeat. @returns the pictures that lie with it now */
async function attach(server: Server, subjectId: string): Promise<Set<string>> {
  const done = new Set<string>()
  for (const row of await waitingFor(server.jobsPool.db, subjectId)) {
    if (row.account_id !== (await authorOfSubject(server, row))) continue
    const jpeg = await openWaiting(server, row)
    if (jpeg !== null) await store(server, row, jpeg)
    await server.asSystem('photo.attached', (ctx) => dropSealedPhoto(ctx.db, { accountId: row.account_id, id: row.id }))
    done.add(row.id)
  }
  return done
}

/** What is refused here (another picture under this id) will never be taken: it goes, and the log says so. */
async function store(server: Server, row: SealedPhoto & { name: string; area: string }, jpeg: Buffer): Promise<void> {
  try {
    const { id, subject_id: subject } = row
    if (row.about === 'visit') await server.run(storePhoto, authorOf(row), { id, visit: subject, jpeg })
    else if (row.about === 'service')
      await server.run(storeServicePhoto, authorOf(row), { id: subject, photo: id, jpeg })
    else await server.run(storePaperPhoto, authorOf(row), { id: subject, photo: id, jpeg })
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    server.log.warn({ err: error, photo: row.id }, 'a picture that was handed in sealed was refused')
  }
}

/** Null: its key was destroyed with its emergency, and it is deleted. */
async function openWaiting(server: Server, row: SealedPhoto): Promise<Buffer | null> {
  if (row.jpeg_sealed === null) return null
  try {
    return Buffer.from(await server.keys.open(place(row), row.jpeg_sealed), 'base64')
  } catch (error) {
    if (error instanceof KeyDestroyed) return null
    throw error
  }
}

/** Who took the picture; sees nothing by it. */
function authorOf(row: { account_id: string; name: string; area: string }): Actor {
  return {
    kind: 'account',
    id: row.account_id,
    name: row.name,
    area: row.area,
    scope: [],
    roles: [],
    createdBy: null,
    sessionId: null,
  }
}

const Pictured = z.object({ visitId: z.uuid() })

/** A visit with pictures has been filed or taken in: what was handed in for it before goes to it. */
export async function attachPictures(server: Server, payload: unknown): Promise<void> {
  await attach(server, Pictured.parse(payload).visitId)
}

const Committed = z.object({ observationId: z.uuid() })

/** A commitment on paper has been entered: its picture may have come before it. */
export async function attachPapers(server: Server, payload: unknown): Promise<void> {
  await attach(server, Committed.parse(payload).observationId)
}

const Brought = z.object({ serviceId: z.uuid() })

/** A service was brought with a picture, which may have come before it. */
export async function attachServicePictures(server: Server, payload: unknown): Promise<void> {
  await attach(server, Brought.parse(payload).serviceId)
}

export async function sweepPictures(server: Server): Promise<void> {
  await server.asSystem('photo.sweep', (ctx) => sweepSealedPhotos(ctx.db, new Date(ctx.now.getTime() - KEPT_MS)))
}
