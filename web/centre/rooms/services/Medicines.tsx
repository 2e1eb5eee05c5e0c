import { FoundMedicines, MedicinePage, OpenedMedicine, SavedMedicine } from '@weiwang/domain/observation/service-api'
import type { MedicineLine } from '@weiwang/domain/observation/service-api'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { useList, useWrite } from '../../../api/query.ts'
import { Act, NumberField, SelectField, TextField } from '../../../kit/centre/controls.tsx'
import { DataTable } from '../../../kit/centre/DataTable.tsx'
import type { Column } from '../../../kit/centre/DataTable.tsx'
import { Section } from '../../../kit/centre/surfaces.tsx'
import { Empty } from '../../../kit/common/Notice.tsx'
import { WordTag } from '../../../kit/common/Tags.tsx'
import { useClock, useMay } from '../../../session/me.ts'
import { dayWords } from '../../../words/time.ts'
import { ConfirmAct } from '../../parts/ConfirmAct.tsx'
import { useDesk } from '../../parts/desk.ts'
import { GoLink } from '../../parts/GoLink.tsx'
import { ListTable } from '../../parts/ListTable.tsx'
import { OpenForPurpose } from '../../parts/OpenForPurpose.tsx'
import { useFilters } from '../../filters.ts'
import { paths } from '../../paths.ts'
import { TOUCHES } from './words.tsx'

const WITHIN = ['0', '3', '7', '14', '30', '365'] as const
const Filters = z.object({ within: z.enum(WITHIN) })

function Open({ row }: { row: MedicineLine }): ReactNode {
  const { t } = useTranslation('centre')
  const clock = useClock()
  const [opened, setOpened] = useState<OpenedMedicine | null>(null)
  if (opened) {
    const { stock, perDay, asOf } = opened
    return (
      <span>
        <b>{opened.name ?? '–'}</b>
        {opened.note ? ` · ${opened.note}` : ''}
        <small className="under">
          {t('medicines.supply', { stock, perDay, day: asOf === '' ? '–' : dayWords(asOf, clock) })}
        </small>
      </span>
    )
  }
  return (
    <OpenForPurpose
      quiet
      verb={t('medicines.open')}
      lead={t('medicines.open.what')}
      shape={OpenedMedicine}
      path={`/api/medicines/${row.id}/open`}
      onOpened={setOpened}
    />
  )
}

function Supply(props: {
  stock: number | null
  perDay: number | null
  onStock: (n: number | null) => void
  onPerDay: (n: number | null) => void
}): ReactNode {
  const { t } = useTranslation('centre')
  return (
    <>
      <NumberField label={t('medicines.stock')} value={props.stock} onChange={props.onStock} min={0} max={10_000} />
      <NumberField label={t('medicines.perDay')} value={props.perDay} onChange={props.onPerDay} min={0} max={1000} />
    </>
  )
}

function Refill({ row }: { row: MedicineLine }): ReactNode {
  const { t } = useTranslation('centre')
  const [stock, setStock] = useState<number | null>(null)
  const [perDay, setPerDay] = useState<number | null>(1)
  const write = useWrite(SavedMedicine, { path: `/api/medicines/${row.id}/refill`, touches: TOUCHES })
  return (
    <ConfirmAct
      quiet
      verb={t('medicines.refill')}
      title={t('medicines.refill')}
      write={write}
      ready={stock !== null && perDay !== null && perDay > 0}
      onYes={(_, done) => write.mutate({ stock, perDay }, { onSuccess: done })}
    >
      <p>{t('medicines.refill.what')}</p>
      <Supply stock={stock} perDay={perDay} onStock={setStock} onPerDay={setPerDay} />
    </ConfirmAct>
  )
}

function End({ row }: { row: MedicineLine }): ReactNode {
  const { t } = useTranslation('centre')
  const write = useWrite(SavedMedicine, { path: `/api/medicines/${row.id}/end`, touches: TOUCHES })
  return (
    <ConfirmAct
      quiet
      verb={t('medicines.end')}
      title={t('medicines.end')}
      write={write}
      onYes={(_, done) => write.mutate({}, { onSuccess: done })}
    >
      <p>{t('medicines.end.what')}</p>
    </ConfirmAct>
  )
}

/** What somebody takes, noted for a person. */
export function AddMedicine({ personId }: { personId: string }): ReactNode {
  const { t } = useTranslation('centre')
  const [id, setId] = useState(() => crypto.randomUUID())
  const [name, setName] = useState('')
  const [note, setNote] = useState('')
  const [stock, setStock] = useState<number | null>(null)
  const [perDay, setPerDay] = useState<number | null>(1)
  const write = useWrite(SavedMedicine, { path: '/api/medicines', touches: TOUCHES })
  return (
    <ConfirmAct
      verb={t('medicines.add')}
      title={t('medicines.add')}
      write={write}
      ready={name.trim() !== '' && stock !== null && perDay !== null && perDay > 0}
      onYes={(_, done) =>
        write.mutate(
          { id, personId, name: name.trim(), stock, perDay, ...(note.trim() === '' ? {} : { note: note.trim() }) },
          {
            onSuccess: () => {
              setId(crypto.randomUUID())
              setName('')
              setNote('')
              done()
            },
          },
        )
      }
    >
      <TextField label={t('medicines.name')} value={name} onChange={setName} help={t('service.ask.words.help')} />
      <Supply stock={stock} perDay={perDay} onStock={setStock} onPerDay={setPerDay} />
      <TextField long label={t('medicines.note')} value={note} onChange={setNote} />
    </ConfirmAct>
  )
}

function useColumns(): Column<MedicineLine>[] {
  const { t } = useTranslation('centre')
  const clock = useClock()
  const may = useMay()
  return [
    {
      key: 'who',
      title: t('service.who'),
      cell: (row) => (
        <GoLink href={paths.person(row.personId)}>
          <b>{row.masked}</b>
        </GoLink>
      ),
    },
    { key: 'door', title: t('service.door'), cell: (row) => row.door ?? '–' },
    { key: 'area', title: t('area'), cell: (row) => row.areaName },
    { key: 'runsOut', title: t('medicines.runsOut'), cell: (row) => dayWords(row.runsOut, clock) },
    {
      key: 'left',
      title: t('medicines.left'),
      cell: (row) => (
        <WordTag strong={row.daysLeft <= 3}>
          {row.daysLeft > 0 ? t('medicines.left.n', { n: row.daysLeft }) : t('medicines.left.none')}
        </WordTag>
      ),
    },
    {
      key: 'service',
      title: t('medicines.service'),
      cell: (row) =>
        row.serviceId ? (
          <GoLink href={paths.services({ open: row.serviceId })}>{t('medicines.service.go')}</GoLink>
        ) : (
          t('medicines.service.none')
        ),
    },
    {
      key: 'name',
      title: t('medicines.name'),
      cell: (row) => (may('open', 'service', { area: row.area }) ? <Open row={row} /> : '–'),
    },
    {
      key: 'acts',
      title: t('service.next'),
      cell: (row) =>
        may('file', 'service', { area: row.area }) ? (
          <span style={{ display: 'flex', gap: 4, flexWrap: 'wrap' }}>
            <Refill row={row} />
            <End row={row} />
          </span>
        ) : (
          '–'
        ),
    },
  ]
}

function Search({
  area,
  onFound,
}: {
  area: string
  onFound: (found: z.output<typeof FoundMedicines>) => void
}): ReactNode {
  const { t } = useTranslation('centre')
  const [name, setName] = useState('')
  const [purpose, setPurpose] = useState('')
  const write = useWrite(FoundMedicines, { path: '/api/medicines/search', touches: [] })
  return (
    <ConfirmAct
      verb={t('medicines.search')}
      title={t('medicines.search')}
      write={write}
      ready={name.trim().length >= 2 && purpose.trim().length >= 2}
      onYes={(_, done) =>
        write.mutate(
          { name: name.trim(), purpose: purpose.trim(), area },
          {
            onSuccess: (found) => {
              onFound(found)
              done()
            },
          },
        )
      }
    >
      <p>{t('medicines.search.what')}</p>
      <TextField label={t('medicines.name')} value={name} onChange={setName} />
      <TextField label={t('purpose')} value={purpose} onChange={setPurpose} />
    </ConfirmAct>
  )
}

/** Who runs out of something, and until when; of what is opened one by one. */
export function Medicines({ personId }: { personId: string | undefined }): ReactNode {
  const { t } = useTranslation('centre')
  const desk = useDesk()
  const may = useMay()
  const columns = useColumns()
  const [filters, set] = useFilters(Filters)
  const [found, setFound] = useState<z.output<typeof FoundMedicines> | null>(null)
  const within = filters.within ?? '7'
  const list = useList(MedicinePage, '/api/medicines', { area: desk.area, within, personId })
  return (
    <>
      <p className="page-lead">{t('medicines.lead')}</p>
      <div className="filters">
        <SelectField<(typeof WITHIN)[number]>
          label={t('medicines.within')}
          value={within}
          onChange={(v) => set({ within: v })}
          choices={WITHIN.map((n) => ({ value: n, label: t('medicines.days', { n }) }))}
        />
        {may('open', 'service', { area: desk.area }) ? <Search area={desk.area} onFound={setFound} /> : null}
      </div>
      {found ? (
        <Section
          title={found.items.length === 0 ? t('medicines.found.none') : t('medicines.found', { n: found.items.length })}
          acts={<Act onClick={() => setFound(null)}>{t('medicines.found.back')}</Act>}
        >
          <DataTable<MedicineLine>
            name={t('medicines.search')}
            rows={found.items}
            columns={columns}
            rowKey={(row) => row.id}
            busy={false}
            totalText={t('medicines.found', { n: found.items.length })}
            empty={<Empty why={t('medicines.found.none')} />}
          />
        </Section>
      ) : (
        <ListTable<MedicineLine>
          name={t('services.tab.medicines')}
          list={list}
          rowKey={(row) => row.id}
          empty={{ why: t('medicines.empty'), todo: t('medicines.empty.todo') }}
          columns={columns}
        />
      )}
    </>
  )
}
