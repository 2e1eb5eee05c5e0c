import { OrganisedList } from '@weiwang/domain/areas/api'
import { GateDone, OpenedReferral, REFERRAL_LISTS, ReferralPage } from '@weiwang/domain/checkpoints/api'
import type { ReferralView } from '@weiwang/domain/checkpoints/api'
import { DISPOSITION_SAY, REFER_SAY } from '@weiwang/domain/checkpoints/gate'
import { DaySchema } from '@weiwang/domain/core/api'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { useList, useWrite } from '../../../api/query.ts'
import { useSay } from '../../../i18n/setup.ts'
import { DayField, SelectField } from '../../../kit/centre/controls.tsx'
import { Dialog, Facts } from '../../../kit/centre/surfaces.tsx'
import { WordTag } from '../../../kit/common/Tags.tsx'
import { useMay } from '../../../session/me.ts'
import { When } from '../../../shared/words.tsx'
import { useFilters } from '../../filters.ts'
import { ConfirmAct } from '../../parts/ConfirmAct.tsx'
import { useDesk } from '../../parts/desk.ts'
import { GoLink } from '../../parts/GoLink.tsx'
import { ListTable } from '../../parts/ListTable.tsx'
import { paths } from '../../paths.ts'
import { GATES_TOUCHED, useOpenGates } from './words.tsx'

const Filters = z.object({
  list: z.enum(REFERRAL_LISTS),
  gate: z.uuid(),
  on: DaySchema,
  // As the doors of figures say it.
  from: DaySchema,
  to: DaySchema,
  own: z.enum(['true']),
  organised: OrganisedList,
})
const CLEAR_SPAN = { from: null, to: null, own: null, organised: null }
const OUTCOMES = ['arrived', 'lost', 'none_needed'] as const
const PURPOSES = ['contact_person', 'hand_over'] as const
type Opened = z.infer<typeof OpenedReferral>

function Close({ row }: { row: ReferralView }): ReactNode {
  const { t } = useTranslation('centre')
  const [outcome, setOutcome] = useState<(typeof OUTCOMES)[number]>('arrived')
  const write = useWrite(GateDone, { path: `/api/gates/referrals/${row.id}/close`, touches: GATES_TOUCHED })
  return (
    <ConfirmAct
      verb={t('referrals.close')}
      title={`${t('referrals.close')} · ${row.name}`}
      write={write}
      onYes={(_, done) => write.mutate({ outcome }, { onSuccess: done })}
    >
      <SelectField<(typeof OUTCOMES)[number]>
        label={t('referrals.outcome')}
        value={outcome}
        onChange={(v) => (v === '' ? undefined : setOutcome(v))}
        choices={OUTCOMES.map((one) => ({ value: one, label: t(`referrals.outcome.${one}`) }))}
      />
    </ConfirmAct>
  )
}

function Open({ row, onOpened }: { row: ReferralView; onOpened: (opened: Opened) => void }): ReactNode {
  const { t } = useTranslation('centre')
  const [purpose, setPurpose] = useState<(typeof PURPOSES)[number]>('contact_person')
  const write = useWrite(OpenedReferral, { path: `/api/gates/referrals/${row.id}/open`, touches: [] })
  return (
    <ConfirmAct
      quiet
      verb={t('referrals.open')}
      title={`${t('referrals.open')} · ${row.name}`}
      write={write}
      onYes={(_, done) =>
        write.mutate(
          { purpose },
          {
            onSuccess: (answer) => {
              onOpened(answer)
              done()
            },
          },
        )
      }
    >
      <p>{t('referrals.open.what')}</p>
      <SelectField<(typeof PURPOSES)[number]>
        label={t('referrals.purpose')}
        value={purpose}
        onChange={(v) => (v === '' ? undefined : setPurpose(v))}
        choices={PURPOSES.map((one) => ({ value: one, label: t(`referrals.purpose.${one}`) }))}
      />
    </ConfirmAct>
  )
}

function Went({ row }: { row: ReferralView }): ReactNode {
  const { t } = useTranslation('centre')
  const say = useSay()
  return (
    <span>
      {say(DISPOSITION_SAY[row.disposition])}
      {row.homeAreaName ? ` · ${row.homeAreaName}` : ''}{' '}
      {row.task ? (
        <GoLink href={paths.tasks({ open: row.task.id })}>
          {t('referrals.task', { reference: row.task.reference })}
        </GoLink>
      ) : row.disposition === 'grid' && row.closedAt === null ? (
        <WordTag strong>{t('referrals.noTask')}</WordTag>
      ) : null}
      {row.called ? ` · ${t('referrals.called', { who: row.called })}` : ''}
    </span>
  )
}

export function Referrals(): ReactNode {
  const { t } = useTranslation('centre')
  const { t: c } = useTranslation('common')
  const say = useSay()
  const may = useMay()
  const desk = useDesk()
  const gates = useOpenGates()
  const [opened, setOpened] = useState<Opened | null>(null)
  const [filters, set] = useFilters(Filters)
  const { list = 'open', gate, on, from, to, own, organised } = filters
  const span = from === undefined ? { day: on } : { from, to, own, organised }
  const referrals = useList(
    ReferralPage,
    '/api/gates/referrals',
    { area: desk.area, list, gate, ...span },
    { every: 30_000 },
  )
  return (
    <>
      <div className="filters">
        <SelectField
          label={t('gates.list')}
          value={list}
          onChange={(v) => set({ list: v === 'open' ? null : v })}
          choices={REFERRAL_LISTS.map((one) => ({
            value: one,
            label: one === 'open' || one === 'all' ? t(`referrals.list.${one}`) : say(DISPOSITION_SAY[one]),
          }))}
          width={170}
        />
        <SelectField
          label={t('gates.gate')}
          value={gate ?? ''}
          any={t('gates.any')}
          onChange={(v) => set({ gate: v })}
          choices={gates.map((one) => ({ value: one.id, label: say(one.name) }))}
          width={180}
        />
        <DayField
          label={t('deletion.day')}
          value={on ?? from ?? ''}
          max={desk.today}
          onChange={(v) => set({ ...CLEAR_SPAN, on: v })}
        />
      </div>
      <ListTable<ReferralView>
        name={t('gates.tab.referrals')}
        list={referrals}
        rowKey={(row) => row.id}
        empty={{ why: t('referrals.empty') }}
        columns={[
          { key: 'at', title: t('gates.time'), cell: (row) => <When at={row.at} /> },
          { key: 'gate', title: t('gates.gate'), cell: (row) => say(row.gate) },
          { key: 'who', title: t('referrals.who'), cell: (row) => <b>{row.name === '' ? '–' : row.name}</b> },
          { key: 'why', title: t('referrals.why'), cell: (row) => say(REFER_SAY[row.why]) },
          { key: 'went', title: t('referrals.went'), cell: (row) => <Went row={row} /> },
          {
            key: 'outcome',
            title: t('referrals.outcome'),
            cell: (row) =>
              row.outcome === null ? (
                <WordTag strong>{t('referrals.list.open')}</WordTag>
              ) : (
                <span>
                  {t(`referrals.outcome.${row.outcome}`)} {row.closedBy}
                </span>
              ),
          },
          {
            key: 'act',
            title: t('act'),
            cell: (row) => (
              <>
                {row.closedAt === null && may('file', 'gate') ? <Close row={row} /> : null}
                {row.name !== '' && may('open', 'gate') ? <Open row={row} onOpened={setOpened} /> : null}
              </>
            ),
          },
        ]}
      />
      <Dialog title={opened?.name ?? ''} open={opened !== null} onClose={() => setOpened(null)} no={c('act.close')}>
        {opened ? (
          <Facts
            rows={[
              [t('referrals.who'), opened.name],
              [t('referrals.document'), opened.document || '–'],
              [
                t('referrals.phone'),
                opened.phone ? (
                  <a key="p" href={`tel:${opened.phone}`}>
                    {opened.phone}
                  </a>
                ) : (
                  '–'
                ),
              ],
              [t('referrals.address'), opened.address || '–'],
              opened.note !== '' && [t('referrals.note'), opened.note],
            ]}
          />
        ) : null}
      </Dialog>
    </>
  )
}
