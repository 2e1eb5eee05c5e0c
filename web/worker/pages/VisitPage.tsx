import type { FormPurpose } from '@weiwang/domain/tasks/form'
import { shippedForm } from '@weiwang/domain/tasks/forms-shipped'
import { useParams, useRouterState } from '@tanstack/react-router'
import { useEffect } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useSay } from '../../i18n/setup.ts'
import { Empty } from '../../kit/common/Notice.tsx'
import { Loading } from '../../shared/ProblemNotice.tsx'
import { Head } from '../Frame.tsx'
import { paths } from '../paths.ts'
import { useDoor, useMembers, useReference, useVisits } from '../phone/hooks.tsx'
import type { DoorView } from '../phone/types.ts'
import { formFor, isAboutPeople, purposeIn, purposesFor } from '../visit/forms.ts'
import { HelpAtDoor } from './Help.tsx'
import { useInstructionOf } from './instructions.ts'
import { useCorrection } from './useCorrection.ts'
import { VisitForm } from './VisitForm.tsx'
import { useHeld } from './useHeld.ts'

export function usePurposeWord(): (purpose: FormPurpose) => string {
  const say = useSay()
  const reference = useReference()
  return (purpose) => say(reference ? formFor(reference, purpose, '').form.say : shippedForm(purpose).say)
}

type Asked = { purpose: string | null; corrects: string | null; instruction: string | null }

function useAsked(): Asked {
  const text = useRouterState({ select: (state) => state.location.searchStr })
  const search = new URLSearchParams(text)
  return { purpose: search.get('purpose'), corrects: search.get('corrects'), instruction: search.get('instruction') }
}

function Opened({ door, asked }: { door: DoorView; asked: Asked }): ReactNode {
  const { t } = useTranslation('worker')
  const say = useSay()
  const members = useMembers(door.id)
  const visits = useVisits({ householdId: door.id })
  const correction = useCorrection()
  const { start, of: correct } = correction
  const corrected = visits.find((visit) => visit.id === asked.corrects)
  useEffect(() => {
    if (corrected && start === null) correct(corrected)
    // Once, when it is found.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [corrected?.id])
  const purposeOf = (raw: unknown): FormPurpose | null => purposeIn(typeof raw === 'string' ? raw : null)
  const purpose =
    purposeIn(asked.purpose) ?? purposeOf(corrected?.body['purpose']) ?? purposesFor(door.body.kind)[0] ?? 'household'
  const { id, version, form } = formFor(useReference(), purpose, door.grid)
  const order = useInstructionOf(door, {
    purpose,
    opened: asked.instruction,
    corrects: start?.supersedes ?? null,
    visits,
  })
  if (asked.corrects && start === null) return <Loading />
  const people = members.map((person) => ({ id: person.id, name: person.name ?? person.body.masked }))
  return (
    <VisitForm
      key={start?.visitId ?? purpose}
      title={start ? t('form.correction') : say(form.say)}
      kind="door"
      grid={door.grid}
      draftName={start ? `correction of ${start.supersedes}` : purpose}
      questions={[]}
      form={form}
      members={people}
      subject={{
        householdId: door.id,
        purpose,
        form: { id, version },
        personIds: isAboutPeople(form) ? people.map((person) => person.id) : [],
        ...order,
      }}
      next={asked.instruction ? paths.instruction(asked.instruction) : paths.doors()}
      onCorrect={correction.from}
      help={<HelpAtDoor grid={door.grid} householdId={door.id} />}
      {...(start ? { start } : {})}
    />
  )
}

/** A visit to a door, by the form of its purpose. */
export function VisitPage(): ReactNode {
  const { t } = useTranslation('worker')
  const { id = '' } = useParams({ strict: false })
  const door = useHeld(useDoor(id), id)
  const asked = useAsked()
  return (
    <div className="phone-with-act">
      <Head title={door?.label ?? t('form')} back={paths.door(id)} />
      <main className="phone-main">
        {door ? (
          <Opened key={id} door={door} asked={asked} />
        ) : (
          <Empty why={t('door.gone')} todo={t('door.gone.todo')} />
        )}
      </main>
    </div>
  )
}
