import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Empty, Notice } from '../../kit/common/Notice.tsx'
import { Known } from '../../kit/phone/controls.tsx'
import { grouped } from '../../words/numbers.ts'
import { When } from '../clock.tsx'
import { Head } from '../Frame.tsx'
import { Go } from '../Go.tsx'
import { paths } from '../paths.ts'
import { useOutbox, useOwn, usePhone } from '../phone/hooks.tsx'
import type { OwnChange } from '../phone/types.ts'
import { AsOf } from './AsOf.tsx'
import { OutboxLine } from './OutboxPage.tsx'

const STATES = ['open', 'kept', 'taken', 'settled', 'superseded'] as const
const FIELDS = [
  'name',
  'phone',
  'birth',
  'sex',
  'kind',
  'use',
  'estate',
  'building',
  'door',
  'hazards',
  'position',
] as const

function One({ change }: { change: OwnChange }): ReactNode {
  const { t } = useTranslation('worker')
  const { shelf } = usePhone()
  const person = change.thing === 'person' ? shelf.person(change.thingId) : null
  const door = change.thing === 'household' ? shelf.door(change.thingId) : null
  const name = person
    ? (person.name ?? person.body.masked)
    : door
      ? (door.label ?? t('door.unknown'))
      : t('changes.gone')
  const href = person ? paths.person(person.id) : door ? paths.door(door.id) : null
  const field = FIELDS.find((one) => one === change.field)
  const state = STATES.find((one) => one === change.state)
  return (
    <section className="card">
      {href === null ? (
        <b className="card-name">{name}</b>
      ) : (
        <Go href={href} className="card-name">
          {name}
        </Go>
      )}
      <Known
        rows={[
          [t('changes.field'), field ? t(`field.${field}`) : change.field],
          [t('changes.made'), <When key="m" at={change.madeAt} />],
          [t('phone.state'), <b key="s">{state ? t(`changes.${state}`) : change.state}</b>],
          change.byName ? [t('changes.by'), change.byName] : null,
          change.decidedAt ? [t('changes.decided'), <When key="d" at={change.decidedAt} />] : null,
          change.reason ? [t('changes.reason'), change.reason] : null,
        ]}
      />
    </section>
  )
}

/** Changes of mine beside which somebody else said otherwise, and what became of them (PEOPLE-19, PEOPLE-20). */
export function ChangesPage(): ReactNode {
  const { t } = useTranslation('worker')
  const own = useOwn()
  const waiting = useOutbox().filter(({ kind }) => kind === 'person.change' || kind === 'household.change')
  const changes = own?.changes ?? []
  return (
    <>
      <Head title={t('changes')} back={paths.me()} />
      <main className="phone-main">
        <p>{t('changes.lead')}</p>
        {waiting.map((item) => (
          <OutboxLine key={item.key} item={item} />
        ))}
        <AsOf at={own?.asOf ?? null} />
        {own !== null && changes.length === 0 ? <Empty why={t('changes.none')} todo={t('changes.none.todo')} /> : null}
        {changes.map((change) => (
          <One key={change.id} change={change} />
        ))}
        {own !== null && own.changesTotal > changes.length ? (
          <Notice kind="note" head={t('own.older', { n: grouped(own.changesTotal - changes.length) })} />
        ) : null}
      </main>
    </>
  )
}
