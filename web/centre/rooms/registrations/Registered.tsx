import { NEEDS, PURPOSES, SITUATIONS } from '@weiwang/domain/healthcode/reg-api'
import type { Need, Situation } from '@weiwang/domain/healthcode/reg-api'
import { RegistrationPage } from '@weiwang/domain/healthcode/reg-desk-api'
import type { RegistrationLine } from '@weiwang/domain/healthcode/reg-desk-api'
import { NEED_NAMES, PURPOSE_NAMES, SITUATION_NAMES } from '@weiwang/domain/healthcode/reg-words'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useList } from '../../../api/query.ts'
import { useSay } from '../../../i18n/setup.ts'
import { DayField, SelectField } from '../../../kit/centre/controls.tsx'
import type { Column } from '../../../kit/centre/DataTable.tsx'
import { WordTag } from '../../../kit/common/Tags.tsx'
import { When } from '../../../shared/words.tsx'
import { useDesk } from '../../parts/desk.ts'
import { GoLink } from '../../parts/GoLink.tsx'
import { ListTable } from '../../parts/ListTable.tsx'
import { useFilters } from '../../filters.ts'
import { paths } from '../../paths.ts'
import { BYS, Filters, PLACES } from './asked.ts'

function useColumns(): Column<RegistrationLine>[] {
  const { t } = useTranslation('centre')
  const say = useSay()
  return [
    {
      key: 'who',
      title: t('reg.who'),
      cell: (row) => (
        <GoLink href={paths.person(row.personId)}>
          <b>{row.masked}</b>
        </GoLink>
      ),
    },
    { key: 'area', title: t('area'), cell: (row) => row.areaName },
    {
      key: 'place',
      title: t('reg.place'),
      cell: (row) => (
        <span style={{ display: 'inline-flex', gap: 6, flexWrap: 'wrap' }}>
          <WordTag strong={!row.placed}>{t(row.placed ? 'regPlace.placed' : 'regPlace.unplaced')}</WordTag>
          {row.addressDiffers ? <WordTag strong>{t('reg.differs')}</WordTag> : null}
        </span>
      ),
    },
    { key: 'need', title: t('reg.need'), cell: (row) => say(NEED_NAMES[row.need]) },
    { key: 'situation', title: t('reg.situation'), cell: (row) => say(SITUATION_NAMES[row.situation]) },
    {
      key: 'purpose',
      title: t('reg.purpose'),
      cell: (row) => {
        const purpose = PURPOSES.find((one) => one === row.purpose)
        return purpose ? say(PURPOSE_NAMES[purpose]) : '–'
      },
    },
    { key: 'by', title: t('reg.by'), cell: (row) => t(`regBy.${row.by}`) },
    { key: 'at', title: t('reg.at'), cell: (row) => <When at={row.registeredAt} /> },
    {
      key: 'declared',
      title: t('reg.declared'),
      cell: (row) => (
        <span>
          <When at={row.declaredAt} /> · {t('reg.times', { n: row.declarations })}
        </span>
      ),
    },
  ]
}

/** Registrations of the desk's area, newest first. */
export function Registered(): ReactNode {
  const { t } = useTranslation('centre')
  const say = useSay()
  const desk = useDesk()
  const [filters, set] = useFilters(Filters)
  const { tab: _tab, list: _list, ...asked } = filters
  const columns = useColumns()
  const list = useList(RegistrationPage, '/api/registrations', { ...asked, area: desk.area }, { every: 30_000 })
  return (
    <>
      <div className="filters">
        <SelectField<Need>
          label={t('reg.need')}
          value={filters.need ?? ''}
          any={t('any')}
          onChange={(need) => set({ need })}
          choices={NEEDS.map((value) => ({ value, label: say(NEED_NAMES[value]) }))}
          width={130}
        />
        <SelectField<Situation>
          label={t('reg.situation')}
          value={filters.situation ?? ''}
          any={t('any')}
          onChange={(situation) => set({ situation })}
          choices={SITUATIONS.map((value) => ({ value, label: say(SITUATION_NAMES[value]) }))}
          width={130}
        />
        <SelectField<(typeof BYS)[number]>
          label={t('reg.by')}
          value={filters.by ?? ''}
          any={t('any')}
          onChange={(by) => set({ by })}
          choices={BYS.map((value) => ({ value, label: t(`regBy.${value}`) }))}
          width={130}
        />
        <SelectField<(typeof PLACES)[number]>
          label={t('reg.place')}
          value={filters.place ?? ''}
          any={t('any')}
          onChange={(place) => set({ place })}
          choices={PLACES.map((value) => ({ value, label: t(`regPlace.${value}`) }))}
          width={150}
        />
        <DayField label={t('rules.from')} value={filters.from ?? ''} onChange={(from) => set({ from })} />
        <DayField label={t('rules.until')} value={filters.to ?? ''} onChange={(to) => set({ to })} />
      </div>
      <ListTable<RegistrationLine>
        name={t('reg.tab.list')}
        list={list}
        rowKey={(row) => row.personId}
        empty={{ why: t('reg.empty'), todo: t('reg.empty.todo') }}
        columns={columns}
      />
    </>
  )
}
