import type { Organised } from '@weiwang/domain/areas/api'
import { Figures, Metrics } from '@weiwang/domain/stats/api'
import type { Figure as Number_, FigureRow, MetricView } from '@weiwang/domain/stats/api'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { q } from '../../../api/query.ts'
import { unitFor } from '../../../i18n/plural.ts'
import { useJoin, useSay } from '../../../i18n/setup.ts'
import { Act } from '../../../kit/centre/controls.tsx'
import { DataTable } from '../../../kit/centre/DataTable.tsx'
import type { Column } from '../../../kit/centre/DataTable.tsx'
import { Figure } from '../../../kit/common/Figure.tsx'
import { Empty } from '../../../kit/common/Notice.tsx'
import { useClock } from '../../../session/me.ts'
import { Loading, ReadProblem } from '../../../shared/ProblemNotice.tsx'
import { difference, grouped } from '../../../words/numbers.ts'
import { hourMinuteSecond } from '../../../words/time.ts'
import { useDesk } from '../../parts/desk.ts'
import { GoLink } from '../../parts/GoLink.tsx'
import { doorPath, paths } from '../../paths.ts'
import { MapSection } from './MapSection.tsx'

/** Below a grid there is nothing to go down to. */
const GRID_LENGTH = 15

function numberOf(row: FigureRow, id: string): Number_ | undefined {
  return row.figures.find((f) => f.id === id)
}

function Children({
  data,
  metrics,
  days,
}: {
  data: Figures
  metrics: MetricView[]
  days: { from: string; to: string }
}): ReactNode {
  const { t } = useTranslation('centre')
  const say = useSay()
  const day = data.organised !== 'now' && data.organised !== 'then'
  // The usual view needs no word in the address.
  const kept = data.organised === 'now' ? {} : { organised: data.organised }
  const columns: Column<FigureRow>[] = [
    {
      key: 'name',
      title: t('figures.area'),
      sort: (a, b) => (a.area < b.area ? -1 : 1),
      cell: (row) =>
        row.own ? (
          <Named row={row} day={day}>
            {t('figures.own')}
          </Named>
        ) : row.area.length >= GRID_LENGTH ? (
          <Named row={row} day={day}>
            {row.name}
          </Named>
        ) : (
          <Named row={row} day={day}>
            <GoLink href={paths.figures({ area: row.area, ...days, ...kept })}>{row.name}</GoLink>
          </Named>
        ),
    },
    ...metrics
      .filter((m) => data.figures.some((f) => f.id === m.id))
      .map((m): Column<FigureRow> => ({
        key: m.id,
        title: say(m.say),
        end: true,
        sort: (a, b) => (numberOf(a, m.id)?.n ?? 0) - (numberOf(b, m.id)?.n ?? 0),
        cell: (row) => {
          const figure = numberOf(row, m.id)
          if (!figure) return '–'
          return (
            <GoLink
              href={doorPath(figure.door)}
              {...(figure.n === 0 ? { className: 'zero' } : {})}
              label={`${row.name} ${say(m.say)} ${grouped(figure.n)}`}
            >
              {grouped(figure.n)}
            </GoLink>
          )
        },
      })),
  ]
  return (
    <DataTable<FigureRow>
      name={t('figures.children', { name: data.name })}
      columns={columns}
      rows={data.children}
      rowKey={(row) => `${row.area}${row.own ? '*' : ''}`}
      busy={false}
      totalText={t('figures.children.total', { n: data.children.filter((c) => !c.own).length })}
      empty={<Empty why={t('figures.leaf')} />}
    />
  )
}

/** STAT-11: a row says which areas of other days are in it; as organised then, an ended area says where it stands now. */
function Named({ row, day, children }: { row: FigureRow; day: boolean; children: ReactNode }): ReactNode {
  const { t } = useTranslation('centre')
  const join = useJoin()
  const held = join(row.holds.map((one) => one.name))
  return (
    <>
      {children}
      {held ? <small className="under">{t(day ? 'figures.holds.day' : 'figures.holds', { names: held })}</small> : null}
      {row.standsAtName ? <small className="under">{t('figures.standsAt', { name: row.standsAtName })}</small> : null}
    </>
  )
}

const SUBJECTS = ['work', 'observed', 'services', 'forces', 'code'] as const
type SubjectKey = (typeof SUBJECTS)[number]

const HEADS: readonly (readonly [start: string, subject: SubjectKey])[] = [
  ['obs_', 'observed'],
  ['readings_', 'observed'],
  ['calls_', 'observed'],
  ['services_', 'services'],
  ['disputes_', 'services'],
  ['forces_', 'forces'],
  ['turns_', 'forces'],
  ['team', 'forces'],
  ['watch', 'forces'],
  ['objections_', 'code'],
  ['gate_', 'code'],
]

/** Fifty numbers in one field are read by nobody: they stand by what they are about, and what has no other place is work. */
function subjectOf(id: string): SubjectKey {
  return HEADS.find(([start]) => id.startsWith(start))?.[1] ?? 'work'
}

function Subject({
  subject,
  figures,
  metrics,
}: {
  subject: SubjectKey
  figures: readonly Number_[]
  metrics: readonly MetricView[]
}): ReactNode {
  const { t } = useTranslation('centre')
  const say = useSay()
  const mine = metrics.flatMap((m) => {
    const figure = subjectOf(m.id) === subject ? figures.find((f) => f.id === m.id) : undefined
    return figure ? [{ m, figure }] : []
  })
  if (mine.length === 0) return null
  return (
    <>
      <h3 className="figures-head">{t(`figures.of.${subject}`)}</h3>
      <div className="figures">
        {mine.map(({ m, figure }) => (
          <Figure
            key={m.id}
            label={say(m.say)}
            number={grouped(figure.n)}
            unit={unitFor(figure.n, say(m.unit))}
            beside={
              figure.before === null
                ? t('figures.now')
                : t('figures.before', { n: grouped(figure.before), d: difference(figure.n, figure.before) })
            }
            link={(content) => (
              <GoLink href={doorPath(figure.door)} className="figure">
                {content}
              </GoLink>
            )}
          />
        ))}
      </div>
    </>
  )
}

/** The figures of an area with the day before beside, and those of the areas below; every number opens its list. */
export function AreaFigures({
  from,
  to,
  organised = 'now',
}: {
  from: string
  to: string
  organised?: Organised
}): ReactNode {
  const { t } = useTranslation('centre')
  const { t: c } = useTranslation('common')
  const clock = useClock()
  const { area } = useDesk()
  const metrics = useQuery({ ...q(Metrics, '/api/stats/metrics'), staleTime: Infinity })
  const answer = useQuery({
    ...q(Figures, '/api/stats/figures', { area, from, to, organised }),
    refetchInterval: 30_000,
    placeholderData: keepPreviousData,
  })
  const error = answer.error ?? metrics.error
  if (error)
    return <ReadProblem error={error} again={<Act onClick={() => void answer.refetch()}>{c('act.retry')}</Act>} />
  if (!answer.data || !metrics.data) return <Loading />
  const data = answer.data
  const list = metrics.data.items
  return (
    <div aria-busy={answer.isPlaceholderData} style={answer.isPlaceholderData ? { opacity: 0.55 } : undefined}>
      {SUBJECTS.map((subject) => (
        <Subject key={subject} subject={subject} figures={data.figures} metrics={list} />
      ))}
      <p className="progress-text">{c('asof', { time: hourMinuteSecond(new Date(data.asOf), clock.zone) })}</p>
      {data.elsewhere > 0 ? <p className="progress-text">{t('figures.elsewhere', { n: data.elsewhere })}</p> : null}
      <Children data={data} metrics={list} days={{ from, to }} />
      <MapSection figures={data} />
    </div>
  )
}
