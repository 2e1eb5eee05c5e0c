import { VisitPage } from '@weiwang/domain/visits/api'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { q } from '../../api/query.ts'
import { useMe, useSession } from '../../session/me.ts'
import { grouped } from '../../words/numbers.ts'
import { hourMinute } from '../../words/time.ts'
import { waitingDrafts } from '../drafts.ts'
import { Go } from '../Go.tsx'
import { paths } from '../paths.ts'

/** The truth in one line: what lies here unsent, what the server has of today, and since when. */
export function Strip(): ReactNode {
  const { t } = useTranslation('worker')
  const me = useMe()
  const { offset } = useSession()
  const visits = useQuery({
    ...q(VisitPage, '/api/visits', { by: me.id, from: me.today, to: me.today, limit: 1 }),
    refetchInterval: 60_000,
  })
  const waiting = waitingDrafts(localStorage, me.id)
  return (
    <section className="strip" aria-label={t('strip')}>
      <span>{waiting.length > 0 ? <b>{t('strip.waiting', { n: waiting.length })}</b> : t('strip.nothing')}</span>
      {visits.data ? (
        <Go href={paths.visits()}>{t('strip.server', { n: grouped(visits.data.total) })}</Go>
      ) : (
        <span>{visits.error ? t('strip.unknown') : t('strip.asking')}</span>
      )}
      {visits.data ? <span>{hourMinute(new Date(visits.dataUpdatedAt + offset), me.zone)}</span> : null}
    </section>
  )
}
