import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Empty } from '../../../kit/common/Notice.tsx'
import { grouped } from '../../../words/numbers.ts'
import { Head } from '../../Frame.tsx'
import { byDoor } from '../../order.ts'
import { paths } from '../../paths.ts'
import { usePhone } from '../../phone/hooks.tsx'
import type { Carried, Part } from '../../services/carried.ts'
import { bySoonest } from '../../services/carried.ts'
import { useCarried } from '../../services/useCarried.ts'
import { AsOf } from '../AsOf.tsx'
import { Long } from '../Long.tsx'
import { Strip } from '../Strip.tsx'
import { ServiceItem } from './parts.tsx'

const PARTS: readonly Part[] = ['offered', 'mine', 'open', 'others', 'done']
const FOLDED: readonly Part[] = ['others', 'done']

/** My round goes from door to door; everything else stands by what is due first. */
function useOrder(): (part: Part, list: readonly Carried[]) => Carried[] {
  const phone = usePhone()
  const door = ({ householdId }: Carried) => (householdId === null ? null : phone.shelf.door(householdId))
  return (part, list) =>
    list.toSorted((a, b) =>
      part === 'mine'
        ? Number(b.urgency === 'urgent') - Number(a.urgency === 'urgent') || byDoor(door(a), door(b)) || bySoonest(a, b)
        : bySoonest(a, b),
    )
}

/** Help that is asked for in my grids: what I was offered, my round, what nobody has taken, and with whom the rest is. */
export function ServicesPage(): ReactNode {
  const { t } = useTranslation('worker')
  const { services, asOf, unread } = useCarried()
  const order = useOrder()
  return (
    <>
      <Head title={t('svc.title')} back={paths.today()} />
      <Strip />
      <main className="phone-main">
        {services.length === 0 ? <Empty why={t('svc.empty')} todo={t('svc.empty.todo')} /> : null}
        {PARTS.map((part) => {
          const list = order(
            part,
            services.filter((one) => one.part === part),
          )
          const head = `${t(`svc.part.${part}`)} · ${grouped(list.length)}`
          const cards = list.map((one) => <ServiceItem key={one.id} of={one} />)
          if (list.length === 0) return null
          return FOLDED.includes(part) ? (
            <details className="fold" key={part}>
              <summary className="group">{head}</summary>
              <Long>{cards}</Long>
            </details>
          ) : (
            <section key={part} aria-label={t(`svc.part.${part}`)}>
              <h2 className="group">{head}</h2>
              <Long>{cards}</Long>
            </section>
          )
        })}
        <h2 className="group">{t('svc.elsewhere')}</h2>
        {services.some((one) => one.grid === null) ? null : <p className="card-place">{t('svc.elsewhere.none')}</p>}
        <AsOf at={asOf} unread={unread} />
      </main>
    </>
  )
}
