import { OrganisedList } from '@weiwang/domain/areas/api'
import { MadeWatches, WATCH_LISTS, WatchCoverage, WatchPage, WatchPreview } from '@weiwang/domain/teams/api'
import type { WatchRow } from '@weiwang/domain/teams/api'
import { WATCH_KINDS } from '@weiwang/domain/teams/watch'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { q, useList, useWrite } from '../../../api/query.ts'
import { Act, SelectField, Sheets } from '../../../kit/centre/controls.tsx'
import { Page } from '../../../kit/centre/surfaces.tsx'
import { Notice } from '../../../kit/common/Notice.tsx'
import { WordTag } from '../../../kit/common/Tags.tsx'
import { useMay } from '../../../session/me.ts'
import { Loading, ProblemNotice, ReadProblem } from '../../../shared/ProblemNotice.tsx'
import { grouped } from '../../../words/numbers.ts'
import { useFilters } from '../../filters.ts'
import { ConfirmAct } from '../../parts/ConfirmAct.tsx'
import { useDesk } from '../../parts/desk.ts'
import { FigureDoors } from '../../parts/FigureDoors.tsx'
import { JobProgress } from '../../parts/JobProgress.tsx'
import { ListTable } from '../../parts/ListTable.tsx'
import { paths } from '../../paths.ts'
import { Leader } from './Leader.tsx'
import { Notes } from './Notes.tsx'
import { Uncovered } from './Uncovered.tsx'
import { WatchPanel } from './WatchPanel.tsx'
import '../teams/teams.css'

const TABS = ['list', 'uncovered', 'notes'] as const
const Filters = z.object({
  tab: z.enum(TABS),
  kind: z.enum(WATCH_KINDS),
  list: z.enum(WATCH_LISTS),
  open: z.uuid(),
  own: z.enum(['true']),
  organised: OrganisedList,
})
const COUNTY_DIGITS = 6
const WATCH_LISTS_TOUCHED = ['/api/watches', '/api/jobs']

/** WATCH-3: whether every door stands in exactly one watch, and each number as a door to its list. */
function Check({ sum }: { sum: WatchCoverage }): ReactNode {
  const { t } = useTranslation('centre')
  const all = [
    { label: t('watches.doors'), n: sum.doors, href: paths.people({ tab: 'doors' }) },
    { label: t('watches.inOne'), n: sum.inOne, href: paths.watches() },
    { label: t('watches.inNone'), n: sum.inNone, href: paths.watches({ tab: 'uncovered' }) },
    { label: t('watches.units'), n: sum.watches, href: paths.watches() },
    { label: t('watches.noLeader'), n: sum.noLeader, href: paths.watches({ list: 'no_leader' }) },
    { label: t('watches.large'), n: sum.large, href: paths.watches({ list: 'large' }) },
    { label: t('watches.openHelp'), n: sum.openHelp, href: paths.watches({ tab: 'notes', only: 'true' }) },
  ]
  const odd = [
    sum.inTwo > 0 ? `${t('watches.inTwo')} ${grouped(sum.inTwo)}` : null,
    sum.astray > 0 ? `${t('watches.astray')} ${grouped(sum.astray)}` : null,
  ].filter((one) => one !== null)
  return (
    <>
      <Notice
        kind={sum.holds ? 'done' : 'fault'}
        head={t(sum.holds ? 'watches.holds' : 'watches.holdsNot')}
        body={odd.length > 0 ? odd.join(' · ') : undefined}
      />
      <FigureDoors all={all} />
    </>
  )
}

function Preview({ seen }: { seen: WatchPreview }): ReactNode {
  const { t } = useTranslation('centre')
  if (seen.units === 0) return <p>{t('watches.make.none')}</p>
  return (
    <>
      <p>
        <b>{t('watches.make.sum', { doors: grouped(seen.doors), units: grouped(seen.units) })}</b>
      </p>
      <ul className="plain-list">
        {seen.byKind.map((one) => (
          <li key={one.kind}>
            {t('watches.make.kind', {
              kind: t(`watchKind.${one.kind}`),
              units: grouped(one.units),
              doors: grouped(one.doors),
              least: one.least,
              most: one.most,
            })}
          </li>
        ))}
      </ul>
      <p>{t('watches.make.first', { n: seen.first.length })}</p>
      <ul className="plain-list watch-first">
        {seen.first.map((one) => (
          <li key={`${one.grid} ${one.kind} ${one.name}`}>{t('watch.other', { name: one.name, n: one.doors })}</li>
        ))}
      </ul>
    </>
  )
}

function Body({ seen, error }: { seen: WatchPreview | undefined; error: Error | null }): ReactNode {
  if (error) return <ProblemNotice error={error} />
  return seen ? <Preview seen={seen} /> : <Loading />
}

function Make({ onJob }: { onJob: (id: string) => void }): ReactNode {
  const { t } = useTranslation('centre')
  const desk = useDesk()
  const write = useWrite(MadeWatches, { path: '/api/watches/make', touches: WATCH_LISTS_TOUCHED })
  const seen = useQuery(q(WatchPreview, '/api/watches/preview', { area: desk.area }))
  return (
    <ConfirmAct
      primary
      verb={t('watches.make')}
      title={t('watches.make')}
      write={write}
      ready={(seen.data?.units ?? 0) > 0}
      onYes={(_, done) =>
        write.mutate(
          { area: desk.area, seal: seen.data?.seal ?? '' },
          {
            onSuccess: (made) => {
              if (made.jobId) onJob(made.jobId)
              done()
            },
          },
        )
      }
    >
      <p>{t('watches.make.what')}</p>
      <Body seen={seen.data} error={seen.error} />
    </ConfirmAct>
  )
}

function WatchList(): ReactNode {
  const { t } = useTranslation('centre')
  const may = useMay()
  const desk = useDesk()
  const [filters, set] = useFilters(Filters)
  const [job, setJob] = useState<string | null>(null)
  const kind = filters.list ?? 'all'
  const list = useList(WatchPage, '/api/watches', {
    area: desk.area,
    kind: filters.kind,
    list: kind,
    own: filters.own,
    organised: filters.organised,
  })
  return (
    <>
      {job ? (
        <>
          <p>{t('watches.make.job')}</p>
          <JobProgress id={job} touches={WATCH_LISTS_TOUCHED} />
        </>
      ) : null}
      <div className="filters">
        <SelectField
          label={t('watches.list')}
          value={kind}
          onChange={(v) => set({ list: v === 'all' ? null : v })}
          choices={WATCH_LISTS.map((one) => ({ value: one, label: t(`watches.list.${one}`) }))}
          width={180}
        />
        <SelectField
          label={t('watches.kind')}
          value={filters.kind ?? ''}
          any={t('any')}
          onChange={(v) => set({ kind: v })}
          choices={WATCH_KINDS.map((one) => ({ value: one, label: t(`watchKind.${one}`) }))}
          width={160}
        />
        {may('bulk', 'watch') && desk.area.length >= COUNTY_DIGITS ? <Make onJob={setJob} /> : null}
      </div>
      <ListTable<WatchRow>
        name={t('watches.tab.list')}
        list={list}
        rowKey={(row) => row.id}
        onOpen={(row) => set({ open: row.id })}
        openKey={filters.open}
        empty={{ why: t('watches.empty'), todo: t('watches.empty.todo') }}
        columns={[
          { key: 'name', title: t('watch.name'), cell: (row) => <b>{row.name}</b> },
          { key: 'kind', title: t('watches.kind'), cell: (row) => t(`watchKind.${row.kind}`) },
          { key: 'area', title: t('area'), cell: (row) => row.areaName },
          { key: 'leader', title: t('watch.leader'), cell: (row) => <Leader row={row} /> },
          { key: 'doors', title: t('watch.nDoors'), end: true, cell: (row) => grouped(row.doors) },
          { key: 'people', title: t('watch.nPeople'), end: true, cell: (row) => grouped(row.people) },
          {
            key: 'help',
            title: t('watch.help'),
            end: true,
            cell: (row) => (row.openHelp > 0 ? <WordTag strong>{grouped(row.openHelp)}</WordTag> : '–'),
          },
        ]}
      />
      <WatchPanel id={filters.open} onClose={() => set({ open: null })} />
    </>
  )
}

export function WatchesPage(): ReactNode {
  const { t } = useTranslation('centre')
  const { t: c } = useTranslation('common')
  const desk = useDesk()
  const [filters, set] = useFilters(Filters)
  const tab = filters.tab ?? 'list'
  const fine = desk.area.length >= COUNTY_DIGITS
  const sum = useQuery({
    ...q(WatchCoverage, '/api/watches/coverage', { area: desk.area }),
    enabled: fine,
    refetchInterval: 60_000,
  })
  return (
    <Page title={t('room.watches')} lead={t('watches.lead')}>
      {fine ? null : <Notice kind="note" head={t('watches.tooWide')} />}
      {sum.error ? (
        <ReadProblem error={sum.error} again={<Act onClick={() => void sum.refetch()}>{c('act.retry')}</Act>} />
      ) : null}
      {sum.data ? <Check sum={sum.data} /> : null}
      <Sheets
        value={tab}
        onChange={(key) => set({ tab: key === 'list' ? null : key, open: null, list: null, kind: null, only: null })}
        sheets={TABS.map((key) => ({ key, label: t(`watches.tab.${key}`) }))}
      />
      {tab === 'list' ? <WatchList /> : null}
      {tab === 'uncovered' ? fine ? <Uncovered /> : null : null}
      {tab === 'notes' ? <Notes /> : null}
    </Page>
  )
}
