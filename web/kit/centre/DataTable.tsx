import { Button, Table } from 'antd'
import type { TableColumnsType } from 'antd'
import type { Key, ReactNode, TdHTMLAttributes } from 'react'

export type Column<Row> = {
  key: string
  title: string
  cell: (row: Row) => ReactNode
  /** Sorts the rows that are shown; give it only where all rows are. */
  sort?: (a: Row, b: Row) => number
  end?: boolean
  width?: number
}

export type DataTableProps<Row> = {
  /** What the table lists, for screen readers. */
  name: string
  columns: readonly Column<Row>[]
  rows: readonly Row[]
  rowKey: (row: Row) => string
  onOpen?: (row: Row) => void
  /** Marks the row whose side panel is open. */
  openKey?: string | undefined
  empty: ReactNode
  busy: boolean
  /** "共 1,208 条", exact. */
  totalText: string
  more?: { text: string; onMore: () => void; busy: boolean } | undefined
  selection?: { keys: readonly string[]; onChange: (keys: string[]) => void; text: string; acts: ReactNode } | undefined
}

function labelled(title: string): TdHTMLAttributes<HTMLTableCellElement> {
  const cell: TdHTMLAttributes<HTMLTableCellElement> & { 'data-label': string } = { 'data-label': title }
  return cell
}

/** Tables of figures have more columns than a card could hold: they scroll sideways, with the name of the row standing. */
const MOST_ON_A_CARD = 14

/**
 * A list with its exact total, more rows by cursor at its foot, selection with its count. A row opens by click and by
 * Enter. Filters live with the page, in the address.
 */
export function DataTable<Row extends object>(props: DataTableProps<Row>): ReactNode {
  const columns: TableColumnsType<Row> = props.columns.map((column) => ({
    key: column.key,
    title: column.title,
    // One box, so that several acts of a card stay beside one another and below their label.
    render: (_: unknown, row: Row) => <div className="cell">{column.cell(row)}</div>,
    // On a narrow screen each row is a card, and every value stands beside the name of its column.
    onCell: () => labelled(column.title),
    ...(column.sort ? { sorter: column.sort } : {}),
    ...(column.end ? { align: 'right' as const } : {}),
    ...(column.width ? { width: column.width } : {}),
  }))
  const { onOpen, selection } = props
  return (
    <div className="table-wrap" data-wide={props.columns.length > MOST_ON_A_CARD} aria-busy={props.busy}>
      <Table<Row>
        size="middle"
        aria-label={props.name}
        columns={columns}
        dataSource={[...props.rows]}
        rowKey={props.rowKey}
        pagination={false}
        // No row holds rows: a field of ours called `children` is a number and no tree.
        expandable={{ childrenColumnName: 'no rows' }}
        showSorterTooltip={false}
        locale={{ emptyText: props.busy ? ' ' : props.empty }}
        {...(selection
          ? {
              rowSelection: {
                selectedRowKeys: [...selection.keys],
                preserveSelectedRowKeys: true,
                onChange: (keys: Key[]) => selection.onChange(keys.map(String)),
              },
            }
          : {})}
        {...(onOpen
          ? {
              onRow: (row: Row) => ({
                tabIndex: 0,
                'aria-current': props.openKey === props.rowKey(row),
                onClick: () => onOpen(row),
                onKeyDown: (event) => {
                  if (event.key === 'Enter' && event.target === event.currentTarget) onOpen(row)
                },
              }),
            }
          : {})}
      />
      <div className="table-foot">
        <span>{props.totalText}</span>
        {props.more ? (
          <Button size="small" loading={props.more.busy} onClick={props.more.onMore}>
            {props.more.text}
          </Button>
        ) : null}
        {selection && selection.keys.length > 0 ? (
          <output className="table-select">
            <b>{selection.text}</b>
            {selection.acts}
          </output>
        ) : null}
      </div>
    </div>
  )
}
