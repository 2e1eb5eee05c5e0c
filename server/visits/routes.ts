import { GetVisit, ListVisits, VisitDetail, VisitPage, VisitPersonPage } from '@weiwang/domain/visits/api'
import { sendCsv } from '../core/csv-export.ts'
import { parseInput } from '../core/http.ts'
import type { Http } from '../core/http.ts'
import { areasOf, permitRead } from '../tasks/queries.ts'
import { fileVisit, openVisit } from './actions.ts'
import { photoRoutes } from './photos.ts'
import { readVisit, readVisitPersons, readVisits } from './queries.ts'

const EXPORT_PAGE = 200

export function visitRoutes(http: Http): void {
  photoRoutes(http)
  http.action('POST', '/api/visits', fileVisit)
  http.action('POST', '/api/visits/:id/open', openVisit)
  http.query('GET', '/api/visits', { input: ListVisits, output: VisitPage, reach: 'county', run: readVisits })
  http.query('GET', '/api/visits/persons', {
    input: ListVisits,
    output: VisitPersonPage,
    reach: 'county',
    run: readVisitPersons,
  })
  http.query('GET', '/api/visits/:id', {
    input: GetVisit,
    output: VisitDetail,
    reach: 'county',
    run: (ctx, args) => readVisit(ctx, args.id),
  })
  http.raw('GET', '/api/visits/export.csv', async (actor, request, reply) => {
    const asked = parseInput(ListVisits, request.query)
    const areas = await http.server.read(actor, 'visit.export', asked, async (ctx) => {
      const within = areasOf(ctx, asked.area)
      permitRead(ctx, 'export', 'visit', within)
      return within
    })
    return sendCsv(http.server, actor, reply, {
      name: 'visits',
      area: areas[0] ?? actor.area,
      header: [
        '日期 day',
        '辖区 area',
        '辖区名称 area name',
        '门牌 door',
        '方式 method',
        '结果 result',
        '核查结论 disposition',
        '人数 persons',
        '网格员 worker',
        '发生时间 occurred at',
        '接收时间 recorded at',
      ],
      page: async (cursor) => {
        const args = { ...asked, limit: EXPORT_PAGE, cursor }
        const page = await http.server.read(actor, 'visit.export', args, (ctx) => readVisits(ctx, args), 'county')
        return {
          next: page.next,
          rows: page.items.map((v) => [
            v.day,
            v.area,
            v.areaName,
            v.door,
            v.method,
            v.result,
            v.disposition,
            v.persons,
            v.by.name,
            v.occurredAt,
            v.recordedAt,
          ]),
        }
      },
    })
  })
}
