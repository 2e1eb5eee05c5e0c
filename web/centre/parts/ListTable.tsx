import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { problemOf } from '../../api/http.ts'
import type { List } from '../../api/query.ts'
import { Act } from '../../kit/centre/controls.tsx'
import { DataTable } from '../../kit/centre/DataTable.tsx'
import type { Column } from '../../kit/centre/DataTable.tsx'
import { Empty } from '../../kit/common/Notice.tsx'
import { useClock, useSession } from '../../session/me.ts'
import { Loading, ReadProblem } from '../../shared/ProblemNotice.tsx'
import { grouped } from '../../words/numbers.ts'
import { hourMinuteSecond } from '../../words/time.ts'

/** A list that cannot be asked for again at the moment keeps its rows, and what was opened in them; one that may not be read does not. */
const PASSING: readonly string[] = ['unavailable', 'limit']

/** A list as the server pages it: exact total, more at the foot, "as of", and why it is empty. */
export function ListTable<Row extends object>(props: {
  list: List<Row>
  name: string
  columns: readonly Column<Row>[]
  rowKey: (row: Row) => string
  empty: { why: string; todo?: string; action?: ReactNode }
  onOpen?: (row: Row) => void
  openKey?: string | undefined
  selection?: { keys: readonly string[]; onChange: (keys: string[]) => void; acts: ReactNode } | undefined
}): ReactNode {
  const { t } = useTranslation('common')
  const clock = useClock()
  const { offset } = useSession()
  const { list, selection } = props
  const fault = list.error ? (
    <ReadProblem error={list.error} again={<Act onClick={list.again}>{t('act.retry')}</Act>} />
  ) : null
  if (list.error && (list.at === null || !PASSING.includes(problemOf(list.error).kind))) return fault
  if (list.first) return <Loading />
  const total = t('total', { total: grouped(list.total) })
  const shown =
    list.rows.length < list.total ? t('shown', { shown: grouped(list.rows.length), total: grouped(list.total) }) : total
  const asOf = list.at ? t('asof', { time: hourMinuteSecond(new Date(list.at.getTime() + offset), clock.zone) }) : ''
  return (
    <>
      {fault}
      <DataTable<Row>
        name={props.name}
        columns={props.columns}
        rows={list.rows}
        rowKey={props.rowKey}
        busy={list.busy}
        totalText={`${shown} · ${asOf}`}
        empty={<Empty why={props.empty.why} todo={props.empty.todo} action={props.empty.action} />}
        more={list.next ? { text: t('act.more'), onMore: list.next, busy: list.more } : undefined}
        openKey={props.openKey}
        {...(props.onOpen ? { onOpen: props.onOpen } : {})}
        selection={
          selection ? { ...selection, text: t('selected', { selected: grouped(selection.keys.length) }) } : undefined
        }
      />
    </>
  )
}
