import { OrganisedList } from '@weiwang/domain/areas/api'
import { GateFigures, PASSAGE_LISTS, PassagePage } from '@weiwang/domain/checkpoints/api'
import type { GateFigure, PassageList, PassageView } from '@weiwang/domain/checkpoints/api'
import { KEEP_DAYS, LANE_SAY, VERDICT_SAY } from '@weiwang/domain/checkpoints/gate'
import { DaySchema } from '@weiwang/domain/core/api'
import { addDays } from '@weiwang/domain/core/day'
import { showTemperature } from '@weiwang/domain/observation/temperature'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { q, useList } from '../../../api/query.ts'
import { useSay } from '../../../i18n/setup.ts'
import { Act, DayField, SelectField } from '../../../kit/centre/controls.tsx'
import { DataTable } from '../../../kit/centre/DataTable.tsx'
import type { Column } from '../../../kit/centre/DataTable.tsx'
import { Section } from '../../../kit/centre/surfaces.tsx'
import { Empty } from '../../../kit/common/Notice.tsx'
import { WordTag } from '../../../kit/common/Tags.tsx'
import { useClock, useMay } from '../../../session/me.ts'
import { ReadProblem } from '../../../shared/ProblemNotice.tsx'
import { Colour, When } from '../../../shared/words.tsx'
import { grouped } from '../../../words/numbers.ts'
import { hourMinuteSecond } from '../../../words/time.ts'
import { useFilters } from '../../filters.ts'
import { useDesk } from '../../parts/desk.ts'
import { GoLink } from '../../parts/GoLink.tsx'
import { ListTable } from '../../parts/ListTable.tsx'
import { passagesPath, SHOWN, useOpenGates } from './words.tsx'

const Filters = z.object({
  gate: z.uuid(),
  on: DaySchema,
  hour: z.string().regex(/^([0-9]|1[0-9]|2[0-3])$/),
  list: z.enum(PASSAGE_LISTS),
  // As the doors of figures say it.
  from: DaySchema,
  to: DaySchema,
  own: z.enum(['true']),
  organised: OrganisedList,
})

const CLEAR_SPAN = { from: null, to: null, own: null, organised: null }

/** One column for each list, each number the door to its passages. */
function counted<Row extends object>(
  word: (list: PassageList) => string,
  of: (row: Row) => { counts: GateFigure['counts']; name: string; href: (list: PassageList) => string },
): Column<Row>[] {
  return SHOWN.map((list) => ({
    key: list,
    title: word(list),
    end: true,
    cell: (row: Row) => {
      const { counts, name, href } = of(row)
      const n = counts[list] ?? 0
      return n === 0 ? (
        '0'
      ) : (
        <GoLink href={href(list)} label={`${name} ${word(list)} ${n}`}>
          {grouped(n)}
        </GoLink>
      )
    },
  }))
}

export function Figures(): ReactNode {
  const { t } = useTranslation('centre')
  const { t: c } = useTranslation('common')
  const say = useSay()
  const clock = useClock()
  const may = useMay()
  const desk = useDesk()
  const gates = useOpenGates()
  const [filters, set] = useFilters(Filters)
  const day = filters.on ?? filters.from ?? desk.today
  const { gate } = filters
  const figures = useQuery({
    ...q(GateFigures, '/api/gates/figures', { area: desk.area, day, gate }),
    refetchInterval: 30_000,
  })
  if (figures.error)
    return (
      <ReadProblem error={figures.error} again={<Act onClick={() => void figures.refetch()}>{c('act.retry')}</Act>} />
    )
  const answer = figures.data
  const word = (list: PassageList): string => t(`gates.what.${list}`)
  const hourWord = (hour: number): string => t('gates.hour.of', { from: hour, to: hour + 1 })
  const at = { day, ...(gate === undefined ? {} : { gate }) }
  const asOf = answer ? c('asof', { time: hourMinuteSecond(new Date(answer.asOf), clock.zone) }) : ''
  return (
    <>
      <div className="filters">
        <DayField
          label={t('deletion.day')}
          value={day}
          max={desk.today}
          onChange={(v) => set({ ...CLEAR_SPAN, on: v, hour: null })}
        />
        <SelectField
          label={t('gates.gate')}
          value={gate ?? ''}
          any={t('gates.any')}
          onChange={(v) => set({ gate: v, hour: null })}
          choices={gates.map((one) => ({ value: one.id, label: say(one.name) }))}
          width={180}
        />
      </div>
      <Section title={t('gates.hours')}>
        <DataTable<GateFigures['hours'][number]>
          name={t('gates.hours')}
          rows={answer?.hours ?? []}
          rowKey={(row) => String(row.hour)}
          busy={figures.isFetching}
          totalText={asOf}
          empty={<Empty why={t('gates.hours.empty')} />}
          columns={[
            { key: 'hour', title: t('gates.hour'), cell: (row) => <b>{hourWord(row.hour)}</b> },
            ...counted<GateFigures['hours'][number]>(word, (row) => ({
              counts: row.counts,
              name: hourWord(row.hour),
              href: (list) => passagesPath({ ...at, list, hour: row.hour }),
            })),
          ]}
        />
      </Section>
      <Section
        title={t('gates.byGate')}
        {...(answer && answer.gates > answer.rows.length
          ? { lead: t('gates.byGate.rest', { n: answer.rows.length, total: answer.gates }) }
          : {})}
      >
        <DataTable<GateFigure>
          name={t('gates.byGate')}
          rows={answer?.rows ?? []}
          rowKey={(row) => row.gateId}
          busy={figures.isFetching}
          totalText={asOf}
          empty={<Empty why={t('gates.hours.empty')} />}
          columns={[
            { key: 'gate', title: t('gates.gate'), cell: (row) => <b>{say(row.name)}</b> },
            { key: 'area', title: t('area'), cell: (row) => row.areaName },
            ...counted<GateFigure>(word, (row) => ({
              counts: row.counts,
              name: say(row.name),
              href: (list) => passagesPath({ day, list, gate: row.gateId }),
            })),
          ]}
        />
      </Section>
      {may('read', 'passage') ? <Passages day={day} /> : null}
    </>
  )
}

function Passages({ day }: { day: string }): ReactNode {
  const { t } = useTranslation('centre')
  const say = useSay()
  const desk = useDesk()
  const [filters, set] = useFilters(Filters)
  const { gate, hour, list = 'all', from, to, own, organised } = filters
  const span = from === undefined ? { day } : { from, to, own, organised }
  const passages = useList(PassagePage, '/api/passages', { area: desk.area, ...span, gate, hour, list })
  const gone = day < addDays(desk.today, -KEEP_DAYS)
  return (
    <Section title={t('gates.passages')} lead={t('gates.passages.lead')}>
      <div className="filters">
        <SelectField
          label={t('gates.what')}
          value={list}
          onChange={(v) => set({ list: v === 'all' ? null : v })}
          choices={PASSAGE_LISTS.map((one) => ({ value: one, label: t(`gates.what.${one}`) }))}
          width={140}
        />
        <SelectField
          label={t('gates.hour')}
          value={hour ?? ''}
          any={t('gates.any')}
          onChange={(v) => set({ hour: v })}
          choices={Array.from({ length: 24 }, (_, i) => ({
            value: String(i),
            label: t('gates.hour.of', { from: i, to: i + 1 }),
          }))}
          width={140}
        />
      </div>
      <ListTable<PassageView>
        name={t('gates.passages')}
        list={passages}
        rowKey={(row) => row.id}
        empty={{ why: gone ? t('gates.passages.gone') : t('gates.passages.empty') }}
        columns={[
          {
            key: 'at',
            title: t('gates.time'),
            cell: (row) => (
              <span>
                <When at={row.at} /> {row.clockTrusted ? null : <WordTag strong>{t('gates.clock')}</WordTag>}
              </span>
            ),
          },
          { key: 'gate', title: t('gates.gate'), cell: (row) => say(row.gate) },
          {
            key: 'direction',
            title: t('gates.policy.direction'),
            cell: (row) => t(`gates.direction.${row.direction}`),
          },
          { key: 'lane', title: t('gates.lane'), cell: (row) => <LaneWords row={row} /> },
          {
            key: 'colour',
            title: t('gates.colour'),
            cell: (row) => (row.colour ? <Colour colour={row.colour} /> : '–'),
          },
          { key: 'temperature', title: t('gates.temperature'), cell: (row) => <Temperature row={row} /> },
          { key: 'verdict', title: t('gates.verdict'), cell: (row) => say(VERDICT_SAY[row.verdict]) },
        ]}
      />
    </Section>
  )
}

function LaneWords({ row }: { row: PassageView }): ReactNode {
  const { t } = useTranslation('centre')
  const say = useSay()
  return (
    <span>
      {say(LANE_SAY[row.lane])} {row.check === 'by_hand' ? <WordTag>{t('gates.check.by_hand')}</WordTag> : null}
      {row.check === 'refused' ? (
        <WordTag strong>{t('gates.check.refused', { rule: row.checkRule ?? '–' })}</WordTag>
      ) : null}
      {row.companions ? ` ${t('gates.companions', { n: row.companions })}` : ''}
    </span>
  )
}

function Temperature({ row }: { row: PassageView }): ReactNode {
  const { t } = useTranslation('centre')
  if (row.temperature === null) return '–'
  return (
    <span>
      {showTemperature(row.temperature)} ℃
      {row.retest === null ? null : ` · ${t('gates.retest', { t: `${showTemperature(row.retest)} ℃` })}`}
    </span>
  )
}
