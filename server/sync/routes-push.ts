import { PHOTO_PART_BYTES, Push, Pushed, PushSealed, PutSealedPhoto, SealedPhotoTaken } from '@weiwang/domain/sync/api'
import { Drafts } from '@weiwang/domain/sync/drafts'
import { HandoverPage, ListHandovers, ListMyHandovers, MyHandoverPage } from '@weiwang/domain/sync/handover'
import {
  Cleared,
  ListPhones,
  ListTries,
  ListUnsynced,
  MyPhones,
  MyPhonesAnswer,
  PhonePage,
  TryPage,
  UnsyncedPage,
} from '@weiwang/domain/sync/phones'
import { z } from 'zod'
import type { Http } from '../core/http.ts'
import { parseInput } from '../core/http.ts'
import { listDrafts } from './drafts.ts'
import { handovers, myHandovers, openHandover, setAsideHandover, takeHandover } from './handover.ts'
import { lookAtPhone, myPhones, phones, registerPhone, reportFound, reportLost, tries, unsynced } from './phones.ts'
import { paceOf } from './pace.ts'
import { askAgain, keysOf, pushItems } from './push.ts'
import { closing, phoneCleared, phoneOf, pushSealed } from './sealed.ts'
import { takePart } from './sealed-photos.ts'

/** Forty items with long notes fit well; photos have their own upload. */
const PUSH_BYTES = 4 * 1024 * 1024
const SEALED_BYTES = 20 * 1024 * 1024

export function pushRoutes(http: Http): void {
  const { server } = http
  const reports = paceOf(server)
  http.raw(
    'POST',
    '/api/sync/push',
    async (actor, request) => {
      const answered = reports.report(performance.now())
      const args = parseInput(Push, request.body)
      const stands = await lookAtPhone(server, actor, args, { keys: keysOf(args.items) })
      const results = stands.isOld
        ? askAgain(args.items)
        : await pushItems(server, actor, args.items, {
            device: args.device,
            protocol: args.protocol,
            home: stands.home,
            keyCounty: stands.county,
            stored: stands.stored,
            requestId: request.id,
          })
      const answer = await closing(server, actor, args, stands, results)
      answered(performance.now())
      return answer
    },
    { bodyLimit: PUSH_BYTES, body: Push, answer: Pushed },
  )
  // Phones behind one address of a carrier are many: the limit only stops a flood.
  http.app.route({
    method: 'POST',
    url: '/api/sync/sealed',
    bodyLimit: SEALED_BYTES,
    config: { rateLimit: { max: 3000, timeWindow: '1 minute' } },
    schema: { operationId: 'sync.sealed', tags: ['sync'], body: PushSealed, response: { 200: Pushed } },
    handler: async (request) => {
      const args = parseInput(PushSealed, request.body)
      const phone = await phoneOf(server, request.headers.authorization, args.device)
      return pushSealed(server, phone, args, request.id)
    },
  })
  sealedPhotoRoute(http)
  http.open('POST', '/api/sync/cleared', {
    input: Cleared,
    limit: 3000,
    run: (args, request) => phoneCleared(server, request.headers.authorization, args.device),
  })
  phoneRoutes(http)
  handoverRoutes(http)
}

const headerText = (value: unknown): string => (typeof value === 'string' ? value : '')

function sealedPhotoRoute({ app, server }: Http): void {
  void app.register(async (inner) => {
    const type = 'application/octet-stream'
    // Papers of instructions come in the same type.
    if (!inner.hasContentTypeParser(type))
      inner.addContentTypeParser(type, { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
    inner.route({
      method: 'PUT',
      url: '/api/sync/photos/:id/:part',
      bodyLimit: PHOTO_PART_BYTES,
      config: { rateLimit: { max: 3000, timeWindow: '1 minute' } },
      schema: { operationId: 'sync.sealed_photo', tags: ['sync'], response: { 200: SealedPhotoTaken } },
      handler: async (request) => {
        const { headers } = request
        const phone = await phoneOf(server, headers.authorization)
        const args = parseInput(PutSealedPhoto, {
          ...Object(request.query),
          ...Object(request.params),
          box: headerText(headers['x-weiwang-box']),
          boxKey: headerText(headers['x-weiwang-box-key']),
        })
        return takePart(server, phone, args, Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0))
      },
    })
  })
}

function phoneRoutes(http: Http): void {
  http.action('POST', '/api/sync/phones', registerPhone)
  http.query('GET', '/api/sync/drafts', {
    name: 'draft.list',
    input: z.strictObject({}),
    output: Drafts,
    reach: 'all',
    run: listDrafts,
  })
  http.query('GET', '/api/sync/phones', { input: ListPhones, output: PhonePage, run: phones })
  http.query('GET', '/api/sync/phones/mine', {
    input: MyPhones,
    output: MyPhonesAnswer,
    reach: 'all',
    run: (ctx) => myPhones(ctx),
  })
  http.query('GET', '/api/sync/unsynced', { input: ListUnsynced, output: UnsyncedPage, run: unsynced })
  http.query('GET', '/api/sync/phones/:device/tries', { input: ListTries, output: TryPage, run: tries })
  http.action('POST', '/api/sync/phones/:device/lost', reportLost)
  http.action('POST', '/api/sync/phones/:device/found', reportFound)
}

function handoverRoutes(http: Http): void {
  http.query('GET', '/api/sync/handovers', { input: ListHandovers, output: HandoverPage, run: handovers })
  http.query('GET', '/api/sync/handovers/mine', {
    input: ListMyHandovers,
    output: MyHandoverPage,
    reach: 'all',
    run: myHandovers,
  })
  http.action('POST', '/api/sync/handovers/:id/open', openHandover)
  http.action('POST', '/api/sync/handovers/:id/take', takeHandover)
  http.action('POST', '/api/sync/handovers/:id/set-aside', setAsideHandover)
}
