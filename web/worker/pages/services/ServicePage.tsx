import { END_REASONS } from '@weiwang/domain/observation/service-api'
import type { EndReason, ServiceStep } from '@weiwang/domain/observation/service-api'
import { END_SAY } from '@weiwang/domain/observation/service-kind'
import { useParams } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { useSay } from '../../../i18n/setup.ts'
import { Empty, HonestState, Notice } from '../../../kit/common/Notice.tsx'
import { BigButton, Chips, Known, Sheet } from '../../../kit/phone/controls.tsx'
import { When } from '../../clock.tsx'
import { Head } from '../../Frame.tsx'
import { Go } from '../../Go.tsx'
import { paths } from '../../paths.ts'
import { useKept, useOutbox, usePerson } from '../../phone/hooks.tsx'
import type { Carried } from '../../services/carried.ts'
import { useCarried } from '../../services/useCarried.ts'
import { HelpAtDoor } from '../Help.tsx'
import { useHeld } from '../useHeld.ts'
import { Whom } from '../Whom.tsx'
import { DoneSheet } from './DoneSheet.tsx'
import { Until, useFor, useWhat, useWhere } from './parts.tsx'
import { useStep } from './useStep.ts'

const Wanted = lazy(() => import('../online/OpenService.tsx').then((part) => ({ default: part.OpenService })))

const Reason = z.object({ reason: z.enum(END_REASONS).nullable() })

const WITH_REASON: readonly ServiceStep[] = ['decline', 'give_back', 'cancel']

function ReasonSheet({ of, step, onClose }: { of: Carried; step: ServiceStep; onClose: () => void }): ReactNode {
  const { t } = useTranslation('worker')
  const { t: c } = useTranslation('common')
  const say = useSay()
  const { keep, full } = useStep(of)
  const {
    value: { reason },
    patch,
    draft,
  } = useKept({ form: `service.${step}`, version: '1', subject: of.id }, Reason, { reason: null })
  const title = t(`svc.step.${step}`)
  const send = async (): Promise<void> => {
    if (await keep({ step, ...(reason === null ? {} : { reason }) }, { draft })) onClose()
  }
  return (
    <Sheet title={title} open onClose={onClose} close={c('act.cancel')}>
      <Chips<EndReason>
        label={t('svc.reason')}
        value={reason}
        onChange={(next) => patch({ reason: next })}
        groups={[{ chips: END_REASONS.map((value) => ({ value, label: say(END_SAY[value]) })) }]}
      />
      {full ? <Notice kind="fault" takesFocus head={t('phone.full')} /> : null}
      <p>
        <BigButton primary disabled={reason === null} onClick={() => void send()}>
          {title}
        </BigButton>
      </p>
    </Sheet>
  )
}

/** What the server would not take, with its reason and the way to mend it. */
function Refused({ of }: { of: Carried }): ReactNode {
  const { t } = useTranslation('worker')
  const say = useSay()
  return useOutbox()
    .filter(({ kind, state, body }) => kind === 'service.step' && state === 'refused' && body?.['id'] === of.id)
    .map((item) => (
      <Notice
        key={item.key}
        kind="fault"
        head={t('obs.refused', { what: say(item.problem?.message) })}
        body={say(item.problem?.remedy)}
        action={<Go href={paths.sent(item.key)}>{t('outbox.open')}</Go>}
      />
    ))
}

function Steps({ of }: { of: Carried }): ReactNode {
  const { t } = useTranslation('worker')
  const { keep, full } = useStep(of)
  const [asking, setAsking] = useState<ServiceStep | null>(null)
  const press = (step: ServiceStep): void => {
    if (step === 'done' || WITH_REASON.includes(step)) return setAsking(step)
    void keep({ step })
    return undefined
  }
  const [first, ...others] = of.steps
  return (
    <>
      {full ? <Notice kind="fault" takesFocus head={t('phone.full')} /> : null}
      {of.steps.length === 0 && of.part !== 'done' ? <p className="card-place">{t('svc.steps.none')}</p> : null}
      <div className="big-stack">
        {first ? (
          <BigButton primary onClick={() => press(first)}>
            {t(`svc.step.${first}`)}
          </BigButton>
        ) : null}
        {others.map((step) => (
          <BigButton key={step} onClick={() => press(step)}>
            {t(`svc.step.${step}`)}
          </BigButton>
        ))}
      </div>
      {asking === 'done' ? <DoneSheet of={of} onClose={() => setAsking(null)} /> : null}
      {asking !== null && asking !== 'done' ? (
        <ReasonSheet of={of} step={asking} onClose={() => setAsking(null)} />
      ) : null}
    </>
  )
}

function Opened({ of }: { of: Carried }): ReactNode {
  const { t } = useTranslation('worker')
  const what = useWhat()
  const where = useWhere()
  const whom = useFor()
  const person = usePerson(of.personId ?? '')
  const [reading, setReading] = useState(false)
  return (
    <main className="phone-main">
      <section className="card">
        {of.householdId !== null && of.grid !== null ? (
          <Go href={paths.door(of.householdId)} className="card-door">
            {where(of)}
          </Go>
        ) : (
          <span className="card-door">{where(of)}</span>
        )}
        <span className="card-who">
          <b>{what(of)}</b>
          <span>{whom(of)}</span>
        </span>
        <Until of={of} />
        <Known
          rows={[
            [t('svc.state'), t(`svc.state.${of.state}`)],
            of.takenByName ? [t('svc.takenBy'), of.takenByName] : null,
            [t('svc.dueBy'), <When key="due" at={of.dueBy} />],
          ]}
        />
        {of.waiting > 0 ? <HonestState state="here" word={t('obs.waiting', { n: of.waiting })} /> : null}
        {person ? <Whom person={person} whole={false} /> : null}
        {reading ? (
          <Suspense fallback={null}>
            <Wanted id={of.id} />
          </Suspense>
        ) : (
          <BigButton onClick={() => setReading(true)}>{t('svc.open')}</BigButton>
        )}
      </section>
      <Refused of={of} />
      <Steps of={of} />
      {of.part === 'done' ? null : <HelpAtDoor grid={of.grid ?? ''} householdId={of.householdId} />}
    </main>
  )
}

/** One service: where to, for whom, until when, and what can be done about it now. */
export function ServicePage(): ReactNode {
  const { t } = useTranslation('worker')
  const { id = '' } = useParams({ strict: false })
  const of = useHeld(useCarried().services.find((one) => one.id === id) ?? null, id)
  return (
    <>
      <Head title={t('svc.one')} back={paths.services()} />
      {of ? (
        <Opened key={id} of={of} />
      ) : (
        <main className="phone-main">
          <Empty why={t('svc.gone')} todo={t('svc.gone.todo')} />
        </main>
      )}
    </>
  )
}
