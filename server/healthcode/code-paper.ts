/** The paper code (CODE-10): no key, to the end of tomorrow, marked as paper; for the holder's own page and for the desk. */
import { contains } from '@weiwang/domain/areas/code'
import { addDays, instantOf } from '@weiwang/domain/core/day'
import { notFound } from '@weiwang/domain/core/problems'
import { AskMyPaper, AskPaper } from '@weiwang/domain/healthcode/code-api'
import type { CodeView } from '@weiwang/domain/healthcode/code-api'
import { noCode, tooManyPapers } from '@weiwang/domain/healthcode/code-problems'
import { colourOfState } from '@weiwang/domain/healthcode/code-state'
import { CODE_MEANS, CODE_STATE_SAY } from '@weiwang/domain/healthcode/code-words'
import { paperText } from '@weiwang/domain/healthcode/presentation'
import { encode } from 'uqr'
import { isExercise } from '../access/emergency-actions.ts'
import { areaNames, requireOpenEmergency } from '../access/store.ts'
import { defineAction } from '../core/action.ts'
import { may, permit } from '../core/ctx.ts'
import type { Ctx } from '../core/ctx.ts'
import { renderPaper } from '../core/paper/paper.ts'
import { followCodes, personHash, seenCodes } from './code-change.ts'
import { countIssued } from './code-holder-store.ts'
import { issueCodes } from './code-issue.ts'
import { boundMine } from './holders.ts'
import { presentCodes } from './code-present.ts'
import { codeNow, findCodes } from './code-store.ts'

/** It holds today and tomorrow: shorter than what a phone fetches, since nothing on it renews itself. */
const PAPER_DAYS = 2
const PAPERS_A_DAY = 5

const PAPER = `
#head("健康码（纸质）", "Health code on paper")
#grid(columns: (62mm, 1fr), gutter: 8mm,
  image(bytes(data.qr), width: 60mm, format: "svg"),
  [
    #text(26pt, weight: "bold", data.shape) #h(4pt) #text(22pt, weight: "bold", data.state.zh)
    #linebreak() #small(data.state.en)
    #v(4pt)
    #text(14pt, data.masked)
    #v(4pt)
    有效至 #data.until.zh #linebreak() #small[Valid until #data.until.en]
    #v(4pt)
    #box(stroke: 0.8pt, inset: 5pt)[纸质码，须核对证件 #linebreak() #small[On paper: compare it with a document]]
  ],
)
#v(6pt)
#both(data.means)
#part("依据", "By which rules")
#both(data.ruleSet)
#part("认为有误", "If you think it is wrong")
请到社区或街道申诉，24 小时内答复。#linebreak() #small[Object at your community or street; you get an answer within 24 hours.]
#part("说明", "About this paper")
码色变更后本纸作废。任何场所不得以健康码作为唯一凭证，紧急情况不受码色限制。
#linebreak() #small[When the colour changes this paper no longer counts. No place may take the health code as the only pass, and no colour stands in the way of an emergency.]
`

/** A shape beside the colour, for who does not see colours and for black ink. */
const SHAPES = { green: '●', pending: '◐', yellow: '▲', red: '■' } as const

/** Drawn as one path, crisp at any size. */
export function qrSvg(text: string): string {
  const { data, size } = encode(text, { ecc: 'L', border: 2 })
  const path = data.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : []))).join('')
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size} ${size}" shape-rendering="crispEdges"><rect width="${size}" height="${size}" fill="#fff"/><path d="${path}" fill="#000"/></svg>`
}

async function printFor(ctx: Ctx, personId: string, purpose?: string): Promise<Buffer> {
  await followCodes(ctx, [personId])
  const row = (await findCodes(ctx.db, [personId])).get(personId)
  const seen = (await seenCodes(ctx, [personId], new Map())).get(personId)
  const colour = row ? colourOfState(codeNow(row).state) : null
  if (!row || !seen || colour === null || row.rule_set_id === null) throw noCode({})
  const { subject } = seen
  const emergency = await requireOpenEmergency(ctx, subject.home_area)
  const since = instantOf(ctx.today, ctx.zone)
  const hash = personHash(ctx, personId)
  const { issued } = await countIssued(ctx.db, {
    personHash: hash,
    accountHash: null,
    paper: true,
    since,
    day: ctx.today,
  })
  if (issued >= PAPERS_A_DAY) throw tooManyPapers({})
  const [made] = await issueCodes(ctx, [
    {
      personId,
      emergencyId: emergency.id,
      accountId: null,
      colour,
      masked: subject.masked,
      ruleSetId: row.rule_set_id,
      n: row.n,
      day: ctx.today,
      lastDay: addDays(ctx.today, PAPER_DAYS - 1),
      untilDay: row.until_day,
      holder: null,
    },
  ])
  if (!made) throw noCode({})
  ctx.audit({
    verb: 'code.paper',
    thing: 'code',
    thingId: personId,
    area: subject.home_area,
    ...(purpose === undefined ? {} : { purpose }),
    detail: { until: made.until.toISOString() },
  })
  const [code] = await presentCodes(ctx, [personId])
  const county = subject.home_area.slice(0, 6)
  const name = (await areaNames(ctx.db, [county])).get(county) ?? county
  const last = row.until_day !== null && row.until_day < addDays(ctx.today, 1) ? row.until_day : addDays(ctx.today, 1)
  return renderPaper(PAPER, {
    exercise: await isExercise(ctx),
    qr: qrSvg(paperText(Uint8Array.from(made.credential))),
    shape: SHAPES[colour],
    state: CODE_STATE_SAY[colour],
    masked: subject.masked,
    until: { zh: `${last} 24:00`, en: `the end of ${last}` },
    means: CODE_MEANS[colour],
    ruleSet: code?.ruleSet?.name ?? CODE_STATE_SAY[colour],
    issuedBy: `${name}网格中心`,
    reference: '纸质 PAPER',
    footer: '微网 Weiwang',
  })
}

/** POST /api/my/codes/:person/paper */
export const printMine = defineAction({
  name: 'code.paper.mine',
  input: AskMyPaper,
  reach: 'all',
  secret: true,
  run: async (ctx, { person }): Promise<Buffer> => {
    const { personId } = await boundMine(ctx, person)
    return printFor(ctx, personId)
  },
})

/** The person inside one's scope. @throws notFound */
export async function inReach(ctx: Ctx, personId: string, verb: 'read' | 'file'): Promise<string> {
  const subject = (await seenCodes(ctx, [personId], new Map())).get(personId)?.subject
  if (!subject || !ctx.scope.some((area) => contains(area, subject.home_area))) throw notFound({ thing: 'person' })
  permit(ctx, verb, { kind: 'code', area: subject.home_area })
  return subject.home_area
}

/** POST /api/codes/:person/paper: at the desk, for somebody who stands there with a document (or whose carer does). */
export const printAtDesk = defineAction({
  name: 'code.paper',
  input: AskPaper,
  reach: 'all',
  secret: true,
  run: async (ctx, { person, purpose }): Promise<Buffer> => {
    await inReach(ctx, person, 'file')
    return printFor(ctx, person, purpose)
  },
})

/** GET /api/codes/:person */
export async function readCodeOf(ctx: Ctx, personId: string): Promise<CodeView> {
  const area = await inReach(ctx, personId, 'read')
  const [code] = await presentCodes(ctx, [personId])
  if (!code) throw notFound({ thing: 'person' })
  const until = (await findCodes(ctx.db, [personId])).get(personId)?.held_until ?? null
  return {
    ...code,
    heldUntil: until !== null && until >= ctx.today ? until : null,
    mayAct: may(ctx, 'file', { kind: 'code', area }),
  }
}
