import { DecidedPolicy } from '@weiwang/domain/healthcode/reg-desk-api'
import type { Policies } from '@weiwang/domain/healthcode/reg-desk-api'
import { groupSays, POLICY_BOUNDS, policyFaults } from '@weiwang/domain/healthcode/reg-policy-check'
import type { PolicyDraft, PolicyFault, PolicyNumber } from '@weiwang/domain/healthcode/reg-policy-check'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useWrite } from '../../../api/query.ts'
import { useSay } from '../../../i18n/setup.ts'
import { Act, CheckField, MultiField, NumberField, SelectField, TextField } from '../../../kit/centre/controls.tsx'
import { Mark } from '../../../kit/common/Mark.tsx'
import { ConfirmAct } from '../../parts/ConfirmAct.tsx'
import { TOUCHES } from './asked.ts'

type Preset = Policies['presets'][number]
type Rules = Policies['holds']['policy']
type Group = PolicyDraft['groups'][number]
type Begin = Preset['name'] | 'now'
type FaultAt = (at: string) => string | undefined

const DOCUMENTS = ['resident', 'hmt_residence', 'hm_travel', 'tw_travel', 'passport', 'permanent'] as const
const SITUATIONS = ['living', 'returning', 'coming'] as const
const NEW: Group = { need: 'must', say: { zh: '', en: '' }, situation: 'coming', registeredHere: null }

/** Who must and who may, written on the screen: from what holds or what is delivered, checked as it is written (REGISTER-9). */
export function Propose({
  area,
  holds,
  presets,
}: {
  area: string
  holds: Rules
  presets: readonly Preset[]
}): ReactNode {
  const { t } = useTranslation('centre')
  const say = useSay()
  const [id, setId] = useState(() => crypto.randomUUID())
  const [begin, setBegin] = useState<Begin>('now')
  const [draft, setDraft] = useState<PolicyDraft>(holds)
  const write = useWrite(DecidedPolicy, { path: '/api/registrations/policy', touches: TOUCHES })
  const faults = policyFaults(draft)
  const start = (from: Begin | ''): void => {
    if (from === '') return
    setBegin(from)
    setDraft(presets.find((preset) => preset.name === from)?.policy ?? holds)
  }
  return (
    <ConfirmAct
      verb={t('pol.propose')}
      title={t('pol.propose')}
      reason={t('reason')}
      write={write}
      ready={faults.length === 0}
      wide
      onYes={(reason, done) =>
        write.mutate(
          { id, area, policy: draft, reason },
          {
            onSuccess: () => {
              setId(crypto.randomUUID())
              start('now')
              done()
            },
          },
        )
      }
    >
      <p>{t('pol.lead')}</p>
      <SelectField<Begin>
        label={t('pol.preset')}
        value={begin}
        onChange={start}
        choices={[
          { value: 'now', label: t('pol.now') },
          ...presets.map((preset) => ({ value: preset.name, label: say(preset.say) })),
        ]}
      />
      <PolicyFields draft={draft} faults={faults} onChange={setDraft} />
    </ConfirmAct>
  )
}

function PolicyFields({
  draft,
  faults,
  onChange,
}: {
  draft: PolicyDraft
  faults: readonly PolicyFault[]
  onChange: (draft: PolicyDraft) => void
}): ReactNode {
  const { t } = useTranslation('centre')
  const say = useSay()
  const faultAt: FaultAt = (at) => {
    const found = faults.find((one) => one.at === at)
    return found && say(found.say)
  }
  const { groups, family, returns } = draft
  const number = (at: PolicyNumber, label: string, value: number, set: (n: number) => PolicyDraft): ReactNode => (
    <NumberField
      label={label}
      value={value}
      help={`${POLICY_BOUNDS[at].min}–${POLICY_BOUNDS[at].max}`}
      fault={faultAt(at)}
      onChange={(n) => onChange(set(n ?? -1))}
    />
  )
  const moved = (from: number, to: number): void => {
    const all = [...groups]
    all.splice(to, 0, ...all.splice(from, 1))
    onChange({ ...draft, groups: all })
  }
  return (
    <>
      <p>{t('pol.groups.lead')}</p>
      {groups.map((group, i) => (
        <GroupFields
          key={i}
          n={i}
          last={i === groups.length - 1}
          group={group}
          faultAt={faultAt}
          onChange={(next) => onChange({ ...draft, groups: groups.map((one, j) => (j === i ? next : one)) })}
          onMove={(to) => moved(i, to)}
          onRemove={() => onChange({ ...draft, groups: groups.filter((_, j) => j !== i) })}
        />
      ))}
      <Fault words={faultAt('groups')} />
      <Act onClick={() => onChange({ ...draft, groups: [...groups, NEW] })}>{t('pol.add')}</Act>
      <NeedField label={t('pol.others')} value={draft.others} onChange={(others) => onChange({ ...draft, others })} />
      <MultiField
        label={t('pol.documents')}
        value={draft.documents}
        fault={faultAt('documents')}
        onChange={(documents) => onChange({ ...draft, documents })}
        choices={DOCUMENTS.map((value) => ({ value, label: t(`documentKind.${value}`) }))}
      />
      <div className="form-row">
        {number('family.max', t('pol.family.max'), family.max, (max) => ({ ...draft, family: { ...family, max } }))}
        {number('family.childUnder', t('pol.family.child'), family.childUnder, (childUnder) => ({
          ...draft,
          family: { ...family, childUnder },
        }))}
        {number('family.elderFrom', t('pol.family.elder'), family.elderFrom, (elderFrom) => ({
          ...draft,
          family: { ...family, elderFrom },
        }))}
      </div>
      <CheckField
        label={t('pol.green')}
        value={family.greenHolder}
        onChange={(greenHolder) => onChange({ ...draft, family: { ...family, greenHolder } })}
      />
      <div className="form-row">
        {number('askDays', t('pol.days'), draft.askDays, (askDays) => ({ ...draft, askDays }))}
        {number('returns.aheadDays', t('pol.ahead'), returns.aheadDays, (aheadDays) => ({
          ...draft,
          returns: { ...returns, aheadDays },
        }))}
        {number('returns.graceDays', t('pol.grace'), returns.graceDays, (graceDays) => ({
          ...draft,
          returns: { ...returns, graceDays },
        }))}
      </div>
    </>
  )
}

function Fault({ words }: { words: string | undefined }): ReactNode {
  if (words === undefined) return null
  return (
    <div className="field">
      <span className="field-fault">
        <Mark sign="fault" /> {words}
      </span>
    </div>
  )
}

function NeedField({
  label,
  value,
  onChange,
}: {
  label: string
  value: Group['need']
  onChange: (need: Group['need']) => void
}): ReactNode {
  const { t } = useTranslation('centre')
  return (
    <SelectField<Group['need']>
      label={label}
      value={value}
      onChange={(need) => need !== '' && onChange(need)}
      choices={[
        { value: 'must', label: t('pol.must') },
        { value: 'may', label: t('pol.may') },
      ]}
    />
  )
}

function GroupFields({
  n,
  last,
  group,
  faultAt,
  onChange,
  onMove,
  onRemove,
}: {
  n: number
  last: boolean
  group: Group
  faultAt: FaultAt
  onChange: (group: Group) => void
  onMove: (to: number) => void
  onRemove: () => void
}): ReactNode {
  const { t } = useTranslation('centre')
  const say = useSay()
  const name = t('pol.group', { n: n + 1 })
  const here = group.registeredHere === null ? '' : group.registeredHere ? 'yes' : 'no'
  return (
    <fieldset className="criteria">
      <legend>
        {name}: {say(groupSays(group))}
      </legend>
      <div className="form-row">
        <NeedField label={t('pol.need')} value={group.need} onChange={(need) => onChange({ ...group, need })} />
        <SelectField<(typeof SITUATIONS)[number]>
          label={t('pol.situation')}
          value={group.situation ?? ''}
          any={t('pol.situation.any')}
          onChange={(situation) => onChange({ ...group, situation: situation === '' ? null : situation })}
          choices={SITUATIONS.map((value) => ({ value, label: t(`pol.situation.${value}`) }))}
        />
        <SelectField<'yes' | 'no'>
          label={t('pol.here')}
          value={here}
          any={t('pol.here.any')}
          onChange={(value) => onChange({ ...group, registeredHere: value === '' ? null : value === 'yes' })}
          choices={[
            { value: 'yes', label: t('pol.here.yes') },
            { value: 'no', label: t('pol.here.no') },
          ]}
        />
      </div>
      {(['zh', 'en'] as const).map((lang) => (
        <TextField
          key={lang}
          label={t(`pol.name.${lang}`)}
          value={group.say[lang]}
          fault={faultAt(`groups.${n}.say.${lang}`)}
          onChange={(text) => onChange({ ...group, say: { ...group.say, [lang]: text } })}
        />
      ))}
      <Fault words={faultAt(`groups.${n}`)} />
      <span className="criteria-row">
        <Act quiet disabled={n === 0} label={`${t('pol.up')} ${name}`} onClick={() => onMove(n - 1)}>
          {t('pol.up')}
        </Act>
        <Act quiet disabled={last} label={`${t('pol.down')} ${name}`} onClick={() => onMove(n + 1)}>
          {t('pol.down')}
        </Act>
        <Act quiet label={`${t('pol.remove')} ${name}`} onClick={onRemove}>
          {t('pol.remove')}
        </Act>
      </span>
    </fieldset>
  )
}
