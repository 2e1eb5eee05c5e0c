import { DecidedRecovery, Recoveries as RecoveriesPage, RecoveryItem } from '@weiwang/domain/access/api'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { z } from 'zod'
import { useList, useWrite } from '../../../api/query.ts'
import { useMay, useMe } from '../../../session/me.ts'
import { When } from '../../../shared/words.tsx'
import { ConfirmAct } from '../../parts/ConfirmAct.tsx'
import { ListTable } from '../../parts/ListTable.tsx'
import { HandOver } from './HandOver.tsx'

type Row = z.output<typeof RecoveryItem>

function Decide({ row, onHandOver }: { row: Row; onHandOver: (account: string) => void }): ReactNode {
  const { t } = useTranslation('centre')
  const may = useMay()
  const me = useMe()
  const write = useWrite(DecidedRecovery, { path: `/api/recoveries/${row.id}/decide`, touches: ['/api/recoveries'] })
  if (!may('approve', 'account', { area: row.area }) || row.state !== 'asked') return '–'
  const decide = (approve: boolean) => (reason: string, done: () => void) =>
    write.mutate(
      { approve, ...(reason ? { reason } : {}) },
      {
        onSuccess: (decided) => {
          if (decided.needsHandOver) onHandOver(row.accountId)
          done()
        },
      },
    )
  const first = row.needsTwo && row.confirmedBy === null
  return (
    <span style={{ display: 'inline-flex' }}>
      <ConfirmAct
        quiet
        verb={t('push.approve')}
        title={t(first ? 'recovery.confirm' : 'recovery.approve')}
        write={write}
        disabled={row.confirmedBy === me.id}
        why={row.confirmedBy === me.id ? t('recovery.notSecond') : undefined}
        onYes={decide(true)}
      >
        <p>{t(first ? 'recovery.confirm.what' : 'recovery.approve.what')}</p>
      </ConfirmAct>
      <ConfirmAct
        quiet
        verb={t('push.refuse')}
        title={t('recovery.refuse')}
        reason={t('reason')}
        write={write}
        onYes={decide(false)}
      />
    </span>
  )
}

export function Recoveries(): ReactNode {
  const { t } = useTranslation('centre')
  const [account, setAccount] = useState<string | null>(null)
  const list = useList(RecoveriesPage, '/api/recoveries')
  return (
    <>
      {account ? <HandOver id={account} /> : null}
      <ListTable<Row>
        name={t('accounts.tab.recoveries')}
        list={list}
        rowKey={(row) => row.id}
        empty={{ why: t('recoveries.empty') }}
        columns={[
          { key: 'who', title: t('account.name'), cell: (row) => <b>{row.accountName}</b> },
          { key: 'kind', title: t('recovery.kind'), cell: (row) => t(`recoveryKind.${row.kind}`) },
          {
            key: 'reason',
            title: t('reason'),
            cell: (row) => (
              <>
                {row.reason}
                {row.confirmedByName ? <small> {t('recovery.first', { name: row.confirmedByName })}</small> : null}
              </>
            ),
          },
          { key: 'phone', title: t('recovery.phone'), cell: (row) => row.newPhone ?? '–' },
          { key: 'at', title: t('when'), cell: (row) => <When at={row.askedAt} /> },
          { key: 'act', title: t('act'), cell: (row) => <Decide row={row} onHandOver={setAccount} /> },
        ]}
      />
    </>
  )
}
