import {
  EscalationPage,
  GetPush,
  GetTask,
  ListEntries,
  ListEntryPage,
  ListEscalations,
  ListPushes,
  ListTasks,
  ListTransfers,
  Owners,
  PushPage,
  PushView,
  TaskDetail,
  TaskPage,
  TransferPage,
} from '@weiwang/domain/tasks/api'
import { notFound } from '@weiwang/domain/core/problems'
import { permit } from '../core/ctx.ts'
import { sendCsv } from '../core/csv-export.ts'
import { parseInput } from '../core/http.ts'
import type { Http } from '../core/http.ts'
import { formRoutes } from './form-routes.ts'
import { instructionRoutes } from './instruction-routes.ts'
import {
  acceptTask,
  assignTasks,
  attemptTask,
  locateTask,
  openTask,
  passTask,
  returnTask,
  reviewTask,
} from './actions.ts'
import { dealEscalation, readEscalations, seeEscalations } from './escalations.ts'
import { decidePush, presentPushes, proposePush } from './push-actions.ts'
import { areasOf, permitRead, readEntries, readOwners, readTask, readTasks, readTransfers } from './queries.ts'
import { findPush, listPushes } from './store-push.ts'

/** The page of an export, larger than a screen's. */
const EXPORT_PAGE = 200

function pushRoutes(http: Http): void {
  http.action('POST', '/api/pushes', proposePush)
  http.action('POST', '/api/pushes/:id/decide', decidePush)
  http.query('GET', '/api/pushes', {
    input: ListPushes,
    output: PushPage,
    run: async (ctx, args) => {
      const areas = areasOf(ctx, args.area)
      permitRead(ctx, 'read', 'push', areas)
      const page = await listPushes(ctx.db, areas, args)
      return { items: await presentPushes(ctx, page.rows), next: page.next, total: page.total }
    },
  })
  http.query('GET', '/api/pushes/:id', {
    input: GetPush,
    output: PushView,
    run: async (ctx, args) => {
      const push = await findPush(ctx.db, ctx.scope, args.id)
      if (!push) throw notFound({ thing: 'push' })
      permit(ctx, 'read', { kind: 'push', area: push.area })
      const [shown] = await presentPushes(ctx, [push])
      if (!shown) throw notFound({ thing: 'push' })
      return shown
    },
  })
}

function exportRoutes(http: Http): void {
  http.raw('GET', '/api/tasks/export.csv', async (actor, request, reply) => {
    const asked = parseInput(ListTasks, request.query)
    const areas = await http.server.read(actor, 'task.export', asked, async (ctx) => {
      const within = areasOf(ctx, asked.area)
      permitRead(ctx, 'export', 'task', within)
      return within
    })
    return sendCsv(http.server, actor, reply, {
      name: 'tasks',
      area: areas[0] ?? actor.area,
      header: [
        '编号 reference',
        '姓名 name',
        '等级 grade',
        '辖区 area',
        '辖区名称 area name',
        '门牌 door',
        '状态 state',
        '核查结论 disposition',
        '尝试 attempts',
        '答复时限 answer by',
        '答复时间 answered at',
        '迟(分) late (min)',
        '更新 updated at',
      ],
      page: async (cursor) => {
        const args = { ...asked, limit: EXPORT_PAGE, cursor }
        const page = await http.server.read(actor, 'task.export', args, (ctx) => readTasks(ctx, args), 'county')
        return {
          next: page.next,
          rows: page.items.map((t) => [
            t.reference,
            t.masked,
            t.grade,
            t.area,
            t.areaName,
            t.door,
            t.state,
            t.disposition,
            t.attempts,
            t.answerBy,
            t.answeredAt,
            t.lateMinutes,
            t.updatedAt,
          ]),
        }
      },
    })
  })
  http.raw('GET', '/api/list-entries/export.csv', async (actor, request, reply) => {
    const asked = parseInput(ListEntries, request.query)
    const areas = await http.server.read(actor, 'list.export', asked, async (ctx) => {
      const within = areasOf(ctx, asked.area)
      permitRead(ctx, 'export', 'task', within)
      return within
    })
    return sendCsv(http.server, actor, reply, {
      name: 'list',
      area: areas[0] ?? actor.area,
      header: [
        '姓名 name',
        '等级 grade',
        '辖区 area',
        '辖区名称 area name',
        '去向 outcome',
        '任务状态 state',
        '核查结论 disposition',
        '推送时间 at',
      ],
      page: async (cursor) => {
        const args = { ...asked, limit: EXPORT_PAGE, cursor }
        const page = await http.server.read(actor, 'list.export', args, (ctx) => readEntries(ctx, args), 'county')
        return {
          next: page.next,
          rows: page.items.map((e) => [e.masked, e.grade, e.area, e.areaName, e.outcome, e.state, e.disposition, e.at]),
        }
      },
    })
  })
}

export function taskRoutes(http: Http): void {
  pushRoutes(http)
  exportRoutes(http)
  formRoutes(http)
  instructionRoutes(http)
  http.query('GET', '/api/tasks', { input: ListTasks, output: TaskPage, reach: 'county', run: readTasks })
  http.query('GET', '/api/tasks/:id', {
    input: GetTask,
    output: TaskDetail,
    reach: 'county',
    run: (ctx, args) => readTask(ctx, args.id),
  })
  http.query('GET', '/api/tasks/:id/owners', {
    input: GetTask,
    output: Owners,
    reach: 'county',
    run: (ctx, args) => readOwners(ctx, args.id),
  })
  http.query('GET', '/api/list-entries', {
    input: ListEntries,
    output: ListEntryPage,
    reach: 'county',
    run: readEntries,
  })
  http.query('GET', '/api/transfers', {
    input: ListTransfers,
    output: TransferPage,
    reach: 'county',
    run: readTransfers,
  })
  http.query('GET', '/api/escalations', {
    input: ListEscalations,
    output: EscalationPage,
    reach: 'county',
    run: readEscalations,
  })
  http.action('POST', '/api/escalations/see', seeEscalations)
  http.action('POST', '/api/escalations/deal', dealEscalation)
  http.action('POST', '/api/tasks/assign', assignTasks)
  http.action('POST', '/api/tasks/:id/accept', acceptTask)
  http.action('POST', '/api/tasks/:id/attempt', attemptTask)
  http.action('POST', '/api/tasks/:id/return', returnTask)
  http.action('POST', '/api/tasks/:id/pass', passTask)
  http.action('POST', '/api/tasks/:id/locate', locateTask)
  http.action('POST', '/api/tasks/:id/review', reviewTask)
  http.action('POST', '/api/tasks/:id/open', openTask)
}
