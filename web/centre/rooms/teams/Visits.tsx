import { VisitPlanPage } from '@weiwang/domain/teams/api'
import type { VisitPlanView } from '@weiwang/domain/teams/api'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useList } from '../../../api/query.ts'
import type { List } from '../../../api/query.ts'
import { useJoin } from '../../../i18n/setup.ts'
import { DayField } from '../../../kit/centre/controls.tsx'
import { WordTag } from '../../../kit/common/Tags.tsx'
import { useDesk } from '../../parts/desk.ts'
import { ListTable } from '../../parts/ListTable.tsx'
import { doorWords, useRole } from './words.ts'

const MINUTES = 60
const clockOf = (minutes: number): string =>
  `${String(Math.floor(minutes / MINUTES)).padStart(2, '0')}:${String(minutes % MINUTES).padStart(2, '0')}`

type Visit = VisitPlanView['visits'][number]

function Works({ visits }: { visits: readonly Visit[] }): ReactNode {
  const { t } = useTranslation('centre')
  const join = useJoin()
  const role = useRole()
  if (visits.length === 0) return t('visits.nothing')
  return (
    <ol className="plain-list">
      {visits.map((visit) => (
        <li key={visit.works.map((work) => work.id).join()}>
          {visit.between ? <b>{visit.between.map(clockOf).join('–')} </b> : null}
          {join(visit.works.map((work) => t(`work.${work.kind}`, { role: role(work.role) })))}
        </li>
      ))}
    </ol>
  )
}

function Who({ visits }: { visits: readonly Visit[] }): ReactNode {
  const { t } = useTranslation('centre')
  const join = useJoin()
  const role = useRole()
  return (
    <ol className="plain-list">
      {visits.map((visit) => (
        <li key={visit.works.map((work) => work.id).join()}>
          {join(visit.people.map((one) => `${role(one.role)} ${one.name}`))}
          {visit.missing.length > 0 ? (
            <WordTag strong>{t('visits.noOne', { roles: join(visit.missing.map(role)) })}</WordTag>
          ) : null}
        </li>
      ))}
    </ol>
  )
}

/** Doors of a list with what the day brings there and who goes. */
export function VisitTable({ name, list }: { name: string; list: List<VisitPlanView> }): ReactNode {
  const { t } = useTranslation('centre')
  return (
    <ListTable<VisitPlanView>
      name={name}
      list={list}
      rowKey={(row) => row.teamId}
      empty={{ why: t('teams.empty'), todo: t('teams.empty.todo') }}
      columns={[
        { key: 'door', title: t('team.door'), cell: (row) => <b>{doorWords(row)}</b> },
        { key: 'area', title: t('area'), cell: (row) => row.areaName },
        { key: 'works', title: t('visits.works'), cell: (row) => <Works visits={row.visits} /> },
        { key: 'who', title: t('visits.who'), cell: (row) => <Who visits={row.visits} /> },
      ]}
    />
  )
}

export function Visits(): ReactNode {
  const { t } = useTranslation('centre')
  const desk = useDesk()
  const list = useList(VisitPlanPage, '/api/teams/visits', { area: desk.area, day: desk.day })
  return (
    <>
      <p className="page-lead">{t('teamVisits.lead')}</p>
      <div className="filters">
        <DayField label={t('day')} value={desk.day} onChange={desk.setDay} />
      </div>
      <VisitTable name={t('teams.tab.visits')} list={list} />
    </>
  )
}
