import { VisitPage } from '@weiwang/domain/visits/api'
import type { VisitRow } from '@weiwang/domain/visits/api'
import { findDisposition } from '@weiwang/domain/tasks/disposition'
import { useEffect, useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { get } from '../../../api/http.ts'
import { useSay } from '../../../i18n/setup.ts'
import { Loading, ProblemNotice } from '../../../shared/ProblemNotice.tsx'
import { When } from '../../clock.tsx'

const MOST = 50

/** Visits that are no longer on the phone, asked of the server. */
export function OlderVisits({ householdId }: { householdId: string }): ReactNode {
  const { t } = useTranslation('worker')
  const say = useSay()
  const [rows, setRows] = useState<VisitRow[] | null>(null)
  const [error, setError] = useState<unknown>(null)
  useEffect(() => {
    const ended = new AbortController()
    get(VisitPage, '/api/visits', { householdId, limit: MOST }, ended.signal).then(
      (page) => setRows(page.items),
      (thrown: unknown) => {
        if (!ended.signal.aborted) setError(thrown)
      },
    )
    return () => ended.abort()
  }, [householdId])
  if (error) return <ProblemNotice quiet error={error} />
  if (!rows) return <Loading />
  if (rows.length === 0) return <p className="card-place">{t('visits.none')}</p>
  return rows.map((visit) => (
    <section className="card" key={visit.id}>
      <span className="card-place">
        {visit.disposition ? say(findDisposition(visit.disposition)?.say) || visit.disposition : visit.result}
      </span>
      <span className="card-place">
        {visit.by.name} · <When at={visit.recordedAt} />
      </span>
    </section>
  ))
}
