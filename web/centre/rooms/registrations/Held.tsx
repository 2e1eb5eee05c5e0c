import { DecidedHeld, HeldPage } from '@weiwang/domain/healthcode/reg-desk-api'
import type { HeldLine } from '@weiwang/domain/healthcode/reg-desk-api'
import { RELATION_NAMES } from '@weiwang/domain/healthcode/reg-words'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useList, useWrite } from '../../../api/query.ts'
import { useJoin, useSay } from '../../../i18n/setup.ts'
import { CheckField } from '../../../kit/centre/controls.tsx'
import { useMay } from '../../../session/me.ts'
import { When } from '../../../shared/words.tsx'
import { ConfirmAct } from '../../parts/ConfirmAct.tsx'
import { useDesk } from '../../parts/desk.ts'
import { ListTable } from '../../parts/ListTable.tsx'
import { TOUCHES } from './asked.ts'

function Decide({ row }: { row: HeldLine }): ReactNode {
  const { t } = useTranslation('centre')
  const may = useMay()
  const [seen, setSeen] = useState(false)
  const write = useWrite(DecidedHeld, { path: `/api/registrations/held/${row.id}/decide`, touches: TOUCHES })
  if (!may('approve', 'registration', { area: row.area })) return null
  return (
    <span style={{ display: 'inline-flex', gap: 8, flexWrap: 'wrap' }}>
      <ConfirmAct
        primary
        verb={t('held.accept')}
        title={`${t('held.accept')} ${row.masked} ${row.document}`}
        reason={t('reason')}
        write={write}
        ready={seen}
        onYes={(reason, done) => write.mutate({ decision: 'accept', cardSeen: seen, reason }, { onSuccess: done })}
      >
        <p>{t('held.accept.lead')}</p>
        <CheckField label={t('held.seen')} value={seen} onChange={setSeen} />
      </ConfirmAct>
      <ConfirmAct
        verb={t('held.refuse')}
        title={`${t('held.refuse')} ${row.masked} ${row.document}`}
        reason={t('reason')}
        write={write}
        onYes={(reason, done) => write.mutate({ decision: 'refuse', cardSeen: seen, reason }, { onSuccess: done })}
      />
    </span>
  )
}

/** What a person looks at before it binds anybody: masked, with why, and nothing of whom it may collide with. */
export function Held(): ReactNode {
  const { t } = useTranslation('centre')
  const join = useJoin()
  const say = useSay()
  const desk = useDesk()
  const list = useList(HeldPage, '/api/registrations/held', { area: desk.area }, { every: 30_000 })
  return (
    <ListTable<HeldLine>
      name={t('reg.tab.held')}
      list={list}
      rowKey={(row) => row.id}
      empty={{ why: t('held.empty') }}
      columns={[
        { key: 'who', title: t('reg.who'), cell: (row) => <b>{row.masked}</b> },
        { key: 'document', title: t('held.document'), cell: (row) => row.document },
        { key: 'phone', title: t('held.phone'), cell: (row) => row.phone ?? '–' },
        { key: 'relation', title: t('held.relation'), cell: (row) => say(RELATION_NAMES[row.relation]) },
        {
          key: 'why',
          title: t('held.why'),
          cell: (row) =>
            join(
              row.why.map((one) => say(one.say)),
              'clauses',
            ),
        },
        { key: 'area', title: t('area'), cell: (row) => row.areaName },
        { key: 'at', title: t('held.since'), cell: (row) => <When at={row.at} /> },
        { key: 'acts', title: t('reg.next'), cell: (row) => <Decide row={row} /> },
      ]}
    />
  )
}
