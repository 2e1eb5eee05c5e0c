import type { PlaceRules } from '@weiwang/domain/healthcode/reg-api'
import { addDays } from '@weiwang/domain/core/day'
import type { ReactElement } from 'react'
import { Chips } from '../parts.tsx'
import { useWords } from '../texts.ts'
import { Choice, CountryField, DayField, PlaceField, TextField, YesNo } from './fields.tsx'
import { asksBirth, travels } from './form.ts'
import type { Form, Member, Mode, Stay, Step } from './form.ts'
import { TransportChoice, Whence } from './Journey.tsx'
import { REG } from './texts.ts'
import type { RegKey } from './texts.ts'

/** One question a screen, or a short group that is answered together. */
export type StepProps = {
  form: Form
  set: (part: Partial<Form>) => void
  bad: readonly string[]
  mode: Mode
  rules: PlaceRules
  today: string
}

const DOCUMENTS: readonly [string, RegKey][] = [
  ['resident', 'd_resident'],
  ['hmt_residence', 'd_hmt_residence'],
  ['hm_travel', 'd_hm_travel'],
  ['tw_travel', 'd_tw_travel'],
  ['passport', 'd_passport'],
  ['permanent', 'd_permanent'],
]
const PURPOSES = ['home', 'work', 'study', 'business', 'visit', 'medical', 'tourism', 'other'] as const
const SYMPTOMS = ['fever', 'cough', 'fatigue', 'breathless', 'sore_throat', 'diarrhoea', 'smell_loss', 'other'] as const
const RELATIONS = ['spouse', 'child', 'parent', 'other'] as const
const DEGREES = [1, 2, 3] as const
const MOST = 10

/** Whether this place asks it of somebody like this; the answer of the server is the same rule. */
export function needOf(rules: PlaceRules, form: Form): 'must' | 'may' | null {
  if (form.situation === '' || form.registeredHere === null) return null
  const group = rules.groups.find(
    (one) =>
      (one.situation === null || one.situation === form.situation) &&
      (one.registeredHere === null || one.registeredHere === form.registeredHere),
  )
  return group?.need ?? rules.others
}

function WhoStep({ form, set, bad, mode, rules }: StepProps): ReactElement {
  const { t } = useWords(REG)
  const need = needOf(rules, form)
  return (
    <>
      {mode === 'ward' && (
        <Choice
          name="relation"
          label={t('relation')}
          bad={bad.includes('relation')}
          options={[
            { code: 'child', text: t('r_child', { n: rules.family.childUnder }) },
            { code: 'parent', text: t('r_parent', { n: rules.family.elderFrom }) },
          ]}
          value={form.relation}
          onChange={(relation) => set({ relation })}
        />
      )}
      {mode === 'ward' && form.relation === 'parent' && (
        <TextField
          name="wardPhone"
          label={t('wardPhone')}
          bad={false}
          mode="tel"
          max={20}
          hint={t('wardPhoneWhy')}
          value={form.wardPhone}
          onChange={(wardPhone) => set({ wardPhone })}
        />
      )}
      <Choice
        name="situation"
        label={t('situation')}
        bad={bad.includes('situation')}
        options={[
          { code: 'living', text: t('s_living') },
          { code: 'returning', text: t('s_returning') },
          { code: 'coming', text: t('s_coming') },
        ]}
        value={form.situation}
        onChange={(situation) => set({ situation })}
      />
      <YesNo
        name="registeredHere"
        label={t('registeredHere')}
        bad={bad.includes('registeredHere')}
        yes={t('yes')}
        no={t('no')}
        value={form.registeredHere}
        onChange={(registeredHere) => set({ registeredHere })}
      />
      {need !== null && <output className="said">{t(need)}</output>}
    </>
  )
}

function PaperStep({ form, set, bad, rules }: StepProps): ReactElement {
  const { t } = useWords(REG)
  const kinds = new Set<string>(rules.documents)
  return (
    <>
      <Choice
        name="documentKind"
        label={t('documentKind')}
        bad={false}
        options={DOCUMENTS.filter(([code]) => kinds.size === 0 || kinds.has(code)).map(([code, key]) => ({
          code,
          text: t(key),
        }))}
        value={form.documentKind}
        onChange={(documentKind) => set({ documentKind })}
      />
      {form.documentKind === 'passport' && (
        <CountryField
          name="country"
          label={t('country')}
          bad={bad.includes('country')}
          value={form.country}
          onChange={(country) => set({ country })}
        />
      )}
      <TextField
        name="number"
        label={t('number')}
        bad={bad.includes('number')}
        max={40}
        value={form.number}
        onChange={(number) => set({ number })}
      />
      <TextField
        name="name"
        label={t('name')}
        bad={bad.includes('name')}
        auto="name"
        value={form.name}
        onChange={(name) => set({ name })}
      />
      {asksBirth(form) && (
        <>
          <TextField
            name="birth"
            label={t('birth')}
            bad={bad.includes('birth')}
            hint="1950-03-08"
            max={30}
            value={form.birth}
            onChange={(birth) => set({ birth })}
          />
          <Choice
            name="sex"
            label={t('sex')}
            bad={false}
            options={[
              { code: '2', text: t('female') },
              { code: '1', text: t('male') },
            ]}
            value={form.sex === null ? '' : form.sex === 2 ? '2' : '1'}
            onChange={(sex) => set({ sex: Number(sex) })}
          />
        </>
      )}
    </>
  )
}

function HomeStep({ form, set, bad }: StepProps): ReactElement {
  const { t } = useWords(REG)
  return (
    <>
      <PlaceField
        name="homeArea"
        label={t('homeArea')}
        hint={t('homeAreaHint')}
        level={5}
        bad={bad.includes('homeArea')}
        value={form.homeArea}
        onChange={(homeArea) => set({ homeArea })}
      />
      <TextField
        name="address"
        label={t('address')}
        hint={t('addressHint')}
        bad={bad.includes('address')}
        max={300}
        auto="street-address"
        value={form.address}
        onChange={(address) => set({ address })}
      />
      <Choice
        name="homeKind"
        label={t('homeKind')}
        bad={false}
        options={[
          { code: 'own', text: t('h_own') },
          { code: 'rent', text: t('h_rent') },
          { code: 'dorm', text: t('h_dorm') },
          { code: 'visiting', text: t('h_visiting') },
        ]}
        value={form.homeKind === 'unknown' ? '' : form.homeKind}
        onChange={(homeKind) => set({ homeKind })}
      />
    </>
  )
}

function JourneyStep({ form, set, bad, today, rules }: StepProps): ReactElement {
  const { t } = useWords(REG)
  if (!travels(form)) return <p>{t('notTravelled')}</p>
  const first = addDays(today, -rules.askDays - 30)
  return (
    <>
      <Whence
        name="fromAbroad"
        label={t('journey')}
        bad={bad.includes('from')}
        from={{ abroad: form.fromAbroad, country: form.fromCountry, place: form.fromPlace }}
        onChange={({ abroad, country, place }) => set({ fromAbroad: abroad, fromCountry: country, fromPlace: place })}
      />
      <DayField
        name="leftOn"
        label={t('leftOn')}
        bad={false}
        from={first}
        value={form.leftOn}
        onChange={(leftOn) => set({ leftOn })}
      />
      <DayField
        name="arrivedOn"
        label={t('arrivedOn')}
        bad={bad.includes('arrivedOn')}
        from={first}
        to={addDays(today, 30)}
        value={form.arrivedOn}
        onChange={(arrivedOn) => set({ arrivedOn })}
      />
      <TransportChoice
        bad={bad.includes('transport')}
        value={form.transport}
        onChange={(transport) => set({ transport })}
      />
      <TextField
        name="transportNumber"
        label={t('transportNumber')}
        bad={false}
        max={30}
        value={form.transportNumber}
        onChange={(transportNumber) => set({ transportNumber })}
      />
    </>
  )
}

const NO_STAY: Stay = { place: null, from: '', to: '' }

function replaced<T>(all: readonly T[], at: number, part: Partial<T>): T[] {
  return all.map((one, i) => (i === at ? { ...one, ...part } : one))
}

function Stays({ form, set, bad, today, rules }: StepProps): ReactElement {
  const { t } = useWords(REG)
  const first = addDays(today, -rules.askDays)
  const change = (at: number, part: Partial<Stay>): void => set({ stays: replaced(form.stays, at, part) })
  return (
    <>
      <YesNo
        name="stayed"
        label={t('stayed', { n: rules.askDays })}
        bad={bad.includes('stayed')}
        yes={t('been')}
        no={t('notBeen')}
        value={form.stayed}
        onChange={(stayed) => set({ stayed, stays: stayed && form.stays.length === 0 ? [NO_STAY] : form.stays })}
      />
      {form.stayed === true && (
        <>
          {travels(form) && form.stays.some((stay) => stay.place?.area === form.fromPlace?.area) && (
            <p className="quiet">{t('staysGiven')}</p>
          )}
          {form.stays.map((stay, i) => (
            <div key={i} className="group">
              <PlaceField
                name={i === 0 ? 'stays' : `stays-${i}`}
                label={t('stayPlace', { n: i + 1 })}
                hint={t('fromPlaceHint')}
                level={3}
                bad={bad.includes('stays') && stay.place === null}
                value={stay.place}
                onChange={(place) => change(i, { place })}
              />
              <div className="pair">
                <DayField
                  name={`stay-from-${i}`}
                  label={t('stayFrom')}
                  bad={bad.includes('stays') && (stay.from === '' || stay.from > stay.to)}
                  from={first}
                  to={today}
                  value={stay.from}
                  onChange={(from) => change(i, { from })}
                />
                <DayField
                  name={`stay-to-${i}`}
                  label={t('stayTo')}
                  bad={bad.includes('stays') && stay.to === ''}
                  from={first}
                  to={today}
                  value={stay.to}
                  onChange={(to) => change(i, { to })}
                />
              </div>
              {form.stays.length > 1 && (
                <button
                  type="button"
                  className="plain"
                  onClick={() => set({ stays: form.stays.filter((_, at) => at !== i) })}
                >
                  {t('remove')}
                </button>
              )}
            </div>
          ))}
          {form.stays.length < MOST && (
            <button type="button" className="side" onClick={() => set({ stays: [...form.stays, NO_STAY] })}>
              {t('another')}
            </button>
          )}
        </>
      )}
    </>
  )
}

const NO_COUNTRY = { country: '', arrivedOn: '' }

function Abroad({ form, set, bad, today, rules }: StepProps): ReactElement {
  const { t } = useWords(REG)
  return (
    <>
      <YesNo
        name="beenAbroad"
        label={t('beenAbroad', { n: rules.askDays })}
        bad={bad.includes('beenAbroad')}
        yes={t('been')}
        no={t('notBeen')}
        value={form.beenAbroad}
        onChange={(beenAbroad) =>
          set({ beenAbroad, abroad: beenAbroad && form.abroad.length === 0 ? [NO_COUNTRY] : form.abroad })
        }
      />
      {form.beenAbroad === true &&
        form.abroad.map((one, i) => (
          <div key={i} className="group">
            <CountryField
              name={i === 0 ? 'abroad' : `abroad-${i}`}
              label={t('abroadCountry')}
              bad={bad.includes('abroad') && one.country === ''}
              value={one.country}
              onChange={(country) => set({ abroad: replaced(form.abroad, i, { country }) })}
            />
            <DayField
              name={`abroad-day-${i}`}
              label={t('abroadArrived')}
              bad={bad.includes('abroad') && one.arrivedOn === ''}
              from={addDays(today, -rules.askDays)}
              to={today}
              value={one.arrivedOn}
              onChange={(arrivedOn) => set({ abroad: replaced(form.abroad, i, { arrivedOn }) })}
            />
          </div>
        ))}
    </>
  )
}

function Contacts({ form, set, bad, today, rules }: StepProps): ReactElement {
  const { t } = useWords(REG)
  const chosen = form.noContact ? ['none'] : form.contacts.map(({ degree }) => String(degree))
  const choose = (codes: string[]): void => {
    if (codes.includes('none') && !form.noContact) return set({ noContact: true, contacts: [] })
    const contacts = DEGREES.filter((degree) => codes.includes(String(degree))).map(
      (degree) => form.contacts.find((one) => one.degree === degree) ?? { degree, day: '' },
    )
    return set({ noContact: false, contacts })
  }
  return (
    <>
      <Chips
        label={t('contacts', { n: rules.askDays })}
        field="contacts"
        options={[
          { code: 'none', text: t('c_none') },
          ...DEGREES.map((degree) => ({ code: String(degree), text: t(`c_${degree}`) })),
        ]}
        chosen={chosen}
        onChange={choose}
      />
      {bad.includes('contacts') && form.contacts.length === 0 && <p className="bad">{t('missing')}</p>}
      {form.contacts.map((one, i) => (
        <DayField
          key={one.degree}
          name={`contact-${one.degree}`}
          label={`${t(`c_${one.degree}`)}: ${t('contactDay')}`}
          bad={bad.includes('contacts') && one.day === ''}
          from={addDays(today, -rules.askDays)}
          to={today}
          value={one.day}
          onChange={(day) => set({ contacts: replaced(form.contacts, i, { day }) })}
        />
      ))}
    </>
  )
}

function StaysStep(props: StepProps): ReactElement {
  return (
    <>
      <Stays {...props} />
      <Abroad {...props} />
      <Contacts {...props} />
    </>
  )
}

function HealthStep({ form, set, bad, today, rules }: StepProps): ReactElement {
  const { t } = useWords(REG)
  const choose = (codes: string[]): void => {
    if (codes.includes('none') && !form.well) set({ well: true, symptoms: [] })
    else set({ well: false, symptoms: codes.filter((code) => code !== 'none') })
  }
  return (
    <>
      <Chips
        label={t('symptoms')}
        field="symptoms"
        options={[{ code: 'none', text: t('well') }, ...SYMPTOMS.map((code) => ({ code, text: t(`y_${code}`) }))]}
        chosen={form.well ? ['none'] : form.symptoms}
        onChange={choose}
      />
      {bad.includes('symptoms') && form.symptoms.length === 0 && <p className="bad">{t('missing')}</p>}
      {form.symptoms.length > 0 && (
        <DayField
          name="symptomFrom"
          label={t('symptomFrom')}
          bad={bad.includes('symptoms') && form.symptomFrom === ''}
          from={addDays(today, -rules.askDays)}
          to={today}
          value={form.symptomFrom}
          onChange={(symptomFrom) => set({ symptomFrom })}
        />
      )}
      <TextField
        name="temperature"
        label={t('temperature')}
        bad={bad.includes('temperature')}
        fault={t('badTemperature')}
        mode="decimal"
        max={7}
        value={form.temperature}
        onChange={(temperature) => set({ temperature })}
      />
      <YesNo
        name="underMeasure"
        label={t('underMeasure')}
        bad={bad.includes('underMeasure')}
        yes={t('u_yes')}
        no={t('u_no')}
        value={form.underMeasure}
        onChange={(underMeasure) => set({ underMeasure })}
      />
    </>
  )
}

const NO_MEMBER: Member = { name: '', relation: '', document: '' }

function PurposeStep({ form, set, bad }: StepProps): ReactElement {
  const { t } = useWords(REG)
  const change = (at: number, part: Partial<Member>): void => set({ members: replaced(form.members, at, part) })
  return (
    <>
      <Choice
        name="purpose"
        label={t('purpose')}
        bad={bad.includes('purpose')}
        options={PURPOSES.map((code) => ({ code, text: t(`p_${code}`) }))}
        value={PURPOSES.find((code) => code === form.purpose) ?? ''}
        onChange={(purpose) => set({ purpose })}
      />
      <TextField
        name="employer"
        label={t('employer')}
        bad={false}
        auto="organization"
        value={form.employer}
        onChange={(employer) => set({ employer })}
      />
      <p className="label">{t('members')}</p>
      {form.members.map((one, i) => (
        <div key={i} className="group">
          <TextField
            name={i === 0 ? 'members' : `members-${i}`}
            label={t('member', { n: i + 1 })}
            bad={bad.includes('members') && one.name.trim() === ''}
            value={one.name}
            onChange={(name) => change(i, { name })}
          />
          <Choice
            name={`member-is-${i}`}
            label={t('memberIs')}
            bad={bad.includes('members') && one.relation === ''}
            options={RELATIONS.map((code) => ({ code, text: t(`m_${code}`) }))}
            value={one.relation}
            onChange={(relation) => change(i, { relation })}
          />
          <button
            type="button"
            className="plain"
            onClick={() => set({ members: form.members.filter((_, at) => at !== i) })}
          >
            {t('remove')}
          </button>
        </div>
      ))}
      {form.members.length < MOST && (
        <button type="button" className="side" onClick={() => set({ members: [...form.members, NO_MEMBER] })}>
          {t('addMember')}
        </button>
      )}
      <TextField
        name="remark"
        label={t('remark')}
        bad={false}
        max={500}
        value={form.remark}
        onChange={(remark) => set({ remark })}
      />
    </>
  )
}

export const STEPS: Record<Exclude<Step, 'review'>, (props: StepProps) => ReactElement> = {
  who: WhoStep,
  paper: PaperStep,
  home: HomeStep,
  journey: JourneyStep,
  stays: StaysStep,
  health: HealthStep,
  purpose: PurposeStep,
}
