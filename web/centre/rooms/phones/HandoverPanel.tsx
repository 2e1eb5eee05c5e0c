import { OPEN_PURPOSES } from '@weiwang/domain/people/api'
import { OpenedHandover, TakenHandover } from '@weiwang/domain/sync/handover'
import type { HandoverRow } from '@weiwang/domain/sync/handover'
import { METHODS, RESULTS } from '@weiwang/domain/visits/api'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useWrite } from '../../../api/query.ts'
import { useSay } from '../../../i18n/setup.ts'
import { SelectField } from '../../../kit/centre/controls.tsx'
import { Facts, Section } from '../../../kit/centre/surfaces.tsx'
import { Notice } from '../../../kit/common/Notice.tsx'
import { useMay } from '../../../session/me.ts'
import { When } from '../../../shared/words.tsx'
import { AreaPick } from '../../parts/AreaPick.tsx'
import type { Chosen } from '../../parts/AreaPick.tsx'
import { ConfirmAct } from '../../parts/ConfirmAct.tsx'
import { GoLink } from '../../parts/GoLink.tsx'
import { paths } from '../../paths.ts'
import { useDisposition } from '../tasks/parts.tsx'
import { useItemKind } from './itemKind.ts'

type Purpose = (typeof OPEN_PURPOSES)[number]
const LISTS = ['/api/sync/handovers']

const SHOWN = [
  'method',
  'result',
  'disposition',
  'note',
  'answers',
  'occurredAt',
  'taskId',
  'householdId',
  'area',
] as const
type Named = (typeof SHOWN)[number]

function isNamed(name: string): name is Named {
  return SHOWN.some((one) => one === name)
}

function isOne<T extends string>(words: readonly T[], value: string): value is T {
  return words.some((word) => word === value)
}

/** What a field holds, in words where this page has them, otherwise as the phone wrote it. */
function useValue(): (name: string, value: unknown) => ReactNode {
  const { t } = useTranslation('centre')
  const disposition = useDisposition()
  return (name, value) => {
    if (typeof value !== 'string') return JSON.stringify(value)
    if (name === 'taskId') return <GoLink href={paths.tasks({ open: value })}>{value.slice(0, 8)}</GoLink>
    if (name === 'householdId') return <GoLink href={paths.household(value)}>{value.slice(0, 8)}</GoLink>
    if (name === 'occurredAt') return <When at={value} />
    if (name === 'method' && isOne(METHODS, value)) return t(`method.${value}`)
    if (name === 'result' && isOne(RESULTS, value)) return t(`result.${value}`)
    return name === 'disposition' ? disposition(value) : value
  }
}

function isEmpty(value: unknown): boolean {
  if (value === null || value === '') return true
  return typeof value === 'object' && Object.keys(value).length === 0
}

function Body({ body }: { body: Record<string, unknown> }): ReactNode {
  const { t } = useTranslation('centre')
  const valueOf = useValue()
  const rows = Object.entries(body).filter(([name, value]) => name !== 'id' && !isEmpty(value))
  return (
    <Section title={t('handover.content')}>
      <Facts
        rows={rows.map(([name, value]) => [isNamed(name) ? t(`handover.body.${name}`) : name, valueOf(name, value)])}
      />
    </Section>
  )
}

function Open({ row, onOpen }: { row: HandoverRow; onOpen: (opened: OpenedHandover) => void }): ReactNode {
  const { t } = useTranslation('centre')
  const [purpose, setPurpose] = useState<Purpose>('correct_record')
  const write = useWrite(OpenedHandover, { path: `/api/sync/handovers/${row.id}/open`, touches: [] })
  return (
    <ConfirmAct
      verb={t('handover.open')}
      title={t('handover.open')}
      write={write}
      onYes={(_, done) =>
        write.mutate(
          { purpose },
          {
            onSuccess: (opened) => {
              onOpen(opened)
              done()
            },
          },
        )
      }
    >
      <p>{t('handover.open.lead')}</p>
      <SelectField
        label={t('purpose')}
        value={purpose}
        onChange={(v) => setPurpose(v === '' ? 'correct_record' : v)}
        choices={OPEN_PURPOSES.map((p) => ({ value: p, label: t(`purpose.${p}`) }))}
      />
    </ConfirmAct>
  )
}

function Decide({ row, areaOf, onDone }: { row: HandoverRow; areaOf: string | null; onDone: () => void }): ReactNode {
  const { t } = useTranslation('centre')
  const [area, setArea] = useState<Chosen | null>(null)
  const take = useWrite(TakenHandover, { path: `/api/sync/handovers/${row.id}/take`, touches: LISTS })
  const aside = useWrite(TakenHandover, { path: `/api/sync/handovers/${row.id}/set-aside`, touches: LISTS })
  const after = (done: () => void) => ({
    onSuccess: () => {
      done()
      onDone()
    },
  })
  return (
    <div style={{ display: 'flex', gap: 8, marginTop: 16 }}>
      <ConfirmAct
        primary
        verb={t('handover.take')}
        title={t('handover.take')}
        write={take}
        disabled={!row.known}
        why={row.known ? undefined : t('handover.unknown')}
        onYes={(_, done) => take.mutate(area ? { area: area.code } : {}, after(done))}
      >
        <p>{t('handover.take.what')}</p>
        {areaOf === null ? null : (
          <AreaPick label={t('handover.take.area')} value={area} onChange={setArea} within={areaOf} level={6} />
        )}
      </ConfirmAct>
      <ConfirmAct
        verb={t('handover.aside')}
        title={t('handover.aside')}
        reason={t('handover.aside.reason')}
        write={aside}
        onYes={(reason, done) => aside.mutate({ reason }, after(done))}
      />
    </div>
  )
}

/** One item: what is known without opening it, its content for a purpose, and the decision. */
export function HandoverPanel({ row, onDone }: { row: HandoverRow; onDone: () => void }): ReactNode {
  const { t } = useTranslation('centre')
  const say = useSay()
  const may = useMay()
  const kindWord = useItemKind()
  const [opened, setOpened] = useState<OpenedHandover | null>(null)
  const area = opened?.body?.['area']
  return (
    <>
      <Facts
        rows={[
          [t('handover.worker'), row.worker.name],
          [t('handover.kind'), kindWord(row.kind)],
          [t('area'), row.areaName],
          [t('handover.made'), <When key="made" at={row.madeAt} />],
          [t('handover.recorded'), <When key="recorded" at={row.recordedAt} />],
          [t('handover.reason'), t(`handoverReason.${row.reason}`)],
          [t('handover.answer'), row.problem ? say(row.problem.message) : '–'],
          [t('state'), t(`handoverState.${row.state}`)],
          ...(row.decidedBy === null ? [] : [[t('handover.decided'), row.decidedBy] as const]),
        ]}
      />
      {opened === null && may('open', 'handover', { area: row.area }) ? <Open row={row} onOpen={setOpened} /> : null}
      {opened?.body ? <Body body={opened.body} /> : null}
      {opened !== null && opened.body === null ? <Notice kind="note" head={t('handover.gone')} /> : null}
      {opened?.asked ? <Facts rows={[[t('handover.asked'), opened.asked]]} /> : null}
      {opened?.note ? <Facts rows={[[t('handover.note'), opened.note]]} /> : null}
      {row.state === 'waiting' && may('file', 'handover', { area: row.area }) ? (
        <Decide row={row} areaOf={typeof area === 'string' ? area.slice(0, 12) : null} onDone={onDone} />
      ) : null}
    </>
  )
}
