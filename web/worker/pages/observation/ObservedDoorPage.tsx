import type { StepName } from '@weiwang/domain/observation/api'
import { MEASURE_RULES } from '@weiwang/domain/observation/measure'
import { STEP_VERBS } from '@weiwang/domain/observation/step-words'
import { isUsualStep } from '@weiwang/domain/observation/step-usual'
import { STATE_NAMES } from '@weiwang/domain/observation/words'
import { stateOf } from '@weiwang/domain/observation/fold'
import { useParams } from '@tanstack/react-router'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useSay } from '../../../i18n/setup.ts'
import { Empty, HonestState, Notice } from '../../../kit/common/Notice.tsx'
import { BigButton, Known } from '../../../kit/phone/controls.tsx'
import { dayWords } from '../../../words/time.ts'
import { useClock } from '../../clock.tsx'
import { Head } from '../../Frame.tsx'
import { Go } from '../../Go.tsx'
import { isPressing } from '../../observation/watched.ts'
import type { Watched } from '../../observation/watched.ts'
import { useWatchedDoors } from '../../observation/useWatched.ts'
import { paths } from '../../paths.ts'
import { useOutbox, usePerson, usePhone } from '../../phone/hooks.tsx'
import { HelpAtDoor } from '../Help.tsx'
import { KindWord } from '../KindWord.tsx'
import { Whom } from '../Whom.tsx'
import { Outings, Slots, Strip, useDayWords, useDoorOf, useNameOf, useWhyWords } from './parts.tsx'
import { StepSheet } from './StepSheet.tsx'

/** What the server would not take, with its reason and the way to mend it. */
function Refused({ ids }: { ids: readonly string[] }): ReactNode {
  const { t } = useTranslation('worker')
  const say = useSay()
  const isOurs = (body: Readonly<Record<string, unknown>> | null): boolean =>
    ids.some((id) => JSON.stringify(body ?? {}).includes(id))
  return useOutbox()
    .filter(({ kind, state, body }) => state === 'refused' && /^(observation|reading)\./.test(kind) && isOurs(body))
    .map((item) => (
      <Notice
        key={item.key}
        kind="fault"
        head={t('obs.refused', { what: say(item.problem?.message) })}
        body={say(item.problem?.remedy)}
        action={
          <Go href={paths.sent(item.key)}>
            <KindWord kind={item.kind} />
          </Go>
        }
      />
    ))
}

function PersonCard({ of, onStep }: { of: Watched; onStep: (step: StepName) => void }): ReactNode {
  const { t } = useTranslation('worker')
  const say = useSay()
  const clock = useClock()
  const name = useNameOf()(of)
  const day = useDayWords()(of)
  const why = useWhyWords()(of)
  const person = usePerson(of.personId)
  const { state } = of
  const phone = usePhone()
  const answers = state.responderPersonId === null ? null : phone.shelf.person(state.responderPersonId)
  const answerer = state.responderPersonId === null ? null : (answers?.name ?? answers?.body.masked ?? '–')
  const rules = MEASURE_RULES[state.measure]
  const usual = of.steps.filter((step) => isUsualStep(state, step))
  const others = of.steps.filter((step) => !usual.includes(step))
  const buttons = (steps: readonly StepName[]): ReactNode => (
    <div className="big-stack">
      {steps.map((step) => (
        <BigButton key={step} onClick={() => onStep(step)}>
          {say(STEP_VERBS[step])}
        </BigButton>
      ))}
    </div>
  )
  return (
    <section className="card" aria-label={name}>
      <b className="card-name">{name}</b>
      <span className="card-who">
        <b>{day}</b>
        <span>{say(STATE_NAMES[stateOf(state)])}</span>
      </span>
      {of.why === 'none' ? null : (
        <span className="card-due" data-late={isPressing(of)}>
          {why}
        </span>
      )}
      <Strip of={of} />
      <Slots of={of} />
      <Outings of={of} />
      {of.waiting > 0 ? <HonestState state="here" word={t('obs.waiting', { n: of.waiting })} /> : null}
      {person ? <Whom person={person} whole={false} /> : null}
      <h2>{t('obs.steps')}</h2>
      {of.steps.length === 0 ? <p className="card-place">{t('obs.steps.none')}</p> : null}
      {buttons(usual)}
      {others.length > 0 ? (
        <details className="fold">
          <summary className="group">{t('obs.others')}</summary>
          {buttons(others)}
        </details>
      ) : null}
      <details className="fold">
        <summary className="group">{t('known')}</summary>
        <Known
          rows={[
            [t('obs.measure'), say(rules.say)],
            state.minor || state.responderPersonId
              ? [t('obs.answerer'), answerer === null ? t('obs.answerer.none') : answerer]
              : null,
            [t('obs.out'), say(rules.out)],
            state.endDay ? [t('obs.phase.last_day'), dayWords(state.endDay, clock)] : null,
            [t('obs.notice'), state.noticeOn === null ? t('obs.notYet') : dayWords(state.noticeOn, clock)],
            rules.needs.commitment
              ? [t('obs.commitment'), state.commitment ? dayWords(state.commitment.on, clock) : t('obs.notYet')]
              : null,
            [t('reference'), of.reference],
          ]}
        />
      </details>
    </section>
  )
}

/** One door under observation: each person with day strip and slots, readings for several, the steps of the door. */
export function ObservedDoorPage(): ReactNode {
  const { t } = useTranslation('worker')
  const { id = '' } = useParams({ strict: false })
  const doorOf = useDoorOf()
  const name = useNameOf()
  const [doing, setDoing] = useState<{ id: string; step: StepName } | null>(null)
  const door = useWatchedDoors().find((one) => one.id === id) ?? null
  const whom = door?.people.find((one) => one.id === doing?.id) ?? null
  const reports = door?.people.some((one) => one.slots.length > 0) ?? false
  return (
    <>
      <Head title={t('obs.title')} back={paths.observation()} />
      <main className="phone-main">
        {door ? (
          <>
            <section className="card">
              <span className="card-door">{doorOf(door.householdId)}</span>
              {door.householdId ? (
                <p>
                  <Go href={paths.door(door.householdId)}>{t('toDoor')}</Go>
                </p>
              ) : null}
            </section>
            <Refused ids={door.people.map((one) => one.id)} />
            {reports ? (
              <p>
                <Go href={paths.readings(door.id)} className="big big-primary">
                  {t('obs.file')}
                </Go>
              </p>
            ) : null}
            {door.people.map((one) => (
              <PersonCard key={one.id} of={one} onStep={(step) => setDoing({ id: one.id, step })} />
            ))}
            <HelpAtDoor grid={door.people[0]?.grid ?? ''} householdId={door.householdId} />
          </>
        ) : (
          <Empty why={t('obs.empty')} todo={t('obs.empty.todo')} />
        )}
      </main>
      {doing && whom ? (
        <StepSheet
          key={doing.id + doing.step}
          of={whom}
          step={doing.step}
          name={name(whom)}
          onClose={() => setDoing(null)}
        />
      ) : null}
    </>
  )
}
