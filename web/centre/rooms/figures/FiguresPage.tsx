import { Organised } from '@weiwang/domain/areas/api'
import { cutTo } from '@weiwang/domain/areas/code'
import { Dispositions, Metrics, Sources } from '@weiwang/domain/stats/api'
import { isDay } from '@weiwang/domain/core/day'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { q } from '../../../api/query.ts'
import { useSay } from '../../../i18n/setup.ts'
import { DayField, Switcher } from '../../../kit/centre/controls.tsx'
import { DataTable } from '../../../kit/centre/DataTable.tsx'
import { Facts, Page, Section } from '../../../kit/centre/surfaces.tsx'
import { Empty } from '../../../kit/common/Notice.tsx'
import { useMay } from '../../../session/me.ts'
import { ReadProblem } from '../../../shared/ProblemNotice.tsx'
import { grouped, percent } from '../../../words/numbers.ts'
import { useFilters } from '../../filters.ts'
import { useDesk } from '../../parts/desk.ts'
import { GoLink } from '../../parts/GoLink.tsx'
import { doorPath } from '../../paths.ts'
import { AreaFigures } from './AreaFigures.tsx'

const Days = z.object({
  from: z.string().refine(isDay),
  to: z.string().refine(isDay),
  organised: Organised,
})

type Asked = { area: string; from: string; to: string; organised: Organised }

function Answers({ query }: { query: Asked }): ReactNode {
  const { t } = useTranslation('centre')
  const say = useSay()
  const answer = useQuery(q(Dispositions, '/api/stats/dispositions', query))
  if (answer.error) return <ReadProblem error={answer.error} again={null} />
  const total = answer.data?.total ?? 0
  return (
    <DataTable
      name={t('figures.dispositions')}
      rows={answer.data?.items ?? []}
      rowKey={(row) => row.code}
      busy={answer.isFetching}
      totalText={t('figures.answers', { n: grouped(total) })}
      empty={<Empty why={t('figures.noAnswers')} />}
      columns={[
        { key: 'say', title: t('task.disposition'), cell: (row) => say(row.say) },
        {
          key: 'n',
          title: t('figures.count'),
          end: true,
          cell: (row) => <GoLink href={doorPath(row.door)}>{grouped(row.n)}</GoLink>,
        },
        { key: 'share', title: t('figures.share'), end: true, cell: (row) => percent(row.n, total) },
      ]}
    />
  )
}

function Precision({ query }: { query: { area: string; from: string; to: string } }): ReactNode {
  const { t } = useTranslation('centre')
  const say = useSay()
  const answer = useQuery(q(Sources, '/api/stats/sources', query))
  if (answer.error) return <ReadProblem error={answer.error} again={null} />
  return (
    <DataTable
      name={t('figures.sources')}
      rows={answer.data?.items ?? []}
      rowKey={(row) => row.source}
      busy={answer.isFetching}
      totalText=""
      empty={<Empty why={t('figures.noAnswers')} />}
      columns={[
        { key: 'name', title: t('feed.source'), cell: (row) => (row.name ? say(row.name) : row.source) },
        {
          key: 'answered',
          title: t('figures.answered'),
          end: true,
          cell: (row) => (row.answered === null ? t('figures.few') : grouped(row.answered)),
        },
        {
          key: 'wrong',
          title: t('figures.wrong'),
          end: true,
          cell: (row) => (row.wrong === null ? t('figures.few') : grouped(row.wrong)),
        },
        {
          key: 'precision',
          title: t('figures.precision'),
          end: true,
          cell: (row) => (row.precision === null ? t('figures.few') : percent(row.precision, 1000)),
        },
      ]}
    />
  )
}

export function FiguresPage(): ReactNode {
  const { t } = useTranslation('centre')
  const say = useSay()
  const desk = useDesk()
  const may = useMay()
  const [days, set] = useFilters(Days)
  const from = days.from ?? desk.day
  const to = days.to ?? desk.day
  const organised = days.organised ?? 'now'
  const onDay = organised === 'now' || organised === 'then' ? null : organised
  const query = { area: desk.area, from, to }
  const metrics = useQuery({ ...q(Metrics, '/api/stats/metrics'), staleTime: Infinity })
  return (
    <Page title={t('room.figures')} lead={t('figures.lead')}>
      <div className="filters">
        <DayField label={t('day.from')} value={from} max={to} onChange={(day) => set({ from: day, to })} />
        <DayField
          label={t('day.to')}
          value={to}
          min={from}
          max={desk.today}
          onChange={(day) => set({ to: day, from })}
        />
        <Switcher
          label={t('organised')}
          value={onDay === null ? organised : 'on'}
          onChange={(view) => set({ organised: view === 'on' ? from : view })}
          choices={[
            { value: 'now', label: t('organised.now') },
            { value: 'then', label: t('organised.then') },
            { value: 'on', label: t('organised.on') },
          ]}
        />
        {onDay === null ? null : (
          <DayField
            label={t('organised.which')}
            value={onDay}
            max={desk.today}
            onChange={(day) => set({ organised: day })}
          />
        )}
      </div>
      <AreaFigures from={from} to={to} organised={organised} />
      <Section title={t('figures.dispositions')}>
        <Answers query={{ ...query, organised }} />
      </Section>
      {/* STAT-8 counts sources by county: below it there is nothing to ask for, and asking would be a refusal in the trail. */}
      {may('read', 'stats', { area: cutTo(desk.area, 3) }) ? (
        <Section title={t('figures.sources')} lead={t('figures.sources.lead')}>
          <Precision query={query} />
        </Section>
      ) : null}
      <Section title={t('figures.definitions')}>
        <Facts rows={(metrics.data?.items ?? []).map((m) => [say(m.say), say(m.definition)] as const)} />
      </Section>
    </Page>
  )
}
