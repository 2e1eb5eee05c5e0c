import { dayOf } from '@weiwang/domain/core/day'
import { useRouter } from '@tanstack/react-router'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { useJoin, useSay } from '../../i18n/setup.ts'
import { BigButton } from '../../kit/phone/controls.tsx'
import { useClock } from '../clock.tsx'
import { paths } from '../paths.ts'
import { useKept, usePhone } from '../phone/hooks.tsx'
import type { OutboxItem } from '../phone/types.ts'
import { Near } from './Near.tsx'
import type { NearOne } from './Near.tsx'

const Reasons = z.array(z.object({ zh: z.string(), en: z.string() })).catch([])
const text = z.string().nullish()
/** What the server found near (PEOPLE-8, PEOPLE-12); names are masked, this phone may know more. */
const Details = z.object({
  candidates: z
    .array(
      z.object({
        person: z.looseObject({ personId: z.string(), masked: z.string(), areaName: z.string() }),
        reasons: Reasons,
      }),
    )
    .catch([]),
  households: z
    .array(
      z.object({
        household: z.looseObject({ id: z.string(), areaName: z.string(), estate: text, building: text, door: text }),
        reasons: Reasons,
      }),
    )
    .catch([]),
})

function useFound(item: OutboxItem): NearOne[] {
  const { t } = useTranslation('worker')
  const say = useSay()
  const join = useJoin()
  const { shelf } = usePhone()
  const { candidates, households } = Details.parse(item.problem?.details ?? {})
  const people = candidates.map(({ person, reasons }): NearOne => {
    const here = shelf.person(person.personId)
    const door = here ? shelf.door(here.body.householdId ?? '') : null
    return {
      id: person.personId,
      name: here?.name ?? person.masked,
      says: [join(reasons.map(say)), here?.birth, door?.label ?? person.areaName],
      href: here ? paths.person(here.id) : null,
    }
  })
  const doors = households.map(({ household, reasons }): NearOne => {
    const here = shelf.door(household.id)
    const label = [household.estate, household.building, household.door].filter(Boolean).join(' ')
    return {
      id: household.id,
      name: here?.label ?? (label || t('door.unknown')),
      says: [join(reasons.map(say)), household.areaName],
      href: here ? paths.door(here.id) : null,
    }
  })
  return item.kind === 'person.add' ? people : doors
}

/** "It is this one": what the addition becomes; the phone's own id stands for that record from then on (PEOPLE-21). */
function used(item: OutboxItem, found: string, zone: string): { kind: string; body: Record<string, unknown> } {
  const { id, householdId } = item.body ?? {}
  if (item.kind !== 'person.add') return { kind: 'household.use', body: { id, householdId: found } }
  const at = typeof householdId === 'string' ? { householdId } : {}
  return { kind: 'person.use', body: { id, personId: found, ...at, fromDay: dayOf(new Date(item.at), zone) } }
}

const Reason = z.object({ reason: z.string() })

/** A near record refused it: it is that one, or another one and why. */
export function MendNear({ item }: { item: OutboxItem }): ReactNode {
  const { t } = useTranslation('worker')
  const { t: c } = useTranslation('common')
  const phone = usePhone()
  const router = useRouter()
  const { zone } = useClock()
  const found = useFound(item)
  const kept = useKept({ form: 'mendNear', version: '1', subject: item.key }, Reason, { reason: '' })
  const { reason } = kept.value
  const [pressed, setPressed] = useState(false)
  const leave = (): Promise<void> => kept.drop().then(() => router.history.replace(paths.outbox()))
  const send = (): void => {
    setPressed(true)
    if (reason.trim().length < 2) return
    void phone.outbox.mend(item.key, { ...item.body, continueReason: reason.trim() }).then(leave)
  }
  const use = (id: string): void => {
    const { kind, body } = used(item, id, zone)
    void phone.outbox.mend(item.key, body, kind).then(leave)
  }
  return (
    <section className="card">
      <Near
        of={item.kind === 'person.add' ? 'people' : 'doors'}
        near={found}
        reason={reason}
        fault={pressed && reason.trim().length < 2 ? c('field.required') : undefined}
        onReason={(text) => kept.patch({ reason: text })}
        onUse={use}
      />
      <BigButton primary onClick={send}>
        {t('mend.send')}
      </BigButton>
    </section>
  )
}
