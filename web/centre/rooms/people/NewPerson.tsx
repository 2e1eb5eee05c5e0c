import { CreatedPerson, CreatePerson } from '@weiwang/domain/people/api'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useWrite } from '../../../api/query.ts'
import { useSay } from '../../../i18n/setup.ts'
import { TextField } from '../../../kit/centre/controls.tsx'
import { AreaPick } from '../../parts/AreaPick.tsx'
import type { Chosen } from '../../parts/AreaPick.tsx'
import { ConfirmAct } from '../../parts/ConfirmAct.tsx'
import { useDesk } from '../../parts/desk.ts'
import { useGo } from '../../parts/GoLink.tsx'
import { paths } from '../../paths.ts'
import { nearOf, NearOnes } from './NearOnes.tsx'
import { faultsAt, fieldsOf, NO_PERSON } from './person-draft.ts'
import { PersonFields } from './PersonFields.tsx'

/** Registers one person by hand, at a door or in an area; a near record is shown before anything is saved (case 9). */
export function NewPerson({ door }: { door?: { id: string; area: string } }): ReactNode {
  const { t } = useTranslation('centre')
  const desk = useDesk()
  const go = useGo()
  const say = useSay()
  const [draft, setDraft] = useState(NO_PERSON)
  const [area, setArea] = useState<Chosen | null>(null)
  const [address, setAddress] = useState('')
  const [reason, setReason] = useState('')
  const write = useWrite(CreatedPerson, { path: '/api/people', touches: ['/api/people', '/api/households'] })
  const near = nearOf(write.error)
  const body = CreatePerson.safeParse({
    ...fieldsOf(draft),
    area: door?.area ?? area?.code ?? desk.area,
    ...(door ? { householdId: door.id } : {}),
    ...(address.trim() ? { address: address.trim() } : {}),
    ...(near && reason.trim() ? { continueReason: reason.trim() } : {}),
  })
  return (
    <ConfirmAct
      primary
      verb={t('new.person')}
      title={t('new.person')}
      write={write}
      ready={body.success && (!near || reason.trim().length >= 2)}
      onYes={(_, done) => {
        if (!body.success) return
        write.mutate(body.data, {
          onSuccess: ({ personId, outcome }) => {
            done()
            setDraft(NO_PERSON)
            setAddress('')
            setReason('')
            go(paths.person(personId, { saved: outcome }))
          },
        })
      }}
    >
      <div className="form">
        {near ? <NearOnes near={near} reason={reason} onReason={setReason} /> : null}
        <PersonFields draft={draft} onChange={setDraft} at={faultsAt(write.error, say)} />
        {door ? null : (
          <>
            <AreaPick
              label={t('new.area')}
              value={area}
              onChange={setArea}
              within={desk.area}
              help={t('new.area.help')}
            />
            <TextField label={t('person.address')} value={address} onChange={setAddress} help={t('new.address.help')} />
          </>
        )}
      </div>
    </ConfirmAct>
  )
}
