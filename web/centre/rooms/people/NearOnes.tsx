import { NearCandidate, NearHousehold } from '@weiwang/domain/people/api'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { problemOf } from '../../../api/http.ts'
import { useJoin, useSay } from '../../../i18n/setup.ts'
import { TextField } from '../../../kit/centre/controls.tsx'
import { GoLink } from '../../parts/GoLink.tsx'
import { paths } from '../../paths.ts'

const Near = z.object({
  candidates: z.array(NearCandidate).optional(),
  people: z.array(NearCandidate).optional(),
  households: z.array(NearHousehold).optional(),
})
export type NearFound = { people: z.output<typeof NearCandidate>[]; households: z.output<typeof NearHousehold>[] }

/** The near records for which the server has not saved yet (PEOPLE-8, PEOPLE-12); null when it was something else. */
export function nearOf(error: unknown): NearFound | null {
  if (!error) return null
  const problem = problemOf(error)
  if (problem.code !== 'NEAR_PERSON' && problem.code !== 'NEAR_HOUSEHOLD') return null
  const read = Near.safeParse(problem.details)
  if (!read.success) return null
  return { people: read.data.candidates ?? read.data.people ?? [], households: read.data.households ?? [] }
}

/** The near ones with why they are near, each to look at, and the reason to go on in spite of them. */
export function NearOnes({
  near,
  reason,
  onReason,
}: {
  near: NearFound
  reason: string
  onReason: (reason: string) => void
}): ReactNode {
  const { t } = useTranslation('centre')
  const join = useJoin()
  const say = useSay()
  return (
    <>
      <ul className="history" aria-label={t('near.list')}>
        {near.households.map(({ household, reasons }) => (
          <li key={household.id}>
            <GoLink href={paths.household(household.id)}>
              {[household.estate, household.building, household.door].filter(Boolean).join(' ') || t('household')}
            </GoLink>{' '}
            {household.areaName}
            <small>{join(reasons.map(say), 'clauses')}</small>
          </li>
        ))}
        {near.people.map(({ person, reasons }) => (
          <li key={person.personId}>
            <GoLink href={paths.person(person.personId)}>{person.masked}</GoLink> {person.areaName}
            <small>{join(reasons.map(say), 'clauses')}</small>
          </li>
        ))}
      </ul>
      <TextField label={t('near.reason')} value={reason} onChange={onReason} help={t('near.reason.help')} />
    </>
  )
}
