import { TRANSPORTS } from '@weiwang/domain/healthcode/reg-api'
import { TRANSPORT_NAMES } from '@weiwang/domain/healthcode/reg-words'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useSay } from '../../../i18n/setup.ts'
import { Empty, HonestState } from '../../../kit/common/Notice.tsx'
import { BigButton } from '../../../kit/phone/controls.tsx'
import { grouped } from '../../../words/numbers.ts'
import { dayWords } from '../../../words/time.ts'
import { useClock } from '../../clock.tsx'
import { Head } from '../../Frame.tsx'
import { Go } from '../../Go.tsx'
import { paths } from '../../paths.ts'
import { useOutbox, usePhone, useThings } from '../../phone/hooks.tsx'
import { Long } from '../Long.tsx'
import { Strip } from '../Strip.tsx'
import { expectedOf } from './expected.ts'
import type { Expected, Part } from './expected.ts'

const PARTS: readonly Part[] = ['late', 'expected', 'here']
const STEPS: Record<Part, readonly ('arrive' | 'start_plan' | 'complete')[]> = {
  late: ['arrive'],
  expected: ['arrive'],
  here: ['start_plan', 'complete'],
}

export function useExpected(): Expected[] {
  return expectedOf(useThings('return'), useOutbox(), usePhone().today())
}

function useTransport(): (transport: string) => string {
  const say = useSay()
  return (transport) => {
    const known = TRANSPORTS.find((one) => one === transport)
    return known ? say(TRANSPORT_NAMES[known]) : transport
  }
}

function Card({ one }: { one: Expected }): ReactNode {
  const { t } = useTranslation('worker')
  const phone = usePhone()
  const transport = useTransport()
  const clock = useClock()
  const { body } = one
  const person = phone.shelf.person(body.personId)
  const step = (name: string): void => {
    void phone.outbox.add({
      kind: 'return.step',
      grid: one.grid,
      body: { id: one.id, step: name, occurredAt: phone.now().toISOString() },
    })
  }
  const started = body.state === 'health_plan_started'
  return (
    <article className="card">
      <span className="card-door">{dayWords(body.expectedDay, clock)}</span>
      <span className="card-who">
        <b>{person?.name ?? body.masked}</b> <span>{t('ret.from', { place: body.fromName })}</span>{' '}
        <span>{transport(body.transport)}</span>
      </span>
      <span className="card-due" data-late={one.part === 'late' || body.level === 'high'}>
        {body.level === 'high' ? t('ret.level.high') : body.level === 'medium' ? t('ret.level.medium') : ''}{' '}
        {body.companions > 0 ? t('ret.with', { n: body.companions }) : ''}
      </span>
      {body.arrivedOn && body.arrivedHow !== 'worker' ? (
        <span>
          {t(body.arrivedHow === 'gate' ? 'ret.byGate' : 'ret.byResident', { day: dayWords(body.arrivedOn, clock) })}
        </span>
      ) : null}
      {person ? <Go href={paths.person(person.id)}>{t('ret.call')}</Go> : null}
      {one.waiting ? (
        <HonestState state="here" word={t('ret.waiting')} />
      ) : (
        <div className="big-stack">
          {STEPS[one.part]
            .filter((name) => !(started && name === 'start_plan'))
            .map((name) => (
              <BigButton key={name} onClick={() => step(name)}>
                {t(`ret.${name}`)}
              </BigButton>
            ))}
        </div>
      )}
    </article>
  )
}

/** On Today: how many are expected back, and who should have come by now. */
export function TodayRow(): ReactNode {
  const { t } = useTranslation('worker')
  const list = useExpected()
  const late = list.filter((one) => one.part === 'late').length
  const coming = list.filter((one) => one.part !== 'here').length
  if (coming === 0) return null
  return (
    <Go href={paths.returns()} className="card">
      <b>{t('ret.today', { n: coming })}</b>
      {late > 0 ? <span style={{ display: 'block' }}>{t('ret.today.late', { n: late })}</span> : null}
    </Go>
  )
}

/** Who told of a return to my grids: who did not come first, then by day. */
export function ReturnsPage(): ReactNode {
  const { t } = useTranslation('worker')
  const list = useExpected()
  return (
    <>
      <Head title={t('ret.title')} back={paths.today()} />
      <Strip />
      <main className="phone-main">
        {list.length === 0 ? <Empty why={t('ret.empty')} todo={t('ret.empty.todo')} /> : null}
        {PARTS.map((part) => {
          const here = list.filter((one) => one.part === part)
          return here.length === 0 ? null : (
            <section key={part} aria-label={t(`ret.part.${part}`)}>
              <h2 className="group">
                {t(`ret.part.${part}`)} · {grouped(here.length)}
              </h2>
              <Long>
                {here.map((one) => (
                  <Card key={one.id} one={one} />
                ))}
              </Long>
            </section>
          )
        })}
      </main>
    </>
  )
}
