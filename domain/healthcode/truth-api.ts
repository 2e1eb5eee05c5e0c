import { z } from 'zod'
import { AREA_PATTERN } from '../areas/code.ts'
import { isDay } from '../core/day.ts'
import { PageQuery, pageOf } from '../core/page.ts'
import { CONTRADICTION_KINDS, CONTRADICTION_STATES, OUTCOMES } from './truth-kinds.ts'

/**
 * Wire shapes of contradictions (TRUTH-1 … TRUTH-14). Both sides travel as codes and words; free text is sealed and opened for a purpose.
 * Nothing here has a field for a colour, a grade or a number of points, and none may be added (TRUTH-2).
 */
const Area = z.string().regex(AREA_PATTERN)
const DayText = z.string().refine(isDay)
const SayText = z.object({ zh: z.string(), en: z.string() })
const Instant = z.iso.datetime({ offset: true })
const Id = z.uuid()
const Words = z.string().trim().min(2).max(1000)
const Purpose = z.string().trim().min(2).max(200)

const Kind = z.enum(CONTRADICTION_KINDS)
const State = z.enum(CONTRADICTION_STATES)
const OutcomeName = z.enum(OUTCOMES)
/** How somebody is asked: by telephone, or at the door. */
export const ASK_HOW = ['call', 'visit'] as const
const AskHow = z.enum(ASK_HOW)
export type AskHow = z.infer<typeof AskHow>

/** One sentence of a side: what was declared, or what a source knows, with its days and the name of the source. */
const Line = z.object({
  say: SayText,
  source: z.string().nullable(),
  sourceName: SayText.nullable(),
  verified: z.boolean(),
})
export type Line = z.infer<typeof Line>

export const LISTS = ['waiting', 'asked', 'closed', 'ceased', 'all'] as const
/** waiting: open or answered, so that it is the desk's turn. */
export const ContradictionList = z.enum(LISTS)
export type ContradictionList = z.infer<typeof ContradictionList>

export const ContradictionRow = z.object({
  id: Id,
  personId: Id,
  masked: z.string(),
  area: z.string(),
  areaName: z.string(),
  kind: Kind,
  kindName: SayText,
  /** Feeds by id, and `visit`, `observation`, `return`, `phone`, `key`. */
  sources: z.array(z.string()),
  declaredOn: z.string(),
  foundAt: Instant,
  state: State,
  stateName: SayText,
  outcome: OutcomeName.nullable(),
  /** The person has said something to it. */
  explained: z.boolean(),
  said: z.array(Line),
  known: z.array(Line),
  version: z.number().int(),
})
export type ContradictionRow = z.infer<typeof ContradictionRow>

/** GET /api/contradictions → pageOf(ContradictionRow), newest first. `from`, `to`: days on which they were found. */
export const ListContradictions = z.strictObject({
  ...PageQuery.shape,
  area: Area.optional(),
  own: z.stringbool().optional(),
  list: ContradictionList.default('waiting'),
  state: State.optional(),
  kind: Kind.optional(),
  source: z.string().max(40).optional(),
  outcome: OutcomeName.optional(),
  personId: Id.optional(),
  from: DayText.optional(),
  to: DayText.optional(),
})
export type ListContradictions = z.infer<typeof ListContradictions>
export const ContradictionPage = pageOf(ContradictionRow).extend({ asOf: Instant })

/**
 * GET /api/contradictions/figures: of the days asked for; every number is the total of the list with the same filter. `ours` of a source
 * over those decided is its share of error, as this room sees it (TRUTH-11).
 */
export const AskFigures = z.strictObject({ area: Area.optional(), from: DayText.optional(), to: DayText.optional() })
export type AskFigures = z.infer<typeof AskFigures>
const Counts = z.object({
  open: z.number().int(),
  asked: z.number().int(),
  answered: z.number().int(),
  ceased: z.number().int(),
  honest_error: z.number().int(),
  our_error: z.number().int(),
  false: z.number().int(),
  unknown: z.number().int(),
  total: z.number().int(),
})
export type Counts = z.infer<typeof Counts>
export const Figures = z.object({
  from: z.string(),
  to: z.string(),
  all: Counts,
  byKind: z.array(z.object({ kind: Kind, say: SayText, counts: Counts })),
  /** One contradiction may rest on two sources and stands with both. `wrong`: our_error of those decided, null while none is. */
  bySource: z.array(z.object({ source: z.string(), say: SayText, counts: Counts, wrong: z.number().nullable() })),
  /** Codes that were refused at gates because they had been shown there before: how many, and nobody's (TRUTH-13). */
  reused: z.array(z.object({ gateId: Id, areaName: z.string(), name: SayText, n: z.number().int() })),
  asOf: Instant,
})
export type Figures = z.infer<typeof Figures>

/** GET /api/contradictions/:id */
export const GetContradiction = z.strictObject({ id: Id })
export const HISTORY_KINDS = [
  'found',
  'evidence',
  'asked',
  'finding',
  'explained',
  'decided',
  'ceased',
  'corrected',
] as const
const STEPS = ['ask', 'decide', 'read'] as const
export const ContradictionDetail = ContradictionRow.extend({
  asks: SayText,
  task: z
    .object({
      county: z.string(),
      id: Id,
      reference: z.string(),
      how: AskHow,
      state: z.string(),
      disposition: z.string().nullable(),
    })
    .nullable(),
  /** Facts of feeds among the evidence, which `decide` with our_error may correct. */
  facts: z.array(z.object({ ref: z.string(), source: z.string(), say: SayText })),
  /** The declaration that corrected it. */
  correctedBy: Id.nullable(),
  history: z.array(
    z.object({
      n: z.number().int(),
      kind: z.enum(HISTORY_KINDS),
      at: Instant,
      by: z.object({ id: Id.nullable(), name: z.string() }),
      say: SayText,
      hasText: z.boolean(),
    }),
  ),
  steps: z.array(
    z.object({ step: z.enum(STEPS), ok: z.boolean(), why: SayText.nullable(), rule: z.string().nullable() }),
  ),
  /** The outcomes that are open to this reader, each with why not. */
  outcomes: z.array(z.object({ outcome: OutcomeName, say: SayText, ok: z.boolean(), why: SayText.nullable() })),
})
export type ContradictionDetail = z.infer<typeof ContradictionDetail>

/** POST /api/contradictions/:id/ask: somebody of the grid calls or knocks, and asks. */
export const AskPerson = z.strictObject({ id: Id, how: AskHow })
export type AskPerson = z.infer<typeof AskPerson>
/** POST /api/contradictions/:id/decide. `facts`: for our_error, the rows that were wrong, by `ref`. */
export const Decide = z.strictObject({
  id: Id,
  outcome: OutcomeName,
  words: Words.optional(),
  facts: z.array(Id).max(20).default([]),
})
export type Decide = z.infer<typeof Decide>
export const Changed = z.object({
  id: Id,
  state: State,
  outcome: OutcomeName.nullable(),
  taskId: Id.nullable(),
  version: z.number().int(),
})
export type Changed = z.infer<typeof Changed>

/** POST /api/contradictions/:id/read: the sealed words (the person's own, the desk's), for a purpose that the trail keeps. */
export const ReadWords = z.strictObject({ id: Id, purpose: Purpose })
export const WordsRead = z.object({
  id: Id,
  texts: z.array(z.object({ n: z.number().int(), kind: z.enum(HISTORY_KINDS), at: Instant, text: z.string() })),
})
export type WordsRead = z.infer<typeof WordsRead>

// ---- The resident ------------------------------------------------------------------------------------------------------------

/** GET /api/my/contradictions: of every person of mine, until the file is deleted. */
export const AskMyContradictions = z.strictObject({})
export const MyContradiction = z.object({
  id: Id,
  personId: Id,
  masked: z.string(),
  kind: Kind,
  kindName: SayText,
  declaredOn: z.string(),
  foundAt: Instant,
  said: z.array(Line),
  known: z.array(Line),
  stateName: SayText,
  open: z.boolean(),
  outcome: OutcomeName.nullable(),
  outcomeName: SayText.nullable(),
  /** What I wrote, when I did. */
  words: z.string().nullable(),
  /** What can be done, the nearest first: declare anew, explain, object. */
  next: z.array(SayText),
  may: z.array(z.enum(['declare', 'explain'])),
})
export type MyContradiction = z.infer<typeof MyContradiction>
export const MyContradictions = z.object({ items: z.array(MyContradiction), asOf: Instant, about: SayText })
export type MyContradictions = z.infer<typeof MyContradictions>
/** POST /api/my/contradictions/:id/explain: again replaces what was said. */
export const Explain = z.strictObject({ id: Id, words: Words })
export const Explained = z.object({ id: Id, explained: z.literal(true) })
export type Explained = z.infer<typeof Explained>
