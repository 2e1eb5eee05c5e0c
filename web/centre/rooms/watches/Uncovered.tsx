import { ChangedWatch, UncoveredPage, WatchPage } from '@weiwang/domain/teams/api'
import type { UncoveredDoor } from '@weiwang/domain/teams/api'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useList, useWrite } from '../../../api/query.ts'
import { SelectField } from '../../../kit/centre/controls.tsx'
import { useMay } from '../../../session/me.ts'
import { ConfirmAct } from '../../parts/ConfirmAct.tsx'
import { useDesk } from '../../parts/desk.ts'
import { GoLink } from '../../parts/GoLink.tsx'
import { ListTable } from '../../parts/ListTable.tsx'
import { paths } from '../../paths.ts'
import { doorWords } from '../teams/words.ts'

const GRID_DIGITS = 15

function Place({ row }: { row: UncoveredDoor }): ReactNode {
  const { t } = useTranslation('centre')
  const [to, setTo] = useState('')
  const grid = row.area.slice(0, GRID_DIGITS)
  const list = useList(WatchPage, '/api/watches', { area: grid, limit: 200 }, { enabled: grid.length === GRID_DIGITS })
  const write = useWrite(ChangedWatch, { path: '/api/watches/move', touches: ['/api/watches'] })
  return (
    <ConfirmAct
      quiet
      verb={t('uncovered.place')}
      title={t('watch.move.title', { door: doorWords(row) })}
      write={write}
      ready={to !== ''}
      onYes={(_, done) => write.mutate({ householdId: row.householdId, to }, { onSuccess: done })}
    >
      <SelectField
        label={t('watch.join.which')}
        value={to}
        onChange={setTo}
        choices={list.rows.map((one) => ({ value: one.id, label: t('watch.other', { name: one.name, n: one.doors }) }))}
      />
    </ConfirmAct>
  )
}

/** Doors of the register that stand in no watch. */
export function Uncovered(): ReactNode {
  const { t } = useTranslation('centre')
  const desk = useDesk()
  const may = useMay()
  const list = useList(UncoveredPage, '/api/watches/uncovered', { area: desk.area })
  return (
    <ListTable<UncoveredDoor>
      name={t('watches.tab.uncovered')}
      list={list}
      rowKey={(row) => row.householdId}
      empty={{ why: t('uncovered.empty') }}
      columns={[
        {
          key: 'door',
          title: t('watch.door'),
          cell: (row) => <GoLink href={paths.household(row.householdId)}>{doorWords(row)}</GoLink>,
        },
        { key: 'area', title: t('area'), cell: (row) => row.areaName },
        {
          key: 'act',
          title: t('act'),
          cell: (row) => (may('file', 'watch', { area: row.area }) ? <Place row={row} /> : '–'),
        },
      ]}
    />
  )
}
