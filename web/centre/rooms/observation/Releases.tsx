import { addDays, daysBetween, isDay } from '@weiwang/domain/core/day'
import { Calendar } from '@weiwang/domain/observation/api'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { q } from '../../../api/query.ts'
import { Act, DayField } from '../../../kit/centre/controls.tsx'
import { DataTable } from '../../../kit/centre/DataTable.tsx'
import { Empty } from '../../../kit/common/Notice.tsx'
import { useClock } from '../../../session/me.ts'
import { Loading, ReadProblem } from '../../../shared/ProblemNotice.tsx'
import { grouped } from '../../../words/numbers.ts'
import { dayWords } from '../../../words/time.ts'
import { useFilters } from '../../filters.ts'
import { useDesk } from '../../parts/desk.ts'
import { GoLink } from '../../parts/GoLink.tsx'
import { paths } from '../../paths.ts'

const Span = z.object({ from: z.string().refine(isDay), to: z.string().refine(isDay) })
const AHEAD = 20
const MOST = 61
type Row = z.infer<typeof Calendar>['days'][number]

const NUMBERS = ['ends', 'checked', 'released'] as const
/** The list behind each number, with the same total (STAT-2). */
const LIST_OF: Record<(typeof NUMBERS)[number], (day: string, today: string) => Record<string, string>> = {
  ends: () => ({ list: 'open' }),
  checked: () => ({ list: 'open', checked: 'true' }),
  released: (day, today) => ({ list: 'released', from: day, to: today < day ? day : today }),
}

/** Whose last day is when: as many as end, are checked for it and were released. */
export function Releases({ by }: { by: 'responsible' | 'stay' }): ReactNode {
  const { t } = useTranslation('centre')
  const { t: c } = useTranslation('common')
  const clock = useClock()
  const { area, day } = useDesk()
  const [span, set] = useFilters(Span)
  const from = span.from ?? addDays(day, -1)
  const wanted = span.to ?? addDays(from, AHEAD)
  const to = daysBetween(from, wanted) > MOST ? addDays(from, MOST) : wanted < from ? from : wanted
  const answer = useQuery({
    ...q(Calendar, '/api/observations/calendar', { area, by, from, to }),
    refetchInterval: 30_000,
  })
  return (
    <>
      <div className="filters">
        <DayField label={t('obs.cal.from')} value={from} onChange={(next) => set({ from: next })} />
        <DayField label={t('obs.cal.to')} value={to} onChange={(next) => set({ to: next })} min={from} />
      </div>
      {answer.error ? (
        <ReadProblem error={answer.error} again={<Act onClick={() => void answer.refetch()}>{c('act.retry')}</Act>} />
      ) : null}
      {answer.data ? (
        <DataTable<Row>
          name={t('obs.tab.calendar')}
          rows={answer.data.days.filter((one) => one.ends + one.checked + one.released > 0)}
          rowKey={(row) => row.day}
          busy={answer.isFetching}
          totalText={t('obs.cal.ends') + ' ' + grouped(answer.data.days.reduce((sum, one) => sum + one.ends, 0))}
          empty={<Empty why={t('obs.cal.empty')} todo={t('obs.cal.empty.todo')} />}
          columns={[
            {
              key: 'day',
              title: t('obs.end'),
              cell: (row) => (
                <span>
                  <b>{dayWords(row.day, clock)}</b> <small>{row.day}</small>
                </span>
              ),
            },
            ...NUMBERS.map((key) => ({
              key,
              title: t(`obs.cal.${key}`),
              end: true,
              cell: (row: Row) => (
                <GoLink
                  href={paths.observation({ tab: 'list', endDay: row.day, by, ...LIST_OF[key](row.day, day) })}
                  label={`${row.day} ${t(`obs.cal.${key}`)} ${row[key]}`}
                >
                  {grouped(row[key])}
                </GoLink>
              ),
            })),
          ]}
        />
      ) : answer.error ? null : (
        <Loading />
      )}
    </>
  )
}
