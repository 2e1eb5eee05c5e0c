import { csvLine } from '@weiwang/domain/core/csv'
import {
  AskClosed,
  AskDispositions,
  AskFigures,
  AskSources,
  ClosedEmergencies,
  Dispositions,
  Figures,
  METRIC_IDS,
  Metrics,
  Sources,
} from '@weiwang/domain/stats/api'
import { METRICS, metricOf } from '@weiwang/domain/stats/metrics'
import { z } from 'zod'
import { defineAction } from '../core/action.ts'
import { parseInput } from '../core/http.ts'
import type { Http } from '../core/http.ts'
import { permitRead } from '../tasks/queries.ts'
import { readClosed } from './closed.ts'
import { hiddenCells, readDispositions, allFigures, readFigures, readSources } from './figures.ts'

/**
 * STAT-6: an export of figures leaves the house, so small cells are hidden in it, with those that would give them away; the
 * audit line commits with the reading.
 */
const exportFigures = defineAction({
  name: 'stats.export',
  input: AskFigures,
  run: async (ctx, args): Promise<string> => {
    const figures = await allFigures(ctx, args)
    permitRead(ctx, 'export', 'stats', [figures.area])
    const hidden = hiddenCells(figures, (figure) => figure.n)
    const mark = `${ctx.actor.name} ${ctx.now.toISOString()} ${ctx.requestId}`
    const cells = (row: readonly (number | null)[]) => row.map((n) => n ?? '<5')
    const lines = [
      [
        '辖区 area',
        '名称 name',
        ...METRIC_IDS.map((id) => `${metricOf(id).say.zh} ${metricOf(id).say.en}`),
        '导出标记 export mark',
      ],
      [figures.area, figures.name, ...cells(hidden[figures.children.length] ?? []), mark],
      ...figures.children.map((row, i) => [
        row.own ? `${row.area}*` : row.area,
        row.own ? '本级 own' : row.name,
        ...cells(hidden[i] ?? []),
        mark,
      ]),
    ]
    ctx.audit({
      verb: 'stats.export',
      thing: 'stats',
      thingId: figures.area,
      area: figures.area,
      detail: { rows: lines.length - 1, from: figures.from, to: figures.to },
    })
    return `\uFEFF${lines.map(csvLine).join('')}`
  },
})

export function statRoutes(http: Http): void {
  http.query('GET', '/api/stats/metrics', {
    input: z.strictObject({}),
    output: Metrics,
    run: async () => ({ items: [...METRICS] }),
  })
  http.query('GET', '/api/stats/figures', { input: AskFigures, output: Figures, run: readFigures })
  http.query('GET', '/api/stats/dispositions', { input: AskDispositions, output: Dispositions, run: readDispositions })
  http.query('GET', '/api/stats/closed', { input: AskClosed, output: ClosedEmergencies, run: readClosed })
  http.query('GET', '/api/stats/sources', { input: AskSources, output: Sources, reach: 'county', run: readSources })
  http.raw('GET', '/api/stats/export.csv', async (actor, request, reply) => {
    const args = parseInput(AskFigures, request.query)
    const text = await http.server.run(exportFigures, actor, args, { requestId: request.id })
    return reply
      .header('content-type', 'text/csv; charset=utf-8')
      .header('content-disposition', `attachment; filename="figures-${args.area ?? 'own'}.csv"`)
      .send(text)
  })
}
