import { createCipheriv, createECDH, hkdfSync, randomBytes, randomUUID } from 'node:crypto'
import { usualPolicy } from '@weiwang/domain/checkpoints/gate'
import type { GateKind, GatePolicy } from '@weiwang/domain/checkpoints/gate'
import { BOX_INFO, joinBox } from '@weiwang/domain/core/sealed-box'
import type { Actor } from '@weiwang/domain/access/actor'
import type { Http } from '../core/http.ts'
import { peopleRoutes } from '../people/routes.ts'
import { taskJobs } from '../tasks/jobs.ts'
import { taskRoutes } from '../tasks/routes.ts'
import { forceRoutes } from '../teams/force-routes.ts'
import { makePlace, VILLAGE } from '../teams/place.fixture.ts'
import type { Place } from '../teams/place.fixture.ts'
import { checkpointJobs } from './jobs.ts'
import { checkpointRoutes } from './routes.ts'

export type Gates = Place & {
  operator: Actor
  chief: Actor
  guard: Actor
  makeGate: (of?: { area?: string; kind?: GateKind; policy?: Partial<GatePolicy>; by?: Actor }) => Promise<string>
}

/** A county with a desk, somebody of the gates on duty in its first village, and gates made through their own address. */
export async function makeGates(more: readonly ((http: Http) => void)[] = []): Promise<Gates> {
  const place = await makePlace({
    rooms: [
      { room: 'tasks', jobs: taskJobs },
      { room: 'checkpoints', jobs: checkpointJobs },
    ],
    routes: [peopleRoutes, taskRoutes, forceRoutes, checkpointRoutes, ...more],
  })
  const operator = await place.desk('320506', ['operator'])
  const chief = await place.desk('320506', ['chief'])
  const guard = await place.member('checkpoint', [VILLAGE], '卡口甲')
  return {
    ...place,
    operator,
    chief,
    guard,
    makeGate: async ({ area = `${VILLAGE}001`, kind = 'estate', policy = {}, by = operator } = {}) => {
      const id = randomUUID()
      const body = {
        id,
        area,
        kind,
        name: { zh: `东门${id.slice(0, 4)}`, en: `East gate ${id.slice(0, 4)}` },
        policy: { ...usualPolicy(kind), ...policy },
      }
      const { status, body: answer } = await place.post(by, '/api/gates', body)
      if (status !== 200) throw new Error(JSON.stringify(answer))
      return id
    },
  }
}

/** A passage of a green code a minute ago, changed as told. */
export function passage(
  gateId: string,
  more: object = {},
  at: Date = new Date(),
): Record<string, unknown> & { id: string } {
  return {
    kind: 'passage',
    id: randomUUID(),
    gateId,
    at: new Date(at.getTime() - 60_000).toISOString(),
    clockTrusted: true,
    listAgeMin: 5,
    direction: 'in',
    lane: 'code',
    check: 'valid',
    checkRule: null,
    colour: 'green',
    verdict: 'admit_with_temp',
    temperature: 365,
    retest: null,
    companions: null,
    private: { codeId: randomBytes(8).toString('hex'), plate: null, visitor: null },
    ...more,
  }
}

/** As the gate's app seals what is private of an item. */
export function seal(point: string, itemId: string, inside: object): string {
  const server = Buffer.from(point, 'base64url')
  const own = createECDH('prime256v1')
  own.generateKeys()
  const salt = Buffer.concat([own.getPublicKey(), server])
  const key = Buffer.from(hkdfSync('sha256', own.computeSecret(server), salt, BOX_INFO, 32))
  const iv = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', key, iv)
  cipher.setAAD(Buffer.from(itemId, 'utf8'))
  const body = Buffer.concat([cipher.update(JSON.stringify(inside), 'utf8'), cipher.final(), cipher.getAuthTag()])
  return Buffer.from(joinBox({ point: own.getPublicKey(), iv, sealed: body })).toString('base64url')
}
