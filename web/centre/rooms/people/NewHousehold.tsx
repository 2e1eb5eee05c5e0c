import { CreatedHousehold, CreateHousehold, HOUSEHOLD_KINDS, HOUSEHOLD_USES } from '@weiwang/domain/people/api'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useWrite } from '../../../api/query.ts'
import { useSay } from '../../../i18n/setup.ts'
import { Act, SelectField, TextField } from '../../../kit/centre/controls.tsx'
import { AreaPick } from '../../parts/AreaPick.tsx'
import type { Chosen } from '../../parts/AreaPick.tsx'
import { ConfirmAct } from '../../parts/ConfirmAct.tsx'
import { useDesk } from '../../parts/desk.ts'
import { useGo } from '../../parts/GoLink.tsx'
import { paths } from '../../paths.ts'
import { nearOf, NearOnes } from './NearOnes.tsx'
import { faultsAt, fieldsOf, NO_PERSON } from './person-draft.ts'
import type { PersonDraft } from './person-draft.ts'
import { PersonFields } from './PersonFields.tsx'

type Door = { estate: string; building: string; door: string; address: string }
const NO_DOOR: Door = { estate: '', building: '', door: '', address: '' }

function filled(door: Door): Partial<Door> {
  return Object.fromEntries(Object.entries(door).flatMap(([key, text]) => (text.trim() ? [[key, text.trim()]] : [])))
}

/** A door by hand, with who lives behind it; near doors and persons are shown before anything is saved (PEOPLE-12, case 9). */
export function NewHousehold(): ReactNode {
  const { t } = useTranslation('centre')
  const desk = useDesk()
  const go = useGo()
  const say = useSay()
  // The same id until it is saved: pressing again after a lost answer makes no second door.
  const [id, setId] = useState(() => crypto.randomUUID())
  const [area, setArea] = useState<Chosen | null>(null)
  const [kind, setKind] = useState<(typeof HOUSEHOLD_KINDS)[number]>('home')
  const [use, setUse] = useState<(typeof HOUSEHOLD_USES)[number]>('self')
  const [door, setDoor] = useState(NO_DOOR)
  const [members, setMembers] = useState<PersonDraft[]>([])
  const [reason, setReason] = useState('')
  const write = useWrite(CreatedHousehold, { path: '/api/households', touches: ['/api/households', '/api/people'] })
  const near = nearOf(write.error)
  const body = CreateHousehold.safeParse({
    id,
    area: area?.code ?? '',
    kind,
    use,
    ...filled(door),
    members: members.map(fieldsOf),
    ...(near && reason.trim() ? { continueReason: reason.trim() } : {}),
  })
  const named = door.address.trim() !== '' || door.door.trim() !== ''
  const put = (part: Partial<Door>): void => setDoor({ ...door, ...part })
  const clear = (): void => {
    setId(crypto.randomUUID())
    setDoor(NO_DOOR)
    setMembers([])
    setReason('')
  }
  return (
    <ConfirmAct
      primary
      verb={t('new.household')}
      title={t('new.household')}
      write={write}
      ready={body.success && area !== null && named && (!near || reason.trim().length >= 2)}
      onYes={(_, done) => {
        if (!body.success) return
        write.mutate(body.data, {
          onSuccess: ({ household, outcome }) => {
            done()
            clear()
            go(paths.household(household.id, { saved: outcome }))
          },
        })
      }}
    >
      <div className="form">
        {near ? <NearOnes near={near} reason={reason} onReason={setReason} /> : null}
        <AreaPick
          label={t('unresolved.to')}
          value={area}
          onChange={setArea}
          within={desk.area}
          level={6}
          help={t('new.grid.help')}
        />
        <div className="form-row">
          <SelectField
            label={t('door.kind')}
            value={kind}
            onChange={(v) => setKind(v === '' ? 'home' : v)}
            choices={HOUSEHOLD_KINDS.map((k) => ({ value: k, label: t(`doorKind.${k}`) }))}
          />
          <SelectField
            label={t('door.use')}
            value={use}
            onChange={(v) => setUse(v === '' ? 'self' : v)}
            choices={HOUSEHOLD_USES.map((u) => ({ value: u, label: t(`doorUse.${u}`) }))}
          />
        </div>
        <div className="form-row">
          <TextField label={t('door.estate')} value={door.estate} onChange={(estate) => put({ estate })} />
          <TextField label={t('door.building')} value={door.building} onChange={(building) => put({ building })} />
          <TextField label={t('new.door')} value={door.door} onChange={(text) => put({ door: text })} />
        </div>
        <TextField
          label={t('person.address')}
          value={door.address}
          onChange={(address) => put({ address })}
          help={t('new.door.help')}
        />
        {members.map((member, i) => (
          // eslint-disable-next-line react/no-array-index-key -- a row has no other name than its place
          <fieldset key={i}>
            <legend>{t('new.member', { n: i + 1 })}</legend>
            <PersonFields
              at={faultsAt(write.error, say, `members.${i}.`)}
              draft={member}
              onChange={(next) => setMembers(members.map((m, k) => (k === i ? next : m)))}
            />
            <Act quiet onClick={() => setMembers(members.filter((_, k) => k !== i))}>
              {t('new.member.remove')}
            </Act>
          </fieldset>
        ))}
        <Act onClick={() => setMembers([...members, NO_PERSON])}>{t('new.member.add')}</Act>
      </div>
    </ConfirmAct>
  )
}
