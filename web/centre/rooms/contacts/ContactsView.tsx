import { CONTACT_ROLES, Contacts, PutContact } from '@weiwang/domain/sync/contacts'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { z } from 'zod'
import { q, useWrite } from '../../../api/query.ts'
import { TextField } from '../../../kit/centre/controls.tsx'
import { DataTable } from '../../../kit/centre/DataTable.tsx'
import { Empty } from '../../../kit/common/Notice.tsx'
import { useMay } from '../../../session/me.ts'
import { Loading, ReadProblem } from '../../../shared/ProblemNotice.tsx'
import { ConfirmAct } from '../../parts/ConfirmAct.tsx'
import { useDesk } from '../../parts/desk.ts'

type Role = (typeof CONTACT_ROLES)[number]
type Contact = z.output<typeof Contacts>['items'][number]
type Row = { role: Role; counts: Contact | null; own: Contact | null }

function Put({ area, row }: { area: string; row: Row }): ReactNode {
  const { t } = useTranslation('centre')
  const [name, setName] = useState(row.own?.name ?? '')
  const [phone, setPhone] = useState(row.own?.phone ?? '')
  const write = useWrite(Contacts, { path: '/api/sync/contacts', touches: ['/api/sync/contacts'] })
  const wanted = { area, role: row.role, name: name.trim(), phone: phone.trim() }
  return (
    <ConfirmAct
      quiet
      verb={row.own ? t('contact.change') : t('contact.set')}
      title={t(`contact.role.${row.role}`)}
      write={write}
      ready={PutContact.safeParse(wanted).success}
      onYes={(_, done) => write.mutate(wanted, { onSuccess: done })}
    >
      <div className="form">
        <TextField label={t('contact.name')} help={t('contact.name.help')} value={name} onChange={setName} />
        <TextField label={t('contact.phone')} help={t('contact.phone.help')} value={phone} onChange={setPhone} />
      </div>
    </ConfirmAct>
  )
}

/** Whom the workers of an area call with one tap: for each role what is set here, else what the nearest area above has set. */
export function ContactsView(): ReactNode {
  const { t } = useTranslation('centre')
  const desk = useDesk()
  const may = useMay()
  const answer = useQuery(q(Contacts, '/api/sync/contacts', { area: desk.area }))
  if (answer.error) return <ReadProblem error={answer.error} again={null} />
  if (!answer.data) return <Loading />
  const { items } = answer.data
  const rows = CONTACT_ROLES.map((role): Row => ({
    role,
    counts: items.find((one) => one.role === role) ?? null,
    own: items.find((one) => one.role === role && one.area === desk.area) ?? null,
  }))
  return (
    <>
      <p className="page-lead">{t('contacts.lead')}</p>
      <DataTable<Row>
        name={t('areas.tab.contacts')}
        rows={rows}
        rowKey={(row) => row.role}
        busy={answer.isFetching}
        totalText={t('contacts.n', { n: rows.filter((row) => row.counts !== null).length, of: rows.length })}
        empty={<Empty why={t('contacts.none')} />}
        columns={[
          { key: 'role', title: t('contact.role'), cell: (row) => <b>{t(`contact.role.${row.role}`)}</b> },
          { key: 'name', title: t('contact.name'), cell: (row) => row.counts?.name ?? t('contacts.none') },
          { key: 'phone', title: t('contact.phone'), cell: (row) => row.counts?.phone ?? '–' },
          {
            key: 'from',
            title: t('contact.from'),
            cell: (row) => (row.counts === null ? '–' : row.own ? t('contact.here') : row.counts.areaName),
          },
          {
            key: 'act',
            title: t('act'),
            cell: (row) =>
              may('file', 'duty', { area: desk.area }) ? <Put key={desk.area} area={desk.area} row={row} /> : '–',
          },
        ]}
      />
    </>
  )
}
