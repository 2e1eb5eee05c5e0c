import { isDay } from '@weiwang/domain/core/day'
import { ClosedEmergencies } from '@weiwang/domain/stats/api'
import { useQuery } from '@tanstack/react-query'
import { useRouterState } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { q } from '../../api/query.ts'
import { useJoin, useSay } from '../../i18n/setup.ts'
import { Notice } from '../../kit/common/Notice.tsx'
import { useClock, useMay } from '../../session/me.ts'
import { dayWords } from '../../words/time.ts'
import { useFilters } from '../filters.ts'
import { useDesk } from '../parts/desk.ts'

const Span = z.object({ from: z.string().refine(isDay), to: z.string().refine(isDay) })
const STALE_MS = 300_000
/** Pages of figures and of the lists that counters count, which are of the desk's day when the address names none. */
const OF_A_DAY: readonly string[] = [
  '/',
  '/figures',
  '/visits',
  '/visits/persons',
  '/lists/entries',
  '/tasks/transfers',
]

/**
 * STAT-16: a figure of days whose emergency is closed out stays, and the rows behind it are gone. Said above the figures and above
 * every list that a figure of those days has opened, since their address names the days.
 */
export function ClosedNotice(): ReactNode {
  const { t } = useTranslation('centre')
  const say = useSay()
  const join = useJoin()
  const clock = useClock()
  const may = useMay()
  const desk = useDesk()
  const pathname = useRouterState({ select: (s) => s.location.pathname })
  const [{ from, to }] = useFilters(Span)
  const asked = (from !== undefined || OF_A_DAY.includes(pathname)) && may('read', 'stats')
  const answer = useQuery({
    ...q(ClosedEmergencies, '/api/stats/closed', { area: desk.area, from: from ?? desk.day, to: to ?? desk.day }),
    enabled: asked,
    staleTime: STALE_MS,
  })
  const closed = asked ? (answer.data?.items ?? []) : []
  if (closed.length === 0) return null
  const names = closed.map((one) =>
    t('closed.one', { name: say(one.name), area: one.areaName, day: dayWords(one.lastDay, clock) }),
  )
  return (
    <div className="closed-notice">
      <Notice kind="note" head={t('closed.head', { names: join(names) })} body={t('closed.body')} />
    </div>
  )
}
