import { Figures as Answer } from '@weiwang/domain/healthcode/truth-api'
import type { Counts } from '@weiwang/domain/healthcode/truth-api'
import { addDays } from '@weiwang/domain/core/day'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { q } from '../../../api/query.ts'
import { useSay } from '../../../i18n/setup.ts'
import { DayField } from '../../../kit/centre/controls.tsx'
import { DataTable } from '../../../kit/centre/DataTable.tsx'
import type { Column } from '../../../kit/centre/DataTable.tsx'
import { Section } from '../../../kit/centre/surfaces.tsx'
import { Empty } from '../../../kit/common/Notice.tsx'
import { useClock } from '../../../session/me.ts'
import { Loading, ReadProblem } from '../../../shared/ProblemNotice.tsx'
import { grouped } from '../../../words/numbers.ts'
import { hourMinuteSecond } from '../../../words/time.ts'
import { useDesk } from '../../parts/desk.ts'
import { FigureDoors } from '../../parts/FigureDoors.tsx'
import { GoLink } from '../../parts/GoLink.tsx'
import { useFilters } from '../../filters.ts'
import { paths } from '../../paths.ts'

const NUMBERS = [
  'total',
  'open',
  'asked',
  'answered',
  'honest_error',
  'our_error',
  'false',
  'unknown',
  'ceased',
] as const
type Name = (typeof NUMBERS)[number]
const DAYS = 28
const Filters = z.object({ from: z.string(), to: z.string() })

/** The list that a number is the total of. */
function listOf(name: Name): Record<string, string> {
  switch (name) {
    case 'total':
      return { list: 'all' }
    case 'open':
    case 'asked':
    case 'answered':
    case 'ceased':
      return { list: 'all', state: name }
    default:
      return { list: 'all', outcome: name }
  }
}

type Row = { key: string; say: { zh: string; en: string }; counts: Counts; wrong?: number | null }

/** What was found, by kind and by source; every number opens its list (TRUTH-11). */
export function Figures(): ReactNode {
  const { t } = useTranslation('centre')
  const { t: c } = useTranslation('common')
  const say = useSay()
  const desk = useDesk()
  const clock = useClock()
  const [filters, set] = useFilters(Filters)
  const to = filters.to ?? desk.day
  const from = filters.from ?? addDays(to, 1 - DAYS)
  const answer = useQuery({
    ...q(Answer, '/api/contradictions/figures', { area: desk.area, from, to }),
    refetchInterval: 30_000,
  })
  if (answer.error) return <ReadProblem error={answer.error} again={null} />
  if (!answer.data) return <Loading />
  const { all, byKind, bySource, reused, asOf } = answer.data
  const href = (name: Name, more: Record<string, string> = {}): string =>
    paths.truth({ ...listOf(name), area: desk.area, from, to, ...more })
  const columns = (title: string, key: 'kind' | 'source'): Column<Row>[] => [
    { key: 'key', title, cell: (row) => <b>{say(row.say)}</b> },
    ...NUMBERS.map((name): Column<Row> => ({
      key: name,
      title: t(`truth.figure.${name}`),
      end: true,
      cell: (row) => (
        <GoLink
          href={href(name, { [key]: row.key })}
          label={`${say(row.say)} ${t(`truth.figure.${name}`)} ${row.counts[name]}`}
        >
          {grouped(row.counts[name])}
        </GoLink>
      ),
      sort: (a, b) => a.counts[name] - b.counts[name],
    })),
  ]
  const asOfText = c('asof', { time: hourMinuteSecond(new Date(asOf), clock.zone) })
  return (
    <>
      <div className="filters">
        <DayField label={t('rules.from')} value={from} onChange={(day) => set({ from: day })} max={to} />
        <DayField label={t('rules.until')} value={to} onChange={(day) => set({ to: day })} min={from} />
      </div>
      <FigureDoors
        all={NUMBERS.map((name) => ({ label: t(`truth.figure.${name}`), n: all[name], href: href(name) }))}
      />
      <Section title={t('truth.figure.byKind')}>
        <DataTable<Row>
          name={t('truth.figure.byKind')}
          rows={byKind.filter((row) => row.counts.total > 0).map((row) => ({ key: row.kind, ...row }))}
          rowKey={(row) => row.key}
          busy={answer.isFetching}
          totalText={asOfText}
          empty={<Empty why={t('truth.figure.none')} />}
          columns={columns(t('truth.kind'), 'kind')}
        />
      </Section>
      <Section title={t('truth.figure.bySource')}>
        <DataTable<Row>
          name={t('truth.figure.bySource')}
          rows={bySource.map((row) => ({ key: row.source, ...row }))}
          rowKey={(row) => row.key}
          busy={answer.isFetching}
          totalText={asOfText}
          empty={<Empty why={t('truth.figure.none')} />}
          columns={[
            ...columns(t('truth.source'), 'source'),
            {
              key: 'wrong',
              title: t('truth.figure.wrong'),
              end: true,
              cell: (row) => (row.wrong === null || row.wrong === undefined ? '–' : `${Math.round(row.wrong * 100)} %`),
            },
          ]}
        />
      </Section>
      {reused.length === 0 ? null : (
        <Section title={t('truth.reused')}>
          <p className="progress-text">{t('truth.reused.what')}</p>
          <DataTable<(typeof reused)[number]>
            name={t('truth.reused')}
            rows={reused}
            rowKey={(row) => row.gateId}
            busy={answer.isFetching}
            totalText={asOfText}
            empty={<Empty why={t('truth.figure.none')} />}
            columns={[
              { key: 'gate', title: t('truth.reused.gate'), cell: (row) => <b>{say(row.name)}</b> },
              { key: 'area', title: t('area'), cell: (row) => row.areaName },
              { key: 'n', title: t('truth.reused.n'), end: true, cell: (row) => grouped(row.n) },
            ]}
          />
        </Section>
      )}
    </>
  )
}
