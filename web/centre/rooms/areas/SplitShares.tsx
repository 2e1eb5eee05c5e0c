import { BuildingsAnswer, ChildrenAnswer, DoorsAnswer } from '@weiwang/domain/areas/api'
import type { AreaView, Building } from '@weiwang/domain/areas/api'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useList } from '../../../api/query.ts'
import { Act, TextField } from '../../../kit/centre/controls.tsx'
import { Dialog, Section } from '../../../kit/centre/surfaces.tsx'
import { grouped } from '../../../words/numbers.ts'
import { ListTable } from '../../parts/ListTable.tsx'
import { doorsBetween, give, keyOf } from './plan.ts'
import type { Draft, Place } from './plan.ts'

type Sharing = { draft: Draft; set: (patch: Partial<Draft>) => void }

/** One button for each part and one for the rest: what is chosen in the table goes there. */
function Give({ draft, onGive }: { draft: Draft; onGive: (part: number | null) => void }): ReactNode {
  const { t } = useTranslation('centre')
  return (
    <>
      {draft.parts.map((part, i) =>
        i === draft.rest ? null : (
          // Parts have no identity but their place.
          // oxlint-disable-next-line react/no-array-index-key
          <Act key={i} onClick={() => onGive(i)}>
            {t('propose.give', { name: part || String(i + 1) })}
          </Act>
        ),
      )}
      <Act onClick={() => onGive(null)}>{t('propose.give.rest')}</Act>
    </>
  )
}

/** What is chosen in a table of shares, and the buttons that give it to a part. */
function useGiving(draft: Draft, onGive: (chosen: readonly string[], part: number | null) => void) {
  const [chosen, setChosen] = useState<string[]>([])
  const acts = (
    <Give
      draft={draft}
      onGive={(part) => {
        onGive(chosen, part)
        setChosen([])
      }}
    />
  )
  return { chosen, setChosen, selection: { keys: chosen, onChange: setChosen, acts } }
}

function useGoes(draft: Draft): (part: number | undefined) => string {
  const { t } = useTranslation('centre')
  const name = (part: number): string => draft.parts[part] || String(part + 1)
  return (part) => (part === undefined ? t('propose.goes.rest', { name: name(draft.rest) }) : name(part))
}

function Units({ draft, set }: Sharing): ReactNode {
  const { t } = useTranslation('centre')
  const goes = useGoes(draft)
  const { selection } = useGiving(draft, (chosen, part) => set({ areas: give(draft.areas, chosen, part) }))
  const list = useList(ChildrenAnswer, `/api/areas/${draft.area?.code ?? ''}/children`, { limit: 200 })
  return (
    <Section title={t('propose.units')}>
      <ListTable<AreaView>
        name={t('propose.units')}
        list={list}
        rowKey={(row) => row.code}
        empty={{ why: t('propose.units.none') }}
        columns={[
          { key: 'name', title: t('area.name'), cell: (row) => row.name },
          { key: 'code', title: t('area.code'), cell: (row) => row.code },
          {
            key: 'households',
            title: t('area.households'),
            end: true,
            cell: (row) => (row.households === null ? '–' : grouped(row.households)),
          },
          { key: 'goes', title: t('propose.goes'), cell: (row) => goes(draft.areas[row.code]) },
        ]}
        selection={selection}
      />
    </Section>
  )
}

function useBuildingName(): (place: Place) => string {
  const { t } = useTranslation('centre')
  return ({ estate, building }) =>
    [estate, building].filter((part) => part !== null && part !== '').join(' ') || t('propose.building.unnamed')
}

function Doors({ draft, set, of, onClose }: Sharing & { of: Place; onClose: () => void }): ReactNode {
  const { t } = useTranslation('centre')
  const goes = useGoes(draft)
  const name = useBuildingName()
  const { chosen, setChosen, selection } = useGiving(draft, (doors, part) => {
    // A door whose building goes elsewhere is named to the part of the rest by its number.
    const whole = draft.buildings[keyOf(of)]
    set({ doors: give(draft.doors, doors, part ?? (whole === undefined ? null : draft.rest)) })
  })
  const [from, setFrom] = useState('')
  const [to, setTo] = useState('')
  const list = useList(DoorsAnswer, `/api/areas/${draft.area?.code ?? ''}/doors`, {
    estate: of.estate ?? '',
    building: of.building ?? '',
    limit: 200,
  })
  return (
    <Dialog wide open title={t('propose.doors.of', { name: name(of) })} onClose={onClose} no={t('propose.doors.done')}>
      <div className="filters">
        <TextField label={t('propose.doors.from')} value={from} onChange={setFrom} width={110} />
        <TextField label={t('propose.doors.to')} value={to} onChange={setTo} width={110} />
        <Act onClick={() => setChosen([...new Set([...chosen, ...doorsBetween(list.rows, from, to)])])}>
          {t('propose.doors.range')}
        </Act>
      </div>
      <ListTable
        name={t('propose.doors')}
        list={list}
        rowKey={(row) => row.id}
        empty={{ why: t('propose.buildings.none') }}
        columns={[
          { key: 'door', title: t('propose.door'), cell: (row) => row.door ?? '–' },
          { key: 'members', title: t('propose.members'), end: true, cell: (row) => grouped(row.members) },
          {
            key: 'goes',
            title: t('propose.goes'),
            cell: (row) => goes(draft.doors[row.id] ?? draft.buildings[keyOf(of)]),
          },
        ]}
        selection={selection}
      />
    </Dialog>
  )
}

function Buildings({ draft, set }: Sharing): ReactNode {
  const { t } = useTranslation('centre')
  const goes = useGoes(draft)
  const name = useBuildingName()
  const { selection } = useGiving(draft, (chosen, part) => set({ buildings: give(draft.buildings, chosen, part) }))
  const [open, setOpen] = useState<Place | null>(null)
  const list = useList(BuildingsAnswer, `/api/areas/${draft.area?.code ?? ''}/buildings`, { limit: 100 })
  const named = Object.keys(draft.doors).length
  return (
    <Section
      title={t('propose.buildings')}
      lead={named > 0 ? t('propose.doors.named', { n: grouped(named) }) : undefined}
    >
      <ListTable<Building>
        name={t('propose.buildings')}
        list={list}
        rowKey={keyOf}
        empty={{ why: t('propose.buildings.none') }}
        columns={[
          { key: 'name', title: t('propose.building'), cell: (row) => name(row) },
          { key: 'doors', title: t('propose.doors'), end: true, cell: (row) => grouped(row.doors) },
          { key: 'goes', title: t('propose.goes'), cell: (row) => goes(draft.buildings[keyOf(row)]) },
          {
            key: 'one',
            title: t('act'),
            cell: (row) => (
              <Act quiet label={t('propose.doors.of', { name: name(row) })} onClick={() => setOpen(row)}>
                {t('propose.doors.open')}
              </Act>
            ),
          },
        ]}
        selection={selection}
      />
      {open ? <Doors draft={draft} set={set} of={open} onClose={() => setOpen(null)} /> : null}
    </Section>
  )
}

const TOWN_LENGTH = 9
const UNIT_LENGTH = 18

/** AREA-5: who goes where, by areas below, by buildings and streets, or door by door. */
export function SplitShares({ draft, set }: Sharing): ReactNode {
  const code = draft.area?.code ?? ''
  if (code === '') return null
  return (
    <>
      {code.length < UNIT_LENGTH ? <Units draft={draft} set={set} /> : null}
      {code.length >= TOWN_LENGTH ? <Buildings draft={draft} set={set} /> : null}
    </>
  )
}
