import { z } from 'zod'
import { addDays } from '../core/day.ts'
import type { Day } from '../core/day.ts'
import type { Problem } from '../core/problem.ts'
import { say } from '../core/say.ts'
import type { Say } from '../core/say.ts'
import type { DeskFileStep, FileBody, FileState } from './org-api.ts'
import { askedOnce, checkedByYou, fileLacks, fileNotOpen, notChecked, orgWordsNeeded } from './org-problems.ts'

/**
 * The file by which an organisation asks to begin work again (ORG-11 … ORG-14): its state is the fold of its events. What the
 * organisation is asked for it is asked once; when its time is over the file has expired, by comparison and without a job.
 */
const OnDay = z.object({ on: z.string() })
export const FileEvent = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('drafted'), body: OnDay }),
  z.object({ kind: z.literal('saved'), body: OnDay }),
  z.object({ kind: z.literal('submitted'), body: OnDay }),
  z.object({ kind: z.literal('asked'), body: OnDay.extend({ until: z.string() }) }),
  z.object({ kind: z.literal('supplemented'), body: OnDay }),
  z.object({ kind: z.literal('checked'), body: OnDay.extend({ met: z.boolean(), by: z.string() }) }),
  z.object({ kind: z.literal('approved'), body: OnDay }),
  z.object({ kind: z.literal('rejected'), body: OnDay }),
  z.object({ kind: z.literal('expired'), body: OnDay }),
])
export type FileEvent = z.infer<typeof FileEvent>

/** ORG-13: how long what was asked for is waited for. */
export const SUPPLEMENT_DAYS = 5
/** ORG-12: days that the materials must last. */
export const MATERIAL_DAYS = 3

export type FileStanding = {
  state: FileState
  asked: boolean
  askedUntil: Day | null
  /** Who looked at it on the spot last, and whether everything was there. */
  checked: { met: boolean; by: string } | null
}

const BEGIN: FileStanding = { state: 'draft', asked: false, askedUntil: null, checked: null }

export function foldFile(events: readonly FileEvent[], from: FileStanding = BEGIN): FileStanding {
  return events.reduce<FileStanding>((file, event) => {
    switch (event.kind) {
      case 'drafted':
      case 'saved':
        return file
      case 'submitted':
        return { ...file, state: 'submitted' }
      case 'asked':
        return { ...file, state: 'supplement_once', asked: true, askedUntil: event.body.until }
      case 'supplemented':
        return { ...file, state: 'submitted', askedUntil: null }
      case 'checked':
        return { ...file, state: 'site_check', checked: { met: event.body.met, by: event.body.by } }
      case 'approved':
        return { ...file, state: 'approved' }
      case 'rejected':
        return { ...file, state: 'rejected' }
      case 'expired':
        return { ...file, state: 'expired' }
    }
  }, from)
}

/** ORG-13: the last day still counts (case 67); the day after, the file is over. */
export function fileNow(file: Pick<FileStanding, 'state' | 'askedUntil'>, today: Day): FileState {
  return file.state === 'supplement_once' && file.askedUntil !== null && today > file.askedUntil
    ? 'expired'
    : file.state
}

/** ORG-12: what has to be there before it is handed in. */
export function lacksOf(body: FileBody): Say[] {
  const lacks: Say[] = []
  const want = (there: boolean, what: Say): void => {
    if (!there) lacks.push(what)
  }
  const { materials, officer } = body
  want(body.plan.trim().length >= 10, say('防控方案', 'the plan'))
  want(body.headcount >= 1, say('到岗人数', 'how many come'))
  want(materials.masks >= MATERIAL_DAYS, say(`口罩（至少 ${MATERIAL_DAYS} 天）`, `masks for ${MATERIAL_DAYS} days`))
  want(
    materials.disinfectant >= MATERIAL_DAYS,
    say(`消毒用品（至少 ${MATERIAL_DAYS} 天）`, `disinfectant for ${MATERIAL_DAYS} days`),
  )
  want(
    materials.thermometry >= MATERIAL_DAYS,
    say(`测温用品（至少 ${MATERIAL_DAYS} 天）`, `means to take temperatures for ${MATERIAL_DAYS} days`),
  )
  want(body.isolationRooms >= 1, say('隔离观察室', 'a room for isolation'))
  want(
    officer.name.trim() !== '' && officer.phone.trim() !== '',
    say('现场负责人及电话', 'who answers for it, and the telephone'),
  )
  return lacks
}

type Decided = { ok: true; event: FileEvent } | { ok: false; problem: Problem }
const yes = (event: FileEvent): Decided => ({ ok: true, event })
const no = (problem: Problem): Decided => ({ ok: false, problem })

export function maySave(file: FileStanding, today: Day): boolean {
  const state = fileNow(file, today)
  return state === 'draft' || state === 'supplement_once'
}

export function decideSubmit(file: FileStanding, body: FileBody, today: Day): Decided {
  const state = fileNow(file, today)
  if (state !== 'draft' && state !== 'supplement_once') return no(fileNotOpen({}))
  const lacks = lacksOf(body)
  if (lacks.length > 0)
    return no(fileLacks({ zh: lacks.map((one) => one.zh).join('、'), en: lacks.map((one) => one.en).join(', ') }))
  return yes({ kind: state === 'draft' ? 'submitted' : 'supplemented', body: { on: today } })
}

/** ORG-13, ORG-14 for the desk; `words` is read by the organisation and sealed beside the event. */
export function decideDeskStep(
  file: FileStanding,
  args: { step: DeskFileStep; met?: boolean | undefined; words?: string | undefined },
  who: { id: string; today: Day },
): Decided {
  const state = fileNow(file, who.today)
  const on = who.today
  if (state !== 'submitted' && state !== 'site_check') return no(fileNotOpen({}))
  const told = args.words !== undefined && args.words.trim() !== ''
  switch (args.step) {
    case 'ask':
      if (file.asked) return no(askedOnce({}))
      if (!told) return no(orgWordsNeeded({}, 'words'))
      return yes({ kind: 'asked', body: { on, until: addDays(on, SUPPLEMENT_DAYS) } })
    case 'check':
      if (args.met === undefined || (!args.met && !told)) return no(orgWordsNeeded({}, 'words'))
      return yes({ kind: 'checked', body: { on, met: args.met, by: who.id } })
    case 'approve':
      if (state !== 'site_check' || file.checked?.met !== true) return no(notChecked({}))
      if (file.checked.by === who.id) return no(checkedByYou({}))
      return yes({ kind: 'approved', body: { on } })
    case 'reject':
      if (!told) return no(orgWordsNeeded({}, 'words'))
      return yes({ kind: 'rejected', body: { on } })
  }
}
