import { SYMPTOMS } from '@weiwang/domain/feeds/fact'
import { SYMPTOM_SAY } from '@weiwang/domain/grading/words'
import { PURPOSES, SITUATIONS, TRANSPORTS } from '@weiwang/domain/healthcode/reg-api'
import { PURPOSE_NAMES, SITUATION_NAMES, TRANSPORT_NAMES } from '@weiwang/domain/healthcode/reg-words'
import { readDocument } from '@weiwang/domain/people/document'
import { useParams, useRouter } from '@tanstack/react-router'
import { useRef, useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { useSay } from '../../../i18n/setup.ts'
import { Empty } from '../../../kit/common/Notice.tsx'
import { ActBar, BigButton, Chips, Line, MultiChips } from '../../../kit/phone/controls.tsx'
import { newId } from '../../../shared/newId.ts'
import { Head } from '../../Frame.tsx'
import { paths } from '../../paths.ts'
import { useDoor, useDraft, useFormOpen, usePhone } from '../../phone/hooks.tsx'
import type { DoorView } from '../../phone/types.ts'
import { toFault } from '../toFault.ts'
import { useHeld } from '../useHeld.ts'

const KINDS = ['resident', 'hmt_residence', 'hm_travel', 'tw_travel', 'passport', 'permanent'] as const
const Draft = z.object({
  id: z.string(),
  kind: z.enum(KINDS),
  country: z.string(),
  number: z.string(),
  name: z.string(),
  birth: z.string(),
  phone: z.string(),
  address: z.string(),
  situation: z.enum(SITUATIONS),
  registeredHere: z.enum(['yes', 'no']),
  purpose: z.enum(PURPOSES),
  arrivedOn: z.string(),
  fromArea: z.string(),
  transport: z.enum(TRANSPORTS),
  symptoms: z.array(z.enum(SYMPTOMS)),
  underMeasure: z.enum(['yes', 'no']),
})
type Draft = z.infer<typeof Draft>
type Faults = Partial<Record<keyof Draft, string>>

function start(id: string, address: string): Draft {
  return {
    id,
    kind: 'resident',
    country: '',
    number: '',
    name: '',
    birth: '',
    phone: '',
    address,
    situation: 'living',
    registeredHere: 'yes',
    purpose: 'home',
    arrivedOn: '',
    fromArea: '',
    transport: 'train',
    symptoms: [],
    underMeasure: 'no',
  }
}

function bodyOf(draft: Draft, area: string, { now, today }: { now: Date; today: string }): Record<string, unknown> {
  const filled = (of: Record<string, string>): Record<string, string> =>
    Object.fromEntries(Object.entries(of).filter(([, value]) => value.trim() !== ''))
  const coming = draft.situation !== 'living'
  return {
    id: draft.id,
    who: {
      document: { kind: draft.kind, number: draft.number.trim(), ...filled({ country: draft.country.toUpperCase() }) },
      name: draft.name.trim(),
      ...filled({ birth: draft.birth }),
    },
    home: { area, address: draft.address.trim(), kind: 'unknown' },
    answers: {
      situation: draft.situation,
      registeredHere: draft.registeredHere === 'yes',
      underMeasure: draft.underMeasure === 'yes',
      symptoms: draft.symptoms.map((code) => ({ code, from: today })),
      arrival: coming
        ? { fromArea: draft.fromArea.trim(), arrivedOn: draft.arrivedOn, transport: draft.transport }
        : null,
    },
    words: { purpose: draft.purpose },
    ...filled({ phone: draft.phone }),
    occurredAt: now.toISOString(),
  }
}

function useFaults(draft: Draft, today: string): Faults {
  const { t } = useTranslation('worker')
  const { t: c } = useTranslation('common')
  const faults: Faults = {}
  const need = (name: keyof Draft): void => {
    const value = draft[name]
    if (typeof value === 'string' && value.trim() === '') faults[name] = c('field.required')
  }
  need('name')
  need('address')
  const read = readDocument(draft.number, { today, typed: true, kind: draft.kind, country: draft.country })
  if (!read.ok) faults.number = t('proxy.fault.document')
  if (draft.situation !== 'living') {
    need('arrivedOn')
    if (!/^\d{6}$/.test(draft.fromArea.trim())) faults.fromArea = c('field.required')
  }
  return faults
}

function Form({ door }: { door: DoorView }): ReactNode {
  const { t } = useTranslation('worker')
  const say = useSay()
  const phone = usePhone()
  const router = useRouter()
  const today = phone.today()
  const of = { form: 'registration.proxy', version: '1', subject: door.id }
  const { value: draft, set: keep } = useDraft<Draft>(
    of,
    () => start(newId(phone.now()), door.address ?? door.label ?? ''),
    (content) => Draft.safeParse(content).data ?? null,
  )
  const form = useRef<HTMLFormElement>(null)
  const [pressed, setPressed] = useState(false)
  const faults = useFaults(draft, today)
  const fault = (name: keyof Draft): string | undefined => (pressed ? faults[name] : undefined)
  const set = (patch: Partial<Draft>): void => keep({ ...draft, ...patch })
  const yesNo = [
    { value: 'yes' as const, label: t('proxy.yes') },
    { value: 'no' as const, label: t('proxy.no') },
  ]
  const save = async (): Promise<void> => {
    setPressed(true)
    if (Object.keys(faults).length > 0) return toFault(form.current)
    await phone.outbox.add({
      kind: 'registration.proxy',
      grid: door.grid,
      body: bodyOf(draft, door.body.area, { now: phone.now(), today }),
      draft: of,
    })
    router.history.replace(paths.door(door.id))
  }
  return (
    <form
      ref={form}
      className="card"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        void save()
      }}
    >
      <p>{t('proxy.lead')}</p>
      <Chips
        label={t('proxy.kind')}
        groups={[{ chips: KINDS.map((value) => ({ value, label: t(`proxy.kind.${value}`) })) }]}
        value={draft.kind}
        onChange={(kind) => (kind === null ? undefined : set({ kind }))}
      />
      {draft.kind === 'passport' ? (
        <Line label={t('proxy.country')} value={draft.country} onChange={(country) => set({ country })} />
      ) : null}
      <Line label={t('document')} fault={fault('number')} value={draft.number} onChange={(number) => set({ number })} />
      <Line label={t('name')} fault={fault('name')} value={draft.name} onChange={(name) => set({ name })} />
      {draft.kind === 'resident' || draft.kind === 'hmt_residence' ? null : (
        <Line type="date" label={t('birth')} value={draft.birth} onChange={(birth) => set({ birth })} />
      )}
      <Line
        label={t('phone')}
        help={t('note.help')}
        pad="tel"
        value={draft.phone}
        onChange={(number) => set({ phone: number })}
      />
      <Line
        label={t('proxy.address')}
        fault={fault('address')}
        value={draft.address}
        onChange={(address) => set({ address })}
      />
      <Chips
        label={t('proxy.here')}
        groups={[{ chips: yesNo }]}
        value={draft.registeredHere}
        onChange={(registeredHere) => (registeredHere === null ? undefined : set({ registeredHere }))}
      />
      <Chips
        label={t('proxy.situation')}
        groups={[{ chips: SITUATIONS.map((value) => ({ value, label: say(SITUATION_NAMES[value]) })) }]}
        value={draft.situation}
        onChange={(situation) => (situation === null ? undefined : set({ situation }))}
      />
      {draft.situation === 'living' ? null : (
        <>
          <Line
            label={t('proxy.country.from')}
            pad="decimal"
            fault={fault('fromArea')}
            value={draft.fromArea}
            onChange={(fromArea) => set({ fromArea })}
          />
          <Line
            type="date"
            label={t('proxy.arrived')}
            fault={fault('arrivedOn')}
            value={draft.arrivedOn}
            onChange={(arrivedOn) => set({ arrivedOn })}
          />
          <Chips
            label={t('proxy.transport')}
            groups={[{ chips: TRANSPORTS.map((value) => ({ value, label: say(TRANSPORT_NAMES[value]) })) }]}
            value={draft.transport}
            onChange={(transport) => (transport === null ? undefined : set({ transport }))}
          />
        </>
      )}
      <Chips
        label={t('proxy.purpose')}
        groups={[{ chips: PURPOSES.map((value) => ({ value, label: say(PURPOSE_NAMES[value]) })) }]}
        value={draft.purpose}
        onChange={(purpose) => (purpose === null ? undefined : set({ purpose }))}
      />
      <MultiChips
        label={t('proxy.symptoms')}
        chips={SYMPTOMS.map((value) => {
          const words = SYMPTOM_SAY[value]
          return { value, label: words ? say(words) : value }
        })}
        value={draft.symptoms}
        onChange={(chosen) => set({ symptoms: SYMPTOMS.filter((one) => chosen.includes(one)) })}
      />
      <Chips
        label={t('proxy.measure')}
        groups={[{ chips: yesNo }]}
        value={draft.underMeasure}
        onChange={(underMeasure) => (underMeasure === null ? undefined : set({ underMeasure }))}
      />
      <ActBar>
        <BigButton primary submit>
          {t('proxy.save')}
        </BigButton>
      </ActBar>
    </form>
  )
}

/** REGISTER-17: for somebody at this door who cannot do it alone; kept on the phone and sent when there is a net. */
export function RegisterPage(): ReactNode {
  const { t } = useTranslation('worker')
  const { id = '' } = useParams({ strict: false })
  const door = useHeld(useDoor(id), id)
  useFormOpen()
  return (
    <div className="phone-with-act">
      <Head title={t('proxy.title')} back={paths.door(id)} />
      <main className="phone-main">
        {door ? <Form key={door.id} door={door} /> : <Empty why={t('door.gone')} todo={t('door.gone.todo')} />}
      </main>
    </div>
  )
}
