import { createHash } from 'node:crypto'
import type { Actor } from '@weiwang/domain/access/actor'
import { notFound } from '@weiwang/domain/core/problems'
import {
  MAX_PROOFS,
  MAX_PROOF_BYTES,
  OpenMyProof,
  OpenProof,
  PutProof,
  StoredProof,
} from '@weiwang/domain/healthcode/objection-api'
import {
  objectionClosed,
  objectionIdTaken,
  proofNotAPicture,
  tooManyProofs,
} from '@weiwang/domain/healthcode/objection-problems'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { requireOpenEmergency } from '../access/store.ts'
import { defineAction } from '../core/action.ts'
import { permit } from '../core/ctx.ts'
import type { Ctx } from '../core/ctx.ts'
import { parseInput } from '../core/http.ts'
import type { Http } from '../core/http.ts'
import { cleanJpeg } from '../visits/image.ts'
import { openedJpeg, sealedJpeg } from '../visits/photos.ts'
import { changeObjection, proofPlace } from './objection-change.ts'
import { myObjection } from './objection-mine.ts'
import { findObjection, findProof, insertProof, lockObjection } from './objection-store.ts'
import type { LoadedObjection } from './objection-store.ts'

/**
 * OBJECT-5: proof as pictures: a JPEG, its metadata left out and whatever follows it, as of every picture (VISIT-8); sealed, and
 * opened by the desk for a purpose. The same picture sent again is the same picture.
 */
const Stored = PutProof.extend({ jpeg: z.instanceof(Buffer) })
type Stored = z.infer<typeof Stored>

async function store(ctx: Ctx, loaded: LoadedObjection, { proof, kind, jpeg }: Stored): Promise<StoredProof> {
  const { row, state } = loaded
  const hash = createHash('sha256').update(jpeg).digest()
  const known = await findProof(ctx.db, row.county, row.id, proof)
  if (known) {
    if (!known.hash.equals(hash)) throw objectionIdTaken({ id: proof })
    audited(ctx, row, { proof, repeat: true })
    return { id: proof, bytes: known.bytes }
  }
  if (state.closedAt !== null) throw objectionClosed({})
  if (state.proofs >= MAX_PROOFS) throw tooManyProofs({ most: MAX_PROOFS })
  await requireOpenEmergency(ctx, row.area)
  const picture = await sealedJpeg(ctx, { emergencyId: row.emergency_id, place: proofPlace(proof), jpeg })
  await insertProof(ctx.db, {
    county: row.county,
    objection_id: row.id,
    id: proof,
    area: row.area,
    kind,
    ...picture,
  })
  await changeObjection(ctx, loaded, [{ kind: 'proved', body: { on: ctx.today, proof, proofKind: kind } }])
  audited(ctx, row, { proof, kind, bytes: jpeg.length })
  return { id: proof, bytes: jpeg.length }
}

function audited(ctx: Ctx, row: LoadedObjection['row'], detail: Record<string, unknown>): void {
  ctx.audit({ verb: 'objection.prove', thing: 'objection', thingId: row.id, area: row.area, detail })
}

const storeMine = defineAction({
  name: 'my.objection.prove',
  input: Stored,
  output: StoredProof,
  reach: 'all',
  secret: true,
  run: async (ctx, args): Promise<StoredProof> => store(ctx, await myObjection(ctx, args.id, true), args),
})

const storeAtDesk = defineAction({
  name: 'objection.prove',
  input: Stored,
  output: StoredProof,
  reach: 'all',
  secret: true,
  run: async (ctx, args): Promise<StoredProof> => {
    const loaded = await lockObjection(ctx.db, ctx.scope, args.id)
    if (!loaded) throw notFound({ thing: 'objection' })
    permit(ctx, 'file', { kind: 'objection', area: loaded.row.area })
    return store(ctx, loaded, args)
  },
})

async function picture(ctx: Ctx, { row }: LoadedObjection, proof: string): Promise<Buffer> {
  const found = await findProof(ctx.db, row.county, row.id, proof)
  if (!found) throw notFound({ thing: 'photo' })
  return openedJpeg(ctx, proofPlace(proof), found.sealed)
}

const openMine = defineAction({
  name: 'my.objection.proof',
  input: OpenMyProof,
  reach: 'all',
  secret: true,
  run: async (ctx, { id, proof }): Promise<Buffer> => {
    const loaded = await myObjection(ctx, id, false)
    ctx.audit({
      verb: 'objection.proof',
      thing: 'objection',
      thingId: id,
      area: loaded.row.area,
      detail: { proof, by: 'resident' },
    })
    return picture(ctx, loaded, proof)
  },
})

const openAtDesk = defineAction({
  name: 'objection.proof',
  input: OpenProof,
  reach: 'all',
  secret: true,
  run: async (ctx, { id, proof, purpose }): Promise<Buffer> => {
    const loaded = await findObjection(ctx.db, ctx.scope, id)
    if (!loaded) throw notFound({ thing: 'objection' })
    permit(ctx, 'open', { kind: 'objection', area: loaded.row.area })
    ctx.audit({
      verb: 'objection.proof',
      thing: 'objection',
      thingId: id,
      area: loaded.row.area,
      purpose,
      ids: loaded.row.person_id === null ? [] : [loaded.row.person_id],
      detail: { proof },
    })
    return picture(ctx, loaded, proof)
  },
})

export function proofRoutes(http: Http): void {
  const { server } = http
  const cleaned = (request: FastifyRequest): Stored => {
    const asked = parseInput(PutProof, { ...Object(request.query), ...Object(request.params) })
    const clean = Buffer.isBuffer(request.body) ? cleanJpeg(request.body) : null
    if (clean === null) throw proofNotAPicture({ kilobytes: Math.floor(MAX_PROOF_BYTES / 1000) })
    return { ...asked, jpeg: clean.bytes }
  }
  const options = { bodyLimit: MAX_PROOF_BYTES, answer: StoredProof }
  http.raw(
    'PUT',
    '/api/my/objections/:id/proofs/:proof',
    async (actor: Actor, request) => server.run(storeMine, actor, cleaned(request)),
    options,
  )
  http.raw(
    'PUT',
    '/api/objections/:id/proofs/:proof',
    async (actor: Actor, request) => server.run(storeAtDesk, actor, cleaned(request)),
    options,
  )
  const show = (reply: FastifyReply, jpeg: Buffer) =>
    reply.header('content-type', 'image/jpeg').header('content-disposition', 'inline').send(jpeg)
  http.raw('GET', '/api/my/objections/:id/proofs/:proof', async (actor: Actor, request, reply) =>
    show(reply, await server.run(openMine, actor, parseInput(OpenMyProof, request.params))),
  )
  http.raw('GET', '/api/objections/:id/proofs/:proof', async (actor: Actor, request, reply) => {
    const asked = parseInput(OpenProof, { ...Object(request.query), ...Object(request.params) })
    return show(reply, await server.run(openAtDesk, actor, asked))
  })
}
