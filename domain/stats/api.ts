import { z } from 'zod'
import { Organised } from '../areas/api.ts'
import { AREA_PATTERN } from '../areas/code.ts'
import { isDay } from '../core/day.ts'

/** Wire shapes of the figures. */
const Area = z.string().regex(AREA_PATTERN)
const DayText = z.string().refine(isDay)
const SayText = z.object({ zh: z.string(), en: z.string() })
const Instant = z.iso.datetime({ offset: true })

export const METRIC_IDS = [
  'visits',
  'persons',
  'listed',
  'answered',
  'found',
  'open',
  'open_red',
  'open_yellow',
  'open_blue',
  'accepted',
  'overdue',
  'unaccepted',
  'unresolved',
  'waiting',
  'review',
  'escalated',
  'transferred_in',
  'transferred_out',
  'withdrawn',
  'expired',
  'obs_observed',
  'obs_opened',
  'obs_release_due',
  'obs_lapsed',
  'obs_released',
  'obs_transferred_out',
  'obs_transferred_in',
  'readings_due',
  'readings_on_time',
  'readings_late',
  'readings_missed',
  'calls_open',
  'services_asked',
  'services_done',
  'services_open',
  'services_late',
  'disputes_opened',
  'disputes_closed',
  'disputes_open',
  'objections_open',
  'objections_late',
  'forces_people',
  'forces_volunteers',
  'forces_attached',
  'forces_gaps',
  'turns_worked',
  'gate_passages',
  'gate_referrals',
  'teams',
  'teams_short',
  'watches',
  'watches_unled',
  'watch_calls',
] as const
export const MetricId = z.enum(METRIC_IDS)
export type MetricId = z.infer<typeof MetricId>

/** The list a figure opens: a route and the filter that gives exactly the same total (STAT-2). */
export const Door = z.object({ path: z.string(), query: z.record(z.string(), z.string()) })
export type Door = z.infer<typeof Door>

export const MetricView = z.object({
  id: MetricId,
  say: SayText,
  unit: SayText,
  /** What is counted, in a sentence. */
  definition: SayText,
  /** flow: happened within the days asked for; now: stands at the moment of the answer. */
  kind: z.enum(['flow', 'now']),
  /** False for transfers: what passes between two children is none of the parent's. */
  additive: z.boolean(),
})
export type MetricView = z.infer<typeof MetricView>

/** GET /api/stats/metrics */
export const Metrics = z.object({ items: z.array(MetricView) })

/** GET /api/stats/figures: an area and the level below, from and to included; today when no days are given. */
export const AskFigures = z.strictObject({
  area: Area.optional(),
  from: DayText.optional(),
  to: DayText.optional(),
  /** Sort children by this figure, largest first; by code when absent. */
  sort: MetricId.optional(),
  /** STAT-11: `then` (the default) reads the codes as they were counted, `now` folds ended areas into what succeeded them, a day into what they were on it. */
  organised: Organised.optional(),
})
export type AskFigures = z.infer<typeof AskFigures>

/** A figure that may not be shown to the reader (STAT-6) is left out. `before` is the same span just before (yesterday beside today); null for figures of now. */
export const Figure = z.object({ id: MetricId, n: z.number().int(), before: z.number().int().nullable(), door: Door })
export type Figure = z.infer<typeof Figure>

export const FigureRow = z.object({
  area: z.string(),
  name: z.string(),
  /** own: what lies at the parent itself and not (yet) below. Children and own add up to the parent (STAT-3). */
  own: z.boolean(),
  /** AREA-10: an area that is none now, or on the day asked for: where its figures stand. Null for one that is. */
  standsAt: z.string().nullable(),
  standsAtName: z.string().nullable(),
  /** As organised now or on a day: areas of other days whose figures are in this row, at most 20. */
  holds: z.array(z.object({ code: z.string(), name: z.string() })),
  figures: z.array(Figure),
})
export type FigureRow = z.infer<typeof FigureRow>

export const Figures = z.object({
  area: z.string(),
  name: z.string(),
  path: z.array(z.object({ code: z.string(), name: z.string() })),
  from: z.string(),
  to: z.string(),
  asOf: Instant,
  organised: Organised,
  /** As organised now or on a day: how many areas of other days stand here but lie outside of what the reader sees, so that they are not in it. */
  elsewhere: z.number().int(),
  figures: z.array(Figure),
  children: z.array(FigureRow),
})
export type Figures = z.infer<typeof Figures>

/** GET /api/stats/dispositions: the answers of the span by disposition. */
export const AskDispositions = z.strictObject({
  area: Area.optional(),
  organised: Organised.optional(),
  from: DayText.optional(),
  to: DayText.optional(),
})
export const Dispositions = z.object({
  items: z.array(z.object({ code: z.string(), say: SayText, n: z.number().int(), door: Door })),
  total: z.number().int(),
})

/** GET /api/stats/sources: precision of each source, from its own answers; suppressed below 5 for who is no operator. */
export const AskSources = z.strictObject({
  area: Area.optional(),
  source: z.string().max(60).optional(),
  from: DayText.optional(),
  to: DayText.optional(),
})
export const Sources = z.object({
  items: z.array(
    z.object({
      source: z.string(),
      name: SayText.nullable(),
      answered: z.number().int().nullable(),
      wrong: z.number().int().nullable(),
      /** 1 − wrong / answered, in thousandths; null below five answers (STAT-9). */
      precision: z.number().int().nullable(),
      byDay: z.array(
        z.object({ day: z.string(), answered: z.number().int().nullable(), wrong: z.number().int().nullable() }),
      ),
    }),
  ),
})

const CounterDifference = z.object({
  county: z.string(),
  area: z.string(),
  day: z.string(),
  metric: z.string(),
  stored: z.number().int(),
  counted: z.number().int(),
})

/** Answer of `stats rebuild`: what was compared and every difference found (none, when all is well). */
export const RebuildReport = z.object({
  counties: z.number().int(),
  counters: z.number().int(),
  tasks: z.number().int(),
  differences: z.array(CounterDifference),
  /** Of the counters of what is there now: people and doors of the register (STAT-15). */
  stock: z.array(CounterDifference),
  folds: z.array(
    z.object({ county: z.string(), taskId: z.string(), field: z.string(), stored: z.string(), folded: z.string() }),
  ),
  repaired: z.boolean(),
})
export type RebuildReport = z.infer<typeof RebuildReport>

export const AskClosed = z.strictObject({ area: Area.optional(), from: DayText.optional(), to: DayText.optional() })
/** STAT-16: emergencies whose rows a close-out has deleted, or is deleting: of their days the figures are all that is left. */
export const ClosedEmergencies = z.object({
  items: z.array(
    z.object({
      id: z.string(),
      name: SayText,
      area: z.string(),
      areaName: z.string(),
      /** The last day whose rows are gone, included. */
      lastDay: z.string(),
      /** False while it is still deleting. */
      done: z.boolean(),
    }),
  ),
})
