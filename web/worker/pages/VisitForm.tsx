import { findDisposition } from '@weiwang/domain/tasks/disposition'
import { startTransition, useRef, useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useSay } from '../../i18n/setup.ts'
import { Notice } from '../../kit/common/Notice.tsx'
import { ActBar, BigButton, Chips, Line, TextLine } from '../../kit/phone/controls.tsx'
import { useFormOpen } from '../phone/hooks.tsx'
import { fieldsOf, isMet } from '../visit/answers.ts'
import type { FormFault } from '../visit/answers.ts'
import type { VisitDraft } from '../visit/draft.ts'
import { isAboutPeople } from '../visit/forms.ts'
import { useVisit } from '../visit/useVisit.ts'
import type { Visit, VisitProps } from '../visit/useVisit.ts'
import { dispositionGroups } from './dispositionGroups.ts'
import { GridPick } from './GridPick.tsx'
import { MemberFields } from './MemberFields.tsx'
import { PhotoField, PositionField } from './Evidence.tsx'
import { FormFields, QuestionFields } from './QuestionFields.tsx'
import { Sent } from './Sent.tsx'
import { toFault } from './toFault.ts'

const METHODS = ['door', 'phone', 'video'] as const
const RESULTS = ['met', 'not_home', 'refused', 'moved_out', 'wrong_address'] as const

type Props = VisitProps & {
  title: string
  next: string
  onCorrect: ((said: VisitDraft) => void) | null
  /** Who lives at the door: whom the visit can be about. */
  members: readonly { id: string; name: string }[]
  /** Beside the first button, for a visit made alone. */
  help?: ReactNode
}

function Required({ visit, kind }: { visit: Visit; kind: 'task' | 'door' }): ReactNode {
  const { t } = useTranslation('worker')
  const { t: c } = useTranslation('common')
  const say = useSay()
  const { draft, set, faults } = visit
  const disposition = draft.disposition === null ? null : findDisposition(draft.disposition)
  const needs = disposition?.needs ?? []
  const fault = (field: FormFault): string | undefined =>
    visit.pressed && faults.fields.includes(field) ? c('field.required') : undefined
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
      {kind === 'task' ? (
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
        fault={fault('result')}
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
    </>
  )
}

/** What the campaign asks, then what the form asks of the door and of each who was visited. */
function Questions({ visit, props }: { visit: Visit; props: Props }): ReactNode {
  const { draft, asked, faults, pressed } = visit
  return (
    <>
      <QuestionFields
        questions={asked.questions}
        answers={draft.answers}
        faults={pressed ? faults.answers : {}}
        onChange={visit.answer}
      />
      <FormFields
        fields={fieldsOf(asked, 'door', draft)}
        answers={draft.answers}
        faults={faults.answers}
        pressed={pressed}
        onChange={visit.answer}
        onConfirm={(key, value) => visit.confirm(null, key, value)}
      />
      {isAboutPeople(asked.form) || props.members.length > 0 ? (
        <MemberFields visit={visit} members={props.members} />
      ) : null}
    </>
  )
}

function Note({ visit }: { visit: Visit }): ReactNode {
  const { t } = useTranslation('worker')
  const { t: c } = useTranslation('common')
  const { draft, set } = visit
  const disposition = draft.disposition === null ? null : findDisposition(draft.disposition)
  const isFault = visit.pressed && visit.faults.fields.includes('note')
  // The box shows each key at once; the form around it follows when there is time, and the disk has it in any case.
  const [typed, setTyped] = useState<string | null>(null)
  const type = (text: string): void => {
    setTyped(text)
    startTransition(() => set({ note: text }))
  }
  return (
    <TextLine
      label={t('note')}
      help={disposition?.needs.includes('note') ? t('note.needed') : t('note.help')}
      fault={isFault ? c('field.required') : undefined}
      value={typed ?? draft.note}
      most={2000}
      onChange={type}
      onLeave={() => startTransition(() => setTyped(null))}
    />
  )
}

/** One column, answers as chips, prefilled; saved on every change, filed by one button under the thumb. */
export function VisitForm(props: Props): ReactNode {
  const { t } = useTranslation('worker')
  const form = useRef<HTMLFormElement>(null)
  const visit = useVisit(props)
  const correct = props.onCorrect
  useFormOpen()
  if (visit.filed !== null) {
    return (
      <Sent
        key={visit.filed}
        item={visit.filed}
        disposition={visit.draft.disposition}
        next={props.next}
        onCorrect={correct ? () => correct(visit.draft) : null}
      />
    )
  }
  const file = (anyway = false): void => {
    if (!visit.file(anyway)) toFault(form.current)
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
      <h2>{props.title}</h2>
      {visit.restored ? <Notice kind="note" head={t('draft.restored')} /> : null}
      {visit.noRoom ? <Notice kind="fault" head={t('draft.noRoom')} /> : null}
      <fieldset className="bare" disabled={!visit.ready}>
        <Required visit={visit} kind={props.kind} />
        {isMet(visit.draft) ? <Questions visit={visit} props={props} /> : null}
        <Note visit={visit} />
        {props.mends === undefined ? <PhotoField visit={visit} /> : null}
        <PositionField visit={visit} />
      </fieldset>
      {visit.full ? <Notice kind="fault" takesFocus head={t('phone.full')} body={t('phone.full.todo')} /> : null}
      {visit.failed ? <Notice kind="fault" takesFocus head={t('file.failed')} body={t('file.failed.todo')} /> : null}
      {visit.open > 0 ? (
        <Notice
          kind="note"
          head={t('open.questions', { n: visit.open })}
          body={t('open.questions.body')}
          action={<BigButton onClick={() => file(true)}>{t('file.anyway')}</BigButton>}
        />
      ) : null}
      {props.help}
      <ActBar>
        <BigButton primary submit busy={visit.busy}>
          {t('file')}
        </BigButton>
      </ActBar>
    </form>
  )
}
