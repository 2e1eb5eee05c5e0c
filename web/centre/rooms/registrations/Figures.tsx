import { Figures as Answer } from '@weiwang/domain/healthcode/reg-desk-api'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { q } from '../../../api/query.ts'
import { DayField } from '../../../kit/centre/controls.tsx'
import { DataTable } from '../../../kit/centre/DataTable.tsx'
import { Section } from '../../../kit/centre/surfaces.tsx'
import { Empty } from '../../../kit/common/Notice.tsx'
import { Loading, ReadProblem } from '../../../shared/ProblemNotice.tsx'
import { grouped } from '../../../words/numbers.ts'
import { useDesk } from '../../parts/desk.ts'
import { FigureDoors } from '../../parts/FigureDoors.tsx'
import { GoLink } from '../../parts/GoLink.tsx'
import { useFilters } from '../../filters.ts'
import { paths } from '../../paths.ts'
import { Filters } from './asked.ts'

type Area = Answer['areas'][number]
type Day = Answer['days'][number]

/** Registrations and returns by day and area; each number opens the list with the same filter and the same total. */
export function Figures(): ReactNode {
  const { t } = useTranslation('centre')
  const { t: c } = useTranslation('common')
  const desk = useDesk()
  const [filters, set] = useFilters(Filters)
  const answer = useQuery({
    ...q(Answer, '/api/registrations/figures', { area: desk.area, from: filters.from, to: filters.to }),
    refetchInterval: 30_000,
  })
  if (answer.error) return <ReadProblem error={answer.error} again={null} />
  if (!answer.data) return <Loading />
  const { from, to, total, days, areas } = answer.data
  const list = (more: Record<string, string | undefined>): string => paths.registrations({ from, to, ...more })
  const returns = (which: string, area?: string): string =>
    paths.registrations({ tab: 'returns', list: which === 'expected' ? undefined : which, area })
  const door = (label: string, n: number, href: string): ReactNode => (
    <GoLink href={href} label={`${label} ${n}`}>
      {grouped(n)}
    </GoLink>
  )
  return (
    <>
      <div className="filters">
        <DayField label={t('rules.from')} value={filters.from ?? from} onChange={(day) => set({ from: day })} />
        <DayField label={t('rules.until')} value={filters.to ?? to} onChange={(day) => set({ to: day })} min={from} />
      </div>
      <FigureDoors
        all={[
          { label: t('regFigure.registered'), n: total.registered, href: list({}) },
          { label: t('regFigure.must'), n: total.must, href: list({ need: 'must' }) },
          { label: t('regFigure.proxy'), n: total.proxy, href: list({ by: 'proxy' }) },
          { label: t('regFigure.unplaced'), n: total.unplaced, href: list({ place: 'unplaced' }) },
          { label: t('regFigure.held'), n: total.held, href: paths.registrations({ tab: 'held' }) },
          { label: t('regFigure.expected'), n: total.expected, href: returns('expected') },
          { label: t('regFigure.overdue'), n: total.overdue, href: returns('late') },
        ]}
      />
      <Section title={t('reg.byArea')}>
        <DataTable<Area>
          name={t('reg.byArea')}
          rows={areas}
          rowKey={(row) => row.area}
          busy={answer.isFetching}
          totalText={c('total', { total: areas.length })}
          empty={<Empty why={t('reg.none')} />}
          columns={[
            { key: 'area', title: t('area'), cell: (row) => <b>{row.name}</b> },
            {
              key: 'registered',
              title: t('regFigure.registered'),
              end: true,
              cell: (row) => door(`${row.name} ${t('regFigure.registered')}`, row.registered, list({ area: row.area })),
              sort: (a, b) => a.registered - b.registered,
            },
            {
              key: 'must',
              title: t('regFigure.must'),
              end: true,
              cell: (row) =>
                door(`${row.name} ${t('regFigure.must')}`, row.must, list({ area: row.area, need: 'must' })),
              sort: (a, b) => a.must - b.must,
            },
            {
              key: 'unplaced',
              title: t('regFigure.unplaced'),
              end: true,
              cell: (row) =>
                door(
                  `${row.name} ${t('regFigure.unplaced')}`,
                  row.unplaced,
                  list({ area: row.area, place: 'unplaced' }),
                ),
            },
            {
              key: 'returns',
              title: t('regFigure.expected'),
              end: true,
              cell: (row) => door(`${row.name} ${t('regFigure.expected')}`, row.returns, returns('expected', row.area)),
            },
          ]}
        />
      </Section>
      <Section title={t('reg.byDay')}>
        <DataTable<Day>
          name={t('reg.byDay')}
          rows={days}
          rowKey={(row) => row.day}
          busy={answer.isFetching}
          totalText={c('total', { total: days.length })}
          empty={<Empty why={t('reg.none')} />}
          columns={[
            { key: 'day', title: t('reg.day'), cell: (row) => <b>{row.day}</b> },
            {
              key: 'registered',
              title: t('regFigure.registered'),
              end: true,
              cell: (row) =>
                door(
                  `${row.day} ${t('regFigure.registered')}`,
                  row.registered,
                  paths.registrations({ from: row.day, to: row.day }),
                ),
            },
            {
              key: 'must',
              title: t('regFigure.must'),
              end: true,
              cell: (row) =>
                door(
                  `${row.day} ${t('regFigure.must')}`,
                  row.must,
                  paths.registrations({ from: row.day, to: row.day, need: 'must' }),
                ),
            },
            {
              key: 'proxy',
              title: t('regFigure.proxy'),
              end: true,
              cell: (row) =>
                door(
                  `${row.day} ${t('regFigure.proxy')}`,
                  row.proxy,
                  paths.registrations({ from: row.day, to: row.day, by: 'proxy' }),
                ),
            },
          ]}
        />
      </Section>
    </>
  )
}
