import { HOUSEHOLD_KINDS } from '@weiwang/domain/people/api'
import { HAZARD_SAY, HAZARDS, knownHazards } from '@weiwang/domain/people/hazards'
import { useParams, useRouter } from '@tanstack/react-router'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { useSay } from '../../i18n/setup.ts'
import { Empty } from '../../kit/common/Notice.tsx'
import { ActBar, BigButton, Chips, MultiChips } from '../../kit/phone/controls.tsx'
import { Head } from '../Frame.tsx'
import { paths } from '../paths.ts'
import { useDoor, useKept, usePhone } from '../phone/hooks.tsx'
import type { DoorView } from '../phone/types.ts'
import { Position } from '../visit/draft.ts'
import { useKindWord } from './Cards.tsx'
import { changed, changeOf } from './changes.ts'
import { whereNow } from './Evidence.tsx'
import { useHeld } from './useHeld.ts'

const USES = ['self', 'rented', 'vacant'] as const

const Hazards = z.array(z.enum(HAZARDS))
/** Only what was changed is sent, each with what stood here, so that nobody's newer word is overwritten (PEOPLE-19). */
const Changes = z.object({
  kind: changeOf(z.string()),
  use: changeOf(z.string()),
  hazards: changeOf(Hazards),
  position: z.object({ from: z.unknown(), to: Position }).optional(),
})
type Changes = z.infer<typeof Changes>
const UNCHANGED: Changes = {}

function Edit({ door }: { door: DoorView }): ReactNode {
  const { t } = useTranslation('worker')
  const say = useSay()
  const phone = usePhone()
  const router = useRouter()
  const kindWord = useKindWord()
  const { body } = door
  const {
    value: changes,
    patch,
    draft,
  } = useKept<Changes>({ form: 'household.change', version: '1', subject: door.id }, Changes, UNCHANGED)
  const kind = changes.kind?.to ?? body.kind
  const use = changes.use?.to ?? body.use
  const position = changes.position?.to ?? null
  const stood = knownHazards(body.hazards).toSorted()
  const [where, setWhere] = useState<'rest' | 'busy' | 'none'>('rest')
  const locate = async (): Promise<void> => {
    setWhere('busy')
    const found = await whereNow()
    setWhere(found ? 'rest' : 'none')
    patch({ position: found ? { from: body.position ?? null, to: found } : undefined })
  }
  const save = async (): Promise<void> => {
    const said = Object.fromEntries(Object.entries(changes).filter(([, change]) => change !== undefined))
    if (Object.keys(said).length > 0) {
      const work = { id: door.id, changes: said, occurredAt: phone.now().toISOString() }
      await phone.outbox.add({ kind: 'household.change', grid: door.grid, body: work, draft })
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
        value={changes.hazards?.to ?? stood}
        onChange={(next) => patch({ hazards: changed(changes.hazards, stood, knownHazards(next).toSorted()) })}
      />
      <Chips
        label={t('door.kind')}
        groups={[{ chips: HOUSEHOLD_KINDS.map((one) => ({ value: one, label: kindWord(one) })) }]}
        value={HOUSEHOLD_KINDS.find((one) => one === kind) ?? null}
        onChange={(next) => patch({ kind: changed(changes.kind, body.kind, next ?? kind) })}
      />
      <Chips
        label={t('door.use')}
        groups={[{ chips: USES.map((one) => ({ value: one, label: t(`use.${one}`) })) }]}
        value={USES.find((one) => one === use) ?? null}
        onChange={(next) => patch({ use: changed(changes.use, body.use, next ?? use) })}
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
