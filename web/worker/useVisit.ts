import type { Question } from '@weiwang/domain/access/questions'
import { FiledVisit } from '@weiwang/domain/visits/api'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { z } from 'zod'
import { ApiProblem, send } from '../api/http.ts'
import { useSession } from '../session/me.ts'
import { faultsOf, holdsBack, openQuestions, requestOf, resultOf } from './answers.ts'
import type { Faults } from './answers.ts'
import { dropDraft, loadDraft, saveDraft, versionOf } from './drafts.ts'
import type { Draft, DraftOf } from './drafts.ts'
import { newId } from './newId.ts'

export type Subject = { taskId?: string; householdId?: string; campaignId?: string; personIds: string[] }

const TOUCHED = ['/api/tasks', '/api/visits', '/api/stats', '/api/households']

function fresh(now: Date): Draft {
  return {
    visitId: newId(now),
    key: crypto.randomUUID(),
    method: 'door',
    result: null,
    disposition: null,
    answers: {},
    note: '',
    goesTo: null,
    expectedDay: '',
    supersedes: null,
    correctionReason: '',
    tried: false,
    savedAt: now.toISOString(),
  }
}

export type Said = Pick<Draft, 'method' | 'result' | 'disposition' | 'answers'>

export type Visit = {
  draft: Draft
  set: (patch: Partial<Draft>) => void
  answer: (key: string, value: unknown) => void
  chooseDisposition: (code: string | null) => void
  faults: Faults
  /** The button was pressed once: from then on faults are shown. */
  asked: boolean
  /** Required questions that nobody has answered, once filing was tried: they may be left open (VISIT-2). */
  open: number
  /** True when it was sent; false when something is missing. `anyway` leaves required questions open. */
  file: (anyway?: boolean) => boolean
  sending: boolean
  error: Error | null
  refused: boolean
  filed: z.output<typeof FiledVisit> | null
  /** A correction starts from what the corrected visit said, so that its answers are not asked again. */
  correct: (visitId: string, said?: Said) => void
  restored: boolean
  noRoom: boolean
}

/** One visit from the first tap to the server's word. */
export function useVisit({
  subject,
  kind,
  questions,
}: {
  subject: Subject
  kind: 'task' | 'door'
  questions: readonly Question[]
}): Visit {
  const { me, offset } = useSession()
  const client = useQueryClient()
  const of: DraftOf = {
    account: me.id,
    form: subject.campaignId ?? 'door',
    version: versionOf(questions),
    subject: subject.taskId ?? subject.householdId ?? '',
  }
  const now = (): Date => new Date(Date.now() + offset)
  const [start] = useState(() => ({ draft: loadDraft(localStorage, of), fresh: fresh(now()) }))
  const [draft, setDraft] = useState<Draft>(start.draft ?? start.fresh)
  const [asked, setAsked] = useState(false)
  const [noRoom, setNoRoom] = useState(false)
  const [filed, setFiled] = useState<z.output<typeof FiledVisit> | null>(null)
  const keep = (next: Draft): void => {
    setDraft(next)
    setNoRoom(!saveDraft(localStorage, of, next))
  }
  // A changed form is another request and gets another key; one whose answer never came is not changed but sent again.
  const set = (patch: Partial<Draft>): void => {
    if (draft.tried) return
    keep({ ...draft, ...patch, key: crypto.randomUUID(), savedAt: now().toISOString() })
  }
  const write = useMutation({
    mutationFn: (body: Draft) =>
      send(FiledVisit, { path: '/api/visits', body: requestOf(body, subject, new Date(body.savedAt)), key: body.key }),
    onSuccess: async (answer) => {
      dropDraft(localStorage, of)
      setFiled(answer)
      await client.invalidateQueries({
        predicate: ({ queryKey }) =>
          TOUCHED.some((prefix) => typeof queryKey[0] === 'string' && queryKey[0].startsWith(prefix)),
      })
    },
    onError: (error, body) => {
      // Only silence leaves it open whether the server has it; a refusal is an answer.
      const open = error instanceof ApiProblem && error.body.kind === 'unavailable'
      keep({ ...body, tried: open, ...(open ? {} : { key: crypto.randomUUID() }) })
    },
  })
  const faults = faultsOf(draft, questions, kind)
  return {
    draft,
    set,
    answer: (key, value) => {
      const { [key]: _, ...rest } = draft.answers
      set({ answers: value === undefined ? rest : { ...rest, [key]: value } })
    },
    chooseDisposition: (code) => set({ disposition: code, result: code === null ? draft.result : resultOf(code) }),
    faults,
    asked,
    open: asked ? openQuestions(faults) : 0,
    file: (anyway = false) => {
      setAsked(true)
      if (holdsBack(faults) || (!anyway && openQuestions(faults) > 0)) return false
      // The time of the visit is fixed by the first try, so that a repeat is the same request.
      const body = draft.tried ? draft : { ...draft, savedAt: now().toISOString() }
      keep({ ...body, tried: true })
      write.mutate(body)
      return true
    },
    sending: write.isPending,
    error: write.error,
    refused: write.error instanceof ApiProblem && write.error.body.kind !== 'unavailable',
    filed,
    correct: (visitId, said) => {
      setFiled(null)
      write.reset()
      setAsked(false)
      keep({
        ...draft,
        ...said,
        visitId: newId(now()),
        key: crypto.randomUUID(),
        supersedes: visitId,
        correctionReason: '',
        tried: false,
        savedAt: now().toISOString(),
      })
    },
    restored: start.draft !== null && filed === null,
    noRoom,
  }
}
