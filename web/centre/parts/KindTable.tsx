import type { Say } from '@weiwang/domain/core/say'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useSay } from '../../i18n/setup.ts'
import { DataTable } from '../../kit/centre/DataTable.tsx'
import { Empty } from '../../kit/common/Notice.tsx'
import { useClock } from '../../session/me.ts'
import { grouped } from '../../words/numbers.ts'
import { hourMinuteSecond } from '../../words/time.ts'
import { GoLink } from './GoLink.tsx'

type List = 'asked' | 'opened' | 'done' | 'closed' | 'open' | 'late'

/** Every kind with its numbers, each of which opens its list. */
export function KindTable<L extends List, K extends string>({
  name,
  title,
  empty,
  lists,
  answer,
  href,
}: {
  name: string
  title: string
  empty: string
  lists: readonly L[]
  answer: { asOf: string; items: readonly ({ kind: K; say: Say } & Record<L, number>)[] }
  href: (to: { list: L; kind: K }) => string
}): ReactNode {
  const { t } = useTranslation('centre')
  const { t: c } = useTranslation('common')
  const say = useSay()
  const clock = useClock()
  type Row = (typeof answer.items)[number]
  return (
    <DataTable<Row>
      name={name}
      rows={answer.items}
      rowKey={(row) => row.kind}
      busy={false}
      totalText={c('asof', { time: hourMinuteSecond(new Date(answer.asOf), clock.zone) })}
      empty={<Empty why={empty} />}
      columns={[
        { key: 'kind', title, cell: (row) => <b>{say(row.say)}</b> },
        ...lists.map((list) => ({
          key: list,
          title: t(`kinds.${list}`),
          end: true,
          cell: (row: Row) => (
            <GoLink href={href({ list, kind: row.kind })} label={`${say(row.say)} ${t(`kinds.${list}`)} ${row[list]}`}>
              {grouped(row[list])}
            </GoLink>
          ),
          sort: (a: Row, b: Row) => a[list] - b[list],
        })),
      ]}
    />
  )
}
