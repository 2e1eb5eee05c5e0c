import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useSay } from '../../i18n/setup.ts'
import { Empty } from '../../kit/common/Notice.tsx'
import { BigButton } from '../../kit/phone/controls.tsx'
import { grouped } from '../../words/numbers.ts'
import { timeWords } from '../../words/time.ts'
import { useClock } from '../clock.tsx'
import { Head } from '../Frame.tsx'
import { Go } from '../Go.tsx'
import { paths } from '../paths.ts'
import { useOutbox, usePhone, useStrip } from '../phone/hooks.tsx'
import type { OutboxItem, OutboxState } from '../phone/types.ts'
import { KindWord } from './KindWord.tsx'
import { State } from './Sent.tsx'
import { Banners } from './Strip.tsx'

/** The door or person that an item is about, in words. */
export function useAbout(): (item: OutboxItem) => string {
  const phone = usePhone()
  return ({ body }) => {
    const text = (name: string): string => (typeof body?.[name] === 'string' ? body[name] : '')
    const task = phone.shelf.task(text('taskId') || text('id'))
    const door = phone.shelf.door(text('householdId') || text('id')) ?? task?.door ?? null
    const person = phone.shelf.person(text('personId') || text('id')) ?? task?.person ?? null
    const named = [door?.label, person?.name ?? task?.body.masked].filter(Boolean).join(' ')
    return named || [text('name'), text('estate'), text('building'), text('door')].filter(Boolean).join(' ')
  }
}

export function OutboxLine({ item }: { item: OutboxItem }): ReactNode {
  const say = useSay()
  const about = useAbout()
  const clock = useClock()
  return (
    <Go href={paths.sent(item.key)} className="card">
      <b className="card-name">
        <KindWord kind={item.kind} />
      </b>
      <span className="card-place">{about(item)}</span>
      <span className="card-place">{timeWords(new Date(item.at), clock)}</span>
      <State item={item} receipt={null} />
      {item.problem ? <span className="card-due">{say(item.problem.message)}</span> : null}
    </Go>
  )
}

const GROUPS: readonly { key: 'refused' | 'held' | 'waiting'; states: readonly OutboxState[] }[] = [
  { key: 'refused', states: ['refused'] },
  { key: 'held', states: ['held'] },
  { key: 'waiting', states: ['waiting', 'sending', 'stuck'] },
]

/** Everything that the server has not taken: nothing is ever thrown away from here. */
export function OutboxPage(): ReactNode {
  const { t } = useTranslation('worker')
  const phone = usePhone()
  const items = useOutbox()
  const strip = useStrip()
  return (
    <>
      <Head title={t('outbox')} back={paths.me()} />
      <main className="phone-main">
        <Banners />
        {items.length === 0 ? <Empty why={t('outbox.empty')} todo={t('outbox.empty.todo')} /> : null}
        {strip.photosWaiting > 0 ? <p className="group">{t('strip.photos', { n: strip.photosWaiting })}</p> : null}
        {items.length + strip.photosWaiting > 0 ? (
          <p>
            <BigButton busy={strip.syncing} onClick={() => void phone.sync()}>
              {strip.syncing ? t('strip.syncing') : t('sync.now')}
            </BigButton>
          </p>
        ) : null}
        {GROUPS.map((group) => {
          const here = items.filter((item) => group.states.includes(item.state))
          return here.length === 0 ? null : (
            <section key={group.key} aria-label={t(`outbox.${group.key}`)}>
              <h2 className="group">
                {t(`outbox.${group.key}`)} · {grouped(here.length)}
              </h2>
              {here.map((item) => (
                <OutboxLine key={item.key} item={item} />
              ))}
            </section>
          )
        })}
      </main>
    </>
  )
}
