/** Wire schemas of the areas room: the request and answer of every route under /api/areas. */
import { z } from 'zod'
import { isDay } from '../core/day.ts'
import { PageQuery, pageOf } from '../core/page.ts'
import { AREA_PATTERN } from './code.ts'
import { AREA_KINDS } from './kind.ts'

export const Code = z.string().regex(AREA_PATTERN)
export const DayText = z.string().refine(isDay, { error: 'not a day: YYYY-MM-DD' })
const Text = z.object({ zh: z.string(), en: z.string() })

const level = z.int().min(1).max(7)

/**
 * AREA-10: `then`, by the codes as they were counted; `now`, folded into what the areas have become; a day, into what they were
 * on it.
 */
export const Organised = z.union([z.enum(['now', 'then']), DayText])
export type Organised = z.infer<typeof Organised>
/** What the address of a list says: the codes as they were counted need no word. */
export const OrganisedList = z.union([z.literal('now'), DayText])

/** One area in one of its versions. `children` counts what lies directly below on the same day. */
export const AreaView = z.object({
  code: Code,
  parent: Code.nullable(),
  level,
  name: z.string(),
  kind: z.enum(AREA_KINDS),
  households: z.int().nullable(),
  validFrom: DayText,
  validTo: DayText.nullable(),
  children: z.int(),
})
export type AreaView = z.infer<typeof AreaView>

export const AreaRef = z.object({ code: Code, name: z.string(), level })
export type AreaRef = z.infer<typeof AreaRef>

/** GET /api/areas/:code?asOf= : the area as organised on a day (today unless given). */
export const GetArea = z.strictObject({ code: Code, asOf: DayText.optional() })
export type GetArea = z.infer<typeof GetArea>

export const AreaAnswer = AreaView.extend({
  /** From the province down to the area itself. */
  path: z.array(AreaRef),
  aliases: z.array(z.object({ alias: z.string(), kind: z.enum(['short', 'old', 'other', 'learned']) })),
  /** What it became, when it has ended; followed to what exists now. */
  successors: z.array(AreaRef),
  predecessors: z.array(AreaRef),
})
export type AreaAnswer = z.infer<typeof AreaAnswer>

/** GET /api/areas/:code/children?asOf=&limit=&cursor= ; code "0" lists the provinces. */
export const ListChildren = z.strictObject({
  ...PageQuery.shape,
  code: z.union([Code, z.literal('0')]),
  asOf: DayText.optional(),
})
export type ListChildren = z.infer<typeof ListChildren>
export const ChildrenAnswer = pageOf(AreaView)
export type ChildrenAnswer = z.infer<typeof ChildrenAnswer>

/** GET /api/areas?level=&within= : all areas of one level inside an area, paged by code. */
export const ListAreas = z.strictObject({
  ...PageQuery.shape,
  level: z.coerce.number().int().min(1).max(7),
  within: Code.optional(),
  asOf: DayText.optional(),
})
export type ListAreas = z.infer<typeof ListAreas>

/** GET /api/areas/search?q=&level=&within= : by name, other name, pinyin, initials or code; the best 20 unless limited. */
export const SearchAreas = z.strictObject({
  q: z.string().trim().min(1).max(40),
  level: z.coerce.number().int().min(1).max(7).optional(),
  within: Code.optional(),
  limit: z.coerce.number().int().min(1).max(50).default(20),
})
export type SearchAreas = z.infer<typeof SearchAreas>
export const AreaHit = AreaRef.extend({
  kind: z.enum(AREA_KINDS),
  /** Names from the city down to the parent, for telling namesakes apart. */
  where: z.string(),
  by: z.enum(['name', 'alias', 'pinyin', 'code']),
})
export type AreaHit = z.infer<typeof AreaHit>
export const SearchAnswer = z.object({ items: z.array(AreaHit) })
export type SearchAnswer = z.infer<typeof SearchAnswer>

const name = z.string().trim().min(1).max(60)
const kind = z.enum(AREA_KINDS)

/** GET /api/areas/:code/buildings: what a split can share out (AREA-5): estates or streets with their buildings, and the doors of each. */
export const ListBuildings = z.strictObject({ ...PageQuery.shape, code: Code })
export type ListBuildings = z.infer<typeof ListBuildings>
export const Building = z.object({ estate: z.string().nullable(), building: z.string().nullable(), doors: z.int() })
export type Building = z.infer<typeof Building>
export const BuildingsAnswer = pageOf(Building)
export type BuildingsAnswer = z.infer<typeof BuildingsAnswer>

/** GET /api/areas/:code/doors?estate=&building= : the doors of one building, by number; an empty text is one without. */
export const ListDoors = z.strictObject({
  ...PageQuery.shape,
  code: Code,
  estate: z.string().max(80).default(''),
  building: z.string().max(40).default(''),
})
export type ListDoors = z.infer<typeof ListDoors>
export const DoorLine = z.object({ id: z.uuid(), door: z.string().nullable(), members: z.int() })
export type DoorLine = z.infer<typeof DoorLine>
export const DoorsAnswer = pageOf(DoorLine)
export type DoorsAnswer = z.infer<typeof DoorsAnswer>

/** Which doors of the old area go to this part: whole areas below it, buildings, or doors one by one. */
export const Share = z.strictObject({
  areas: z.array(Code).max(1000).default([]),
  buildings: z
    .array(z.strictObject({ estate: z.string().max(80).nullable(), building: z.string().max(40).nullable() }))
    .max(1000)
    .default([]),
  households: z.array(z.uuid()).max(2000).default([]),
})
export type Share = z.infer<typeof Share>

/** AREA-5: one area becomes several. The part `rest` takes every door that no share names. */
export const SplitPlan = z.strictObject({
  kind: z.literal('split'),
  code: Code,
  parts: z
    .array(
      z.strictObject({
        code: Code.optional(),
        name,
        kind: kind.optional(),
        households: z.int().min(0).optional(),
        share: Share,
      }),
    )
    .min(2)
    .max(20),
  rest: z.int().min(0),
})
export type SplitPlan = z.infer<typeof SplitPlan>

/** AREA-6: several become one. `into` may be one of them, which then goes on, or a new code of the same parent. */
export const MergePlan = z.strictObject({
  kind: z.literal('merge'),
  codes: z.array(Code).min(2).max(20),
  into: Code.optional(),
  name,
  households: z.int().min(0).optional(),
})
export type MergePlan = z.infer<typeof MergePlan>

/** AREA-7: the name changes, the code stays; the old name stays findable. */
export const RenamePlan = z.strictObject({ kind: z.literal('rename'), code: Code, name })
export type RenamePlan = z.infer<typeof RenamePlan>

/** AREA-8: the area goes under another parent of the same level and gets a code there, with everything below it. */
export const MovePlan = z.strictObject({ kind: z.literal('move'), code: Code, to: Code, as: Code.optional() })
export type MovePlan = z.infer<typeof MovePlan>

export const ChangePlan = z.discriminatedUnion('kind', [SplitPlan, MergePlan, RenamePlan, MovePlan])
export type ChangePlan = z.infer<typeof ChangePlan>

/**
 * Case 2: a worker whose duty lies in what changes, with the doors and open tasks there now, and what the duty becomes. What
 * lies unsent on a phone is not known to the server.
 */
export const AffectedWorker = z.object({
  id: z.uuid(),
  name: z.string(),
  area: Code,
  households: z.int(),
  openTasks: z.int(),
  becomes: z.array(Code),
})
export type AffectedWorker = z.infer<typeof AffectedWorker>

/** Who is touched. Counts only; `persons` are those whose current residence lies in what changes. */
export const ChangeEffects = z.object({
  households: z.int(),
  persons: z.int(),
  openTasks: z.int(),
  workers: z.int(),
  /** The workers by name, at most 500; desks whose area is split stand in the warnings. */
  affected: z.array(AffectedWorker).default([]),
  /** Codes that end and codes that begin, with names; parts show how many known doors each would take. */
  ends: z.array(AreaRef),
  begins: z.array(AreaRef.extend({ parent: Code.nullable(), households: z.int().nullable() })),
  warnings: z.array(Text),
})
export type ChangeEffects = z.infer<typeof ChangeEffects>

/** POST /api/areas/changes/preview : what would happen; writes nothing. */
export const PreviewChange = z.strictObject({ plan: ChangePlan, onDay: DayText })
export type PreviewChange = z.infer<typeof PreviewChange>

/** POST /api/areas/changes : propose. POST /api/areas/changes/:id/apply and /refuse : by a second person (ACCESS-6). */
export const ProposeChange = z.strictObject({ id: z.uuid().optional(), plan: ChangePlan, onDay: DayText })
export type ProposeChange = z.infer<typeof ProposeChange>
export const DecideChange = z.strictObject({ id: z.uuid() })
export type DecideChange = z.infer<typeof DecideChange>

export const ChangeView = z.object({
  id: z.uuid(),
  area: Code,
  /** As it is called, or was when it ended. */
  areaName: z.string(),
  kind: z.enum(['split', 'merge', 'rename', 'move', 'import']),
  plan: ChangePlan.nullable(),
  effects: ChangeEffects.nullable(),
  onDay: DayText,
  state: z.enum(['proposed', 'applied', 'refused']),
  proposedBy: z.uuid().nullable(),
  /** Null when the reader may not see that account, or the system did it. */
  proposedByName: z.string().nullable(),
  proposedAt: z.iso.datetime(),
  decidedBy: z.uuid().nullable(),
  decidedByName: z.string().nullable(),
  decidedAt: z.iso.datetime().nullable(),
  /** May the reader decide it: role, area and not his own proposal. */
  mayDecide: z.boolean(),
})
export type ChangeView = z.infer<typeof ChangeView>

/** GET /api/areas/changes?state= */
export const ListChanges = z.strictObject({
  ...PageQuery.shape,
  state: z.enum(['proposed', 'applied', 'refused']).optional(),
  within: Code.optional(),
})
export type ListChanges = z.infer<typeof ListChanges>
export const ChangesAnswer = pageOf(ChangeView)
export type ChangesAnswer = z.infer<typeof ChangesAnswer>

/** One row of a grid or unit file, as text; columns 村（社区）编码/名称, 网格号, 微网格号, 名称, 类型, 户数. */
export const GridRow = z.strictObject({
  village: z.string().max(60),
  grid: z.string().max(20),
  unit: z.string().max(20).optional(),
  name: z.string().max(60).optional(),
  kind: z.string().max(20).optional(),
  households: z.string().max(12).optional(),
})
export type GridRow = z.infer<typeof GridRow>

/** POST /api/areas/grids/import : JSON rows, or multipart with one CSV or XLSX file. `check` only reads and reports. */
export const ImportGrids = z.strictObject({
  area: Code,
  rows: z.array(GridRow).max(20_000),
  /** The line of the file in which the first row stands: under a heading, and a title above it. */
  firstRow: z.int().min(1).max(10).optional(),
  check: z.boolean().default(false),
})
export type ImportGrids = z.infer<typeof ImportGrids>

export const GridNote = z.object({
  row: z.int(),
  column: z.string(),
  value: z.string(),
  rule: z.string(),
  message: Text,
  remedy: Text,
})
export type GridNote = z.infer<typeof GridNote>

export const ImportAnswer = z.object({
  changeId: z.uuid().nullable(),
  rows: z.int(),
  added: z.int(),
  renewed: z.int(),
  unchanged: z.int(),
  /** Rows that were not taken, each with row, column, value, reason and remedy. */
  errors: z.array(GridNote),
  /** Taken, but outside the sizes of AREA-4. */
  warnings: z.array(GridNote),
})
export type ImportAnswer = z.infer<typeof ImportAnswer>

/** GET /api/areas/boundaries/:code : outlines of the areas directly below a code (or of the code itself with `self`). */
export const GetBoundaries = z.strictObject({ code: Code, self: z.enum(['true', 'false']).optional() })
export type GetBoundaries = z.infer<typeof GetBoundaries>

const Ring = z.array(z.tuple([z.number(), z.number()]))
export const Boundary = z.object({
  type: z.literal('Feature'),
  id: Code,
  properties: z.object({ name: z.string(), centre: z.tuple([z.number(), z.number()]).nullable() }),
  geometry: z.object({ type: z.literal('MultiPolygon'), coordinates: z.array(z.array(Ring)) }),
})
export type Boundary = z.infer<typeof Boundary>

/** A GeoJSON FeatureCollection with a word about where it comes from. Nothing is converted silently: `datum` says what it is. */
export const BoundariesAnswer = z.object({
  type: z.literal('FeatureCollection'),
  features: z.array(Boundary),
  datum: z.enum(['GCJ-02', 'WGS84']).nullable(),
  note: Text,
  source: z.string().nullable(),
})
export type BoundariesAnswer = z.infer<typeof BoundariesAnswer>
