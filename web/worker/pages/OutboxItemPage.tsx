import { useParams, useRouter } from '@tanstack/react-router'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { useSay } from '../../i18n/setup.ts'
import { Empty, Notice } from '../../kit/common/Notice.tsx'
import { BigButton, Known, Sheet, TextLine } from '../../kit/phone/controls.tsx'
import { When } from '../clock.tsx'
import { Head } from '../Frame.tsx'
import { paths } from '../paths.ts'
import { useKept, useMembers, useOutbox, usePhone, useReference, useTask } from '../phone/hooks.tsx'
import type { OutboxItem } from '../phone/types.ts'
import { readQuestions } from '../visit/answers.ts'
import { draftOf } from '../visit/draft.ts'
import { campaignOf, formFor, purposeIn } from '../visit/forms.ts'
import { PhotoList } from './Evidence.tsx'
import { KindWord } from './KindWord.tsx'
import { MendNear } from './MendNear.tsx'
import { useAbout } from './OutboxPage.tsx'
import { State, useReceipt } from './Sent.tsx'
import { CallButton } from './Whom.tsx'
import { VisitForm } from './VisitForm.tsx'

function textIn(body: OutboxItem['body'], name: string): string {
  const value = body?.[name]
  return typeof value === 'string' ? value : ''
}

/** The form again with what was filed, to be mended and sent under a new key that names the old one. */
function MendVisit({ item }: { item: OutboxItem }): ReactNode {
  const { t } = useTranslation('worker')
  const reference = useReference()
  const [start] = useState(() => draftOf(item.body))
  const taskId = textIn(item.body, 'taskId')
  const task = useTask(taskId)
  const householdId = textIn(item.body, 'householdId')
  const members = useMembers(householdId)
  if (!start) return null
  const grid = item.grid ?? ''
  const purpose = purposeIn(textIn(item.body, 'purpose')) ?? (taskId ? 'listed_person' : 'household')
  const { id, version, form } = formFor(reference, purpose, grid)
  const campaignId = textIn(item.body, 'campaignId')
  const instructionId = textIn(item.body, 'instructionId')
  const people = task?.body.personId
    ? [{ id: task.body.personId, name: task.person?.name ?? task.body.masked }]
    : members.map((person) => ({ id: person.id, name: person.name ?? person.body.masked }))
  return (
    <VisitForm
      title={t('mend')}
      kind={taskId ? 'task' : 'door'}
      grid={grid}
      mends={item.key}
      draftName="mend"
      start={start}
      questions={readQuestions(campaignOf(reference, campaignId)?.questions)}
      form={form}
      members={people}
      subject={{
        purpose,
        form: { id, version },
        personIds: start.persons ?? [],
        ...(taskId ? { taskId } : {}),
        ...(householdId ? { householdId } : {}),
        ...(campaignId ? { campaignId } : {}),
        ...(instructionId ? { instructionId } : {}),
      }}
      next={paths.outbox()}
      onCorrect={null}
    />
  )
}

const Note = z.object({ note: z.string() })

function ToSupervisor({ item }: { item: OutboxItem }): ReactNode {
  const { t } = useTranslation('worker')
  const { t: c } = useTranslation('common')
  const phone = usePhone()
  const router = useRouter()
  const [open, setOpen] = useState(false)
  const kept = useKept({ form: 'toSupervisor', version: '1', subject: item.key }, Note, { note: '' })
  const { note } = kept.value
  const send = (): void => {
    void phone.outbox
      .toSupervisor(item.key, note.trim())
      .then(kept.drop)
      .then(() => router.history.replace(paths.outbox()))
  }
  return (
    <>
      <p>
        <BigButton onClick={() => setOpen(true)}>{t('toSupervisor')}</BigButton>
      </p>
      <Sheet title={t('toSupervisor')} open={open} onClose={() => setOpen(false)} close={c('act.cancel')}>
        <p>{t('toSupervisor.lead')}</p>
        <TextLine
          label={t('note')}
          help={t('note.help')}
          value={note}
          onChange={(text) => kept.patch({ note: text })}
        />
        <BigButton primary onClick={send}>
          {t('toSupervisor.send')}
        </BigButton>
      </Sheet>
    </>
  )
}

const DECISIONS = ['waiting', 'taken', 'set_aside'] as const

/** At a supervisor's: who has it, what was decided and why. */
function Held({ item }: { item: OutboxItem }): ReactNode {
  const { t } = useTranslation('worker')
  const phone = usePhone()
  const router = useRouter()
  const { handover } = item
  const state = DECISIONS.find((one) => one === handover?.state) ?? 'waiting'
  const told: unknown = item.problem?.details['helper']
  const helper = handover?.helper ?? (isHelper(told) ? told : null)
  return (
    <section className="card">
      <h2>{t(`held.${state}`)}</h2>
      {handover?.note ? <p className="said">{handover.note}</p> : null}
      {handover?.decidedAt ? <When at={handover.decidedAt} /> : null}
      {helper ? (
        <p>
          <CallButton name={helper.name} phone={helper.phone} />
        </p>
      ) : null}
      {state === 'waiting' ? null : (
        <BigButton
          onClick={() => void phone.outbox.dismiss(item.key).then(() => router.history.replace(paths.outbox()))}
        >
          {t('held.seen')}
        </BigButton>
      )}
    </section>
  )
}

function isHelper(value: unknown): value is { name: string; phone: string } {
  return (
    typeof value === 'object' &&
    value !== null &&
    'name' in value &&
    'phone' in value &&
    typeof value.name === 'string' &&
    typeof value.phone === 'string'
  )
}

/** One item as a file that can be carried to somebody: what it holds, and its sealed box for the server (case 62). */
function Export({ item }: { item: OutboxItem }): ReactNode {
  const { t } = useTranslation('worker')
  const phone = usePhone()
  const save = async (): Promise<void> => {
    const text = await phone.outbox.exportItem(item.key)
    const address = URL.createObjectURL(new Blob([text], { type: 'application/json' }))
    const link = document.createElement('a')
    link.href = address
    link.download = `weiwang-${item.seq}.json`
    link.click()
    URL.revokeObjectURL(address)
  }
  return (
    <p>
      <BigButton onClick={() => void save()}>{t('export')}</BigButton>
    </p>
  )
}

const PLACES = ['name', 'phone', 'birth', 'sex', 'kind', 'use', 'estate', 'building', 'door', 'position'] as const

/** Where in the item the fault lies, in words when the place has some: `changes.phone.to` is the telephone. */
function usePlace(): (at: string | undefined) => string {
  const { t } = useTranslation('worker')
  return (at) => {
    const parts = at?.split('.') ?? []
    const known = PLACES.find((one) => parts.includes(one))
    if (known) return t(`field.${known}`)
    return parts.includes('note') ? t('note') : (at ?? '')
  }
}

function Opened({ item }: { item: OutboxItem }): ReactNode {
  const { t } = useTranslation('worker')
  const say = useSay()
  const phone = usePhone()
  const about = useAbout()
  const place = usePlace()
  const [mending, setMending] = useState(false)
  const isBack = item.state === 'refused' || item.state === 'stuck'
  const isNear = item.problem?.code.startsWith('NEAR_') ?? false
  if (mending) return <MendVisit item={item} />
  return (
    <>
      <section className="card">
        <h2 className="card-title">
          <KindWord kind={item.kind} />
        </h2>
        <Known
          rows={[
            [t('about'), about(item) || '–'],
            [t('item.at'), <When key="at" at={item.at} />],
            [t('item.tries'), String(item.tries)],
          ]}
        />
        <State item={item} receipt={null} />
        <PhotoList ids={item.photos} />
        {item.body === null ? <Notice kind="note" head={t('item.sealed')} /> : null}
      </section>
      {item.problem && item.state !== 'held' && !(isNear && item.body !== null) ? (
        <Notice
          kind="fault"
          head={say(item.problem.message)}
          body={say(item.problem.remedy)}
          small={place(item.problem.at)}
        />
      ) : null}
      {item.state === 'held' ? <Held item={item} /> : null}
      {isBack && item.kind === 'visit.file' && item.body !== null ? (
        <p>
          <BigButton primary onClick={() => setMending(true)}>
            {t('mend')}
          </BigButton>
        </p>
      ) : null}
      {isBack && isNear && item.body !== null ? <MendNear item={item} /> : null}
      {item.state === 'stuck' || item.state === 'waiting' ? (
        <p>
          <BigButton onClick={() => void phone.outbox.retry(item.key).then(() => phone.sync())}>
            {t('item.retry')}
          </BigButton>
        </p>
      ) : null}
      {isBack && item.body !== null ? <ToSupervisor item={item} /> : null}
      <Export item={item} />
    </>
  )
}

export function OutboxItemPage(): ReactNode {
  const { t } = useTranslation('worker')
  const { id: key = '' } = useParams({ strict: false })
  const live = useOutbox().find((item) => item.key === key) ?? null
  const receipt = useReceipt(key)
  // A mended item goes from the outbox while its form still tells what became of it.
  const [first] = useState(live)
  const item = live ?? (receipt === null ? first : null)
  return (
    <div className="phone-with-act">
      <Head title={t('outbox.one')} back={paths.outbox()} />
      <main className="phone-main">
        {item ? (
          <Opened item={item} />
        ) : receipt ? (
          <State item={null} receipt={receipt} />
        ) : (
          <Empty why={t('outbox.gone')} todo={t('outbox.gone.todo')} />
        )}
      </main>
    </div>
  )
}
