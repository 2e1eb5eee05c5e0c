import { ObjectionFigures } from '@weiwang/domain/healthcode/objection-api'
import type { AskObjectionFigures, ObjectionList } from '@weiwang/domain/healthcode/objection-api'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { q } from '../../../api/query.ts'
import { useSay } from '../../../i18n/setup.ts'
import { DayField, SelectField } from '../../../kit/centre/controls.tsx'
import { DataTable } from '../../../kit/centre/DataTable.tsx'
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
import { useMinutes } from './words.ts'

type By = AskObjectionFigures['by']
const BYS = ['rule', 'source', 'ground'] as const
const NUMBERS = ['opened', 'open', 'late', 'overdue', 'granted', 'refused', 'withdrawn'] as const
const OF_NOW: readonly ObjectionList[] = ['open', 'late', 'overdue']
const Filters = z.object({ by: z.enum(BYS), from: z.string(), to: z.string() })
type Item = ObjectionFigures['items'][number]

/** Objections by rule, source or grounds; the share upheld, the time it took; each number opens its list. */
export function Figures(): ReactNode {
  const { t } = useTranslation('centre')
  const { t: c } = useTranslation('common')
  const say = useSay()
  const desk = useDesk()
  const clock = useClock()
  const minutes = useMinutes()
  const [filters, set] = useFilters(Filters)
  const by: By = filters.by ?? 'rule'
  const from = filters.from ?? desk.day
  const to = filters.to ?? desk.day
  const answer = useQuery({
    ...q(ObjectionFigures, '/api/objections/figures', { area: desk.area, by, from, to }),
    refetchInterval: 30_000,
  })
  if (answer.error) return <ReadProblem error={answer.error} again={null} />
  if (!answer.data) return <Loading />
  const { all, items, asOf } = answer.data
  const href = (list: ObjectionList, key?: string): string =>
    paths.objections({
      list,
      area: desk.area,
      ...(OF_NOW.includes(list) ? {} : { from, to }),
      ...(key === undefined ? {} : { [by]: key }),
    })
  const percent = (share: number | null): string => (share === null ? '–' : `${Math.round(share * 100)} %`)
  return (
    <>
      <div className="filters">
        <SelectField<By>
          label={t('objection.figures.by')}
          value={by}
          onChange={(value) => set({ by: value === 'rule' ? null : value })}
          choices={BYS.map((value) => ({ value, label: t(`objectionBy.${value}`) }))}
          width={140}
        />
        <DayField label={t('rules.from')} value={from} onChange={(day) => set({ from: day })} />
        <DayField label={t('rules.until')} value={to} onChange={(day) => set({ to: day })} min={from} />
      </div>
      <FigureDoors
        all={NUMBERS.map((list) => ({ label: t(`objection.figure.${list}`), n: all[list], href: href(list) }))}
      />
      <p className="progress-text">
        {t('objection.figure.share')} {percent(all.share)} · {t('objection.figure.median')} {minutes(all.medianMinutes)}
      </p>
      <DataTable<Item>
        name={t('objection.tab.figures')}
        rows={items}
        rowKey={(row) => row.key}
        busy={answer.isFetching}
        totalText={c('asof', { time: hourMinuteSecond(new Date(asOf), clock.zone) })}
        empty={<Empty why={t('objection.figure.none')} />}
        columns={[
          { key: 'key', title: t(`objectionBy.${by}`), cell: (row) => <b>{say(row.say)}</b> },
          ...NUMBERS.map((list) => ({
            key: list,
            title: t(`objection.figure.${list}`),
            end: true,
            cell: (row: Item) =>
              row.key === '' ? (
                grouped(row[list])
              ) : (
                <GoLink
                  href={href(list, row.key)}
                  label={`${say(row.say)} ${t(`objection.figure.${list}`)} ${row[list]}`}
                >
                  {grouped(row[list])}
                </GoLink>
              ),
            sort: (a: Item, b: Item) => a[list] - b[list],
          })),
          { key: 'share', title: t('objection.figure.share'), end: true, cell: (row) => percent(row.share) },
          {
            key: 'median',
            title: t('objection.figure.median'),
            end: true,
            cell: (row) => minutes(row.medianMinutes),
          },
        ]}
      />
    </>
  )
}
