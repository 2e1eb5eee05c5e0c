/** A copy to take along (REGISTER-20): everything of the page and who opened it, as JSON, CSV or PDF; made by an act with its line. */
import { csvLine } from '@weiwang/domain/core/csv'
import type { MyData, OpenedList } from '@weiwang/domain/healthcode/reg-api'
import { CopyData } from '@weiwang/domain/healthcode/reg-api'
import type { z } from 'zod'
import { isExercise } from '../access/emergency-actions.ts'
import { defineAction } from '../core/action.ts'
import { parseInput } from '../core/http.ts'
import type { Http, RawHandler } from '../core/http.ts'
import { renderPaper } from '../core/paper/paper.ts'
import { personHeads } from './reg-store.ts'
import { readAllMyData, readAllOpened } from './reg-data.ts'

type Copy = { data: MyData; opened: z.infer<typeof OpenedList>; exercise: boolean }

const copyMine = defineAction({
  name: 'registration.copy',
  input: CopyData,
  reach: 'all',
  secret: true,
  run: async (ctx, { personId, format }): Promise<Copy> => {
    const data = await readAllMyData(ctx, personId)
    const opened = await readAllOpened(ctx, personId)
    const area = (await personHeads(ctx.db, [data.personId])).get(data.personId)?.home_area ?? ctx.root
    ctx.audit({
      verb: 'registration.copy',
      thing: 'person',
      thingId: data.personId,
      area,
      detail: { format },
    })
    return { data, opened, exercise: await isExercise(ctx) }
  },
})

export function csvCopy({ data, opened }: Copy): string {
  const rows = data.sections.flatMap((section) =>
    section.items.flatMap((item, i) =>
      item.lines.map((line) =>
        csvLine([
          `${section.say.zh} ${section.say.en}`,
          i + 1,
          item.at,
          `${line.label.zh} ${line.label.en}`,
          line.value,
        ]),
      ),
    ),
  )
  const seen = opened.items.map((one, i) =>
    csvLine([
      '谁打开过 Who opened it',
      i + 1,
      one.at,
      `${one.role.zh} ${one.role.en} ${one.areaName}`,
      `${one.what.zh} ${one.what.en} ${one.purpose ?? ''}`,
    ]),
  )
  return `\uFEFF${csvLine(['类别 Kind', '序号 No.', '时间 At', '项目 Item', '内容 Value'])}${rows.join('')}${seen.join('')}`
}

const PAPER = `
#head("我的个人信息", "What is held about me")
#for section in data.sections [
  #part(section.say.zh, section.say.en)
  #small[为什么：#section.why.zh　期限：#section.until.zh　谁可见：#section.seenBy.zh]
  #linebreak() #small[Why: #section.why.en Until: #section.until.en Seen by: #section.seenBy.en]
  #if section.items.len() == 0 [ #linebreak() 无 #small[nothing] ]
  #for item in section.items [
    #block(above: 6pt, below: 4pt)[
      #if item.at != none [#small(item.at) #linebreak()]
      #for line in item.lines [#line.label.zh #small(line.label.en)：#line.value #linebreak()]
    ]
  ]
]
#part("谁打开过", "Who opened it")
#if data.opened.len() == 0 [无 #small[nobody]]
#for one in data.opened [#small(one.at)　#one.role.zh #small(one.role.en)　#one.areaName　#one.what.zh #small(one.what.en) #if one.purpose != none [#one.purpose] #linebreak()]
#part("到哪里投诉", "Where to complain")
#for one in data.complain [#one.say.zh #small(one.say.en)：#one.name #if one.phone != none [　#one.phone] #linebreak()]
`

function pdfCopy({ data, opened, exercise }: Copy): Buffer {
  return renderPaper(PAPER, { ...data, exercise, opened: opened.items, reference: data.asOf.slice(0, 10) })
}

const FILE = {
  json: 'application/json; charset=utf-8',
  csv: 'text/csv; charset=utf-8',
  pdf: 'application/pdf',
} as const

function copyRoute(http: Http): RawHandler {
  return async (actor, request, reply) => {
    const args = parseInput(CopyData, request.query ?? {})
    const copy = await http.server.run(copyMine, actor, args, { requestId: request.id })
    const body = {
      json: () => JSON.stringify({ ...copy.data, opened: copy.opened.items }, null, 2),
      csv: () => csvCopy(copy),
      pdf: () => pdfCopy(copy),
    }[args.format]()
    return reply
      .header('content-type', FILE[args.format])
      .header('content-disposition', `attachment; filename="weiwang-my-data.${args.format}"`)
      .header('cache-control', 'no-store')
      .send(body)
  }
}

export function copyRoutes(http: Http): void {
  http.raw('GET', '/api/my/data/copy', copyRoute(http))
}
