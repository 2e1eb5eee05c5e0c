import { dayOf } from '@weiwang/domain/core/day'
import type { Say } from '@weiwang/domain/core/say'
import { notFound } from '@weiwang/domain/core/problems'
import { COLOUR_SAY } from '@weiwang/domain/grading/words'
import type { Colour } from '@weiwang/domain/grading/rule-set'
import { PrintAnswer } from '@weiwang/domain/healthcode/objection-api'
import { stageArea } from '@weiwang/domain/healthcode/objection-clock'
import { notAnswered } from '@weiwang/domain/healthcode/objection-problems'
import { GROUND_SAY, referenceOf } from '@weiwang/domain/healthcode/objection-words'
import { say } from '@weiwang/domain/core/say'
import { isExercise } from '../access/emergency-actions.ts'
import { areaNames } from '../access/store.ts'
import { defineAction } from '../core/action.ts'
import { permit } from '../core/ctx.ts'
import { renderPaper } from '../core/paper/paper.ts'
import { openSealed } from '../people/identities.ts'
import { findSealed } from '../people/store.ts'
import { answerOf } from './objection-answer.ts'
import { findObjection } from './objection-store.ts'

/** The answer (OBJECT-12), one page in two languages: what was decided, why, who was wrong, what can be done next. */
const ANSWER = `
#head("码色申诉答复", "Answer to an objection to a colour")
#form(
  ("编号", "Number", data.reference),
  ("姓名", "Name", or-blank(data.name)),
  ("申诉理由", "Grounds", both(data.ground)),
  ("提交日", "Opened on", data.openedOn),
  ("结果", "Decision", text(13pt, weight: "bold", both(data.decision))),
  ("原因", "Why", both(data.why)),
  ("码色", "Colour", [#data.before.zh → #data.after.zh #linebreak() #small[#data.before.en → #data.after.en]]),
)
#if data.words != none [
  #part("说明", "In words")
  #data.words
]
#if data.remedies.len() > 0 [
  #part("您还可以", "What you can do next")
  #enum(tight: false, spacing: 8pt, ..data.remedies.map(both))
]
#v(16mm)
#align(right)[#data.issuedBy #linebreak() #small[Issued by] #v(10mm) #data.decidedOn（盖章 #small[stamp]）]
`

const NO_COLOUR = say('无码色', 'no colour')
const colourSay = (colour: Colour | null): Say => (colour === null ? NO_COLOUR : COLOUR_SAY[colour])

export const printAnswer = defineAction({
  name: 'objection.print',
  input: PrintAnswer,
  reach: 'all',
  secret: true,
  run: async (ctx, { id, purpose }): Promise<Buffer> => {
    const loaded = await findObjection(ctx.db, ctx.scope, id)
    if (!loaded) throw notFound({ thing: 'objection' })
    const { row, state } = loaded
    permit(ctx, 'open', { kind: 'objection', area: state.area })
    const answer = await answerOf(ctx, loaded, true)
    if (!answer) throw notAnswered({})
    const county = stageArea(state.area, 'county')
    const names = await areaNames(ctx.db, [county])
    const [sealed] = row.person_id === null ? [] : await findSealed(ctx.db, [''], [row.person_id])
    const known = sealed ? await openSealed(ctx, sealed) : null
    ctx.audit({
      verb: 'objection.print',
      thing: 'objection',
      thingId: id,
      area: state.area,
      purpose,
      ids: row.person_id === null ? [] : [row.person_id],
    })
    return renderPaper(ANSWER, {
      exercise: await isExercise(ctx),
      reference: referenceOf(id),
      issuedBy: names.get(county) ?? county,
      name: known?.name ?? row.masked,
      ground: GROUND_SAY[state.ground],
      openedOn: state.openedDay,
      decision: answer.granted ? say('申诉成立', 'Granted') : say('申诉不成立', 'Refused'),
      why: answer.say,
      before: colourSay(answer.colourBefore),
      after: colourSay(answer.colourAfter),
      words: answer.words,
      remedies: answer.remedies,
      decidedOn: dayOf(new Date(answer.at), ctx.zone),
    })
  },
})
