import { OrganisedList } from '@weiwang/domain/areas/api'
import { FillAnswer, TEAM_LISTS, TeamPage, TeamSummary } from '@weiwang/domain/teams/api'
import type { TeamRow } from '@weiwang/domain/teams/api'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { q, useList, useWrite } from '../../../api/query.ts'
import { Act, SelectField, Sheets } from '../../../kit/centre/controls.tsx'
import { DataTable } from '../../../kit/centre/DataTable.tsx'
import { Page, Section } from '../../../kit/centre/surfaces.tsx'
import { Empty } from '../../../kit/common/Notice.tsx'
import { WordTag } from '../../../kit/common/Tags.tsx'
import { useMay } from '../../../session/me.ts'
import { ReadProblem } from '../../../shared/ProblemNotice.tsx'
import { grouped } from '../../../words/numbers.ts'
import { useFilters } from '../../filters.ts'
import { ConfirmAct } from '../../parts/ConfirmAct.tsx'
import { useDesk } from '../../parts/desk.ts'
import { FigureDoors } from '../../parts/FigureDoors.tsx'
import { ListTable } from '../../parts/ListTable.tsx'
import { paths } from '../../paths.ts'
import { FillReport } from './FillReport.tsx'
import { Leaves } from './Leaves.tsx'
import { Loads } from './Loads.tsx'
import { TeamPanel } from './TeamPanel.tsx'
import './teams.css'
import { Templates } from './Templates.tsx'
import { Visits } from './Visits.tsx'
import { doorWords, TEAM_LISTS_TOUCHED, useRole } from './words.ts'

const TABS = ['doors', 'loads', 'leaves', 'visits', 'template'] as const
const Filters = z.object({
  tab: z.enum(TABS),
  list: z.enum(TEAM_LISTS),
  account: z.uuid(),
  open: z.uuid(),
  own: z.enum(['true']),
  organised: OrganisedList,
})

/** Each number is a door to its list, which has the same total. */
function Figures({ sum }: { sum: TeamSummary }): ReactNode {
  const { t } = useTranslation('centre')
  const doors = t('teams.unit.doors')
  const people = t('teams.unit.people')
  const at = (search: Record<string, string>) => paths.teams(search)
  const all = [
    { label: t('teams.doors'), n: sum.doors, unit: doors, href: at({}) },
    { label: t('teams.full'), n: sum.full, unit: doors, href: at({ list: 'full' }) },
    { label: t('teams.short'), n: sum.short, unit: doors, href: at({ list: 'short' }) },
    { label: t('teams.people'), n: sum.people, unit: people, href: at({ tab: 'loads' }) },
    { label: t('teams.away'), n: sum.away, unit: people, href: at({ tab: 'loads', away: 'true' }) },
  ]
  return <FigureDoors all={all} />
}

function ByRole({ sum }: { sum: TeamSummary }): ReactNode {
  const { t } = useTranslation('centre')
  const { t: c } = useTranslation('common')
  const role = useRole()
  if (sum.roles.length === 0) return null
  return (
    <Section title={t('teams.byRole')}>
      <DataTable
        name={t('teams.byRole')}
        rows={sum.roles}
        rowKey={(row) => row.role}
        busy={false}
        totalText={c('total', { total: sum.roles.length })}
        empty={<Empty why={t('loads.empty')} todo={t('loads.empty.todo')} />}
        columns={[
          { key: 'role', title: t('role'), cell: (row) => <b>{role(row.role)}</b> },
          {
            key: 'seats',
            title: t('teams.seats'),
            end: true,
            cell: (row) => t('teams.seats.line', { has: grouped(row.has), need: grouped(row.need) }),
          },
          { key: 'people', title: t('teams.people'), end: true, cell: (row) => grouped(row.people) },
          {
            key: 'spread',
            title: t('teams.spread'),
            end: true,
            cell: (row) => t('teams.spread.line', { least: row.least, most: row.most }),
          },
        ]}
      />
    </Section>
  )
}

function Fill({ short, onFilled }: { short: number; onFilled: (answer: FillAnswer) => void }): ReactNode {
  const { t } = useTranslation('centre')
  const desk = useDesk()
  const write = useWrite(FillAnswer, { path: '/api/teams/fill', touches: TEAM_LISTS_TOUCHED })
  return (
    <ConfirmAct
      primary
      verb={t('teams.fill')}
      title={t('teams.fill')}
      write={write}
      onYes={(_, done) =>
        write.mutate(
          { area: desk.area },
          {
            onSuccess: (answer) => {
              onFilled(answer)
              done()
            },
          },
        )
      }
    >
      <p>{t('teams.fill.what', { n: grouped(short) })}</p>
    </ConfirmAct>
  )
}

export function Members({ row }: { row: Pick<TeamRow, 'members'> }): ReactNode {
  const { t } = useTranslation('centre')
  const role = useRole()
  if (row.members.length === 0) return <WordTag strong>{t('team.none')}</WordTag>
  return (
    <ul className="plain-list">
      {row.members.map((one) => (
        <li key={one.id}>
          {role(one.role)} <b>{one.name}</b>
          {one.away ? <WordTag>{t('team.awayMark')}</WordTag> : null}
          {one.standsInFor ? <small> {t('team.standsIn', { name: one.standsInFor })}</small> : null}
        </li>
      ))}
    </ul>
  )
}

export function Missing({ row }: { row: Pick<TeamRow, 'seats'> }): ReactNode {
  const { t } = useTranslation('centre')
  const role = useRole()
  const missing = row.seats.filter((seat) => seat.has < seat.need)
  if (missing.length === 0) return '–'
  return (
    <ul className="plain-list">
      {missing.map((seat) => (
        <li key={seat.role}>
          <b>{role(seat.role)}</b>
          {seat.limit ? <small> {t(`limit.${seat.limit}`)}</small> : null}
        </li>
      ))}
    </ul>
  )
}

function Doors({ short }: { short: number }): ReactNode {
  const { t } = useTranslation('centre')
  const may = useMay()
  const desk = useDesk()
  const [filters, set] = useFilters(Filters)
  const [filled, setFilled] = useState<FillAnswer | null>(null)
  const kind = filters.list ?? 'all'
  const list = useList(
    TeamPage,
    '/api/teams',
    { area: desk.area, list: kind, account: filters.account, own: filters.own, organised: filters.organised },
    { every: 30_000 },
  )
  return (
    <>
      {filled ? (
        <FillReport
          head={t('teams.filled', { doors: grouped(filled.doors), seats: grouped(filled.filled) })}
          answer={filled}
        />
      ) : null}
      <div className="filters">
        <SelectField
          label={t('teams.list')}
          value={kind}
          onChange={(v) => set({ list: v === 'all' ? null : v })}
          choices={TEAM_LISTS.map((one) => ({ value: one, label: t(`teams.list.${one}`) }))}
          width={160}
        />
        {may('bulk', 'team') && short > 0 ? <Fill short={short} onFilled={setFilled} /> : null}
      </div>
      <ListTable<TeamRow>
        name={t('teams.tab.doors')}
        list={list}
        rowKey={(row) => row.id}
        onOpen={(row) => set({ open: row.id })}
        openKey={filters.open}
        empty={{ why: t('teams.empty'), todo: t('teams.empty.todo') }}
        columns={[
          { key: 'door', title: t('team.door'), cell: (row) => <b>{doorWords(row)}</b> },
          { key: 'area', title: t('area'), cell: (row) => row.areaName },
          { key: 'members', title: t('team.members'), cell: (row) => <Members row={row} /> },
          { key: 'missing', title: t('team.missing'), cell: (row) => <Missing row={row} /> },
          { key: 'observed', title: t('team.observed'), end: true, cell: (row) => grouped(row.observed) },
          { key: 'since', title: t('team.since'), cell: (row) => row.since },
        ]}
      />
      <TeamPanel id={filters.open} onClose={() => set({ open: null })} />
    </>
  )
}

export function TeamsPage(): ReactNode {
  const { t } = useTranslation('centre')
  const { t: c } = useTranslation('common')
  const desk = useDesk()
  const [filters, set] = useFilters(Filters)
  const tab = filters.tab ?? 'doors'
  const sum = useQuery({ ...q(TeamSummary, '/api/teams/summary', { area: desk.area }), refetchInterval: 30_000 })
  return (
    <Page title={t('room.teams')} lead={t('teams.lead')}>
      {sum.error ? (
        <ReadProblem error={sum.error} again={<Act onClick={() => void sum.refetch()}>{c('act.retry')}</Act>} />
      ) : null}
      {sum.data ? <Figures sum={sum.data} /> : null}
      <Sheets
        value={tab}
        onChange={(key) => set({ tab: key === 'doors' ? null : key, open: null, list: null, account: null })}
        sheets={TABS.map((key) => ({ key, label: t(`teams.tab.${key}`) }))}
      />
      {tab === 'doors' ? <Doors short={sum.data?.short ?? 0} /> : null}
      {tab === 'loads' ? (
        <>
          <Loads />
          {sum.data ? <ByRole sum={sum.data} /> : null}
        </>
      ) : null}
      {tab === 'leaves' ? <Leaves /> : null}
      {tab === 'visits' ? <Visits /> : null}
      {tab === 'template' ? <Templates /> : null}
    </Page>
  )
}
