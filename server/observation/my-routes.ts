import {
  AskMine,
  MyObservations,
  MyOne,
  MyPast,
  MyPastReadings,
  MyPeople,
  MyServices,
} from '@weiwang/domain/observation/my-api'
import { z } from 'zod'
import { isExercise } from '../access/emergency-actions.ts'
import type { Ctx } from '../core/ctx.ts'
import { parseInput } from '../core/http.ts'
import type { Http, RawHandler } from '../core/http.ts'
import { defineAction } from '../core/action.ts'
import {
  agreeToMine,
  askForMe,
  askMyOuting,
  myObservation,
  objectToMine,
  openMyAnswer,
  overMyOuting,
  readMyObservations,
  readMyPast,
  readMyPeople,
  readServicesOfMine,
  stepMyService,
} from './my.ts'
import { noticePdf, releasePdf } from './papers-pdf.ts'
import { certificateOf, noticeOf, openedFor } from './papers.ts'
import type { Loaded } from './store.ts'

/** The resident's page, and the two papers as files for the desk and for the resident. */
const Purposeful = z.strictObject({
  id: z.uuid(),
  purpose: z.string().min(2).max(200).default('打印文书 printing the paper'),
})

const PAPERS = {
  notice: async (ctx: Ctx, loaded: Loaded, purpose: string) =>
    noticePdf(await noticeOf(ctx, loaded, purpose), await isExercise(ctx)),
  certificate: async (ctx: Ctx, loaded: Loaded, purpose: string) =>
    releasePdf(await certificateOf(ctx, loaded, purpose), await isExercise(ctx)),
}

/** Making a paper opens the person: it is an act with its line in the trail, by whom it may concern or whose it is. */
function paper(http: Http, kind: keyof typeof PAPERS, find: (ctx: Ctx, id: string) => Promise<Loaded>): RawHandler {
  const print = defineAction({
    name: `observation.${kind}.print`,
    input: Purposeful,
    reach: 'all',
    secret: true,
    run: async (ctx, { id, purpose }): Promise<Buffer> => PAPERS[kind](ctx, await find(ctx, id), purpose),
  })
  return async (actor, request, reply) => {
    const { id } = parseInput(MyOne, request.params)
    const { purpose } = parseInput(z.object({ purpose: z.string().optional() }), request.query ?? {})
    const args = parseInput(Purposeful, { id, ...(purpose === undefined ? {} : { purpose }) })
    const pdf = await http.server.run(print, actor, args, { requestId: request.id })
    return reply
      .header('content-type', 'application/pdf')
      .header('content-disposition', `inline; filename="${kind}.pdf"`)
      .send(pdf)
  }
}

export function myRoutes(http: Http): void {
  http.query('GET', '/api/my/observations', {
    input: AskMine,
    output: MyObservations,
    reach: 'all',
    run: readMyObservations,
  })
  http.query('GET', '/api/my/observations/:id/people', {
    input: MyOne,
    output: MyPeople,
    reach: 'all',
    run: readMyPeople,
  })
  http.query('GET', '/api/my/observations/:id/readings', {
    input: MyPast,
    output: MyPastReadings,
    reach: 'all',
    run: readMyPast,
  })
  http.action('POST', '/api/my/observations/:id/answer', openMyAnswer)
  http.action('POST', '/api/my/observations/:id/agree', agreeToMine)
  http.action('POST', '/api/my/observations/:id/object', objectToMine)
  http.action('POST', '/api/my/observations/:id/outing', askMyOuting)
  http.action('POST', '/api/my/observations/:id/outing/over', overMyOuting)
  http.query('GET', '/api/my/services', { input: AskMine, output: MyServices, reach: 'all', run: readServicesOfMine })
  http.action('POST', '/api/my/services', askForMe)
  http.action('POST', '/api/my/services/:id/step', stepMyService)
  http.raw('GET', '/api/my/observations/:id/notice.pdf', paper(http, 'notice', myObservation))
  http.raw('GET', '/api/my/observations/:id/certificate.pdf', paper(http, 'certificate', myObservation))
  http.raw('GET', '/api/observations/:id/notice.pdf', paper(http, 'notice', openedFor))
  http.raw('GET', '/api/observations/:id/certificate.pdf', paper(http, 'certificate', openedFor))
}
