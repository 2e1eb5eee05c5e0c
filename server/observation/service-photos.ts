/**
 * Pictures that go with a service: what was left at the door, and the receipt (SERV-7). Stripped, checked and sealed as pictures of
 * visits are (VISIT-8).
 */
import { notFound } from '@weiwang/domain/core/problems'
import { OpenServicePhoto, PutServicePhoto, ServicePhoto } from '@weiwang/domain/observation/service-api'
import { servicePhotoTaken } from '@weiwang/domain/observation/service-problems'
import { z } from 'zod'
import { defineAction } from '../core/action.ts'
import { permit } from '../core/ctx.ts'
import type { Http } from '../core/http.ts'
import { parseInput } from '../core/http.ts'
import { openedJpeg, pictureRoutes, sealedJpeg } from '../visits/photos.ts'
import { inMyAreas } from './service-actions.ts'
import { findServicePhoto, insertServicePhoto, namedBy } from './service-photo-store.ts'
import { findService, findServiceRow } from './service-store.ts'

const Stored = PutServicePhoto.extend({ jpeg: z.instanceof(Buffer) })
const place = (serviceId: string, id: string) => ({
  table: 'service_photo',
  row: `${serviceId}/${id}`,
  column: 'sealed',
})

/**
 * The picture follows the step that names it, by who took that step, also when the service is over by then. The same picture again
 * is the same picture. @throws notFound, servicePhotoTaken
 */
export const storeServicePhoto = defineAction({
  name: 'service.photo',
  input: Stored,
  output: ServicePhoto,
  reach: 'all',
  secret: true,
  run: async (ctx, { id, photo, jpeg }): Promise<ServicePhoto> => {
    const row = await findServiceRow(ctx.db, id)
    const by = row ? await namedBy(ctx.db, row.county, id, photo) : null
    if (!row || by !== ctx.actor.id) throw notFound({ thing: 'service' })
    const jpegRow = await sealedJpeg(ctx, { emergencyId: row.emergency_id, place: place(id, photo), jpeg })
    const made = await insertServicePhoto(ctx.db, {
      county: row.county,
      service_id: id,
      id: photo,
      area: row.area,
      ...jpegRow,
    })
    if (!made) {
      const known = await findServicePhoto(ctx.db, row.county, id, photo)
      if (!known?.hash.equals(jpegRow.hash)) throw servicePhotoTaken({ id: photo })
      return { id: photo, bytes: jpeg.length }
    }
    ctx.audit({
      verb: 'service.photo',
      thing: 'service',
      thingId: id,
      area: row.area,
      detail: { photo, bytes: jpeg.length },
    })
    return { id: photo, bytes: jpeg.length }
  },
})

/** One line in the trail with its purpose, for whoever may open what lies here (SERV-13). */
export const openServicePhoto = defineAction({
  name: 'service.open_photo',
  input: OpenServicePhoto,
  reach: 'all',
  secret: true,
  run: async (ctx, { id, photo, purpose }): Promise<Buffer> => {
    const loaded = await findService(ctx.db, id)
    if (!loaded || !inMyAreas(ctx, loaded.state.area)) throw notFound({ thing: 'service' })
    const { row, state } = loaded
    permit(ctx, 'open', { kind: 'service', area: state.area })
    const picture = await findServicePhoto(ctx.db, row.county, id, photo)
    if (!picture) throw notFound({ thing: 'photo' })
    ctx.audit({
      verb: 'service.open_photo',
      thing: 'service',
      thingId: id,
      area: row.area,
      purpose,
      ids: row.person_id === null ? [] : [row.person_id],
      detail: { photo },
    })
    return openedJpeg(ctx, place(id, photo), picture.sealed)
  },
})

export function servicePhotoRoutes(http: Http): void {
  const { server } = http
  pictureRoutes(http, {
    path: '/api/services/:id/photos/:photo',
    answer: ServicePhoto,
    store: (actor, asked, jpeg) =>
      server.run(storeServicePhoto, actor, { ...parseInput(PutServicePhoto, asked), jpeg }),
    open: (actor, asked) => server.run(openServicePhoto, actor, parseInput(OpenServicePhoto, asked)),
  })
}
