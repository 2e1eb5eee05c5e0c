import { useEffect, useRef, useState } from 'react'
import { useDraft, usePhone } from '../phone/hooks.tsx'
import { PhoneFull } from '../phone/store.ts'
import type { DraftOf } from '../phone/types.ts'
import { versionOf } from '../phone/versions.ts'
import { newId } from '../../shared/newId.ts'
import { confirmKey, faultsOf, holdsBack, openQuestions, resultOf } from './answers.ts'
import type { Asked, Faults } from './answers.ts'
import { freshDraft, personsOf, readDraft, requestOf } from './draft.ts'
import type { Subject, VisitDraft } from './draft.ts'

export type VisitProps = Omit<Asked, 'persons'> & {
  subject: Subject
  grid: string
  /** A refused item that this one replaces. */
  mends?: string
  /** What the form begins with; a kept draft goes before it. */
  start?: VisitDraft
  /** A correction, or a mended item, has a draft of its own. */
  draftName: string
}

type Patch = Partial<VisitDraft> | ((before: VisitDraft) => Partial<VisitDraft>)

export type Visit = {
  draft: VisitDraft
  asked: Asked
  /** A function sees the newest: what comes late (a picture, a position) must not undo what was typed meanwhile. */
  set: (patch: Patch) => void
  /** A picture is being made small: filing waits for it. */
  taking: boolean
  setTaking: (taking: boolean) => void
  answer: (key: string, value: unknown) => void
  /** Null for `person`: the same answer for everybody who is visited. */
  answerOf: (person: string | null, key: string, value: unknown) => void
  confirm: (person: string | null, key: string, value: unknown) => void
  chooseDisposition: (code: string | null) => void
  faults: Faults
  /** The button was pressed once: from then on faults are shown. */
  pressed: boolean
  /** Required questions that nobody has answered, once filing was tried: they may be left open (VISIT-2). */
  open: number
  /** False when something is missing. `anyway` leaves required questions open. */
  file: (anyway?: boolean) => boolean
  busy: boolean
  full: boolean
  failed: boolean
  /** Key in the outbox of what was filed here. */
  filed: string | null
  ready: boolean
  restored: boolean
  noRoom: boolean
}

function withAnswer(answers: Readonly<Record<string, unknown>>, key: string, value: unknown): Record<string, unknown> {
  const { [key]: _, ...rest } = answers
  return value === undefined ? rest : { ...rest, [key]: value }
}

/** One visit from the first tap to the outbox. Everything is kept on every change; what happens then is the outbox's to tell. */
export function useVisit(props: VisitProps): Visit {
  const { subject, kind, questions, form, mends } = props
  const phone = usePhone()
  const of: DraftOf = {
    form: props.draftName,
    version: versionOf([questions, form.fields]),
    subject: mends ?? subject.taskId ?? subject.householdId ?? '',
  }
  const {
    value: draft,
    set: keep,
    drop,
    ready,
    restored,
    noRoom,
  } = useDraft<VisitDraft>(of, () => props.start ?? freshDraft(newId(phone.now())), readDraft)
  const [pressed, setPressed] = useState(false)
  const [busy, setBusy] = useState(false)
  const [taking, setTaking] = useState(false)
  const [trouble, setTrouble] = useState<'none' | 'full' | 'failed'>('none')
  const [filed, setFiled] = useState<string | null>(null)
  const persons = personsOf(draft, subject)
  const asked: Asked = { kind, questions, form, persons }
  // What was typed last, whether it is drawn yet or not; a draft that was found on the disk is taken over.
  const latest = useRef(draft)
  const made = useRef(new WeakSet<VisitDraft>())
  useEffect(() => {
    if (!made.current.has(draft)) latest.current = draft
  }, [draft])
  const set = (patch: Patch): void => {
    const before = latest.current
    const next = { ...before, ...(typeof patch === 'function' ? patch(before) : patch) }
    made.current.add(next)
    latest.current = next
    keep(next)
  }
  const faults = faultsOf(draft, asked)

  async function put(now: VisitDraft): Promise<void> {
    setBusy(true)
    try {
      const body = requestOf(now, subject, phone.now())
      const item = mends
        ? await phone.outbox.mend(mends, body)
        : await phone.outbox.add({ kind: 'visit.file', grid: props.grid, body, photos: now.photos, draft: of })
      if (mends) await drop()
      setTrouble('none')
      setFiled(item.key)
    } catch (error) {
      setTrouble(error instanceof PhoneFull ? 'full' : 'failed')
    } finally {
      setBusy(false)
    }
  }

  return {
    draft,
    asked,
    set,
    answer: (key, value) => set((before) => ({ answers: withAnswer(before.answers, key, value) })),
    answerOf: (person, key, value) => {
      const whom = person === null ? persons : [person]
      set(({ members }) => {
        const changed = whom.map((id) => [id, withAnswer(members[id] ?? {}, key, value)] as const)
        return { members: { ...members, ...Object.fromEntries(changed) } }
      })
    },
    confirm: (person, key, value) =>
      set((before) => ({ confirmed: [...before.confirmed, confirmKey(person, key, value)] })),
    chooseDisposition: (code) => set({ disposition: code, result: code === null ? draft.result : resultOf(code) }),
    faults,
    pressed,
    open: pressed ? openQuestions(faults) : 0,
    file: (anyway = false) => {
      setPressed(true)
      const now = latest.current
      const found = faultsOf(now, { ...asked, persons: personsOf(now, subject) })
      if (busy || taking || holdsBack(found) || (!anyway && openQuestions(found) > 0)) return false
      void put(now)
      return true
    },
    busy: busy || taking,
    taking,
    setTaking,
    full: trouble === 'full',
    failed: trouble === 'failed',
    filed,
    ready,
    restored: restored && filed === null,
    noRoom,
  }
}
