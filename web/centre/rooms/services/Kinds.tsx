import { KindFigures } from '@weiwang/domain/observation/service-api'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { q } from '../../../api/query.ts'
import { useSay } from '../../../i18n/setup.ts'
import { DataTable } from '../../../kit/centre/DataTable.tsx'
import { Empty } from '../../../kit/common/Notice.tsx'
import { useClock } from '../../../session/me.ts'
import { Loading, ReadProblem } from '../../../shared/ProblemNotice.tsx'
import { grouped } from '../../../words/numbers.ts'
import { hourMinuteSecond } from '../../../words/time.ts'
import { useDesk } from '../../parts/desk.ts'
import { GoLink } from '../../parts/GoLink.tsx'
import { paths } from '../../paths.ts'

const LISTS = ['asked', 'done', 'open', 'late'] as const

/** Every kind with its numbers, each of which opens its list. */
export function Kinds(): ReactNode {
  const { t } = useTranslation('centre')
  const { t: c } = useTranslation('common')
  const say = useSay()
  const desk = useDesk()
  const clock = useClock()
  const answer = useQuery({
    ...q(KindFigures, '/api/services/kinds', { area: desk.area, from: desk.day, to: desk.day }),
    refetchInterval: 30_000,
  })
  if (answer.error) return <ReadProblem error={answer.error} again={null} />
  if (!answer.data) return <Loading />
  type Row = (typeof answer.data.items)[number]
  return (
    <DataTable<Row>
      name={t('services.tab.kinds')}
      rows={answer.data.items}
      rowKey={(row) => row.kind}
      busy={false}
      totalText={c('asof', { time: hourMinuteSecond(new Date(answer.data.asOf), clock.zone) })}
      empty={<Empty why={t('kinds.empty')} />}
      columns={[
        { key: 'kind', title: t('service.kind'), cell: (row) => <b>{say(row.say)}</b> },
        ...LISTS.map((list) => ({
          key: list,
          title: t(`kinds.${list}`),
          end: true,
          cell: (row: Row) => (
            <GoLink
              href={paths.services({ list, kind: row.kind })}
              label={`${say(row.say)} ${t(`kinds.${list}`)} ${row[list]}`}
            >
              {grouped(row[list])}
            </GoLink>
          ),
          sort: (a: Row, b: Row) => a[list] - b[list],
        })),
      ]}
    />
  )
}
