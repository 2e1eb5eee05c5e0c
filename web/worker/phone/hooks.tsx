import type { Mine, Reference } from '@weiwang/domain/sync/api'
import {
  createContext,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
} from 'react'
import type { ReactNode } from 'react'
import type { z } from 'zod'
import type { HeardPath } from './heard.ts'
import type {
  DoorView,
  DraftOf,
  Hit,
  NoticeView,
  OutboxItem,
  Own,
  PersonView,
  Phone,
  PhoneState,
  RawView,
  Strip,
  TaskView,
  VisitView,
} from './types.ts'
import type { Updates } from './update.ts'

/** The engine for screens: what is read lies in memory and is the same object until it changes. */
const PhoneContext = createContext<Phone | null>(null)
const UpdateContext = createContext<Updates | null>(null)

export function PhoneProvider({
  phone,
  updates,
  children,
}: {
  phone: Phone
  updates?: Updates
  children: ReactNode
}): ReactNode {
  return (
    <UpdateContext value={updates ?? null}>
      <PhoneContext value={phone}>{children}</PhoneContext>
    </UpdateContext>
  )
}

/** Acts: `phone.outbox.add`, `phone.photos.take`, `phone.unlock` … */
export function usePhone(): Phone {
  const phone = useContext(PhoneContext)
  if (!phone) throw new Error('no phone around this screen')
  return phone
}

function useRead<T>(read: (phone: Phone) => T): T {
  const phone = usePhone()
  return useSyncExternalStore(phone.subscribe, () => read(phone))
}

export function usePhoneState(): PhoneState {
  return useRead((phone) => phone.state())
}
export function useStrip(): Strip {
  return useRead((phone) => phone.strip())
}
export function useMine(): Mine | null {
  return useRead((phone) => phone.mine())
}
/** Campaigns and forms in force. */
export function useReference(): Reference | null {
  return useRead((phone) => phone.reference())
}
export function useOutbox(): readonly OutboxItem[] {
  return useRead((phone) => phone.outbox.items())
}
export function useTasks(): readonly TaskView[] {
  return useRead((phone) => phone.shelf.tasks())
}
export function useTask(id: string): TaskView | null {
  return useRead((phone) => phone.shelf.task(id))
}
const NONE: readonly never[] = []
export function useTasksOf(of: { householdId?: string; personId?: string }): readonly TaskView[] {
  return useRead((phone) => orNone(phone.shelf.tasksOf(of)))
}
export function useDoors(): readonly DoorView[] {
  return useRead((phone) => phone.shelf.doors())
}
export function useDoor(id: string): DoorView | null {
  return useRead((phone) => phone.shelf.door(id))
}
export function usePerson(id: string): PersonView | null {
  return useRead((phone) => phone.shelf.person(id))
}
export function useMembers(householdId: string): readonly PersonView[] {
  return useRead((phone) => orNone(phone.shelf.membersOf(householdId)))
}
export function useVisits(of: { taskId?: string; householdId?: string }): readonly VisitView[] {
  return useRead((phone) => orNone(phone.shelf.visitsOf(of)))
}
export function useMyVisits(day: string): readonly VisitView[] {
  return useRead((phone) => orNone(phone.shelf.myVisits(day)))
}
/** My calls for help and held changes, asked for again when a screen shows them. */
export function useOwn(): Own | null {
  const phone = usePhone()
  useEffect(() => phone.askOwn(), [phone])
  return useRead((one) => one.own())
}
const ASKED_AGAIN_MS = 60_000

/**
 * A list of my own that only the server makes, asked for while its screen is open and again after work of mine has gone up; null
 * before it was heard, or when this app does not understand it.
 */
export function useHeard<S extends z.ZodType>(
  schema: S,
  path: HeardPath,
): { data: z.output<S> | null; asOf: Date | null; unread: boolean } {
  const phone = usePhone()
  const { waiting } = useStrip()
  useEffect(() => {
    phone.askHeard(path)
    const timer = setInterval(() => phone.askHeard(path), ASKED_AGAIN_MS)
    return () => clearInterval(timer)
  }, [phone, path, waiting])
  const heard = useRead((one) => one.heard(path))
  return useMemo(() => {
    const data = heard ? (schema.safeParse(heard.body).data ?? null) : null
    return { data, asOf: heard?.asOf ?? null, unread: heard !== null && data === null }
  }, [schema, heard])
}

export function useNotices(): readonly NoticeView[] {
  return useRead((phone) => phone.shelf.notices())
}
/** Instructions, duty and kinds that the engine only carries. */
export function useThings(kind: string): readonly RawView[] {
  return useRead((phone) => orNone(phone.shelf.things(kind)))
}

/** An empty list is always the same one. */
function orNone<T>(list: readonly T[]): readonly T[] {
  return list.length === 0 ? NONE : list
}

const SEARCH_WAIT_MS = 120

/**
 * Hits of what was typed last; an answer to an earlier text is thrown away (case 61). Searched again when the register has changed: who
 * types while it still comes down must not read that nobody is there.
 */
export function useSearch(text: string): { hits: readonly Hit[]; busy: boolean } {
  const phone = usePhone()
  const [answer, setAnswer] = useState<{ text: string; hits: readonly Hit[] }>({ text: '', hits: NONE })
  const doors = useDoors()
  const persons = useRead((one) => one.shelf.persons())
  useEffect(() => {
    let wanted = true
    const timer = setTimeout(() => {
      void phone.search(text).then((hits) => {
        if (wanted) setAnswer({ text, hits })
      })
    }, SEARCH_WAIT_MS)
    return () => {
      wanted = false
      clearTimeout(timer)
    }
  }, [phone, text, doors, persons])
  return { hits: answer.hits, busy: answer.text !== text }
}

/**
 * A draft that is kept on every change. `ready` is false until it was looked for; `read` turns what lies there into the form's
 * own shape, or null when this form cannot use it.
 */
export function useDraft<T>(
  of: DraftOf,
  start: () => T,
  read: (content: unknown) => T | null,
): { value: T; set: (next: T) => void; drop: () => Promise<void>; ready: boolean; restored: boolean; noRoom: boolean } {
  const phone = usePhone()
  const [value, setValue] = useState<T>(start)
  const [found, setFound] = useState<'looking' | 'none' | 'restored'>('looking')
  const [noRoom, setNoRoom] = useState(false)
  const readRef = useRef(read)
  const touched = useRef(false)
  const { form, version, subject } = of
  useEffect(() => {
    let wanted = true
    void phone.drafts.load({ form, version, subject }).then((draft) => {
      const kept = draft ? readRef.current(draft.content) : null
      if (!wanted) return
      // What was typed while the disk was read is newer.
      if (kept !== null && !touched.current) setValue(kept)
      setFound(kept === null ? 'none' : 'restored')
    })
    return () => {
      wanted = false
    }
  }, [phone, form, version, subject])
  const set = useCallback(
    (next: T): void => {
      touched.current = true
      setValue(next)
      phone.drafts.save({ form, version, subject }, next).then(
        () => setNoRoom(false),
        () => setNoRoom(true),
      )
    },
    [phone, form, version, subject],
  )
  const drop = useCallback(() => phone.drafts.drop({ form, version, subject }), [phone, form, version, subject])
  return { value, set, drop, ready: found !== 'looking', restored: found === 'restored', noRoom }
}

/**
 * The same for a sheet or a form of a few fields, by the schema of what is typed: changed part by part, handed over with the work
 * (`draft`), and begun with `start` where nothing was half typed.
 */
export function useKept<T extends object>(
  draft: DraftOf,
  schema: z.ZodType<T>,
  start: T,
): { value: T; patch: (part: Partial<T>) => void; drop: () => Promise<void>; draft: DraftOf } {
  const { value, set, drop } = useDraft<T>(
    draft,
    () => start,
    (content) => schema.safeParse(content).data ?? null,
  )
  // A picture or a position comes when it comes: what was typed meanwhile stays.
  const latest = useRef(value)
  useEffect(() => {
    latest.current = value
  }, [value])
  const patch = (part: Partial<T>): void => {
    latest.current = { ...latest.current, ...part }
    set(latest.current)
  }
  return { value, patch, drop, draft }
}

const never = (): (() => void) => () => undefined

/** A new version of the app is there and no form is open. */
export function useUpdate(): { ready: boolean; apply: () => void } {
  const updates = useContext(UpdateContext)
  const ready = useSyncExternalStore(updates?.subscribe ?? never, () => updates?.isReady() ?? false)
  return { ready, apply: () => updates?.apply() }
}

/** While a page with this is open, no update is offered. */
export function useFormOpen(): void {
  const updates = useContext(UpdateContext)
  useEffect(() => updates?.openForm(), [updates])
}
