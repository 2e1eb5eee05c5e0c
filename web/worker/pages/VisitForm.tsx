import type { Question } from '@weiwang/domain/access/questions'
import type { Say } from '@weiwang/domain/core/say'
import { findDisposition } from '@weiwang/domain/tasks/disposition'
import { VisitDetail } from '@weiwang/domain/visits/api'
import { useQuery } from '@tanstack/react-query'
import { useRef } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { q } from '../../api/query.ts'
import { useSay } from '../../i18n/setup.ts'
import { HonestState, Notice } from '../../kit/common/Notice.tsx'
import { ActBar, BigButton, Chips, Line, TextLine } from '../../kit/phone/controls.tsx'
import { Loading, ProblemNotice, ReadProblem } from '../../shared/ProblemNotice.tsx'
import type { FormFault } from '../answers.ts'
import { useVisit } from '../useVisit.ts'
import type { Subject, Visit } from '../useVisit.ts'
import { dispositionGroups } from './dispositionGroups.ts'
import { GridPick } from './GridPick.tsx'
import { QuestionFields } from './QuestionFields.tsx'
import { Sent } from './Sent.tsx'

const METHODS = ['door', 'phone', 'video'] as const
const RESULTS = ['met', 'not_home', 'refused', 'moved_out', 'wrong_address'] as const

export type VisitFormProps = {
  subject: Subject
  kind: 'task' | 'door'
  questions: readonly Question[]
  /** The task is answered: what can be filed is a correction. */
  closed: boolean
  lastVisit: string | null
  mayFile: boolean
  why: Say | null
}

/** Where the visit is now, in the same words everywhere. */
function Honest({ visit }: { visit: Visit }): ReactNode {
  const { t } = useTranslation('worker')
  const { t: c } = useTranslation('common')
  if (visit.sending) return <HonestState state="way" word={c('state.way')} />
  if (visit.refused) return <HonestState state="refused" word={c('state.refused')} />
  if (visit.draft.tried) return <HonestState state="here" word={t('tried')} />
  return null
}

function Fields({ visit, props }: { visit: Visit; props: VisitFormProps }): ReactNode {
  const { t } = useTranslation('worker')
  const { t: c } = useTranslation('common')
  const say = useSay()
  const { draft, set, faults } = visit
  const disposition = draft.disposition === null ? null : findDisposition(draft.disposition)
  const needs = disposition?.needs ?? []
  const fault = (field: FormFault): string | undefined =>
    visit.asked && faults.fields.includes(field) ? c('field.required') : undefined
  return (
    <>
      {draft.supersedes ? (
        <Line
          label={t('correct.why')}
          fault={fault('correctionReason')}
          value={draft.correctionReason}
          onChange={(correctionReason) => set({ correctionReason })}
        />
      ) : null}
      <Chips
        label={t('method')}
        groups={[{ chips: METHODS.map((m) => ({ value: m, label: t(`method.${m}`) })) }]}
        value={METHODS.find((m) => m === draft.method) ?? null}
        onChange={(m) => set({ method: m ?? 'door' })}
      />
      {props.kind === 'task' ? (
        <Chips<string>
          label={t('disposition')}
          help={disposition ? say(disposition.after) : undefined}
          fault={fault('disposition')}
          groups={dispositionGroups().map((g) => ({
            label: t(`dispositions.${g.key}`),
            chips: g.items.map((d) => ({ value: d.code, label: say(d.say) })),
          }))}
          value={draft.disposition}
          onChange={visit.chooseDisposition}
        />
      ) : null}
      <Chips<string>
        label={t('atDoor')}
        groups={[{ chips: RESULTS.map((r) => ({ value: r, label: t(`result.${r}`) })) }]}
        value={draft.result}
        onChange={(result) => set({ result })}
      />
      {needs.includes('area') ? (
        <GridPick
          label={t('goesTo')}
          fault={fault('goesTo')}
          value={draft.goesTo}
          onChange={(goesTo) => set({ goesTo })}
        />
      ) : null}
      {needs.includes('day') ? (
        <Line
          type="date"
          label={t('expectedDay')}
          fault={fault('expectedDay')}
          value={draft.expectedDay}
          onChange={(expectedDay) => set({ expectedDay })}
        />
      ) : null}
      {draft.result === 'met' || draft.result === null ? (
        <QuestionFields
          questions={props.questions}
          answers={draft.answers}
          faults={visit.asked ? faults.answers : {}}
          onChange={visit.answer}
        />
      ) : null}
      <TextLine
        label={t('note')}
        help={needs.includes('note') ? t('note.needed') : t('note.help')}
        fault={fault('note')}
        value={draft.note}
        onChange={(note) => set({ note })}
      />
    </>
  )
}

/** Reads what the visit said first: who corrects one word need not answer everything again. Sealed text is not brought along. */
function Correct({ id, visit }: { id: string; visit: Visit }): ReactNode {
  const { t } = useTranslation('worker')
  const { t: c } = useTranslation('common')
  const answer = useQuery(q(VisitDetail, `/api/visits/${id}`))
  if (answer.error)
    return (
      <ReadProblem
        error={answer.error}
        again={<BigButton onClick={() => void answer.refetch()}>{c('act.retry')}</BigButton>}
      />
    )
  if (!answer.data) return <Loading />
  const said = answer.data
  const method = METHODS.find((m) => m === said.method) ?? 'door'
  return (
    <BigButton
      onClick={() =>
        visit.correct(id, { method, result: said.result, disposition: said.disposition, answers: said.answers })
      }
    >
      {t('correct')}
    </BigButton>
  )
}

/** One column, answers as chips, prefilled; saved on every change, filed by one button under the thumb. */
export function VisitForm(props: VisitFormProps): ReactNode {
  const { t } = useTranslation('worker')
  const { t: c } = useTranslation('common')
  const say = useSay()
  const form = useRef<HTMLFormElement>(null)
  const visit = useVisit(props)
  const { draft } = visit
  const { lastVisit } = props
  if (visit.filed)
    return <Sent filed={visit.filed} disposition={draft.disposition} onCorrect={visit.correct} kind={props.kind} />
  if (props.closed && draft.supersedes === null) {
    return (
      <section className="card">
        <p>{t('answered')}</p>
        {lastVisit ? <Correct id={lastVisit} visit={visit} /> : null}
      </section>
    )
  }
  if (!props.mayFile && draft.supersedes === null) return <Notice kind="note" head={say(props.why) || t('mayNot')} />
  const file = (anyway = false): void => {
    if (visit.file(anyway)) return
    // The first place that lacks an answer comes into sight and takes the cursor.
    requestAnimationFrame(() => {
      const place = form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')
      place?.scrollIntoView({ block: 'center' })
      const field = place?.matches('input, textarea') ? place : place?.querySelector<HTMLElement>('input, textarea')
      field?.focus({ preventScroll: true })
    })
  }
  return (
    <form
      ref={form}
      className="card"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        file()
      }}
    >
      <h2>{draft.supersedes ? t('form.correction') : t('form')}</h2>
      {visit.restored ? <Notice kind="note" head={t('draft.restored')} /> : null}
      {visit.noRoom ? <Notice kind="fault" head={t('draft.noRoom')} /> : null}
      {/* What was sent without an answer may be with the server already: it is sent again as it was, and corrected after. */}
      <fieldset className="bare" disabled={draft.tried}>
        <Fields visit={visit} props={props} />
      </fieldset>
      <ProblemNotice error={visit.error} />
      {visit.open > 0 && !draft.tried ? (
        <Notice
          kind="note"
          head={t('open.questions', { n: visit.open })}
          body={t('open.questions.body')}
          action={<BigButton onClick={() => file(true)}>{t('file.anyway')}</BigButton>}
        />
      ) : null}
      <p>
        <Honest visit={visit} />
      </p>
      <ActBar>
        <BigButton primary submit busy={visit.sending}>
          {visit.sending ? c('state.way') : draft.tried ? t('file.again') : t('file')}
        </BigButton>
      </ActBar>
    </form>
  )
}
