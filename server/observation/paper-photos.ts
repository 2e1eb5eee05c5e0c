/** The picture of a commitment that was signed on paper (OBS-10): stripped, checked and sealed as pictures of visits are (VISIT-8). */
import { notFound } from '@weiwang/domain/core/problems'
import { OpenPaperPhoto, PaperPhoto, PutPaperPhoto } from '@weiwang/domain/observation/api'
import { paperTaken } from '@weiwang/domain/observation/problems'
import { z } from 'zod'
import { defineAction } from '../core/action.ts'
import type { Http } from '../core/http.ts'
import { parseInput } from '../core/http.ts'
import { openedJpeg, pictureRoutes, sealedJpeg } from '../visits/photos.ts'
import { openedFor } from './papers.ts'
import { committedWith, findObservation, findPaper, insertPaper } from './store.ts'

const Stored = PutPaperPhoto.extend({ jpeg: z.instanceof(Buffer) })
const place = (observationId: string, id: string) => ({
  table: 'observation_paper',
  row: `${observationId}/${id}`,
  column: 'sealed',
})

/**
 * The picture follows the step that names it, by who took that step, also when the door is another's by then. The same picture
 * again is the same picture. @throws notFound, paperTaken
 */
export const storePaperPhoto = defineAction({
  name: 'observation.photo',
  input: Stored,
  output: PaperPhoto,
  reach: 'all',
  secret: true,
  run: async (ctx, { id, photo, jpeg }): Promise<PaperPhoto> => {
    const loaded = await findObservation(ctx.db, [''], id)
    const named = loaded ? await committedWith(ctx.db, loaded.row.county, id, photo) : null
    if (!loaded || named === null || named.by !== ctx.actor.id) throw notFound({ thing: 'observation' })
    const { row, state } = loaded
    const jpegRow = await sealedJpeg(ctx, { emergencyId: row.emergency_id, place: place(id, photo), jpeg })
    const made = await insertPaper(ctx.db, {
      county: row.county,
      observation_id: id,
      id: photo,
      area: state.area,
      kind: 'photo',
      ...jpegRow,
    })
    if (!made) {
      const known = await findPaper(ctx.db, row.county, id, photo)
      if (!known?.hash?.equals(jpegRow.hash)) throw paperTaken({ id: photo })
      return { id: photo, bytes: jpeg.length }
    }
    ctx.audit({
      verb: 'observation.photo',
      thing: 'observation',
      thingId: id,
      area: state.area,
      detail: { photo, bytes: jpeg.length },
    })
    return { id: photo, bytes: jpeg.length }
  },
})

/** One line in the trail with its purpose, for whoever may open what is written there (OBS-24). */
export const openPaperPhoto = defineAction({
  name: 'observation.open_photo',
  input: OpenPaperPhoto,
  reach: 'all',
  secret: true,
  run: async (ctx, { id, photo, purpose }): Promise<Buffer> => {
    const { row, state } = await openedFor(ctx, id)
    const paper = await findPaper(ctx.db, row.county, id, photo)
    if (paper?.kind !== 'photo') throw notFound({ thing: 'photo' })
    ctx.audit({
      verb: 'observation.open_photo',
      thing: 'observation',
      thingId: id,
      area: row.area,
      purpose,
      ids: [state.personId],
      detail: { photo },
    })
    return openedJpeg(ctx, place(id, photo), paper.sealed)
  },
})

export function paperPhotoRoutes(http: Http): void {
  const { server } = http
  pictureRoutes(http, {
    path: '/api/observations/:id/photos/:photo',
    answer: PaperPhoto,
    store: (actor, asked, jpeg) => server.run(storePaperPhoto, actor, { ...parseInput(PutPaperPhoto, asked), jpeg }),
    open: (actor, asked) => server.run(openPaperPhoto, actor, parseInput(OpenPaperPhoto, asked)),
  })
}
