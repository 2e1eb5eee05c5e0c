import { UnresolvedPage } from '@weiwang/domain/people/api'
import type { UnresolvedLine } from '@weiwang/domain/people/api'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useList, useWrite } from '../../../api/query.ts'
import { TextField } from '../../../kit/centre/controls.tsx'
import { Notice } from '../../../kit/common/Notice.tsx'
import { useMay } from '../../../session/me.ts'
import { When } from '../../../shared/words.tsx'
import { Anything } from '../../parts/anything.ts'
import { AreaPick } from '../../parts/AreaPick.tsx'
import type { Chosen } from '../../parts/AreaPick.tsx'
import { ConfirmAct } from '../../parts/ConfirmAct.tsx'
import { useDesk } from '../../parts/desk.ts'
import { GoLink } from '../../parts/GoLink.tsx'
import { ListTable } from '../../parts/ListTable.tsx'
import { paths } from '../../paths.ts'

function Assign({ row }: { row: UnresolvedLine }): ReactNode {
  const { t } = useTranslation('centre')
  const [area, setArea] = useState<Chosen | null>(null)
  const [alias, setAlias] = useState('')
  const write = useWrite(Anything, {
    path: `/api/people/unresolved/${row.personId}/assign`,
    touches: ['/api/people', '/api/tasks', '/api/stats'],
  })
  return (
    <ConfirmAct
      quiet
      verb={t('unresolved.assign')}
      title={t('unresolved.assign.title', { name: row.masked })}
      write={write}
      ready={area !== null}
      onYes={(_, done) => {
        if (area)
          write.mutate(
            { area: area.code, ...(alias.trim().length >= 2 ? { learn: { alias: alias.trim() } } : {}) },
            { onSuccess: done },
          )
      }}
    >
      <div className="form">
        <Notice kind="note" head={t(`why.${row.why}`)} body={t('unresolved.assign.lead', { area: row.areaName })} />
        <AreaPick label={t('unresolved.to')} value={area} onChange={setArea} help={t('unresolved.to.help')} />
        <TextField label={t('unresolved.learn')} value={alias} onChange={setAlias} help={t('unresolved.learn.help')} />
      </div>
    </ConfirmAct>
  )
}

/** Persons whose address did not lead to a grid, at the lowest area that is certain. Counted, never dropped. */
export function Unresolved(): ReactNode {
  const { t } = useTranslation('centre')
  const may = useMay()
  const desk = useDesk()
  const list = useList(UnresolvedPage, '/api/people/unresolved', { area: desk.area }, { every: 30_000 })
  return (
    <ListTable<UnresolvedLine>
      name={t('people.tab.unresolved')}
      list={list}
      rowKey={(row) => row.personId}
      empty={{ why: t('unresolved.empty') }}
      columns={[
        {
          key: 'who',
          title: t('person.name'),
          cell: (row) => <GoLink href={paths.person(row.personId)}>{row.masked}</GoLink>,
        },
        { key: 'why', title: t('unresolved.why'), cell: (row) => t(`why.${row.why}`) },
        { key: 'area', title: t('unresolved.certain'), cell: (row) => row.areaName },
        { key: 'since', title: t('since'), cell: (row) => <When at={row.since} /> },
        {
          key: 'act',
          title: t('act'),
          cell: (row) =>
            may('file', 'person', { area: row.area }) || may('propose', 'person', { area: row.area }) ? (
              <Assign row={row} />
            ) : (
              '–'
            ),
        },
      ]}
    />
  )
}
