import { useParams } from '@tanstack/react-router'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { useJoin, useSay } from '../../i18n/setup.ts'
import { Empty, HonestState, Notice } from '../../kit/common/Notice.tsx'
import { BigButton, Known } from '../../kit/phone/controls.tsx'
import { dayWords } from '../../words/time.ts'
import { Due, Grade, useClock, When } from '../clock.tsx'
import { Head } from '../Frame.tsx'
import { Go } from '../Go.tsx'
import { isOpen, standing } from '../order.ts'
import { paths } from '../paths.ts'
import { usePhone, useReference, useTask, useVisits } from '../phone/hooks.tsx'
import type { TaskView } from '../phone/types.ts'
import { readQuestions } from '../visit/answers.ts'
import { campaignOf, formFor } from '../visit/forms.ts'
import { HelpAtDoor } from './Help.tsx'
import { Script } from './Script.tsx'
import { Hazards } from './Hazards.tsx'
import { AttemptSheet, ReturnSheet } from './TaskSheets.tsx'
import { useHeld } from './useHeld.ts'
import { useCorrection } from './useCorrection.ts'
import { VisitForm } from './VisitForm.tsx'
import { VisitLine } from './VisitLine.tsx'
import { Whom } from './Whom.tsx'

const SOURCES = ['rail', 'air', 'road', 'telecom', 'fever_clinic', 'laboratory', 'case_investigation'] as const
const Both = z.object({ zh: z.string(), en: z.string() })
/** Newer servers say why with the task; older ones do not. */
const Why = z.object({
  reasons: z.array(z.object({ say: Both, until: z.string().nullish() })).catch([]),
  sources: z.array(z.string()).catch([]),
})

/** What is known is shown, not asked: why, for which campaign, from whom. */
function KnownAbout({ task }: { task: TaskView }): ReactNode {
  const { t } = useTranslation('worker')
  const say = useSay()
  const join = useJoin()
  const clock = useClock()
  const campaign = campaignOf(useReference(), task.body.campaignId)
  const { reasons, sources } = Why.parse(task.body)
  const sourceWord = (id: string): string => {
    const known = SOURCES.find((s) => s === id)
    return known ? t(`source.${known}`) : id
  }
  const why = (
    <>
      {reasons.map((r) => (
        <span key={r.say.zh} style={{ display: 'block' }}>
          {say(r.say)}
          {r.until ? ` (${t('until', { day: dayWords(r.until, clock) })})` : ''}
        </span>
      ))}
    </>
  )
  const { nextTry } = task.body
  return (
    <section className="card">
      <h2>{t('known')}</h2>
      <Known
        rows={[
          reasons.length > 0 ? [t('why'), why] : null,
          campaign ? [t('for'), say(campaign.name)] : null,
          campaign ? [t('purposeOf'), say(campaign.purpose)] : null,
          sources.length > 0 ? [t('sources'), join(sources.map(sourceWord))] : null,
          [t('reference'), task.body.reference],
          task.person?.birth ? [t('birth'), task.person.birth] : null,
          task.person?.documentEnd ? [t('documentEnd'), task.person.documentEnd] : null,
          nextTry && new Date(nextTry) > clock.now ? [t('nextTry'), <When key="n" at={nextTry} />] : null,
        ]}
      />
    </section>
  )
}

/** Door, person and deadline; a call; and the clock of a red task is stopped by accepting. */
function Subject({ task }: { task: TaskView }): ReactNode {
  const { t } = useTranslation('worker')
  const phone = usePhone()
  const mayAccept = task.body.state === 'pushed' && !task.accepted && isOpen(task)
  const accept = (): void => {
    const body = { id: task.id, occurredAt: phone.now().toISOString() }
    void phone.outbox.add({ kind: 'task.accept', grid: task.grid, body })
  }
  return (
    <section className="card">
      <span className="card-door">{task.door?.label ?? t('door.unknown')}</span>
      {task.door?.address ? <span className="card-place">{task.door.address}</span> : null}
      <span className="card-who">
        <b>{task.person?.name ?? task.body.masked}</b>
        <Grade grade={task.body.grade} />
        <span className="card-due">
          <Due at={task.body.answerBy} done={task.body.state === 'closed'} />
        </span>
      </span>
      {task.door ? <Hazards hazards={task.door.body.hazards} /> : null}
      {task.person ? <Whom person={task.person} /> : null}
      {mayAccept ? <BigButton onClick={accept}>{t('accept')}</BigButton> : null}
      {task.accepted && task.body.state === 'pushed' ? <HonestState state="here" word={t('accepted.here')} /> : null}
      {task.door ? (
        <p>
          <Go href={paths.door(task.door.id)}>{t('toDoor')}</Go>
        </p>
      ) : null}
    </section>
  )
}

function Opened({ task }: { task: TaskView }): ReactNode {
  const { t } = useTranslation('worker')
  const [sheet, setSheet] = useState<'return' | 'attempt' | null>(null)
  // What is filed here closes the task at once; the form that filed it stays to tell what became of it.
  const [began] = useState(() => isOpen(task))
  const reference = useReference()
  const correction = useCorrection()
  const campaign = campaignOf(reference, task.body.campaignId)
  const { id, version, form } = formFor(reference, 'listed_person', task.grid)
  const visits = standing(useVisits({ taskId: task.id }))
  const personIds = task.body.personId ? [task.body.personId] : []
  const members = task.body.personId ? [{ id: task.body.personId, name: task.person?.name ?? task.body.masked }] : []
  const [last] = visits
  const { start } = correction
  const isShown = start !== null || (began && !task.returned)
  return (
    <div className="phone-with-act">
      <Head title={t('task')} back={paths.today()} />
      <main className="phone-main">
        <Subject task={task} />
        <KnownAbout task={task} />
        <Script script={campaign?.script} />
        {isOpen(task) ? (
          <div className="big-row">
            <BigButton onClick={() => setSheet('attempt')}>{t('notReached')}</BigButton>
            <BigButton onClick={() => setSheet('return')}>{t('notMine')}</BigButton>
          </div>
        ) : null}
        {task.returned ? <Notice kind="note" head={t('returned.here')} /> : null}
        {isShown ? (
          <VisitForm
            key={start?.visitId ?? ''}
            title={start ? t('form.correction') : t('form')}
            kind="task"
            grid={task.grid}
            draftName={start ? `correction of ${start.supersedes}` : (task.body.campaignId ?? 'task')}
            questions={readQuestions(campaign?.questions)}
            form={form}
            members={members}
            subject={{
              taskId: task.id,
              campaignId: task.body.campaignId,
              purpose: 'listed_person',
              form: { id, version },
              personIds,
            }}
            next={paths.today()}
            onCorrect={correction.from}
            help={<HelpAtDoor grid={task.grid} taskId={task.id} householdId={task.body.householdId ?? null} />}
            {...(start ? { start } : {})}
          />
        ) : last ? (
          <>
            <p className="group">{t('answered')}</p>
            <VisitLine visit={last}>
              <BigButton busy={correction.busy} onClick={() => correction.of(last)}>
                {t('correct')}
              </BigButton>
            </VisitLine>
          </>
        ) : task.returned ? null : (
          <Notice kind="note" head={t('mayNot')} />
        )}
      </main>
      {sheet === 'attempt' ? <AttemptSheet task={task} onClose={() => setSheet(null)} /> : null}
      {sheet === 'return' ? <ReturnSheet task={task} onClose={() => setSheet(null)} /> : null}
    </div>
  )
}

export function TaskPage(): ReactNode {
  const { t } = useTranslation('worker')
  const { id = '' } = useParams({ strict: false })
  const task = useHeld(useTask(id), id)
  if (task) return <Opened key={id} task={task} />
  return (
    <>
      <Head title={t('task')} back={paths.today()} />
      <main className="phone-main">
        <Empty why={t('task.gone')} todo={t('task.gone.todo')} />
      </main>
    </>
  )
}
