import { ACCOUNT_STATES, Accounts, AccountItem } from '@weiwang/domain/access/api'
import { ROLES } from '@weiwang/domain/access/actor'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { useList } from '../../../api/query.ts'
import { useJoin } from '../../../i18n/setup.ts'
import { SelectField, TextField } from '../../../kit/centre/controls.tsx'
import { WordTag } from '../../../kit/common/Tags.tsx'
import { When } from '../../../shared/words.tsx'
import { grouped } from '../../../words/numbers.ts'
import { useFilters } from '../../filters.ts'
import { useDesk } from '../../parts/desk.ts'
import { ListTable } from '../../parts/ListTable.tsx'
import { StateFilter } from '../../parts/StateFilter.tsx'

type Account = z.output<typeof AccountItem>
const Filters = z.object({ role: z.enum(ROLES), state: z.enum(ACCOUNT_STATES), q: z.string() })

export function useRoles(): (roles: readonly (typeof ROLES)[number][]) => string {
  const { t } = useTranslation('centre')
  const join = useJoin()
  return (roles) => join(roles.map((r) => t(`role.${r}`))) || '–'
}

export function AccountList({ open, onOpen }: { open: string | undefined; onOpen: (id: string) => void }): ReactNode {
  const { t } = useTranslation('centre')
  const roles = useRoles()
  const desk = useDesk()
  const [filters, set] = useFilters(Filters)
  const list = useList(Accounts, '/api/accounts', { ...filters, area: desk.area })
  return (
    <>
      <div className="filters">
        <TextField label={t('account.find')} value={filters.q ?? ''} onChange={(v) => set({ q: v })} width={220} />
        <SelectField
          label={t('role')}
          value={filters.role ?? ''}
          any={t('any')}
          onChange={(v) => set({ role: v })}
          choices={ROLES.map((r) => ({ value: r, label: t(`role.${r}`) }))}
          width={160}
        />
        <StateFilter
          value={filters.state}
          states={ACCOUNT_STATES}
          word={(one) => t(`accountState.${one}`)}
          onChange={(v) => set({ state: v })}
        />
      </div>
      <ListTable<Account>
        name={t('room.accounts')}
        list={list}
        rowKey={(row) => row.id}
        openKey={open}
        onOpen={(row) => onOpen(row.id)}
        empty={{ why: t('accounts.empty'), todo: t('accounts.empty.todo') }}
        columns={[
          { key: 'name', title: t('account.name'), cell: (row) => <b>{row.name}</b> },
          { key: 'area', title: t('area'), cell: (row) => row.areaName },
          { key: 'roles', title: t('role'), cell: (row) => roles(row.roles) },
          { key: 'phone', title: t('account.phoneOrLogin'), cell: (row) => row.phone ?? row.login ?? '–' },
          {
            key: 'state',
            title: t('state'),
            cell: (row) => <WordTag strong={row.state === 'locked'}>{t(`accountState.${row.state}`)}</WordTag>,
          },
          { key: 'totp', title: t('account.totp'), cell: (row) => (row.totp ? t('yes') : t('no')) },
          { key: 'duties', title: t('account.duties'), end: true, cell: (row) => grouped(row.duties) },
          { key: 'created', title: t('account.created'), cell: (row) => <When at={row.createdAt} /> },
        ]}
      />
    </>
  )
}
