import { HouseholdView } from '@weiwang/domain/people/api'
import type { PersonLine } from '@weiwang/domain/people/api'
import { HAZARD_SAY, knownHazards } from '@weiwang/domain/people/hazards'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { q } from '../../../api/query.ts'
import { useJoin, useSay } from '../../../i18n/setup.ts'
import { Act } from '../../../kit/centre/controls.tsx'
import { DataTable } from '../../../kit/centre/DataTable.tsx'
import { Facts, Page, Section } from '../../../kit/centre/surfaces.tsx'
import { Empty } from '../../../kit/common/Notice.tsx'
import { useMay } from '../../../session/me.ts'
import { Loading, ReadProblem } from '../../../shared/ProblemNotice.tsx'
import { When } from '../../../shared/words.tsx'
import { GoLink, useGo } from '../../parts/GoLink.tsx'
import { paths } from '../../paths.ts'
import { useRecordSource } from '../tasks/parts.tsx'
import { NewPerson } from './NewPerson.tsx'
import { SavedNotice } from './SavedNotice.tsx'
import { usePersonColumns } from './SearchPeople.tsx'

export function HouseholdPage(): ReactNode {
  const { t } = useTranslation('centre')
  const join = useJoin()
  const { t: c } = useTranslation('common')
  const say = useSay()
  const go = useGo()
  const may = useMay()
  const columns = usePersonColumns()
  const recordSource = useRecordSource()
  const { id = '' } = useParams({ strict: false })
  const answer = useQuery(q(HouseholdView, `/api/households/${id}`))
  if (answer.error)
    return (
      <Page title={t('household')}>
        <ReadProblem error={answer.error} again={<Act onClick={() => void answer.refetch()}>{c('act.retry')}</Act>} />
      </Page>
    )
  if (!answer.data) return <Loading />
  const door = answer.data
  return (
    <Page
      title={[door.estate, door.building, door.door].filter(Boolean).join(' ') || t('household')}
      lead={door.areaName}
      acts={
        <>
          {may('file', 'person', { area: door.area }) ? <NewPerson door={{ id, area: door.area }} /> : null}
          <GoLink className="plain" href={paths.visits({ householdId: id })}>
            {t('visits')}
          </GoLink>
          {may('read', 'observation', { area: door.area }) ? (
            <GoLink className="plain" href={paths.observation({ householdId: id })}>
              {t('room.observation')}
            </GoLink>
          ) : null}
          {may('read', 'service', { area: door.area }) ? (
            <GoLink className="plain" href={paths.services({ householdId: id })}>
              {t('room.services')}
            </GoLink>
          ) : null}
        </>
      }
    >
      <SavedNotice />
      <Facts
        rows={[
          [t('door.kind'), t(`doorKind.${door.kind}`)],
          [t('door.use'), t(`doorUse.${door.use}`)],
          door.hazards.length > 0
            ? [t('door.hazards'), join(knownHazards(door.hazards).map((word) => say(HAZARD_SAY[word])))]
            : null,
          door.position
            ? [
                t('door.position'),
                t(door.position.by === 'hand' ? 'door.position.hand' : 'door.position.visit', {
                  lat: door.position.lat,
                  lon: door.position.lng,
                  m: Math.round(door.position.accuracy),
                }),
              ]
            : null,
          [t('area'), door.area],
          [t('feed.source'), recordSource(door.source)],
          door.externalId ? [t('door.external'), door.externalId] : null,
          [t('task.updated'), <When key="u" at={door.updatedAt} />],
        ]}
      />
      <Section title={t('door.people')}>
        <DataTable<PersonLine>
          name={t('door.people')}
          rows={door.people}
          columns={columns}
          rowKey={(row) => row.personId}
          onOpen={(row) => go(paths.person(row.personId))}
          busy={answer.isFetching}
          totalText={c('total', { total: door.people.length })}
          empty={<Empty why={t('door.nobody')} />}
        />
      </Section>
    </Page>
  )
}
