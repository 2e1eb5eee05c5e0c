import { HOUSEHOLD_KINDS, HOUSEHOLD_USES } from '@weiwang/domain/people/api'
import { HAZARD_SAY, HAZARDS, knownHazards } from '@weiwang/domain/people/hazards'
import { useParams, useRouter } from '@tanstack/react-router'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useSay } from '../../i18n/setup.ts'
import { Empty } from '../../kit/common/Notice.tsx'
import { ActBar, BigButton, Chips, MultiChips } from '../../kit/phone/controls.tsx'
import { Head } from '../Frame.tsx'
import { paths } from '../paths.ts'
import { useDoor, usePhone } from '../phone/hooks.tsx'
import type { DoorView } from '../phone/types.ts'
import type { Position } from '../visit/draft.ts'
import { useKindWord } from './Cards.tsx'
import { whereNow } from './Evidence.tsx'
import { useHeld } from './useHeld.ts'

const USES = ['self', 'rented', 'vacant'] as const

/** Only what was changed is sent, each with what stood here, so that nobody's newer word is overwritten (PEOPLE-19). */
function changesOf(door: DoorView, now: { kind: string; use: string; hazards: string[]; position: Position | null }) {
  const { body } = door
  const before = knownHazards(body.hazards)
  return {
    ...(now.kind === body.kind ? {} : { kind: { from: body.kind, to: now.kind } }),
    ...(now.use === body.use ? {} : { use: { from: body.use, to: now.use } }),
    ...(now.hazards.toSorted().join() === before.toSorted().join()
      ? {}
      : { hazards: { from: before, to: knownHazards(now.hazards) } }),
    ...(now.position === null ? {} : { position: { from: body.position ?? null, to: now.position } }),
  }
}

function Edit({ door }: { door: DoorView }): ReactNode {
  const { t } = useTranslation('worker')
  const say = useSay()
  const phone = usePhone()
  const router = useRouter()
  const kindWord = useKindWord()
  const [kind, setKind] = useState(door.body.kind)
  const [use, setUse] = useState(door.body.use)
  const [hazards, setHazards] = useState<string[]>(knownHazards(door.body.hazards))
  const [position, setPosition] = useState<Position | null>(null)
  const [where, setWhere] = useState<'rest' | 'busy' | 'none'>('rest')
  const changes = changesOf(door, { kind, use, hazards, position })
  const locate = async (): Promise<void> => {
    setWhere('busy')
    const found = await whereNow()
    setWhere(found ? 'rest' : 'none')
    setPosition(found)
  }
  const save = async (): Promise<void> => {
    if (Object.keys(changes).length > 0) {
      const body = { id: door.id, changes, occurredAt: phone.now().toISOString() }
      await phone.outbox.add({ kind: 'household.change', grid: door.grid, body })
    }
    router.history.replace(paths.door(door.id))
  }
  return (
    <form
      className="card"
      onSubmit={(event) => {
        event.preventDefault()
        void save()
      }}
    >
      <MultiChips
        label={t('hazards.label')}
        help={t('hazards.help')}
        fault={undefined}
        chips={HAZARDS.map((hazard) => ({ value: hazard, label: say(HAZARD_SAY[hazard]) }))}
        value={hazards}
        onChange={setHazards}
      />
      <Chips
        label={t('door.kind')}
        groups={[{ chips: HOUSEHOLD_KINDS.map((one) => ({ value: one, label: kindWord(one) })) }]}
        value={HOUSEHOLD_KINDS.find((one) => one === kind) ?? null}
        onChange={(next) => setKind(next ?? kind)}
      />
      <Chips
        label={t('door.use')}
        groups={[{ chips: USES.map((one) => ({ value: one, label: t(`use.${one}`) })) }]}
        value={USES.find((one) => one === use) ?? null}
        onChange={(next) => setUse(HOUSEHOLD_USES.find((one) => one === next) ?? use)}
      />
      <BigButton busy={where === 'busy'} onClick={() => void locate()}>
        {position
          ? t('position.have', { m: position.accuracy })
          : where === 'busy'
            ? t('position.busy')
            : t('door.position')}
      </BigButton>
      {where === 'none' ? <p className="card-place">{t('position.none')}</p> : null}
      <ActBar>
        <BigButton primary submit>
          {t('edit.save')}
        </BigButton>
      </ActBar>
    </form>
  )
}

export function EditDoorPage(): ReactNode {
  const { t } = useTranslation('worker')
  const { id = '' } = useParams({ strict: false })
  const door = useHeld(useDoor(id), id)
  return (
    <div className="phone-with-act">
      <Head title={t('door.edit')} back={paths.door(id)} />
      <main className="phone-main">
        {door ? <Edit key={id} door={door} /> : <Empty why={t('door.gone')} todo={t('door.gone.todo')} />}
      </main>
    </div>
  )
}
