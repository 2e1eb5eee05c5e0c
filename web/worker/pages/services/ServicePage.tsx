import { END_REASONS } from '@weiwang/domain/observation/service-api'
import type { EndReason, ServiceStep } from '@weiwang/domain/observation/service-api'
import { END_SAY } from '@weiwang/domain/observation/service-kind'
import { useParams } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useSay } from '../../../i18n/setup.ts'
import { Empty, HonestState, Notice } from '../../../kit/common/Notice.tsx'
import { BigButton, Chips, Known, Line, Segments, Sheet, TextLine } from '../../../kit/phone/controls.tsx'
import { When } from '../../clock.tsx'
import { Head } from '../../Frame.tsx'
import { Go } from '../../Go.tsx'
import { paths } from '../../paths.ts'
import { useOutbox, usePerson, usePhone } from '../../phone/hooks.tsx'
import { PhoneFull } from '../../phone/store.ts'
import type { Carried } from '../../services/carried.ts'
import { useCarried } from '../../services/useCarried.ts'
import { useHeld } from '../useHeld.ts'
import { Whom } from '../Whom.tsx'
import { Until, useFor, useWhat, useWhere } from './parts.tsx'

const Wanted = lazy(() => import('../online/OpenService.tsx').then((part) => ({ default: part.OpenService })))

const WITH_REASON: readonly ServiceStep[] = ['decline', 'give_back', 'cancel']
const CODE = /^\d{4}$/

/** Keeps a step on this phone; what became of it is told by the card and the outbox. */
function useStep(of: Carried): { keep: (body: object) => Promise<boolean>; full: boolean } {
  const phone = usePhone()
  const [full, setFull] = useState(false)
  const keep = async (body: object): Promise<boolean> => {
    try {
      await phone.outbox.add({
        kind: 'service.step',
        ...(of.grid === null ? {} : { grid: of.grid }),
        body: { id: of.id, ...body, occurredAt: phone.now().toISOString() },
      })
      return true
    } catch (error) {
      if (!(error instanceof PhoneFull)) throw error
      setFull(true)
      return false
    }
  }
  return { keep, full }
}

/** The receiver's four digits, or his word at the door (SERV-7). */
function DoneSheet({ of, onClose }: { of: Carried; onClose: () => void }): ReactNode {
  const { t } = useTranslation('worker')
  const { t: c } = useTranslation('common')
  const { keep, full } = useStep(of)
  const [how, setHow] = useState<'code' | 'word'>('code')
  const [code, setCode] = useState('')
  const [words, setWords] = useState('')
  const [pressed, setPressed] = useState(false)
  const isLacking = how === 'code' && !CODE.test(code)
  const send = async (): Promise<void> => {
    setPressed(true)
    if (isLacking) return
    const proof = how === 'code' ? { kind: how, code } : { kind: how }
    if (await keep({ step: 'done', proof, ...(words.trim() === '' ? {} : { words: words.trim() }) })) onClose()
  }
  return (
    <Sheet title={t('svc.step.done')} open onClose={onClose} close={c('act.cancel')}>
      <Segments
        label={t('svc.proof')}
        value={how}
        choices={[
          { value: 'code', label: t('svc.proof.code') },
          { value: 'word', label: t('svc.proof.word') },
        ]}
        onChange={setHow}
      />
      {how === 'code' ? (
        <Line
          label={t('svc.code')}
          help={t('svc.code.help')}
          pad="decimal"
          value={code}
          fault={pressed && isLacking ? t('svc.code.fault') : undefined}
          onChange={(text) => setCode(text.replace(/\D/g, '').slice(0, 4))}
        />
      ) : (
        <p>{t('svc.word.lead')}</p>
      )}
      <TextLine label={t('note')} help={t('note.help')} value={words} onChange={setWords} />
      {full ? <Notice kind="fault" takesFocus head={t('phone.full')} /> : null}
      <p>
        <BigButton primary onClick={() => void send()}>
          {t('svc.step.done')}
        </BigButton>
      </p>
    </Sheet>
  )
}

function ReasonSheet({ of, step, onClose }: { of: Carried; step: ServiceStep; onClose: () => void }): ReactNode {
  const { t } = useTranslation('worker')
  const { t: c } = useTranslation('common')
  const say = useSay()
  const { keep, full } = useStep(of)
  const [reason, setReason] = useState<EndReason | null>(null)
  const title = t(`svc.step.${step}`)
  const send = async (): Promise<void> => {
    if (await keep({ step, ...(reason === null ? {} : { reason }) })) onClose()
  }
  return (
    <Sheet title={title} open onClose={onClose} close={c('act.cancel')}>
      <Chips<EndReason>
        label={t('svc.reason')}
        value={reason}
        onChange={setReason}
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
      <div className="obs-steps">
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
