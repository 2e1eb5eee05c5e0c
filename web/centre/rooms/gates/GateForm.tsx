import { CALL_ROLES, CALL_SAY, GATE_KIND_SAY, GATE_KINDS, usualPolicy } from '@weiwang/domain/checkpoints/gate'
import type { Call, CallRole, GateKind, GatePolicy } from '@weiwang/domain/checkpoints/gate'
import type { Say } from '@weiwang/domain/core/say'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useSay } from '../../../i18n/setup.ts'
import { Act, CheckField, NumberField, SelectField, TextField } from '../../../kit/centre/controls.tsx'
import { Notice } from '../../../kit/common/Notice.tsx'

export type GateDraft = { name: Say; kind: GateKind; policy: GatePolicy }

export function newDraft(): GateDraft {
  return { name: { zh: '', en: '' }, kind: 'estate', policy: usualPolicy('estate') }
}

export function isComplete(draft: GateDraft): boolean {
  const { restMin, restMax } = draft.policy.temperature
  return (
    draft.name.zh.trim() !== '' &&
    draft.name.en.trim() !== '' &&
    restMin <= restMax &&
    draft.policy.call.every((one) => one.name.trim() !== '' && one.phone.trim().length >= 3)
  )
}

const MINUTES = 60

/** What a gate is called and what holds there, in both languages where people read it. */
export function GateForm({
  draft,
  onChange,
  place,
}: {
  draft: GateDraft
  onChange: (draft: GateDraft) => void
  /** Where it lies: chosen once, when it is made. */
  place?: ReactNode
}): ReactNode {
  const { t } = useTranslation('centre')
  const say = useSay()
  const { policy } = draft
  const set = (change: Partial<GatePolicy>): void => onChange({ ...draft, policy: { ...policy, ...change } })
  return (
    <div className="form">
      <div className="form-row">
        <TextField
          label={t('gates.name.zh')}
          value={draft.name.zh}
          onChange={(zh) => onChange({ ...draft, name: { ...draft.name, zh } })}
        />
        <TextField
          label={t('gates.name.en')}
          value={draft.name.en}
          onChange={(en) => onChange({ ...draft, name: { ...draft.name, en } })}
        />
      </div>
      {place}
      <SelectField<GateKind>
        label={t('gates.kind')}
        value={draft.kind}
        onChange={(kind) => {
          if (kind === '') return
          // The usual rules of the kind, as long as nobody has changed them.
          const untouched = JSON.stringify(policy) === JSON.stringify(usualPolicy(draft.kind))
          onChange({ ...draft, kind, policy: untouched ? usualPolicy(kind) : policy })
        }}
        choices={GATE_KINDS.map((kind) => ({ value: kind, label: say(GATE_KIND_SAY[kind]) }))}
      />
      <Notice kind="note" head={t('gates.policy')} body={t('gates.policy.always')} />
      <Codes policy={policy} set={set} />
      <Temperatures policy={policy} set={set} />
      <Calls calls={policy.call} onChange={(call) => set({ call })} />
    </div>
  )
}

type Part = { policy: GatePolicy; set: (change: Partial<GatePolicy>) => void }
const GIVES = ['refuse_refer', 'admit_with_temp'] as const

function Codes({ policy, set }: Part): ReactNode {
  const { t } = useTranslation('centre')
  const gives = GIVES.map((value) => ({ value, label: t(`gates.policy.gives.${value}`) }))
  return (
    <>
      <div className="form-row">
        <SelectField<GatePolicy['direction']>
          label={t('gates.policy.direction')}
          value={policy.direction}
          onChange={(direction) => (direction === '' ? undefined : set({ direction }))}
          choices={(['in', 'out', 'both'] as const).map((value) => ({ value, label: t(`gates.direction.${value}`) }))}
        />
        <SelectField<GatePolicy['yellow']>
          label={t('gates.policy.yellow')}
          value={policy.yellow}
          onChange={(yellow) => (yellow === '' ? undefined : set({ yellow }))}
          choices={gives}
        />
        <SelectField<GatePolicy['pending']>
          label={t('gates.policy.pending')}
          value={policy.pending}
          onChange={(pending) => (pending === '' ? undefined : set({ pending }))}
          choices={gives}
        />
      </div>
      <div className="form-row">
        <NumberField
          label={t('gates.policy.listMaxAge')}
          help={t('gates.policy.listMaxAge.help')}
          value={Math.round((policy.listMaxAgeMin / MINUTES) * 100) / 100}
          min={0.25}
          max={90 * 24}
          onChange={(hours) => set({ listMaxAgeMin: Math.round((hours ?? 24) * MINUTES) })}
        />
        <SelectField<GatePolicy['whenListOld']>
          label={t('gates.policy.whenOld')}
          value={policy.whenListOld}
          onChange={(whenListOld) => (whenListOld === '' ? undefined : set({ whenListOld }))}
          choices={(['by_hand', 'colour_and_age'] as const).map((value) => ({
            value,
            label: t(`gates.policy.whenOld.${value}`),
          }))}
        />
      </div>
      <div className="form-checks">
        <CheckField
          label={t('gates.policy.visitors')}
          value={policy.visitors}
          onChange={(visitors) => set({ visitors })}
        />
        <CheckField
          label={t('gates.policy.vehicles')}
          value={policy.vehicles}
          onChange={(vehicles) => set({ vehicles })}
        />
        <CheckField label={t('gates.policy.reader')} value={policy.reader} onChange={(reader) => set({ reader })} />
        <CheckField
          label={t('gates.policy.turnBack')}
          value={policy.turnBack}
          onChange={(turnBack) => set({ turnBack })}
        />
      </div>
    </>
  )
}

function Temperatures({ policy, set }: Part): ReactNode {
  const { t } = useTranslation('centre')
  const { temperature } = policy
  const change = (of: Partial<GatePolicy['temperature']>): void => set({ temperature: { ...temperature, ...of } })
  return (
    <div className="form-row">
      <SelectField<GatePolicy['temperature']['ask']>
        label={t('gates.policy.ask')}
        value={temperature.ask}
        onChange={(ask) => (ask === '' ? undefined : change({ ask }))}
        choices={(['everyone', 'not_green', 'nobody'] as const).map((value) => ({
          value,
          label: t(`gates.policy.ask.${value}`),
        }))}
      />
      <NumberField
        label={t('gates.policy.threshold')}
        value={temperature.threshold / 10}
        min={37}
        max={38}
        onChange={(n) => change({ threshold: Math.round((n ?? 37.3) * 10) })}
      />
      <NumberField
        label={t('gates.policy.rest')}
        value={temperature.restMin}
        min={1}
        max={30}
        onChange={(n) => change({ restMin: n ?? 5 })}
      />
      <NumberField
        label={t('gates.policy.restMax')}
        value={temperature.restMax}
        min={1}
        max={60}
        onChange={(n) => change({ restMax: n ?? 10 })}
      />
    </div>
  )
}

const MOST_CALLS = 12

function Calls({ calls, onChange }: { calls: readonly Call[]; onChange: (calls: Call[]) => void }): ReactNode {
  const { t } = useTranslation('centre')
  const say = useSay()
  const set = (at: number, change: Partial<Call>): void =>
    onChange(calls.map((one, i) => (i === at ? { ...one, ...change } : one)))
  return (
    <fieldset className="form-group">
      <legend>{t('gates.policy.call')}</legend>
      {calls.map((one, i) => (
        // Rows have no name of their own; they are only added at the end and removed.
        <div className="form-row" key={`${i}/${calls.length}`}>
          <SelectField<CallRole>
            label={t('gates.policy.call.role')}
            value={one.role}
            onChange={(role) => (role === '' ? undefined : set(i, { role }))}
            choices={CALL_ROLES.map((role) => ({ value: role, label: say(CALL_SAY[role]) }))}
          />
          <TextField label={t('gates.policy.call.name')} value={one.name} onChange={(name) => set(i, { name })} />
          <TextField label={t('gates.policy.call.phone')} value={one.phone} onChange={(phone) => set(i, { phone })} />
          <Act
            quiet
            label={`${t('gates.policy.call.remove')} ${one.name}`}
            onClick={() => onChange(calls.filter((_, at) => at !== i))}
          >
            {t('gates.policy.call.remove')}
          </Act>
        </div>
      ))}
      {calls.length < MOST_CALLS ? (
        <Act onClick={() => onChange([...calls, { role: 'community', name: '', phone: '' }])}>
          {t('gates.policy.call.add')}
        </Act>
      ) : null}
    </fieldset>
  )
}
