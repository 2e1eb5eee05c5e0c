import { HouseholdPage, MovedPerson, MovePerson as Move, RESIDENCE_KINDS } from '@weiwang/domain/people/api'
import type { HouseholdLine } from '@weiwang/domain/people/api'
import { contains, levelOf } from '@weiwang/domain/areas/code'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useList, useWrite } from '../../../api/query.ts'
import { DayField, FindField, SelectField, TextField } from '../../../kit/centre/controls.tsx'
import { Notice } from '../../../kit/common/Notice.tsx'
import { useMe } from '../../../session/me.ts'
import { AreaPick } from '../../parts/AreaPick.tsx'
import type { Chosen } from '../../parts/AreaPick.tsx'
import { ConfirmAct } from '../../parts/ConfirmAct.tsx'
import { useDesk } from '../../parts/desk.ts'
import { useGo } from '../../parts/GoLink.tsx'
import { paths } from '../../paths.ts'

const GRID_LEVEL = 6
const MOST_SHOWN = 200

function doorName(door: HouseholdLine): string {
  return [door.estate, door.building, door.door].filter(Boolean).join(' ')
}

/** One of the doors of a grid, or none: then the person lives somewhere in the grid. */
function DoorPick({
  grid,
  value,
  onChange,
}: {
  grid: string
  value: HouseholdLine | null
  onChange: (door: HouseholdLine | null) => void
}): ReactNode {
  const { t } = useTranslation('centre')
  const [text, setText] = useState('')
  const list = useList(HouseholdPage, '/api/households', { area: grid, limit: MOST_SHOWN })
  const fit = list.rows.filter((row) => doorName(row).includes(text.trim()))
  return (
    <FindField<HouseholdLine>
      label={t('household')}
      shown={value ? doorName(value) || t('household') : null}
      onSearch={setText}
      busy={list.busy}
      none={t('move.noDoor')}
      help={list.next ? t('move.manyDoors', { n: MOST_SHOWN }) : t('move.door.help')}
      found={fit.map((row) => ({
        value: row.id,
        text: doorName(row),
        item: row,
        label: `${doorName(row) || t('household')} · ${t(`doorKind.${row.kind}`)} · ${t('move.members', { n: row.members })}`,
      }))}
      onChoose={onChange}
    />
  )
}

/** To another door or area (PEOPLE-14). Out of my own area the person is handed over, which is said before it is done. */
export function MovePerson({ id, masked }: { id: string; masked: string }): ReactNode {
  const { t } = useTranslation('centre')
  const me = useMe()
  const desk = useDesk()
  const go = useGo()
  const [area, setArea] = useState<Chosen | null>(null)
  const [door, setDoor] = useState<HouseholdLine | null>(null)
  const [kind, setKind] = useState<(typeof RESIDENCE_KINDS)[number]>('unknown')
  const [fromDay, setFromDay] = useState(desk.today)
  const [address, setAddress] = useState('')
  const write = useWrite(MovedPerson, {
    path: `/api/people/${id}/move`,
    touches: ['/api/people', '/api/households', '/api/tasks', '/api/stats'],
  })
  const body = Move.omit({ id: true }).safeParse({
    ...(door ? { householdId: door.id } : { area: area?.code }),
    kind,
    fromDay,
    ...(address.trim() ? { address: address.trim() } : {}),
  })
  const isMine = area !== null && me.scope.some((mine) => contains(mine.area, area.code))
  return (
    <ConfirmAct
      verb={t('move.verb')}
      title={t('move.title', { name: masked })}
      write={write}
      ready={body.success && area !== null}
      onYes={(_, done) => {
        if (!body.success) return
        write.mutate(body.data, {
          onSuccess: ({ state }) => {
            done()
            go(state === 'handed_over' ? paths.people() : paths.person(id, { saved: state }))
          },
        })
      }}
    >
      <div className="form">
        <AreaPick
          label={t('move.to')}
          value={area}
          onChange={(next) => {
            setArea(next)
            setDoor(null)
          }}
          help={t('move.to.help')}
        />
        {area !== null && !isMine ? <Notice kind="note" head={t('move.away')} body={t('move.away.what')} /> : null}
        {area !== null && isMine && levelOf(area.code) >= GRID_LEVEL ? (
          <DoorPick grid={area.code} value={door} onChange={setDoor} />
        ) : null}
        <div className="form-row">
          <DayField label={t('move.from')} value={fromDay} onChange={setFromDay} max={desk.today} />
          <SelectField
            label={t('move.kind')}
            value={kind}
            onChange={(v) => setKind(v === '' ? 'unknown' : v)}
            choices={RESIDENCE_KINDS.map((k) => ({ value: k, label: t(`residence.${k}`) }))}
          />
        </div>
        <TextField label={t('person.address')} value={address} onChange={setAddress} />
      </div>
    </ConfirmAct>
  )
}
