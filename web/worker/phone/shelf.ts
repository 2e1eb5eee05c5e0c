import { HouseholdBody, NoticeBody, PersonBody, TaskBody, VisitBody } from '@weiwang/domain/sync/feed'
import type { FeedIdentity } from '@weiwang/domain/sync/api'
import { steady, steadyList } from './bell.ts'
import { isRecord, textIn } from './codec.ts'
import type {
  DoorView,
  Mark,
  NoticeView,
  OutboxItem,
  PersonView,
  RawView,
  Shelf as Shown,
  TaskView,
  VisitView,
} from './types.ts'
import type { Body } from './works.ts'

/** One thing of the register, opened. */
export type Entry = {
  kind: string
  id: string
  grid: string
  n: number
  body: Body
  identity: FeedIdentity | null
  address: string | null
}

export type ShelfNeeds = {
  works: () => OutboxItem[]
  heardAt: (key: string) => number | null
  /** When the feed was last read to its end, by the phone's clock. */
  levelAt: () => number
  account: () => string
  /** The day of an instant in the deployment's zone. */
  dayOf: (at: string) => string
}

export type Shelf = ReturnType<typeof newShelf>

const NO_MARKS: readonly Mark[] = []

/**
 * The register in memory after the PIN: names lie on the disk only sealed, so finding, sorting and searching happen here
 * (1,000 people are some hundred kilobytes). Lists are made when they are asked for after a change, and the same objects stand in
 * them for what did not change, so that a screen draws only what is new.
 */
export function newShelf(needs: ShelfNeeds) {
  const entries = new Map<string, Map<string, Entry>>()
  const memory = newMemory()
  let views: Views | null = null
  let former: Views | null = null
  let raw = new Map<string, readonly RawView[]>()
  let formerRaw = raw

  function of(kind: string): Map<string, Entry> {
    const known = entries.get(kind)
    if (known) return known
    const made = new Map<string, Entry>()
    entries.set(kind, made)
    return made
  }

  function touch(): void {
    former = views ?? former
    views = null
    if (raw.size > 0) formerRaw = raw
    raw = new Map()
  }

  function now(): Views {
    views ??= build({ of, needs, former, memory })
    return views
  }

  function things(kind: string): readonly RawView[] {
    const found = raw.get(kind) ?? steadyList(formerRaw.get(kind), [...of(kind).values()].map(memory.raw))
    raw.set(kind, found)
    return found
  }

  const meant = (id: string): string => now().alias.get(id) ?? id

  const shown: Shown = {
    tasks: () => now().tasks.list,
    task: (id) => now().tasks.map.get(id) ?? null,
    tasksOf: ({ householdId, personId }) => now().tasksBy.get(meant(householdId ?? personId ?? '')) ?? [],
    doors: () => now().doors.list,
    door: (id) => now().doors.map.get(meant(id)) ?? null,
    persons: () => now().persons.list,
    person: (id) => now().persons.map.get(meant(id)) ?? null,
    membersOf: (id) => now().membersBy.get(meant(id)) ?? [],
    visitsOf: ({ taskId, householdId }) => now().visitsBy.get(meant(taskId ?? householdId ?? '')) ?? [],
    myVisits: (day) => now().visitsBy.get(`by ${day}`) ?? [],
    notices: () => now().notices,
    things,
    thing: (kind, id) => things(kind).find((one) => one.id === id) ?? null,
  }

  return {
    put: (list: readonly Entry[]): void => {
      for (const entry of list) of(entry.kind).set(entry.id, entry)
      touch()
    },
    drop: (list: readonly { kind: string; id: string }[]): void => {
      for (const { kind, id } of list) of(kind).delete(id)
      touch()
    },
    dropGrids: (grids: readonly string[]): void => {
      for (const map of entries.values()) for (const [id, entry] of map) if (grids.includes(entry.grid)) map.delete(id)
      touch()
    },
    clear: (): void => {
      entries.clear()
      former = null
      views = null
      raw = new Map()
      formerRaw = raw
    },
    touch,
    shown,
  }
}

type Memory = ReturnType<typeof newMemory>

/** What was read of an entry is read once: a changed thing is another entry. */
function once<Key extends object, Value>(make: (key: Key) => Value): (key: Key) => Value {
  const known = new WeakMap<Key, { value: Value }>()
  return (key) => {
    const found = known.get(key) ?? { value: make(key) }
    known.set(key, found)
    return found.value
  }
}

function newMemory() {
  return {
    task: once((entry: Entry) => TaskBody.safeParse(entry.body).data ?? null),
    door: once((entry: Entry) => HouseholdBody.safeParse(entry.body).data ?? null),
    person: once((entry: Entry) => PersonBody.safeParse(entry.body).data ?? null),
    visitView: once((entry: Entry): VisitView | null => {
      const body = VisitBody.safeParse(entry.body).data
      return body ? { id: entry.id, grid: entry.grid, n: entry.n, body, local: false, state: null } : null
    }),
    noticeView: once((entry: Entry): NoticeView | null => {
      const body = NoticeBody.safeParse(entry.body).data
      return body ? { id: entry.id, grid: entry.grid, n: entry.n, body } : null
    }),
    raw: once(({ id, grid, n, kind, body }: Entry): RawView => ({ id, grid, n, kind, body })),
    mark: once((item: OutboxItem) => markOf(item)),
    livingAt: newLivingAt(),
  }
}

/** A person as living elsewhere by work that is not at the server yet; the same object as long as both stay the same. */
function newLivingAt(): (body: PersonBody, householdId: string | null | undefined) => PersonBody {
  const known = new WeakMap<PersonBody, PersonBody>()
  return (body, householdId) => {
    if (householdId === undefined || (body.householdId ?? null) === householdId) return body
    const before = known.get(body)
    if (before && before.householdId === householdId) return before
    const moved = { ...body, householdId }
    known.set(body, moved)
    return moved
  }
}

type List<View> = { list: readonly View[]; map: ReadonlyMap<string, View> }

type Views = {
  tasks: List<TaskView>
  doors: List<DoorView>
  persons: List<PersonView>
  tasksBy: ReadonlyMap<string, readonly TaskView[]>
  membersBy: ReadonlyMap<string, readonly PersonView[]>
  visitsBy: ReadonlyMap<string, readonly VisitView[]>
  notices: readonly NoticeView[]
  /** Ids that were made here, and the records that they became (PEOPLE-21). */
  alias: ReadonlyMap<string, string>
}

function listOf<View extends { id: string }>(before: List<View> | undefined, views: readonly View[]): List<View> {
  const list = steadyList(before?.list, views)
  return before && list === before.list ? before : { list, map: new Map(list.map((view) => [view.id, view])) }
}

function groupBy<View>(
  views: readonly View[],
  keysOf: (view: View) => readonly (string | null | undefined)[],
): Map<string, View[]> {
  const groups = new Map<string, View[]>()
  for (const view of views) {
    for (const key of keysOf(view)) {
      if (!key) continue
      const group = groups.get(key)
      if (group) group.push(view)
      else groups.set(key, [view])
    }
  }
  return groups
}

function steadyGroups<View>(
  before: ReadonlyMap<string, readonly View[]> | undefined,
  next: ReadonlyMap<string, readonly View[]>,
): ReadonlyMap<string, readonly View[]> {
  return new Map([...next].map(([key, views]) => [key, steadyList(before?.get(key), views)]))
}

export function labelOf(body: Pick<HouseholdBody, 'estate' | 'building' | 'door'>): string | null {
  const label = [body.estate, body.building, body.door].filter((part) => part).join(' ')
  return label === '' ? null : label
}

/** The things that a piece of work is about. */
function aboutOf(body: Body | null): string[] {
  if (!body) return []
  const ids = ['taskId', 'householdId', 'personId', 'id'].map((name) => textIn(body, name))
  const persons = Array.isArray(body['personIds']) ? body['personIds'].filter((id) => typeof id === 'string') : []
  return [...ids, ...persons].filter((id) => id !== null)
}

/** What ids that were made here stand for: "it is this one", or what the server's answer named. */
function aliasOf(works: readonly OutboxItem[]): ReadonlyMap<string, string> {
  const alias = new Map<string, string>()
  for (const { kind, body, answer, state } of works) {
    const id = textIn(body, 'id')
    if (id === null || state === 'refused') continue
    const said = isRecord(answer) ? answer : null
    const is =
      kind === 'person.use'
        ? textIn(body, 'personId')
        : kind === 'household.use'
          ? textIn(body, 'householdId')
          : kind === 'person.add'
            ? textIn(said, 'personId')
            : kind === 'household.add' && isRecord(said?.['household'])
              ? textIn(said['household'], 'id')
              : null
    if (is !== null && is !== id) alias.set(id, is)
  }
  // The near record may have been made here too.
  return new Map([...alias].map(([id, is]) => [id, alias.get(is) ?? is]))
}

/** Where people live by moves that the register does not show yet; null: at no door of my grids. The last one counts. */
function movesOf(live: readonly OutboxItem[], meant: (id: string) => string): ReadonlyMap<string, string | null> {
  const moves = new Map<string, string | null>()
  for (const { kind, body, state } of live) {
    if (state === 'refused') continue
    const to = textIn(body, 'householdId')
    const id = textIn(body, kind === 'person.use' ? 'personId' : 'id')
    if (id === null || (kind !== 'person.move' && kind !== 'person.use')) continue
    if (to !== null) moves.set(meant(id), meant(to))
    else if (kind === 'person.move') moves.set(meant(id), null)
  }
  return moves
}

/** Whether the feed shows what an accepted item made: the version that its answer named, else a read to the end since. */
function isShown(item: OutboxItem, needs: ShelfNeeds, taskVersion: (id: string) => number | null): boolean {
  if (item.state !== 'done') return false
  const task = isRecord(item.answer) && isRecord(item.answer['task']) ? item.answer['task'] : item.answer
  const id = isRecord(task) ? (textIn(task, 'id') ?? '') : ''
  const version = isRecord(task) && typeof task['version'] === 'number' ? task['version'] : null
  const here = taskVersion(id)
  if (version !== null && here !== null) return here >= version
  return (needs.heardAt(item.key) ?? 0) < needs.levelAt()
}

function build({
  of,
  needs,
  former,
  memory,
}: {
  of: (kind: string) => Map<string, Entry>
  needs: ShelfNeeds
  former: Views | null
  memory: Memory
}): Views {
  const read = <T>(kind: string, remembered: (entry: Entry) => T | null) =>
    [...of(kind).values()].flatMap((entry) => {
      const body = remembered(entry)
      return body === null ? [] : [{ entry, body }]
    })

  const works = needs.works()
  const versions = new Map(read('task', memory.task).map(({ entry, body }) => [entry.id, body.version]))
  const live = works.filter((item) => !isShown(item, needs, (id) => versions.get(id) ?? null))
  const alias = aliasOf(works)
  const meant = (id: string): string => alias.get(id) ?? id
  const moves = movesOf(live, meant)
  const marks = groupBy(live.map(memory.mark), (mark) => [...new Set(aboutOf(mark.body).map(meant))])
  const marksOf = (id: string): readonly Mark[] => marks.get(id) ?? NO_MARKS

  const personViews: PersonView[] = read('person', memory.person).map(({ entry, body }) =>
    steady(former?.persons.map.get(entry.id), {
      id: entry.id,
      grid: entry.grid,
      n: entry.n,
      body: memory.livingAt(body, moves.get(entry.id)),
      name: entry.identity?.name ?? null,
      phone: entry.identity?.phone ?? null,
      birth: entry.identity?.birth ?? null,
      documentEnd: entry.identity?.documentEnd ?? null,
      local: false,
      marks: marksOf(entry.id),
    }),
  )
  const known = new Set(personViews.map((view) => view.id))
  const isHere = (view: { id: string }, ids: ReadonlySet<string>): boolean => ids.has(view.id) || alias.has(view.id)
  const made = live
    .flatMap((item) => localPersons(item))
    .map((view) => ({
      ...view,
      body: memory.livingAt(view.body, moves.has(view.id) ? moves.get(view.id) : atMeant(view, meant)),
    }))
  personViews.push(...made.filter((view) => !isHere(view, known)))
  const persons = listOf(former?.persons, personViews)

  const doorViews: DoorView[] = read('household', memory.door).map(({ entry, body }) =>
    steady(former?.doors.map.get(entry.id), {
      id: entry.id,
      grid: entry.grid,
      n: entry.n,
      body,
      address: entry.address,
      label: labelOf(body),
      local: false,
      marks: marksOf(entry.id),
    }),
  )
  const knownDoors = new Set(doorViews.map((view) => view.id))
  doorViews.push(...live.flatMap((item) => localDoors(item)).filter((view) => !isHere(view, knownDoors)))
  const doors = listOf(former?.doors, doorViews)

  const tasks = listOf(
    former?.tasks,
    read('task', memory.task).map(({ entry, body }): TaskView => {
      const mine = marksOf(entry.id)
      const has = (kind: string): boolean => mine.some((mark) => mark.kind === kind && mark.state !== 'refused')
      return steady(former?.tasks.map.get(entry.id), {
        id: entry.id,
        grid: entry.grid,
        n: entry.n,
        body,
        person: body.personId ? (persons.map.get(body.personId) ?? null) : null,
        door: body.householdId ? (doors.map.get(body.householdId) ?? null) : null,
        filed: has('visit.file'),
        accepted: has('task.accept'),
        returned: has('task.return'),
        marks: mine,
      })
    }),
  )

  const visits: VisitView[] = read('visit', memory.visitView).map(({ body }) => body)
  const seen = new Set(visits.map((view) => view.id))
  visits.push(...works.flatMap((item) => localVisits(item, needs, meant)).filter((view) => !seen.has(view.id)))
  visits.sort((a, b) => b.body.day.localeCompare(a.body.day) || b.id.localeCompare(a.id))

  return {
    tasks,
    doors,
    persons,
    tasksBy: steadyGroups(
      former?.tasksBy,
      groupBy(tasks.list, (view) => [view.body.householdId, view.body.personId]),
    ),
    membersBy: steadyGroups(
      former?.membersBy,
      groupBy(persons.list, (view) => [view.body.householdId]),
    ),
    visitsBy: steadyGroups(
      former?.visitsBy,
      groupBy(visits, (view) => [
        view.body.taskId,
        view.body.householdId,
        view.body.by === needs.account() ? `by ${view.body.day}` : null,
      ]),
    ),
    notices: steadyList(
      former?.notices,
      read('notice', memory.noticeView)
        .map(({ body }) => body)
        .filter(({ body }) => !body.for || body.for === needs.account()),
    ),
    alias,
  }
}

/** The door of somebody who was made here, when that door turned out to be another record; else undefined. */
function atMeant(view: PersonView, meant: (id: string) => string): string | undefined {
  const { householdId } = view.body
  return householdId ? meant(householdId) : undefined
}

function localPersons(item: OutboxItem): PersonView[] {
  const { body } = item
  if (!body) return []
  if (item.kind === 'person.add')
    return [
      localPerson(item, body, textIn(body, 'id') ?? textIn(body, 'personId') ?? item.key, textIn(body, 'householdId')),
    ]
  if (item.kind !== 'household.add' || !Array.isArray(body['members'])) return []
  return body['members']
    .filter(isRecord)
    .map((member, i) => localPerson(item, member, textIn(member, 'id') ?? `${item.key}:${i}`, textIn(body, 'id')))
}

function localPerson(item: OutboxItem, said: Body, id: string, householdId: string | null): PersonView {
  const name = textIn(said, 'name')
  return {
    id,
    grid: item.grid ?? '',
    n: 0,
    body: {
      area: textIn(said, 'area') ?? item.grid ?? '',
      householdId,
      masked: name ?? '',
      sex: typeof said['sex'] === 'number' ? said['sex'] : 0,
      docKind: textIn(said, 'documentKind') ?? 'none',
      version: 0,
    },
    name,
    phone: textIn(said, 'phone'),
    birth: textIn(said, 'birth'),
    documentEnd: textIn(said, 'document')?.slice(-4) ?? null,
    local: true,
    marks: [markOf(item)],
  }
}

function localDoors(item: OutboxItem): DoorView[] {
  const { body } = item
  const id = textIn(body, 'id')
  if (item.kind !== 'household.add' || !body || id === null) return []
  const read: HouseholdBody = {
    county: '',
    area: textIn(body, 'area') ?? item.grid ?? '',
    kind: textIn(body, 'kind') ?? 'home',
    use: textIn(body, 'use') ?? 'self',
    estate: textIn(body, 'estate'),
    building: textIn(body, 'building'),
    door: textIn(body, 'door'),
    members: Array.isArray(body['members']) ? body['members'].length : 0,
    hazards: [],
    version: 0,
  }
  return [
    {
      id,
      grid: item.grid ?? '',
      n: 0,
      body: read,
      address: textIn(body, 'address'),
      label: labelOf(read),
      local: true,
      marks: [markOf(item)],
    },
  ]
}

function localVisits(item: OutboxItem, needs: ShelfNeeds, meant: (id: string) => string): VisitView[] {
  const { body } = item
  const id = textIn(body, 'id')
  if (item.kind !== 'visit.file' || !body || id === null) return []
  const householdId = textIn(body, 'householdId')
  const read: VisitBody = {
    county: '',
    taskId: textIn(body, 'taskId'),
    householdId: householdId === null ? null : meant(householdId),
    day: needs.dayOf(item.at),
    method: textIn(body, 'method') ?? 'door',
    result: textIn(body, 'result') ?? 'met',
    disposition: textIn(body, 'disposition'),
    supersedes: textIn(body, 'supersedes'),
    purpose: textIn(body, 'purpose'),
    instructionId: textIn(body, 'instructionId'),
    by: needs.account(),
  }
  return [{ id, grid: item.grid ?? '', n: 0, body: read, local: true, state: item.state }]
}

function markOf(item: OutboxItem): Mark {
  return { key: item.key, kind: item.kind, state: item.state, at: item.at, body: item.body }
}
