import { createHash } from 'node:crypto'
import type { Actor } from '@weiwang/domain/access/actor'
import { notFound } from '@weiwang/domain/core/problems'
import { MAX_PHOTO_BYTES, OpenPhoto, PutPhoto, StoredPhoto } from '@weiwang/domain/visits/api'
import { isHiddenVisit } from '@weiwang/domain/visits/confidential'
import { notAPicture, visitIdTaken } from '@weiwang/domain/visits/problems'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { defineAction } from '../core/action.ts'
import { permit } from '../core/ctx.ts'
import type { Ctx } from '../core/ctx.ts'
import type { Http } from '../core/http.ts'
import { parseInput } from '../core/http.ts'
import { cleanJpeg } from './image.ts'
import { findPhoto, findPhotoById, findVisit, findVisitById, insertPhoto } from './store.ts'

type Place = { table: string; row: string; column: string }

/** What stands of a picture in its row, whatever it goes with. */
export async function sealedJpeg(
  ctx: Ctx,
  { emergencyId, place, jpeg }: { emergencyId: string; place: Place; jpeg: Buffer },
): Promise<{ bytes: number; hash: Buffer; sealed: Buffer; by: string; at: Date }> {
  return {
    bytes: jpeg.length,
    hash: createHash('sha256').update(jpeg).digest(),
    sealed: await ctx.keys.seal({ emergencyId, now: ctx.now, ...place }, jpeg.toString('base64')),
    by: ctx.actor.id,
    at: ctx.now,
  }
}

export async function openedJpeg(ctx: Ctx, place: Place, sealed: Buffer): Promise<Buffer> {
  return Buffer.from(await ctx.keys.open(place, sealed), 'base64')
}

const Stored = PutPhoto.extend({ jpeg: z.instanceof(Buffer) })
const place = (id: string) => ({ table: 'photo', row: id, column: 'sealed' })

/**
 * VISIT-8: a picture follows its visit by its own way and holds nothing back. Who filed the visit may send it also after the
 * grid is another's; the same picture again is the same picture.
 */
export const storePhoto = defineAction({
  name: 'photo.store',
  input: Stored,
  output: StoredPhoto,
  reach: 'all',
  secret: true,
  run: async (ctx, { id, visit: visitId, jpeg }): Promise<StoredPhoto> => {
    const visit = await findVisitById(ctx.db, visitId)
    if (!visit || visit.by !== ctx.actor.id) throw notFound({ thing: 'visit' })
    const row = await sealedJpeg(ctx, { emergencyId: visit.emergency_id, place: place(id), jpeg })
    const made = await insertPhoto(ctx.db, { county: visit.county, id, visit_id: visitId, area: visit.area, ...row })
    if (!made) {
      const known = await findPhotoById(ctx.db, id)
      if (!known || known.visit_id !== visitId || !known.hash.equals(row.hash)) throw visitIdTaken({ id })
      return { id, bytes: known.bytes }
    }
    ctx.audit({
      verb: 'photo.store',
      thing: 'visit',
      thingId: visitId,
      area: visit.area,
      detail: { photo: id, bytes: jpeg.length },
    })
    return { id, bytes: jpeg.length }
  },
})

export const openPhoto = defineAction({
  name: 'photo.open',
  input: OpenPhoto,
  reach: 'county',
  secret: true,
  run: async (ctx, { id, purpose }): Promise<Buffer> => {
    const photo = await findPhoto(ctx.db, ctx.scope, id)
    const visit = photo ? await findVisit(ctx.db, ctx.scope, photo.visit_id) : null
    if (!photo || !visit || isHiddenVisit(visit, ctx.actor.id)) throw notFound({ thing: 'photo' })
    permit(ctx, 'open', { kind: 'person', area: photo.area })
    ctx.audit({
      verb: 'photo.open',
      thing: 'visit',
      thingId: photo.visit_id,
      area: photo.area,
      purpose,
      detail: { photo: id },
    })
    return openedJpeg(ctx, place(id), photo.sealed)
  },
})

/** Bodies of pictures come as bytes; once for a server, whichever room has pictures first. */
export function takeJpegs({ app }: Http): void {
  const type = 'image/jpeg'
  if (app.hasContentTypeParser(type)) return
  app.addContentTypeParser(type, { parseAs: 'buffer', bodyLimit: MAX_PHOTO_BYTES }, (_request, body, done) =>
    done(null, body),
  )
}

/** What a picture goes with: how one is taken in, and how it is opened. What was asked is not read yet. */
type Pictures<T extends z.ZodType> = {
  path: string
  answer: T
  store: (actor: Actor, asked: object, jpeg: Buffer) => Promise<z.output<T>>
  open: (actor: Actor, asked: object) => Promise<Buffer>
}

/** One address for a picture: sent as bytes, cleaned before anything looks at it; shown again for a purpose. */
export function pictureRoutes<T extends z.ZodType>(http: Http, { path, answer, store, open }: Pictures<T>): void {
  takeJpegs(http)
  const asked = (request: FastifyRequest): object => ({ ...Object(request.query), ...Object(request.params) })
  http.raw(
    'PUT',
    path,
    async (actor: Actor, request: FastifyRequest) => {
      const picture = Buffer.isBuffer(request.body) ? cleanJpeg(request.body) : null
      if (picture === null) throw notAPicture({ kilobytes: Math.floor(MAX_PHOTO_BYTES / 1000) })
      return store(actor, asked(request), picture.bytes)
    },
    { bodyLimit: MAX_PHOTO_BYTES, answer },
  )
  http.raw('GET', path, async (actor: Actor, request: FastifyRequest, reply: FastifyReply) => {
    const jpeg = await open(actor, asked(request))
    return reply.header('content-type', 'image/jpeg').header('content-disposition', 'inline').send(jpeg)
  })
}

export function photoRoutes(http: Http): void {
  const { server } = http
  pictureRoutes(http, {
    path: '/api/photos/:id',
    answer: StoredPhoto,
    store: (actor, asked, jpeg) => server.run(storePhoto, actor, { ...parseInput(PutPhoto, asked), jpeg }),
    open: (actor, asked) => server.run(openPhoto, actor, parseInput(OpenPhoto, asked)),
  })
}
