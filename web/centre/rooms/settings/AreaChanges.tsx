import { ChangesAnswer } from '@weiwang/domain/areas/api'
import type { ChangeView } from '@weiwang/domain/areas/api'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useList, useWrite } from '../../../api/query.ts'
import { WordTag } from '../../../kit/common/Tags.tsx'
import { When } from '../../../shared/words.tsx'
import { grouped } from '../../../words/numbers.ts'
import { Anything } from '../../parts/anything.ts'
import { ConfirmAct } from '../../parts/ConfirmAct.tsx'
import { ListTable } from '../../parts/ListTable.tsx'

const TOUCHES = ['/api/areas']

function Effects({ row }: { row: ChangeView }): ReactNode {
  const { t } = useTranslation('centre')
  if (!row.effects) return null
  const e = row.effects
  return (
    <p className="consequence">
      {t('change.effects', {
        households: grouped(e.households),
        persons: grouped(e.persons),
        tasks: grouped(e.openTasks),
        workers: grouped(e.workers),
      })}
    </p>
  )
}

function Decide({ row }: { row: ChangeView }): ReactNode {
  const { t } = useTranslation('centre')
  const apply = useWrite(Anything, { path: `/api/areas/changes/${row.id}/apply`, touches: TOUCHES })
  const refuse = useWrite(Anything, { path: `/api/areas/changes/${row.id}/refuse`, touches: TOUCHES })
  if (row.state !== 'proposed') return '–'
  const why = row.mayDecide ? undefined : t('two.cannot')
  return (
    <span style={{ display: 'inline-flex' }}>
      <ConfirmAct
        quiet
        verb={t('change.apply')}
        title={t('change.apply')}
        write={apply}
        disabled={!row.mayDecide}
        why={why}
        onYes={(_, done) => apply.mutate({}, { onSuccess: done })}
      >
        <Effects row={row} />
      </ConfirmAct>
      <ConfirmAct
        quiet
        verb={t('push.refuse')}
        title={t('push.refuse')}
        write={refuse}
        disabled={!row.mayDecide}
        why={why}
        onYes={(_, done) => refuse.mutate({}, { onSuccess: done })}
      />
    </span>
  )
}

/** Reorganisations that wait for a second person, and those that were decided. */
export function AreaChanges(): ReactNode {
  const { t } = useTranslation('centre')
  const list = useList(ChangesAnswer, '/api/areas/changes')
  return (
    <ListTable<ChangeView>
      name={t('settings.tab.changes')}
      list={list}
      rowKey={(row) => row.id}
      empty={{ why: t('changes.empty'), todo: t('changes.empty.todo') }}
      columns={[
        { key: 'kind', title: t('change.kind'), cell: (row) => t(`changeKind.${row.kind}`) },
        { key: 'area', title: t('area'), cell: (row) => row.effects?.ends.map((a) => a.name).join('、') || row.area },
        {
          key: 'to',
          title: t('change.begins'),
          cell: (row) => row.effects?.begins.map((a) => a.name).join('、') || '–',
        },
        { key: 'day', title: t('change.onDay'), cell: (row) => row.onDay },
        { key: 'persons', title: t('push.persons'), end: true, cell: (row) => grouped(row.effects?.persons ?? 0) },
        {
          key: 'state',
          title: t('state'),
          cell: (row) => <WordTag strong={row.state === 'proposed'}>{t(`changeState.${row.state}`)}</WordTag>,
        },
        { key: 'at', title: t('when'), cell: (row) => <When at={row.proposedAt} /> },
        { key: 'act', title: t('act'), cell: (row) => <Decide row={row} /> },
      ]}
    />
  )
}
