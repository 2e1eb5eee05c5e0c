import { RoleProposalItem, RoleProposals } from '@weiwang/domain/access/api'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { z } from 'zod'
import { useList, useWrite } from '../../../api/query.ts'
import { WordTag } from '../../../kit/common/Tags.tsx'
import { useMay } from '../../../session/me.ts'
import { When } from '../../../shared/words.tsx'
import { Anything } from '../../parts/anything.ts'
import { ConfirmAct } from '../../parts/ConfirmAct.tsx'
import { ListTable } from '../../parts/ListTable.tsx'

type Row = z.output<typeof RoleProposalItem>

function Decide({ row }: { row: Row }): ReactNode {
  const { t } = useTranslation('centre')
  const may = useMay()
  const write = useWrite(Anything, {
    path: `/api/role-proposals/${row.id}/decide`,
    touches: ['/api/role-proposals', '/api/accounts'],
  })
  if (row.state !== 'proposed') return '–'
  const allowed = may('approve', 'account', { area: row.area, by: row.proposedBy })
  const why = allowed ? undefined : t('two.cannot')
  const what = (
    <p className="consequence">{t('proposal.what', { name: row.accountName, role: t(`role.${row.role}`) })}</p>
  )
  return (
    <span style={{ display: 'inline-flex' }}>
      <ConfirmAct
        quiet
        verb={t('push.approve')}
        title={t('proposal.approve')}
        write={write}
        disabled={!allowed}
        why={why}
        onYes={(_, done) => write.mutate({ approve: true }, { onSuccess: done })}
      >
        {what}
      </ConfirmAct>
      <ConfirmAct
        quiet
        verb={t('push.refuse')}
        title={t('proposal.refuse')}
        reason={t('reason')}
        write={write}
        disabled={!allowed}
        why={why}
        onYes={(reason, done) => write.mutate({ approve: false, reason }, { onSuccess: done })}
      >
        {what}
      </ConfirmAct>
    </span>
  )
}

/** Roles that approve are given by two people (ACCESS-8). */
export function Proposals(): ReactNode {
  const { t } = useTranslation('centre')
  const list = useList(RoleProposals, '/api/role-proposals')
  return (
    <ListTable<Row>
      name={t('accounts.tab.proposals')}
      list={list}
      rowKey={(row) => row.id}
      empty={{ why: t('proposals.empty') }}
      columns={[
        { key: 'who', title: t('account.name'), cell: (row) => <b>{row.accountName}</b> },
        { key: 'role', title: t('role'), cell: (row) => t(`role.${row.role}`) },
        { key: 'by', title: t('push.by'), cell: (row) => row.proposedByName },
        { key: 'at', title: t('when'), cell: (row) => <When at={row.proposedAt} /> },
        {
          key: 'state',
          title: t('state'),
          cell: (row) => <WordTag strong={row.state === 'proposed'}>{t(`proposalState.${row.state}`)}</WordTag>,
        },
        { key: 'act', title: t('act'), cell: (row) => <Decide row={row} /> },
      ]}
    />
  )
}
