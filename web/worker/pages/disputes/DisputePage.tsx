import { CLOSINGS, RESULTS } from '@weiwang/domain/incidents/api'
import type { Closing, MediationResult, MediationStep } from '@weiwang/domain/incidents/api'
import { CLOSING_SAY, KIND_SAY } from '@weiwang/domain/incidents/words'
import { useParams } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { useSay } from '../../../i18n/setup.ts'
import { Empty, Notice } from '../../../kit/common/Notice.tsx'
import { BigButton, Chips, Known, Line, Sheet, TextLine } from '../../../kit/phone/controls.tsx'
import { dayWords } from '../../../words/time.ts'
import { useClock } from '../../clock.tsx'
import { Head } from '../../Frame.tsx'
import { Go } from '../../Go.tsx'
import { paths } from '../../paths.ts'
import { useKept, useOutbox, usePhone, usePhoneState } from '../../phone/hooks.tsx'
import { PhoneFull } from '../../phone/store.ts'
import { State } from '../Sent.tsx'
import { useHeld } from '../useHeld.ts'
import { stepsOf, useDisputes } from './disputes.ts'
import type { Dispute } from './disputes.ts'

const Parties = lazy(() => import('../online/ReadDispute.tsx').then((part) => ({ default: part.ReadDispute })))

const Values = z.object({
  result: z.enum(RESULTS).nullable(),
  holds: z.enum(['yes', 'no']).nullable(),
  closing: z.enum(CLOSINGS).nullable(),
  followUp: z.string(),
  words: z.string(),
})
type Values = z.infer<typeof Values>
const NOTHING: Values = { result: null, holds: null, closing: null, followUp: '', words: '' }

/** The body of a step; null while something that it needs is missing. */
function bodyOf(step: MediationStep, { result, holds, closing, followUp, words }: Values): object | null {
  const more = { ...(words.trim() === '' ? {} : { words: words.trim() }), ...(followUp === '' ? {} : { followUp }) }
  switch (step) {
    case 'mediated':
      return result === null ? null : { step, result, ...more }
    case 'followed_up':
      return holds === null ? null : { step, holds: holds === 'yes', ...more }
    case 'close':
      return closing === null ? null : { step, closing, ...(words.trim() === '' ? {} : { words: words.trim() }) }
    default:
      return words.trim() === '' ? null : { step, words: words.trim() }
  }
}

function StepSheet({ of, step, onClose }: { of: Dispute; step: MediationStep; onClose: () => void }): ReactNode {
  const { t } = useTranslation('worker')
  const { t: c } = useTranslation('common')
  const say = useSay()
  const phone = usePhone()
  const {
    value: values,
    patch: set,
    draft,
  } = useKept<Values>({ form: `mediation.${step}`, version: '1', subject: of.id }, Values, NOTHING)
  const [full, setFull] = useState(false)
  const body = bodyOf(step, values)
  // What was agreed can be kept only where something was agreed (MED-2).
  const closings = CLOSINGS.filter((one) => one !== 'kept' || of.state === 'agreed')
  const asksDay = step === 'mediated' ? values.result !== null : step === 'followed_up'
  const keep = async (): Promise<void> => {
    if (body === null) return
    try {
      await phone.outbox.add({
        kind: 'mediation.step',
        body: { id: of.id, ...body, occurredAt: phone.now().toISOString() },
        draft,
      })
      onClose()
    } catch (error) {
      if (!(error instanceof PhoneFull)) throw error
      setFull(true)
    }
  }
  const title = t(
    step === 'mediated' || step === 'followed_up' || step === 'close' ? `med.step.${step}` : 'med.step.pass_up',
  )
  return (
    <Sheet title={title} open onClose={onClose} close={c('act.cancel')}>
      {step === 'mediated' ? (
        <Chips<MediationResult>
          label={t('med.result')}
          value={values.result}
          onChange={(result) => set({ result })}
          groups={[{ chips: RESULTS.map((value) => ({ value, label: t(`med.result.${value}`) })) }]}
        />
      ) : null}
      {step === 'followed_up' ? (
        <Chips<'yes' | 'no'>
          label={t('med.holds')}
          value={values.holds}
          onChange={(holds) => set({ holds })}
          groups={[
            {
              chips: [
                { value: 'yes', label: t('med.holds.yes') },
                { value: 'no', label: t('med.holds.no') },
              ],
            },
          ]}
        />
      ) : null}
      {step === 'close' ? (
        <Chips<Closing>
          label={t('med.closing')}
          value={values.closing}
          onChange={(closing) => set({ closing })}
          groups={[{ chips: closings.map((value) => ({ value, label: say(CLOSING_SAY[value]) })) }]}
        />
      ) : null}
      {asksDay ? (
        <Line
          type="date"
          label={t('med.day')}
          help={t('note.help')}
          value={values.followUp}
          onChange={(followUp) => set({ followUp })}
        />
      ) : null}
      <TextLine
        label={t('med.words')}
        help={step === 'pass_up' ? t('med.words.help') : t('note.help')}
        most={1000}
        value={values.words}
        onChange={(words) => set({ words })}
      />
      {full ? <Notice kind="fault" takesFocus head={t('phone.full')} /> : null}
      <p>
        <BigButton primary disabled={body === null} onClick={() => void keep()}>
          {title}
        </BigButton>
      </p>
    </Sheet>
  )
}

/** Steps of this dispute that wait here, or came back with their reason. */
function Waiting({ of }: { of: Dispute }): ReactNode {
  const { t } = useTranslation('worker')
  const say = useSay()
  return useOutbox()
    .filter(({ kind, body }) => kind === 'mediation.step' && body?.['id'] === of.id)
    .map((item) =>
      item.problem ? (
        <Notice
          key={item.key}
          kind="fault"
          head={t('obs.refused', { what: say(item.problem.message) })}
          body={say(item.problem.remedy)}
          action={<Go href={paths.sent(item.key)}>{t('outbox.open')}</Go>}
        />
      ) : (
        <p key={item.key}>
          <State item={item} receipt={null} />
        </p>
      ),
    )
}

function Opened({ of }: { of: Dispute }): ReactNode {
  const { t } = useTranslation('worker')
  const say = useSay()
  const clock = useClock()
  const me = usePhoneState().account?.id ?? ''
  const [reading, setReading] = useState(false)
  const [asking, setAsking] = useState<MediationStep | null>(null)
  const steps = stepsOf(of, me)
  return (
    <main className="phone-main">
      <section className="card">
        <span className="card-door">{of.door ?? of.areaName}</span>
        <Known
          rows={[
            [t('med.kind'), say(KIND_SAY[of.kind])],
            [t('med.state'), t(`med.state.${of.state}`)],
            [t('med.openedDay'), dayWords(of.openedDay, clock)],
            of.followUp ? [t('med.day'), dayWords(of.followUp, clock)] : null,
            of.sessions === null ? null : [t('med.sessions'), String(of.sessions)],
          ]}
        />
        {reading ? (
          <Suspense fallback={null}>
            <Parties id={of.id} />
          </Suspense>
        ) : (
          <BigButton onClick={() => setReading(true)}>{t('med.read')}</BigButton>
        )}
      </section>
      <Waiting of={of} />
      {steps.length === 0 ? <p className="card-place">{t('med.steps.none')}</p> : null}
      <div className="big-stack">
        {steps.map((step, i) => (
          <BigButton key={step} primary={i === 0} onClick={() => setAsking(step)}>
            {t(
              step === 'mediated' || step === 'followed_up' || step === 'close'
                ? `med.step.${step}`
                : 'med.step.pass_up',
            )}
          </BigButton>
        ))}
      </div>
      {asking ? <StepSheet key={asking} of={of} step={asking} onClose={() => setAsking(null)} /> : null}
    </main>
  )
}

/** One dispute of mine: what it is about and where it stands; parties and words are opened for a purpose. */
export function DisputePage(): ReactNode {
  const { t } = useTranslation('worker')
  const { id = '' } = useParams({ strict: false })
  const { items, asOf, unread } = useDisputes()
  const of = useHeld(items?.find((one) => one.id === id) ?? null, id)
  return (
    <>
      <Head title={t('med.one')} back={paths.disputes()} />
      {of ? (
        <Opened key={id} of={of} />
      ) : (
        <main className="phone-main">
          <Empty why={t(asOf === null ? 'own.asking' : unread ? 'own.unread' : 'med.gone')} todo={t('med.gone.todo')} />
        </main>
      )}
    </>
  )
}
