import { AuditItem, AuditPage as AuditLines, AuditVerdict, Heads } from '@weiwang/domain/access/api'
import { isDay } from '@weiwang/domain/core/day'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { q, useList } from '../../../api/query.ts'
import { useSay } from '../../../i18n/setup.ts'
import { Act, DayField, SelectField, Sheets, TextField } from '../../../kit/centre/controls.tsx'
import { Facts, Page, SidePanel } from '../../../kit/centre/surfaces.tsx'
import { Notice } from '../../../kit/common/Notice.tsx'
import { WordTag } from '../../../kit/common/Tags.tsx'
import { Loading, ReadProblem } from '../../../shared/ProblemNotice.tsx'
import { When } from '../../../shared/words.tsx'
import { grouped } from '../../../words/numbers.ts'
import { useFilters } from '../../filters.ts'
import { useDesk } from '../../parts/desk.ts'
import { ListTable } from '../../parts/ListTable.tsx'

type Line = z.output<typeof AuditItem>
const TABS = ['lines', 'verify', 'heads'] as const
const Filters = z.object({
  tab: z.enum(TABS),
  outcome: z.enum(['done', 'refused']),
  thing: z.string(),
  thingId: z.string(),
  verb: z.string(),
  from: z.string().refine(isDay),
  to: z.string().refine(isDay),
})

function Verify(): ReactNode {
  const { t } = useTranslation('centre')
  const say = useSay()
  const desk = useDesk()
  const [from, setFrom] = useState(desk.today)
  const [to, setTo] = useState(desk.today)
  const [asked, setAsked] = useState<{ from: string; to: string } | null>(null)
  const answer = useQuery({ ...q(AuditVerdict, '/api/audit/verify', asked ?? {}), enabled: asked !== null })
  const verdict = answer.data
  return (
    <>
      <div className="filters">
        <DayField label={t('day.from')} value={from} max={to} onChange={setFrom} />
        <DayField label={t('day.to')} value={to} max={desk.today} onChange={setTo} />
        <Act primary busy={answer.isFetching} onClick={() => setAsked({ from, to })}>
          {t('audit.verify')}
        </Act>
      </div>
      <ReadProblem error={answer.error} again={null} />
      {asked && answer.isPending ? <Loading /> : null}
      {verdict ? (
        <>
          <Notice
            kind={verdict.ok ? 'done' : 'fault'}
            head={verdict.ok ? t('audit.ok') : t('audit.broken', { n: verdict.findings.length })}
            body={t('audit.counted', {
              lines: grouped(verdict.lines),
              blocks: grouped(verdict.blocks),
              heads: grouped(verdict.heads),
            })}
            small={t('audit.unsealed', { n: grouped(verdict.unsealed.lines), s: verdict.unsealed.oldestSeconds ?? 0 })}
          />
          <ul>
            {verdict.findings.map((f) => (
              <li key={`${f.kind}${f.county}${f.day}${f.block}`}>
                <b>{say(f.say)}</b> {f.county} {f.day} {f.block}
              </li>
            ))}
          </ul>
          {verdict.lastHead ? (
            <Facts rows={[[t('audit.head'), `${verdict.lastHead.day} ${verdict.lastHead.hash}`]]} />
          ) : null}
        </>
      ) : null}
    </>
  )
}

function HeadList(): ReactNode {
  const { t } = useTranslation('centre')
  const list = useList(Heads, '/api/audit/heads')
  return (
    <ListTable
      name={t('audit.tab.heads')}
      list={list}
      rowKey={(row) => row.day}
      empty={{ why: t('audit.noHeads') }}
      columns={[
        { key: 'day', title: t('day'), cell: (row) => row.day },
        { key: 'hash', title: t('audit.hash'), cell: (row) => <code>{row.hash}</code> },
        { key: 'counties', title: t('audit.counties'), end: true, cell: (row) => grouped(row.counties) },
        { key: 'sealed', title: t('audit.sealedAt'), cell: (row) => <When at={row.sealedAt} /> },
      ]}
    />
  )
}

function Lines(): ReactNode {
  const { t } = useTranslation('centre')
  const { t: c } = useTranslation('common')
  const desk = useDesk()
  const [filters, set] = useFilters(Filters)
  const [open, setOpen] = useState<Line | null>(null)
  const { tab: _, ...asked } = filters
  const list = useList(AuditLines, '/api/audit', { ...asked, area: desk.area })
  return (
    <>
      <div className="filters">
        <DayField label={t('day.from')} value={filters.from ?? ''} onChange={(v) => set({ from: v })} />
        <DayField label={t('day.to')} value={filters.to ?? ''} onChange={(v) => set({ to: v })} />
        <SelectField
          label={t('audit.outcome')}
          value={filters.outcome ?? ''}
          any={t('any')}
          onChange={(v) => set({ outcome: v })}
          choices={(['done', 'refused'] as const).map((o) => ({ value: o, label: t(`auditOutcome.${o}`) }))}
        />
        <TextField label={t('audit.verb')} value={filters.verb ?? ''} onChange={(v) => set({ verb: v })} width={160} />
        <TextField
          label={t('audit.thing')}
          value={filters.thing ?? ''}
          onChange={(v) => set({ thing: v })}
          width={140}
        />
        <TextField
          label={t('audit.thingId')}
          value={filters.thingId ?? ''}
          onChange={(v) => set({ thingId: v })}
          width={180}
        />
        <Act onClick={() => set({ from: null, to: null, outcome: null, verb: null, thing: null, thingId: null })}>
          {c('act.clear')}
        </Act>
      </div>
      <ListTable<Line>
        name={t('room.audit')}
        list={list}
        rowKey={(row) => row.id}
        openKey={open?.id}
        onOpen={setOpen}
        empty={{ why: t('audit.empty'), todo: t('fits.todo') }}
        columns={[
          { key: 'at', title: t('when'), cell: (row) => <When at={row.at} /> },
          { key: 'who', title: t('audit.who'), cell: (row) => <b>{row.actorName}</b> },
          { key: 'verb', title: t('audit.verb'), cell: (row) => row.verb },
          { key: 'thing', title: t('audit.thing'), cell: (row) => `${row.thing} ${row.thingId.slice(0, 8)}` },
          { key: 'area', title: t('area'), cell: (row) => row.area },
          {
            key: 'outcome',
            title: t('audit.outcome'),
            cell: (row) => <WordTag strong={row.outcome === 'refused'}>{t(`auditOutcome.${row.outcome}`)}</WordTag>,
          },
          { key: 'purpose', title: t('purpose'), cell: (row) => row.purpose ?? '–' },
          { key: 'ids', title: t('audit.ids'), end: true, cell: (row) => grouped(row.ids) },
          { key: 'sealed', title: t('audit.sealed'), cell: (row) => (row.sealed ? t('yes') : t('audit.tail')) },
        ]}
      />
      <SidePanel title={t('audit.line')} open={open !== null} onClose={() => setOpen(null)}>
        {open ? (
          <Facts
            rows={[
              [t('when'), <When key="w" at={open.at} />],
              [t('audit.who'), open.actorName],
              [t('audit.verb'), open.verb],
              [t('audit.thing'), `${open.thing} ${open.thingId}`],
              [t('area'), open.area],
              [t('audit.outcome'), t(`auditOutcome.${open.outcome}`)],
              [t('purpose'), open.purpose ?? '–'],
              ...Object.entries(open.detail).map(
                ([key, value]) => [key, typeof value === 'string' ? value : JSON.stringify(value)] as const,
              ),
            ]}
          />
        ) : null}
      </SidePanel>
    </>
  )
}

export function AuditPage(): ReactNode {
  const { t } = useTranslation('centre')
  const [filters, set] = useFilters(Filters)
  const tab = filters.tab ?? 'lines'
  return (
    <Page title={t('room.audit')} lead={t('audit.lead')}>
      <Sheets
        value={tab}
        onChange={(key) => set({ tab: key })}
        sheets={TABS.map((key) => ({ key, label: t(`audit.tab.${key}`) }))}
      />
      {tab === 'lines' ? <Lines /> : null}
      {tab === 'verify' ? <Verify /> : null}
      {tab === 'heads' ? <HeadList /> : null}
    </Page>
  )
}
