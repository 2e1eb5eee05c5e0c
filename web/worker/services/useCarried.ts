import { ServicePage } from '@weiwang/domain/observation/service-api'
import { useMemo } from 'react'
import { useClock } from '../clock.tsx'
import { useHeard, useOutbox, usePhoneState, useThings } from '../phone/hooks.tsx'
import { carriedOf } from './carried.ts'
import type { Carried } from './carried.ts'

const NONE: readonly never[] = []

/** Of my grids and of mine elsewhere; `asOf`: since when the latter stand. */
export function useCarried(): { services: readonly Carried[]; asOf: Date | null; unread: boolean } {
  const { now, zone } = useClock()
  const me = usePhoneState().account?.id ?? ''
  const services = useThings('service')
  const outbox = useOutbox()
  const offered = useHeard(ServicePage, '/api/services/mine?list=offered')
  const taken = useHeard(ServicePage, '/api/services/mine?list=taken')
  const elsewhere = useMemo(
    () => [...(offered.data?.items ?? NONE), ...(taken.data?.items ?? NONE)],
    [offered.data, taken.data],
  )
  const list = useMemo(
    () => carriedOf({ services, elsewhere, outbox, me, now, zone }),
    [services, elsewhere, outbox, me, now, zone],
  )
  return { services: list, asOf: offered.asOf, unread: offered.unread || taken.unread }
}

/** What the feed alone tells: for Today and for a door's page, which ask the server nothing. */
export function useCarriedHere(): readonly Carried[] {
  const { now, zone } = useClock()
  const me = usePhoneState().account?.id ?? ''
  const services = useThings('service')
  const outbox = useOutbox()
  return useMemo(
    () => carriedOf({ services, elsewhere: NONE, outbox, me, now, zone }),
    [services, outbox, me, now, zone],
  )
}
