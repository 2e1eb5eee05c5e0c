import type { Helper, Mine, Order, Reference } from '@weiwang/domain/sync/api'
import type { HouseholdBody, NoticeBody, PersonBody, TaskBody, VisitBody } from '@weiwang/domain/sync/feed'
import type { ProblemBody } from '@weiwang/domain/core/problem'
import type { Say } from '@weiwang/domain/core/say'
import type { HeardPath } from './heard.ts'

/**
 * What the engine of the phone is made of and what it shows. Everything that it needs of the world is an argument, so that
 * many engines run in one process against one server, each with its own clock, net and disk.
 */

export type NetRequest = {
  method: 'GET' | 'POST' | 'PUT'
  path: string
  headers?: Readonly<Record<string, string>>
  body?: string | Uint8Array<ArrayBuffer>
  /** Given up after so long; a server that says nothing counts as not reached. */
  timeoutMs?: number
}
/** Any answer at all, whatever its status; `body` is the parsed JSON or null. */
export type NetAnswer = { status: number; body: unknown; bytes?: number }

/** One exchange. Throws (anything) when there was no answer. */
export type Net = (request: NetRequest) => Promise<NetAnswer>

/** Listens to `GET /api/live`; returns how to stop. The engine opens it again by itself. */
export type Live = (on: { event: (name: string, data: unknown) => void; closed: () => void }) => () => void

/** What the clock's setTimeout gave: a number in browsers, an object elsewhere. */
export type Timer = number | object
export type Clock = {
  /** What the phone's clock shows, milliseconds; may be wrong by years and may go backwards. */
  now: () => number
  setTimeout: (run: () => void, ms: number) => Timer
  clearTimeout: (timer: Timer) => void
}

/** One holder at a time over all tabs; `run` is not called when another has it. Answers whether it ran. */
export type Locks = (name: string, run: () => Promise<void>) => Promise<boolean>

/** Tells other tabs of this phone. */
export type Channel = { post: (message: unknown) => void; listen: (on: (message: unknown) => void) => () => void }

export type Room = {
  /** Bytes used and bytes given, null when the browser does not say. */
  estimate: () => Promise<{ usage: number; quota: number } | null>
  /** Asks that nothing is evicted; false when refused or unknown. */
  persist: () => Promise<boolean>
}

export type Log = (what: string, detail?: Readonly<Record<string, unknown>>) => void

export type PhoneOptions = {
  net: Net
  clock: Clock
  /** One database for each account on the device. */
  dbName: string
  indexedDB: IDBFactory
  IDBKeyRange: typeof IDBKeyRange
  crypto: Crypto
  log: Log
  /** Makes a picture small and free of metadata; the browser's canvas. */
  shrink: (picture: Blob) => Promise<Blob>
  /** Version of the build, told to the server. */
  app: string
  live?: Live
  locks?: Locks
  channel?: Channel
  room?: Room
  /** 0 to 1, for jitter; Math.random when left out. */
  random?: () => number
  /** Rounds of PBKDF2; tests use few. */
  pinRounds?: number
  /** Days end in this zone until the server has named its own. */
  zone?: string
}

/**
 * new: nobody is at home here; log in and `enrol`.
 * locked: a PIN opens it.
 * away: 72 h without a contact; the PIN opens it after the next contact (SYNC-17). Unsent work goes up meanwhile.
 * logIn: the server asks for the log-in again (order `lock`, or the session of `clear` work).
 * lost: the data key is gone (10 wrong PINs, order `clear`): log in and `enrol` again; sealed unsent work is kept and goes up.
 * open: in use.
 */
export type Gate = 'starting' | 'new' | 'locked' | 'away' | 'logIn' | 'lost' | 'open'

export type PhoneState = {
  gate: Gate
  account: { id: string; name: string } | null
  /** PIN tries that are left before the data key is destroyed. */
  triesLeft: number
  order: Order
  /** True when the server no longer knows the session: reading goes on offline, log in again to sync. */
  sessionEnded: boolean
  /** The register is being read into memory; tasks are there first. */
  loading: boolean
  /** Everything of my grids is here. Until then an empty list says nothing: told to come back, or in the middle of a first sync. */
  whole: boolean
  /** Older than the server speaks (SYNC-18): hands in, does not pull; the app must be updated. */
  tooOld: boolean
}

/** full: a try cannot be counted, so there is none until the phone has room (SYNC-23). */
export type NotOpen = 'pin' | 'away' | 'logIn' | 'lost' | 'new' | 'full'

export type UnlockAnswer = { ok: true } | { ok: false; why: NotOpen; triesLeft: number }

/** What happens to one piece of work. held: at a supervisor's; stuck: tried often without an answer, shown, tried seldom. */
export type OutboxState = 'waiting' | 'sending' | 'refused' | 'held' | 'stuck' | 'done'

export type OutboxItem = {
  key: string
  seq: number
  kind: string
  grid: string | null
  /** When it was done, corrected to the server's clock. ISO. */
  at: string
  state: OutboxState
  tries: number
  /** Why it was refused, or the last reason of `stuck`; from the server, in both languages. */
  problem: ProblemBody | null
  /** Body as given; null while the phone is locked or when it was written under a data key that is gone. */
  body: Readonly<Record<string, unknown>> | null
  photos: readonly string[]
  /** The key of the item that this one replaces. */
  mends: string | null
  /** Held or done: when the server took it. */
  recordedAt: string | null
  movedTo: { area: string; name: string } | null
  /** Held: what the supervisor decided, as far as it is known here. */
  handover: Decision | null
  answer: unknown
}

/** state: waiting | taken | set_aside; note: why it was set aside, to be read by the worker. */
export type Decision = {
  state: string
  note: string | null
  helper: { name: string; phone: string } | null
  decidedAt: string | null
}

export type AddWork = {
  kind: string
  /** Sent as it is, but `occurredAt`, if there is one, is set to the corrected time. */
  body: Readonly<Record<string, unknown>>
  grid?: string | undefined
  /** The phone's own time of the work; now when left out. */
  at?: Date
  /** Photos taken before by `photos.take`; they go up by themselves. */
  photos?: readonly string[]
  /** The draft that this work ends; it goes in the same transaction. */
  draft?: DraftOf
}

/** Unsent or just sent work of this phone on a thing, that the feed does not show yet; newest last. */
export type Mark = {
  key: string
  kind: string
  state: OutboxState
  at: string
  body: Readonly<Record<string, unknown>> | null
}

export type PersonView = {
  id: string
  grid: string
  n: number
  body: PersonBody
  name: string | null
  phone: string | null
  birth: string | null
  documentEnd: string | null
  /** Made here and not yet in the register. */
  local: boolean
  marks: readonly Mark[]
}

export type DoorView = {
  id: string
  grid: string
  n: number
  body: HouseholdBody
  /** The address text, opened for the worker on duty. */
  address: string | null
  /** Estate, building and door in one line, as on the card; null when none is known. */
  label: string | null
  local: boolean
  marks: readonly Mark[]
}

export type TaskView = {
  id: string
  grid: string
  n: number
  body: TaskBody
  person: PersonView | null
  door: DoorView | null
  /** What unsent or just sent work of this phone makes of it. */
  filed: boolean
  accepted: boolean
  returned: boolean
  marks: readonly Mark[]
}

export type VisitView = {
  id: string
  grid: string
  n: number
  body: VisitBody
  local: boolean
  state: OutboxState | null
}
export type NoticeView = { id: string; grid: string; n: number; body: NoticeBody }
export type RawView = { id: string; grid: string; n: number; kind: string; body: Readonly<Record<string, unknown>> }

/** Everything of the register, read from memory; each list is the same array until something in it changes. */
export type Shelf = {
  tasks: () => readonly TaskView[]
  task: (id: string) => TaskView | null
  /** Tasks of a door, of a person. */
  tasksOf: (of: { householdId?: string; personId?: string }) => readonly TaskView[]
  doors: () => readonly DoorView[]
  door: (id: string) => DoorView | null
  persons: () => readonly PersonView[]
  person: (id: string) => PersonView | null
  /** People registered at a door, local ones too. */
  membersOf: (householdId: string) => readonly PersonView[]
  /** Newest day first, local ones too. */
  visitsOf: (of: { taskId?: string; householdId?: string }) => readonly VisitView[]
  /** Visits by this account on a day (YYYY-MM-DD), local ones too. */
  myVisits: (day: string) => readonly VisitView[]
  notices: () => readonly NoticeView[]
  /** Kinds that the engine only carries: campaign, form, instruction, duty, and kinds that it does not know (case 19). */
  things: (kind: string) => readonly RawView[]
  thing: (kind: string, id: string) => RawView | null
}

export type Strip = {
  /** Not yet at the server: waiting, sending and stuck. */
  waiting: number
  photosWaiting: number
  /** Refused: to be mended or given to the supervisor. */
  refused: number
  /** At a supervisor's. */
  held: number
  /** Visits of today that the server has: from the feed and from receipts, each once. */
  serverToday: number
  /** The last contact, by the server's clock; null before the first. */
  contactAt: Date | null
  syncing: boolean
  /** Why nothing moves: no net, no session, server busy until `again`, other. */
  trouble: 'offline' | 'session' | 'busy' | 'server' | 'storage' | null
  again: Date | null
  /** The phone's clock differs from the server's by more than a day, in whole minutes (phone minus server); else null. */
  clockWrong: number | null
  /** Storage: nothing more is downloaded; reports still are kept. */
  storageFull: boolean
}

export type Receipt = {
  key: string
  kind: string
  /** Id in the body, for visits the visit's id. */
  subject: string | null
  at: string
  day: string
  recordedAt: string
  outcome: 'accepted' | 'held'
  movedTo: { area: string; name: string } | null
  /** Questions that the server names as still open (VISIT-2). */
  open: number
}

export type SyncLine = {
  at: Date
  ok: boolean
  /** net | session | busy | server | storage | null */
  trouble: Strip['trouble']
  sent: number
  received: number
  bytes: number
  ms: number
}

export type DraftOf = { form: string; version: string; subject: string }
export type DraftRow = DraftOf & { savedAt: string; content: unknown }

/** A call for help of mine; state: open | seen | closed. */
export type OwnHelp = {
  id: string
  at: string
  areaName: string
  state: string
  seenBy: { name: string; phone: string | null } | null
  seenAt: string | null
  closedAt: string | null
  note: string | null
}
/** A field of mine that was held beside another value; state: open | kept | taken | settled | superseded. */
export type OwnChange = {
  id: string
  thing: string
  thingId: string
  field: string
  state: string
  madeAt: string
  decidedAt: string | null
  byName: string | null
  reason: string | null
}
/** The newest of both, as last heard from the server, and how many there are in all. */
export type Own = {
  help: readonly OwnHelp[]
  helpTotal: number
  changes: readonly OwnChange[]
  changesTotal: number
  asOf: Date
}

/** An answer of the server as it came, and when it was asked for. */
export type Heard = { body: unknown; asOf: Date }

export type Outbox = {
  /** Everything that is not done, oldest first; refused and held ones too. */
  items: () => readonly OutboxItem[]
  item: (key: string) => OutboxItem | null
  /** Kept and durable when this resolves. Throws PhoneFull when the phone has no room, PhoneLocked when it is not open. */
  add: (work: AddWork) => Promise<OutboxItem>
  /**
   * A refused or stuck one with other content: a new key that points to the old one. With `kind` it becomes another kind of
   * work, for example an addition that is the near record after all (PEOPLE-21).
   */
  mend: (key: string, body: Readonly<Record<string, unknown>>, kind?: string) => Promise<OutboxItem>
  /** A refused or stuck one that the worker cannot mend: it goes to the supervisor's list as it is. */
  toSupervisor: (key: string, note: string) => Promise<OutboxItem>
  /** Tries a stuck one now. */
  retry: (key: string) => Promise<void>
  /** One item as a text file: the plain content when open, and the sealed box in any case (case 62). */
  exportItem: (key: string) => Promise<string>
  /** A held one that was read: it is taken from the list, its receipt stays. */
  dismiss: (key: string) => Promise<void>
  receipts: (day?: string) => Promise<Receipt[]>
}

export type PhotoView = {
  id: string
  of: string | null
  state: 'draft' | 'waiting' | 'done' | 'refused'
  bytes: number
}
export type Photos = {
  /** Shrinks, drops metadata, seals and keeps. Throws PhoneFull. */
  take: (picture: Blob) => Promise<PhotoView>
  /** One taken for a draft is thrown away; one of filed work cannot be. */
  drop: (id: string) => Promise<void>
  /** The picture, for showing; null when it no longer lies here or the phone is locked. */
  read: (id: string) => Promise<Blob | null>
  list: () => readonly PhotoView[]
}

export type Drafts = {
  load: (of: DraftOf) => Promise<DraftRow | null>
  /** Kept when this resolves; on every change (case 20). Throws PhoneFull. */
  save: (of: DraftOf, content: unknown) => Promise<void>
  drop: (of: DraftOf) => Promise<void>
  /** All of this account, newest first. */
  list: () => Promise<DraftRow[]>
}

export type Hit =
  | { kind: 'person'; person: PersonView; by: 'name' | 'pinyin' | 'phone' }
  | { kind: 'door'; door: DoorView; by: 'door' | 'address' }

export type NearHit = { person: PersonView; score: number; reasons: Say[] }
export type NearDoor = { door: DoorView; reasons: Say[] }

export type Phone = {
  /** Opens the store; the gate then says what is to be done. Nothing else may be called before it resolves. */
  start: () => Promise<void>
  /** Ends timers, streams and the store. */
  stop: () => Promise<void>
  state: () => PhoneState
  strip: () => Strip
  mine: () => Mine | null
  /** Campaigns and forms in force here. */
  reference: () => Reference | null
  helpers: () => readonly Helper[]
  /** My calls for help and held changes; null before they were first asked for. */
  own: () => Own | null
  /** Asks for them at once: their screen is open. */
  askOwn: () => void
  /** One of my lists that only the server makes, as last heard; null before it was first asked for. */
  heard: (path: HeardPath) => Heard | null
  /** Asks for it at once: its screen is open. */
  askHeard: (path: HeardPath) => void
  /** Now by the server's clock, as far as it is known. */
  now: () => Date
  today: () => string
  /** Told after every change of anything above or below; snapshots are the same objects while nothing changed. */
  subscribe: (listener: () => void) => () => void

  /** After a log-in: makes this browser a phone of the account, with a PIN. Also after a forgotten PIN. */
  enrol: (args: { account: { id: string; name: string }; pin: string; name?: string }) => Promise<void>
  unlock: (pin: string) => Promise<UnlockAnswer>
  lock: () => void
  /** False: the old PIN was wrong. */
  changePin: (old: string, next: string) => Promise<boolean>
  /** After every log-in of this account in this browser (`fresh`: a password was just given), and when /api/me answered. */
  signedIn: (accountId: string, how?: { fresh: boolean }) => Promise<void>
  /** Somebody else, or nobody, is logged in: nothing goes by the session, sealed work still does. */
  signedOut: () => void

  shelf: Shelf
  outbox: Outbox
  photos: Photos
  drafts: Drafts
  /** Name, pinyin, initials, end of a telephone, house number; at most `most` hits. Reads pinyin at first use. */
  search: (text: string, most?: number) => Promise<Hit[]>
  /** Near people among the register and what waits here (cases 9, 40). */
  near: (person: { name: string; phone?: string; birth?: string; sex?: number; docKind?: string }) => Promise<NearHit[]>
  nearDoors: (door: { estate?: string; building?: string; door?: string }) => NearDoor[]

  /** Syncs now; resolves when it has ended, whatever came of it. */
  sync: () => Promise<SyncLine>
  /** Timer, online, visibility and live: begins syncing by itself. */
  run: () => void
  /** The browser says: on line again, in sight again. */
  nudge: () => void
  syncLog: () => readonly SyncLine[]
  storage: () => Promise<{ persisted: boolean; usage: number; quota: number } | null>
}
