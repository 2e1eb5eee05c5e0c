import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Go } from '../../Go.tsx'
import { paths } from '../../paths.ts'
import { useOutbox } from '../../phone/hooks.tsx'
import type { Carried } from '../../services/carried.ts'
import { bySoonest } from '../../services/carried.ts'
import { useCarriedHere } from '../../services/useCarried.ts'
import { OutboxLine } from '../OutboxPage.tsx'
import { ServiceItem } from './parts.tsx'

const count = (services: readonly Carried[], part: Carried['part']): number =>
  services.filter((one) => one.part === part).length

/** On Today: what I was offered, what is on my round, what nobody has. */
export function TodayRow(): ReactNode {
  const { t } = useTranslation('worker')
  const services = useCarriedHere()
  const offered = count(services, 'offered')
  const mine = count(services, 'mine')
  const open = count(services, 'open')
  if (offered + mine + open === 0) return null
  return (
    <Go href={paths.services()} className="card">
      {offered > 0 ? <b>{t('svc.today.offered', { n: offered })}</b> : null}
      <span style={{ display: 'block' }}>{t('svc.today', { mine, open })}</span>
    </Go>
  )
}

/** On a door's page: what is asked for here and not yet brought, and the way to ask for more. */
export function DoorRow({ householdId, local }: { householdId: string; local: boolean }): ReactNode {
  const { t } = useTranslation('worker')
  const services = useCarriedHere().filter((one) => one.householdId === householdId && one.part !== 'done')
  const asked = useOutbox().filter(({ kind, body }) => kind === 'service.ask' && body?.['householdId'] === householdId)
  return (
    <>
      {services.length + asked.length > 0 ? (
        <h2 className="group">{t('svc.door', { n: services.length + asked.length })}</h2>
      ) : null}
      {services.toSorted(bySoonest).map((one) => (
        <ServiceItem key={one.id} of={one} />
      ))}
      {asked.map((item) => (
        <OutboxLine key={item.key} item={item} />
      ))}
      {local ? null : (
        <p>
          <Go href={paths.askService(householdId)} className="big">
            {t('svc.ask.title')}
          </Go>
        </p>
      )}
    </>
  )
}
