import { PHONE_FILTERS, PhonePage, PhoneRow } from '@weiwang/domain/sync/phones'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { useList, useWrite } from '../../../api/query.ts'
import { DayField, SelectField } from '../../../kit/centre/controls.tsx'
import { useMay } from '../../../session/me.ts'
import { When } from '../../../shared/words.tsx'
import { grouped } from '../../../words/numbers.ts'
import { useFilters } from '../../filters.ts'
import { ConfirmAct } from '../../parts/ConfirmAct.tsx'
import { useDesk } from '../../parts/desk.ts'
import { ListTable } from '../../parts/ListTable.tsx'

const Filters = z.object({ only: z.enum(PHONE_FILTERS), silentSince: z.iso.date() })
const NOTABLE_MS = 5 * 60_000

function Acts({ row }: { row: PhoneRow }): ReactNode {
  const { t } = useTranslation('centre')
  const may = useMay()
  const touches = ['/api/sync/phones']
  const lost = useWrite(PhoneRow, { path: `/api/sync/phones/${row.device}/lost`, touches })
  const found = useWrite(PhoneRow, { path: `/api/sync/phones/${row.device}/found`, touches })
  if (!may('revoke', 'phone', { area: row.area }) || row.state === 'cleared') return '–'
  if (row.state === 'lost') {
    return (
      <ConfirmAct
        quiet
        verb={t('phone.found')}
        title={t('phone.found')}
        write={found}
        onYes={(_, done) => found.mutate({ account: row.account.id }, { onSuccess: done })}
      >
        <p>{t('phone.found.what')}</p>
      </ConfirmAct>
    )
  }
  return (
    <ConfirmAct
      quiet
      verb={t('phone.lost')}
      title={t('phone.lost')}
      reason={t('reason')}
      write={lost}
      onYes={(reason, done) => lost.mutate({ account: row.account.id, reason }, { onSuccess: done })}
    >
      <p>{t('phone.lost.what')}</p>
    </ConfirmAct>
  )
}

function State({ row }: { row: PhoneRow }): ReactNode {
  const { t } = useTranslation('centre')
  const told = row.state === 'lost' && row.clearToldAt !== null
  return <>{told ? `${t('phoneState.lost')} · ${t('phone.clearing')}` : t(`phoneState.${row.state}`)}</>
}

function Version({ row }: { row: PhoneRow }): ReactNode {
  const { t } = useTranslation('centre')
  const minutes = Math.round(Math.abs(row.clockAhead) / 60_000)
  const clock = row.clockAhead > 0 ? t('phone.clock', { minutes }) : t('phone.clock.behind', { minutes })
  return (
    <>
      {row.app}
      {row.tooOld ? <b> {t('phone.tooOld')}</b> : null}
      {Math.abs(row.clockAhead) > NOTABLE_MS ? <small> {clock}</small> : null}
    </>
  )
}

export function PhoneList(): ReactNode {
  const { t } = useTranslation('centre')
  const desk = useDesk()
  const [filters, set] = useFilters(Filters)
  const only = filters.only ?? 'all'
  const list = useList(PhonePage, '/api/sync/phones', { only, silentSince: filters.silentSince, area: desk.area })
  return (
    <>
      <div className="filters">
        <SelectField
          label={t('phones.only')}
          value={only}
          onChange={(v) => set({ only: v })}
          choices={PHONE_FILTERS.map((f) => ({ value: f, label: t(`phones.only.${f}`) }))}
          width={180}
        />
        <DayField
          label={t('phones.silent')}
          value={filters.silentSince ?? ''}
          max={desk.today}
          onChange={(v) => set({ silentSince: v })}
        />
      </div>
      <ListTable<PhoneRow>
        name={t('phones.tab.phones')}
        list={list}
        rowKey={(row) => `${row.device}/${row.account.id}`}
        empty={{ why: t('phones.empty'), todo: t('phones.empty.todo') }}
        columns={[
          { key: 'worker', title: t('phone.worker'), cell: (row) => <b>{row.account.name}</b> },
          { key: 'area', title: t('area'), cell: (row) => row.areaName },
          { key: 'state', title: t('state'), cell: (row) => <State row={row} /> },
          { key: 'contact', title: t('phone.contact'), cell: (row) => <When at={row.contactAt} /> },
          {
            key: 'synced',
            title: t('phone.synced'),
            cell: (row) => (row.syncedAt ? <When at={row.syncedAt} /> : t('phone.never')),
          },
          { key: 'waiting', title: t('phone.waiting'), end: true, cell: (row) => grouped(row.waiting) },
          { key: 'refused', title: t('phone.refused'), end: true, cell: (row) => grouped(row.refused) },
          { key: 'oldest', title: t('phone.oldest'), cell: (row) => <When at={row.oldestAt} /> },
          { key: 'app', title: t('phone.app'), cell: (row) => <Version row={row} /> },
          { key: 'act', title: t('act'), cell: (row) => <Acts row={row} /> },
        ]}
      />
    </>
  )
}
