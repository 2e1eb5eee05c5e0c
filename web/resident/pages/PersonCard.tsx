import type { MyAnswer, MyObservation, MyPastReadings, MyPeople } from '@weiwang/domain/observation/my-api'
import type { SlotView } from '@weiwang/domain/observation/reading-api'
import { isStillTaken } from '@weiwang/domain/observation/still-taken'
import { showTemperature } from '@weiwang/domain/observation/temperature'
import { useState } from 'react'
import type { ReactElement } from 'react'
import { ask } from '../net.ts'
import { Problem, useAct } from '../parts.tsx'
import { useWords } from '../texts.ts'
import type { Words } from '../texts.ts'
import { clock, dayWord } from '../when.ts'
import type { Mine } from './mine.ts'
import { Outings } from './OutingPage.tsx'
import { HOME, ROLES, SYMPTOMS } from './texts.ts'
import type { HomeKey } from './texts.ts'

const PHASES: Partial<Record<string, HomeKey>> = { last_day: 'dueToday', due: 'dueNow', lapsed: 'lapsed' }

function standingWord(one: MyObservation, { t, lang }: Words<HomeKey>): string {
  if (one.released) return t('released')
  if (one.endedAt !== null) return t('ended')
  const phase = PHASES[one.standing.phase]
  if (phase !== undefined) return t(phase)
  return one.endDay === null ? t('noEnd') : t('untilDay', { day: dayWord(one.endDay, lang) })
}

/** Taken, to be taken now, passed, or not yet: by the server's word and the clock of this moment. */
function slotWord(slot: SlotView, now: number, { t, lang }: Words<HomeKey>): string {
  if (slot.reading !== null) return t('reported')
  if (now < Date.parse(slot.opensAt)) return t('laterToday')
  if (now <= Date.parse(slot.dueAt)) return `${t('toReport')} · ${t('by', { time: clock(slot.dueAt, lang) })}`
  return t('missed')
}

export function canReport(slot: SlotView, now: number): boolean {
  return slot.reading === null && now >= Date.parse(slot.opensAt) && now < Date.parse(slot.closesAt)
}

/** What the rules still take of the days before, and nobody has said (READ-4). */
export function lateSlots(item: Mine['readings']['items'][number] | undefined, now: number): SlotView[] {
  return (item?.earlier ?? []).filter((slot) => slot.reading === null && isStillTaken(datesOf(slot), new Date(now)))
}

function datesOf({ opensAt, closesAt }: SlotView): { opensAt: Date; closesAt: Date } {
  return { opensAt: new Date(opensAt), closesAt: new Date(closesAt) }
}

export function PersonCard({
  one,
  mine: all,
  onChange,
}: {
  one: MyObservation
  mine: Mine
  onChange: () => Promise<void>
}): ReactElement {
  const words = useWords(HOME)
  const { t, say, lang } = words
  const mine = all.readings.items.find((item) => item.observationId === one.id)
  const [begun] = useState(() => Date.now())
  // What is fetched anew moves the clock on and leaves what was opened open.
  const now = Math.max(begun + all.ahead, Date.parse(all.readings.asOf))
  const open = one.endedAt === null
  const late = lateSlots(mine, now)
  return (
    <section aria-labelledby={`who-${one.id}`}>
      <h1 id={`who-${one.id}`}>
        {one.masked} {one.self && <small>{t('me')}</small>}
      </h1>
      <p className="measure">{say(one.measureName)}</p>
      {open && one.standing.day !== null && one.standing.of !== null && (
        <p className="day">{t('day', { n: one.standing.day, of: one.standing.of })}</p>
      )}
      <p>
        <strong>{standingWord(one, words)}</strong>
      </p>
      {mine && open && (
        <ul className="slots">
          {mine.slots.map((slot) => (
            <li key={slot.part}>
              <span>{t(slot.part)}</span> <strong>{slotWord(slot, now, words)}</strong>
            </li>
          ))}
          {late.map((slot) => (
            <li key={`${slot.day}-${slot.part}`}>
              <span>
                {dayWord(slot.day, lang)} {t(slot.part)}
              </span>{' '}
              <strong>{t('canLate')}</strong>
            </li>
          ))}
        </ul>
      )}
      {mine?.slots.some((slot) => canReport(slot, now)) === true && (
        <a className="button main" href="#report">
          {t('report')}
        </a>
      )}
      {open && late.length > 0 && (
        <a className="button side" href={`#late/${one.id}`}>
          {t('lateDo')}
        </a>
      )}
      {open && <Outings one={one} now={now} onChange={onChange} />}
      {one.mayAgree && (
        <a className="button main" href={`#sign/${one.id}`}>
          {t('sign')}
        </a>
      )}
      {open && <Whom id={one.id} />}
      <details>
        <summary>{t('rulesTitle')}</summary>
        <p>{say(one.out)}</p>
        <p>{say(one.reports)}</p>
        <p>{say(one.ends)}</p>
      </details>
      <p className="links">
        {one.noticed && (
          <a href={`/api/my/observations/${one.id}/notice.pdf`} target="_blank" rel="noreferrer">
            {t('notice')} (PDF)
          </a>
        )}
        {one.released && (
          <a href={`/api/my/observations/${one.id}/certificate.pdf`} target="_blank" rel="noreferrer">
            {t('certificate')} (PDF)
          </a>
        )}
        {one.mayObject && <a href={`#object/${one.id}`}>{t('wrong')}</a>}
      </p>
      <Past id={one.id} />
      {one.objection !== null && <Objection id={one.id} answered={one.objection.answered} />}
      {one.deletedOn !== null && <p className="quiet">{t('deleted', { day: dayWord(one.deletedOn, lang) })}</p>}
    </section>
  )
}

/** Who is responsible now: one tap away, and one more to ring (TEAM-11). */
function Whom({ id }: { id: string }): ReactElement {
  const { t, say } = useWords(HOME)
  const [people, setPeople] = useState<MyPeople | null>(null)
  const { busy, trouble, act } = useAct()
  const open = (): void => act(async () => setPeople(await ask<MyPeople>('GET', `/api/my/observations/${id}/people`)))
  if (people === null)
    return (
      <>
        <Problem trouble={trouble} />
        <button type="button" className="side" aria-disabled={busy} onClick={open}>
          {busy ? t('working') : t('people')}
        </button>
      </>
    )
  const rows = [
    ...people.people.map((one) => ({ ...one, what: say(ROLES[one.role], one.role) })),
    { name: people.desk.name, phone: people.desk.phone, what: t('desk') },
  ]
  return (
    <ul className="people">
      {rows.map((one) => (
        <li key={`${one.what}-${one.name}`}>
          <span>
            {one.name} <small>{one.what}</small>
          </span>
          {one.phone === null ? (
            <span className="quiet">{t('noNumber')}</span>
          ) : (
            <a className="button side" href={`tel:${one.phone}`} aria-label={`${t('call')} ${one.name}`}>
              {t('call')}
            </a>
          )}
        </li>
      ))}
    </ul>
  )
}

const ANSWERS: Partial<Record<string, HomeKey>> = {
  kept: 'answered_kept',
  changed: 'answered_changed',
  ended: 'answered_ended',
}

/** OBS-21: whether the objection was answered, how, and by a tap in which words. */
function Objection({ id, answered }: { id: string; answered: string | null }): ReactElement {
  const { t } = useWords(HOME)
  const [answer, setAnswer] = useState<MyAnswer | null>(null)
  const { busy, trouble, act } = useAct()
  const open = (): void => act(async () => setAnswer(await ask<MyAnswer>('POST', `/api/my/observations/${id}/answer`)))
  if (answered === null) return <output className="said">{t('objected')}</output>
  return (
    <>
      <output className="said">{t(ANSWERS[answered] ?? 'answered_kept')}</output>
      <Problem trouble={trouble} />
      {answer === null ? (
        <button type="button" className="side" aria-disabled={busy} onClick={open}>
          {busy ? t('working') : t('readAnswer')}
        </button>
      ) : (
        <p>{answer.words ?? t('noAnswerWords')}</p>
      )}
    </>
  )
}

const WAYS: Record<MyPastReadings['items'][number]['how'], HomeKey> = {
  self: 'w_self',
  link: 'w_link',
  phone: 'w_phone',
  door: 'w_door',
}

/** What was reported of this person, by whomever: fetched when it is wanted. */
function Past({ id }: { id: string }): ReactElement {
  const { t, say, lang } = useWords(HOME)
  const [list, setList] = useState<MyPastReadings | null>(null)
  const { busy, trouble, act } = useAct()
  const load = (): void =>
    act(async () => {
      const query = list?.next ? `?cursor=${encodeURIComponent(list.next)}` : ''
      const page = await ask<MyPastReadings>('GET', `/api/my/observations/${id}/readings${query}`)
      setList({ ...page, items: [...(list?.items ?? []), ...page.items] })
    })
  const said = (one: MyPastReadings['items'][number]): string => {
    const symptoms = one.symptoms.map((code) => say(SYMPTOMS[code], code))
    const temperature = one.temperature === null ? t('notTaken') : `${showTemperature(one.temperature)} ℃`
    return [temperature, ...(symptoms.length === 0 ? [t('none')] : symptoms)].join(' · ')
  }
  return (
    <>
      {list !== null && (
        <ul className="slots" aria-label={t('past')}>
          {list.items.length === 0 && <li>{t('pastNone')}</li>}
          {list.items.map((one) => (
            <li key={one.id}>
              <span>
                {dayWord(one.day, lang)} {t(one.part)} <small>{t(WAYS[one.how])}</small>
              </span>
              <strong>
                {said(one)} {one.corrected && <small>{t('corrected')}</small>}
              </strong>
            </li>
          ))}
        </ul>
      )}
      <Problem trouble={trouble} />
      {(list === null || list.next !== null) && (
        <button type="button" className="side" aria-disabled={busy} onClick={load}>
          {busy ? t('working') : t(list === null ? 'past' : 'more')}
        </button>
      )}
    </>
  )
}
