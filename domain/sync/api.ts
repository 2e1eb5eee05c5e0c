import { z } from 'zod'
import { AREA_PATTERN } from '../areas/code.ts'
import { CampaignBody, FormBody } from './feed.ts'

/**
 * Wire shapes between a worker's phone and the server: instructions down, reports up. A phone may have been away for weeks and
 * be older or newer than the server, so requests from it are read loosely where a strict reading would lose somebody's work:
 * an item that is not understood is answered alone and never fails its neighbours (SYNC-12, cases 19, 41, 64).
 */
const Area = z.string().regex(AREA_PATTERN)
const Instant = z.iso.datetime({ offset: true })
const SayText = z.object({ zh: z.string(), en: z.string() })

/** Raised when phones that know only the former way could lose something; older ones down to MIN may still hand in (SYNC-18). */
export const PROTOCOL = 1
export const PROTOCOL_MIN = 1

/** What every contact says of the phone: which build it runs, what its clock shows, how much waits on it. */
const Contact = {
  device: z.uuid(),
  /** Whose phone this is. A session of somebody else in the same browser must not carry it: refused whole (case 37). */
  account: z.uuid().optional(),
  protocol: z.number().int(),
  app: z.string().max(40),
  /** The phone's own clock at sending; the server answers with its own, and the phone keeps the distance. */
  clock: Instant,
  waiting: z.number().int().min(0).default(0),
  refused: z.number().int().min(0).default(0),
  /** When the oldest of what waits was made. */
  oldest: Instant.nullish(),
  /** The last restore of the server that this phone has heard of, null: of none; left out before the first answer (SYNC-12). */
  restoredAt: Instant.nullable().optional(),
}

/** Where a phone stands in the feed of one grid: the last number it has stored, in which epoch. 0 is the beginning. */
export const GridCursor = z.object({ grid: Area, epoch: z.number().int(), n: z.number().int().min(0) })
export type GridCursor = z.infer<typeof GridCursor>

export const MAX_GRIDS = 40
export const MAX_PAGE = 500
export const MAX_PUSH = 40

/** POST /api/sync/pull */
export const Pull = z.object({
  ...Contact,
  grids: z.array(GridCursor).max(200),
  /** Asks for the bounded head page of what is urgent; it moves no cursor. */
  head: z.boolean().default(false),
  limit: z.number().int().min(1).max(MAX_PAGE).default(MAX_PAGE),
  /** The versions of `mine` and `reference` that the phone holds; the same again is not sent. */
  mine: z.string().max(40).default(''),
  reference: z.string().max(40).default(''),
})
export type Pull = z.infer<typeof Pull>

/** What is told of a person beside the feed's body, opened for the worker on duty; the answer's audit line lists the ids. */
export const FeedIdentity = z.object({
  name: z.string().nullable(),
  phone: z.string().nullable(),
  /** YYYY, YYYY-MM or YYYY-MM-DD, as far as it is known. */
  birth: z.string().nullable(),
  /** The last four characters of the document. */
  documentEnd: z.string().nullable(),
})
export type FeedIdentity = z.infer<typeof FeedIdentity>

export const FeedItemOut = z.object({
  grid: z.string(),
  n: z.number().int(),
  /** Open on purpose: a kind that the phone does not know is skipped and its number taken (case 19). */
  kind: z.string(),
  id: z.string(),
  body: z.record(z.string(), z.unknown()),
  identity: FeedIdentity.optional(),
  /** Kind `household`: its address text, opened. */
  address: z.string().nullish(),
})
export type FeedItemOut = z.infer<typeof FeedItemOut>

export const GridState = z.object({
  grid: z.string(),
  epoch: z.number().int(),
  /** The number of the grid's clock: the phone is level when it has stored it. */
  n: z.number().int(),
  /** Forget what is held of the grid and begin at 0: another epoch, or the cursor lies below the floor (SYNC-8, SYNC-9). */
  reset: z.boolean(),
  /** The cursor to keep in the transaction that stores this page; unchanged on a head page. */
  to: z.number().int(),
})
export type GridState = z.infer<typeof GridState>

/** Whom to call; shown on every screen where somebody may be stuck. */
export const Helper = z.object({
  role: z.enum(['supervisor', 'centre', 'clinic', 'police']),
  name: z.string(),
  phone: z.string(),
})
export type Helper = z.infer<typeof Helper>

/** What changes seldom: my grids and until when, whom to call, how far what I filed is durable. */
export const Mine = z.object({
  version: z.string(),
  account: z.object({ id: z.uuid(), name: z.string() }),
  /** The grids I cover today, in the order of their codes; empty means: nothing of anybody (case 7). */
  duties: z.array(
    z.object({
      grid: Area,
      name: SayText,
      /** From the village up to the county, for the head of the screen. */
      areaName: z.string(),
      fromDay: z.string(),
      toDay: z.string().nullable(),
      standIn: z.boolean(),
      /** A unit of the grid, when the duty covers that alone. */
      unit: z.string().nullable(),
    }),
  ),
  helpers: z.array(Helper),
  /** Everything recorded before lies in a verified backup; later work is kept on the phone to be offered again. */
  durableTo: Instant.nullable(),
  zone: z.string(),
  exercise: z.boolean(),
})
export type Mine = z.infer<typeof Mine>

/** What is asked and said at doors here, the same for every grid of the place: campaigns and forms in force, as data. */
export const Reference = z.object({
  version: z.string(),
  campaigns: z.array(CampaignBody),
  forms: z.array(FormBody),
})
export type Reference = z.infer<typeof Reference>

/** `clear`: hand in everything sealed, then destroy the key. `lock`: ask for the log-in again before showing anything. */
export const Order = z.enum(['none', 'lock', 'clear'])
export type Order = z.infer<typeof Order>

/**
 * When the server was last put back from a backup, real time; null: never. A phone that knew another moment offers again what it
 * keeps, also when it holds no grid by which it could tell (SYNC-14).
 */
const RestoredAt = Instant.nullable().default(null)

export const Pulled = z.object({
  now: Instant,
  protocol: z.object({ now: z.number().int(), min: z.number().int() }),
  order: Order,
  grids: z.array(GridState),
  /** Grids that the phone named and that are not mine any more: what is held of them goes (SYNC-10, cases 1, 52). */
  gone: z.array(z.string()),
  items: z.array(FeedItemOut),
  /** There is more after these; ask again at once. */
  more: z.boolean(),
  /** Too many first syncs at once: come back after so many seconds; nothing was sent (SYNC-11, case 5). */
  comeBack: z.number().int().nullable(),
  mine: Mine.optional(),
  reference: Reference.optional(),
  restoredAt: RestoredAt,
})
export type Pulled = z.infer<typeof Pulled>

/** One thing done on the phone. `key` is made with it and never changes: it is the idempotency key (SYNC-1). */
export const PushItem = z.object({
  key: z.uuid(),
  /** The phone's own running number, for order among equals and for finding gaps. */
  seq: z.number().int().min(0),
  kind: z.string().max(60),
  /** The grid it belongs to when the phone knows, for the hand-over list. */
  grid: z.string().max(18).optional(),
  /** When it was done, corrected by the phone's last known distance to the server's clock. */
  at: Instant,
  body: z.record(z.string(), z.unknown()),
  /** The refused item that this one replaces, mended (case 36). */
  mends: z.string().optional(),
  /** The worker cannot mend it: it goes to the supervisor of the place as it is, with the worker's words, and is held (case 55). */
  toSupervisor: z.string().max(300).optional(),
})
export type PushItem = z.infer<typeof PushItem>

/** POST /api/sync/push. Items are raw here so that one that cannot be read is answered alone. */
export const Push = z.object({ ...Contact, items: z.array(z.unknown()).max(MAX_PUSH) })
export type Push = z.infer<typeof Push>

/**
 * accepted: the server has it. duplicate: it had it before, same answer. held: kept for a supervisor's decision, with whom to
 * ask. refused: not taken, with a reason that can be acted on; it stays on the phone and may be mended under a new key.
 * later: not now (busy, no database): keep and try again.
 */
export const PUSH_OUTCOMES = ['accepted', 'duplicate', 'held', 'refused', 'later'] as const
export const ProblemOut = z.object({
  code: z.string(),
  kind: z.string(),
  rule: z.string().optional(),
  message: SayText,
  remedy: SayText.optional(),
  at: z.string().optional(),
  details: z.record(z.string(), z.unknown()).default({}),
})
export const PushResult = z.object({
  key: z.string(),
  outcome: z.enum(PUSH_OUTCOMES),
  /** What the action answered; for a visit FiledVisit. */
  answer: z.unknown().optional(),
  problem: ProblemOut.optional(),
  /** When the server wrote it; before Mine.durableTo it is also in a backup. */
  recordedAt: Instant.optional(),
  /** The work is in, but under another area than the phone thought, for example after a split. */
  movedTo: z.object({ area: z.string(), name: z.string() }).optional(),
})
export type PushResult = z.infer<typeof PushResult>
export const Pushed = z.object({
  now: Instant,
  protocol: z.object({ now: z.number().int(), min: z.number().int() }),
  order: Order,
  results: z.array(PushResult),
  restoredAt: RestoredAt,
})
export type Pushed = z.infer<typeof Pushed>

/**
 * POST /api/sync/phones: makes this browser a phone of the account that is logged in. The secret is given once; it lets the
 * phone hand in sealed work and hear orders when its session has ended, and nothing else (SYNC-15).
 */
export const RegisterPhone = z.strictObject({
  device: z.uuid(),
  /** Whose phone it is, as the phone knows it: what lies on it must not be handed in under somebody else who is logged in. */
  account: z.uuid().optional(),
  name: z.string().max(80).default(''),
  app: z.string().max(40),
  protocol: z.number().int(),
})
export type RegisterPhone = z.infer<typeof RegisterPhone>
export const RegisteredPhone = z.object({
  device: z.uuid(),
  secret: z.string(),
  /** Raw P-256 point (65 bytes, base64url) to which outbox and drafts are sealed, and its id. */
  sealKey: z.object({ id: z.string(), point: z.string() }),
  now: Instant,
})
export type RegisteredPhone = z.infer<typeof RegisteredPhone>

/**
 * POST /api/sync/sealed, with `authorization: Phone <device>.<secret>` and no session: items sealed to the server's key, opened
 * there and treated as if pushed by the phone's account (SYNC-15, case 37).
 */
export const SealedItem = z.object({ key: z.uuid(), keyId: z.string(), sealed: z.string().max(400_000) })
export const PushSealed = z.object({
  ...Contact,
  items: z.array(SealedItem).max(MAX_PUSH),
  /** The phone has destroyed its data key: what is refused now can be mended nowhere, even if it was found meanwhile (SYNC-16). */
  clearing: z.boolean().default(false),
})
export type PushSealed = z.infer<typeof PushSealed>

/**
 * PUT /api/sync/photos/:id/:part?visit=…&parts=…, `authorization: Phone <device>.<secret>`, no session (SYNC-25): one part of a
 * picture as it lies on the phone, raw bytes (`application/octet-stream`). The whole is iv(12) ‖ AES-256-GCM ciphertext with tag,
 * bound to the picture's id; its key comes in `x-weiwang-box` (sealed-box.ts, base64url, under the picture's id; inside are the 32
 * bytes of the key) and `x-weiwang-box-key` (the id of the server's key), the same with each part. Every part but the last is
 * PHOTO_PART_BYTES long. Parts may come in any order and again. Pictures hold no order back: a phone told to clear destroys its data
 * key, hands in what is sealed, and says that it is cleared when the server has answered for every picture.
 */
export const PHOTO_PART_BYTES = 128 * 1024
/** As many as the largest picture with its iv and tag has. */
export const MAX_PHOTO_PARTS = 8
/** What a picture belongs to: a visit, an observation whose commitment was signed on paper, a service that was brought. */
export type PhotoSubject = 'visit' | 'observation' | 'service'
export const PutSealedPhoto = z
  .object({
    id: z.uuid(),
    part: z.coerce
      .number()
      .int()
      .min(0)
      .max(MAX_PHOTO_PARTS - 1),
    parts: z.coerce.number().int().min(1).max(MAX_PHOTO_PARTS),
    /** One of them. */
    visit: z.uuid().optional(),
    observation: z.uuid().optional(),
    service: z.uuid().optional(),
    box: z.string().max(400),
    boxKey: z.string().max(40),
  })
  .refine(({ visit, observation, service }) => [visit, observation, service].filter(Boolean).length === 1, {
    path: ['visit'],
  })
  .transform(({ visit, observation, service, ...rest }) => {
    const about: PhotoSubject = visit === undefined ? (observation === undefined ? 'service' : 'observation') : 'visit'
    return { ...rest, about, subject: visit ?? observation ?? service ?? '' }
  })
export type PutSealedPhoto = z.infer<typeof PutSealedPhoto>

/**
 * part: kept, the numbers in `missing` are still to come. waiting: whole, kept until its visit is taken in, as long as hand-overs are.
 * stored: lies with its visit. Both are the server's word: the phone is done with it. refused: it does not open or is no picture;
 * it never will be. later: this phone has too much waiting here already; try again after `comeBack` seconds.
 */
export const SEALED_PHOTO_STATES = ['part', 'waiting', 'stored', 'refused', 'later'] as const
export const SealedPhotoTaken = z.object({
  id: z.uuid(),
  state: z.enum(SEALED_PHOTO_STATES),
  missing: z.array(z.number().int()),
  problem: ProblemOut.optional(),
  comeBack: z.number().int().nullable(),
  now: Instant,
})
export type SealedPhotoTaken = z.infer<typeof SealedPhotoTaken>
