import { OrganisedList } from '@weiwang/domain/areas/api'
import { HoursPage, TURN_LISTS, TurnPage, TurnView } from '@weiwang/domain/teams/force-api'
import type { HoursView } from '@weiwang/domain/teams/force-api'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { DaySchema } from '@weiwang/domain/core/api'
import { useList, useWrite } from '../../../api/query.ts'
import { DayField, SelectField } from '../../../kit/centre/controls.tsx'
import { Section } from '../../../kit/centre/surfaces.tsx'
import { WordTag } from '../../../kit/common/Tags.tsx'
import { useClock, useMay } from '../../../session/me.ts'
import { grouped } from '../../../words/numbers.ts'
import { dayWords, hourMinute } from '../../../words/time.ts'
import { useFilters } from '../../filters.ts'
import { ConfirmAct } from '../../parts/ConfirmAct.tsx'
import { useDesk } from '../../parts/desk.ts'
import { GoLink } from '../../parts/GoLink.tsx'
import { ListTable } from '../../parts/ListTable.tsx'
import { paths } from '../../paths.ts'
import { FORCES_TOUCHED, useMinutes } from './words.tsx'

const Filters = z.object({
  list: z.enum(TURN_LISTS),
  account: z.uuid(),
  from: DaySchema,
  to: DaySchema,
  own: z.enum(['true']),
  organised: OrganisedList,
})

export function TurnWords({ turn }: { turn: Pick<TurnView, 'state' | 'late' | 'early'> }): ReactNode {
  const { t } = useTranslation('centre')
  const strong = turn.state === 'missed' || turn.state === 'awaited' || turn.state === 'no_sign_out'
  return (
    <>
      <WordTag strong={strong}>{t(`turn.${turn.state}`)}</WordTag>
      {turn.late > 0 ? <small> {t('turn.late', { n: turn.late })}</small> : null}
      {turn.early > 0 ? <small> {t('turn.early', { n: turn.early })}</small> : null}
    </>
  )
}

function Mend({ row }: { row: TurnView }): ReactNode {
  const { t } = useTranslation('centre')
  const write = useWrite(TurnView, { path: `/api/forces/turns/${row.id}/mend`, touches: FORCES_TOUCHED })
  return (
    <ConfirmAct
      quiet
      verb={t('turns.mend')}
      title={`${t('turns.mend')} · ${row.name}`}
      reason={t('reason')}
      write={write}
      onYes={(reason, done) =>
        write.mutate({ inAt: row.inAt ?? row.startsAt, outAt: row.outAt ?? row.endsAt, reason }, { onSuccess: done })
      }
    >
      <p>{t('turns.mend.what')}</p>
    </ConfirmAct>
  )
}

export function HoursTab(): ReactNode {
  const { t } = useTranslation('centre')
  const clock = useClock()
  const may = useMay()
  const desk = useDesk()
  const minutes = useMinutes()
  const [filters, set] = useFilters(Filters)
  const from = filters.from ?? desk.today
  const to = filters.to ?? (from > desk.today ? from : desk.today)
  const hours = useList(HoursPage, '/api/forces/hours', { area: desk.area, from, to })
  const turns = useList(TurnPage, '/api/forces/turns', { ...filters, area: desk.area, from, to })
  const at = (text: string | null): string => (text === null ? '–' : hourMinute(new Date(text), clock.zone))
  const open = (row: TurnView): boolean => row.state === 'missed' || row.state === 'no_sign_out'
  return (
    <>
      <div className="filters">
        <DayField label={t('day.from')} value={from} onChange={(v) => set({ from: v })} />
        <DayField label={t('day.to')} value={to} onChange={(v) => set({ to: v })} />
      </div>
      <Section title={t('hours.title')} lead={t('hours.lead')}>
        <ListTable<HoursView>
          name={t('hours.title')}
          list={hours}
          rowKey={(row) => row.accountId}
          empty={{ why: t('hours.empty'), todo: t('hours.empty.todo') }}
          columns={[
            { key: 'name', title: t('forces.name'), cell: (row) => <b>{row.name}</b> },
            {
              key: 'turns',
              title: t('hours.turns'),
              end: true,
              cell: (row) => (
                <GoLink href={paths.forces({ tab: 'hours', list: 'worked', account: row.accountId, from, to })}>
                  {grouped(row.turns)}
                </GoLink>
              ),
            },
            { key: 'minutes', title: t('turns.minutes'), end: true, cell: (row) => minutes(row.minutes) },
          ]}
        />
      </Section>
      <Section title={t('turns.title')}>
        <div className="filters">
          <SelectField
            label={t('forces.list')}
            value={filters.list ?? 'all'}
            onChange={(v) => set({ list: v === 'all' ? null : v, account: null })}
            choices={TURN_LISTS.map((one) => ({ value: one, label: t(`turns.list.${one}`) }))}
            width={140}
          />
        </div>
        <ListTable<TurnView>
          name={t('turns.title')}
          list={turns}
          rowKey={(row) => row.id}
          empty={{ why: t('turns.empty'), todo: t('turns.empty.todo') }}
          columns={[
            { key: 'name', title: t('forces.name'), cell: (row) => <b>{row.name || t('turns.nobody')}</b> },
            { key: 'post', title: t('shifts.post'), cell: (row) => row.post },
            { key: 'area', title: t('area'), cell: (row) => row.areaName },
            {
              key: 'when',
              title: t('shifts.when'),
              cell: (row) => `${dayWords(row.day, clock)} ${at(row.startsAt)}–${at(row.endsAt)}`,
            },
            { key: 'in', title: t('turns.in'), cell: (row) => at(row.inAt) },
            { key: 'out', title: t('turns.out'), cell: (row) => at(row.outAt) },
            { key: 'minutes', title: t('turns.minutes'), end: true, cell: (row) => minutes(row.minutes) },
            {
              key: 'state',
              title: t('state'),
              cell: (row) => (
                <>
                  <TurnWords turn={row} />
                  {row.mendedBy ? <small> {t('turns.mended', { name: row.mendedBy })}</small> : null}
                </>
              ),
            },
            {
              key: 'act',
              title: t('act'),
              cell: (row) => (may('file', 'force') && open(row) ? <Mend row={row} /> : '–'),
            },
          ]}
        />
      </Section>
    </>
  )
}
