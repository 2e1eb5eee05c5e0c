import { pageOf } from '@weiwang/domain/core/page'
import { isDay } from '@weiwang/domain/core/day'
import { RISK_ABOUT, RISK_LEVELS, RiskArea } from '@weiwang/domain/feeds/api'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { useList, useWrite } from '../../../api/query.ts'
import { useSay } from '../../../i18n/setup.ts'
import { DayField, SelectField } from '../../../kit/centre/controls.tsx'
import { Page } from '../../../kit/centre/surfaces.tsx'
import { Notice } from '../../../kit/common/Notice.tsx'
import { WordTag } from '../../../kit/common/Tags.tsx'
import { useClock, useMay } from '../../../session/me.ts'
import { When } from '../../../shared/words.tsx'
import { spanWords } from '../../../words/time.ts'
import { useFilters } from '../../filters.ts'
import { Anything } from '../../parts/anything.ts'
import { AreaPick } from '../../parts/AreaPick.tsx'
import type { Chosen } from '../../parts/AreaPick.tsx'
import { ConfirmAct } from '../../parts/ConfirmAct.tsx'
import { useDesk } from '../../parts/desk.ts'
import { ListTable } from '../../parts/ListTable.tsx'
import { ImportFiles } from './ImportFiles.tsx'

const List = pageOf(RiskArea)
const Filters = z.object({
  on: z.string().refine(isDay),
  level: z.enum(RISK_LEVELS),
  source: z.enum(['list', 'derived']),
  inside: z.string(),
  insideName: z.string(),
})
const TOUCHES = ['/api/risk-areas']

function AddArea(): ReactNode {
  const { t } = useTranslation('centre')
  const desk = useDesk()
  const [area, setArea] = useState<Chosen | null>(null)
  const [level, setLevel] = useState<(typeof RISK_LEVELS)[number]>('high')
  const [from, setFrom] = useState(desk.today)
  const [to, setTo] = useState('')
  const write = useWrite(Anything, { path: '/api/risk-areas', touches: TOUCHES })
  return (
    <ConfirmAct
      primary
      verb={t('risk.add')}
      title={t('risk.add')}
      reason={t('risk.basis')}
      write={write}
      ready={area !== null && isDay(from)}
      onYes={(reason, done) => {
        if (area && isDay(from))
          write.mutate({ area: area.code, level, from, to: isDay(to) ? to : null, reason }, { onSuccess: done })
      }}
    >
      <div className="form">
        <AreaPick label={t('area')} value={area} onChange={setArea} help={t('risk.area.help')} />
        <SelectField
          label={t('risk.level')}
          value={level}
          onChange={(v) => setLevel(v === '' ? 'high' : v)}
          choices={RISK_LEVELS.map((l) => ({ value: l, label: t(`risk.${l}`) }))}
        />
        <div className="form-row">
          <DayField label={t('day.from')} value={from} onChange={setFrom} />
          <DayField label={t('day.last')} value={to} min={from} onChange={setTo} help={t('risk.to.help')} />
        </div>
      </div>
    </ConfirmAct>
  )
}

function EndArea({ row }: { row: RiskArea }): ReactNode {
  const { t } = useTranslation('centre')
  const desk = useDesk()
  const [to, setTo] = useState(desk.today)
  const end = useWrite(Anything, { path: `/api/risk-areas/${row.id}/end`, touches: TOUCHES })
  const withdraw = useWrite(Anything, { path: `/api/risk-areas/${row.id}/withdraw`, touches: TOUCHES })
  return (
    <span style={{ display: 'inline-flex' }}>
      {row.to === null || row.to > desk.today ? (
        <ConfirmAct
          quiet
          verb={t('risk.end')}
          title={t('risk.end.title', { area: row.areaName })}
          reason={t('risk.basis')}
          write={end}
          onYes={(reason, done) => end.mutate({ to, reason }, { onSuccess: done })}
        >
          <DayField label={t('day.last')} value={to} min={row.from} onChange={setTo} help={t('risk.end.help')} />
        </ConfirmAct>
      ) : null}
      <ConfirmAct
        quiet
        verb={t('risk.withdraw')}
        title={t('risk.withdraw.title', { area: row.areaName })}
        reason={t('reason')}
        write={withdraw}
        onYes={(reason, done) => withdraw.mutate({ reason }, { onSuccess: done })}
      >
        <p>{t('risk.withdraw.what')}</p>
      </ConfirmAct>
    </span>
  )
}

/** Risk areas are anywhere in the country, so the list does not follow the area of the desk. */
export function RiskAreasPage(): ReactNode {
  const { t } = useTranslation('centre')
  const say = useSay()
  const clock = useClock()
  const may = useMay()
  const desk = useDesk()
  const [filters, set] = useFilters(Filters)
  const day = filters.on ?? desk.day
  const inside = filters.inside ? { code: filters.inside, name: filters.insideName ?? filters.inside } : null
  const list = useList(List, '/api/risk-areas', {
    day,
    level: filters.level,
    source: filters.source,
    area: filters.inside,
  })
  const files = may('file', 'risk_area')
  return (
    <Page title={t('room.risk')} lead={t('risk.lead')} acts={files ? <AddArea /> : null}>
      <Notice kind="note" head={t('risk.about')} body={say(RISK_ABOUT)} />
      {files ? <ImportFiles /> : null}
      <div className="filters">
        <DayField label={t('risk.on')} value={day} onChange={(v) => set({ on: v })} />
        <SelectField
          label={t('risk.level')}
          value={filters.level ?? ''}
          any={t('any')}
          onChange={(v) => set({ level: v })}
          choices={RISK_LEVELS.map((l) => ({ value: l, label: t(`risk.${l}`) }))}
        />
        <SelectField
          label={t('risk.source')}
          value={filters.source ?? ''}
          any={t('any')}
          onChange={(v) => set({ source: v })}
          choices={[
            { value: 'list', label: t('risk.source.list') },
            { value: 'derived', label: t('risk.source.derived') },
          ]}
        />
        <div style={{ minWidth: 240 }}>
          <AreaPick
            label={t('risk.inside')}
            value={inside}
            onChange={(area) => set({ inside: area?.code, insideName: area?.name })}
          />
        </div>
      </div>
      <ListTable<RiskArea>
        name={t('room.risk')}
        list={list}
        rowKey={(row) => row.id}
        empty={{ why: t('risk.empty'), todo: t('risk.empty.todo') }}
        columns={[
          { key: 'area', title: t('area'), cell: (row) => <b>{row.areaName}</b> },
          {
            key: 'level',
            title: t('risk.level'),
            cell: (row) => <WordTag strong={row.level === 'high'}>{t(`risk.${row.level}`)}</WordTag>,
          },
          { key: 'days', title: t('risk.days'), cell: (row) => spanWords(row.from, row.to, clock) },
          { key: 'source', title: t('risk.source'), cell: (row) => t(`risk.source.${row.source}`) },
          { key: 'note', title: t('risk.basis'), cell: (row) => row.note ?? '–' },
          { key: 'recorded', title: t('recorded'), cell: (row) => <When at={row.recordedAt} /> },
          {
            key: 'act',
            title: t('act'),
            cell: (row) => (files && row.source === 'list' ? <EndArea row={row} /> : '–'),
          },
        ]}
      />
    </Page>
  )
}
