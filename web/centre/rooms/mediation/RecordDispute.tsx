import { OpenedDispute } from '@weiwang/domain/incidents/api'
import type { DisputeKind } from '@weiwang/domain/incidents/api'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useWrite } from '../../../api/query.ts'
import { Act, SelectField, TextField } from '../../../kit/centre/controls.tsx'
import { useSaid } from '../../../kit/centre/useSaid.ts'
import { AreaPick } from '../../parts/AreaPick.tsx'
import type { Chosen } from '../../parts/AreaPick.tsx'
import { ConfirmAct } from '../../parts/ConfirmAct.tsx'
import { useDesk } from '../../parts/desk.ts'
import { TOUCHES, useDisputeKinds } from './words.ts'

type Typed = { key: string; name: string; role: string; phone: string }
const nobody = (): Typed => ({ key: crypto.randomUUID(), name: '', role: '', phone: '' })
const MOST = 10
const GRID = 6

function PartyFields({ n, party, onChange }: { n: number; party: Typed; onChange: (party: Typed) => void }): ReactNode {
  const { t } = useTranslation('centre')
  return (
    <fieldset style={{ border: '1px solid var(--line)', padding: 8, margin: '0 0 8px' }}>
      <legend>{t('dispute.party', { n })}</legend>
      <TextField label={t('dispute.party.name')} value={party.name} onChange={(name) => onChange({ ...party, name })} />
      <TextField label={t('dispute.party.role')} value={party.role} onChange={(role) => onChange({ ...party, role })} />
      <TextField
        label={t('dispute.party.phone')}
        value={party.phone}
        onChange={(phone) => onChange({ ...party, phone })}
      />
    </fieldset>
  )
}

/** A dispute recorded by the desk; whoever records it mediates until somebody takes it. */
export function RecordDispute({ onDone }: { onDone: (id: string) => void }): ReactNode {
  const { t } = useTranslation('centre')
  const said = useSaid()
  const desk = useDesk()
  const kinds = useDisputeKinds()
  const [id, setId] = useState(() => crypto.randomUUID())
  const [kind, setKind] = useState<DisputeKind>('access')
  const [area, setArea] = useState<Chosen | null>(null)
  const [parties, setParties] = useState<Typed[]>(() => [nobody(), nobody()])
  const [words, setWords] = useState('')
  const write = useWrite(OpenedDispute, { path: '/api/mediations', touches: TOUCHES })
  const named = parties
    .filter((party) => party.name.trim() !== '')
    .map(({ name, role, phone }) => ({
      name: name.trim(),
      ...(role.trim() === '' ? {} : { role: role.trim() }),
      ...(phone.trim() === '' ? {} : { phone: phone.trim() }),
    }))
  return (
    <ConfirmAct
      primary
      verb={t('dispute.record')}
      title={t('dispute.record')}
      write={write}
      ready={area !== null}
      onYes={(_, done) =>
        write.mutate(
          {
            id,
            kind,
            area: area?.code,
            parties: named,
            ...(words.trim() === '' ? {} : { words: words.trim() }),
          },
          {
            onSuccess: () => {
              said(t('dispute.recorded'))
              setId(crypto.randomUUID())
              setParties([nobody(), nobody()])
              setWords('')
              done()
              onDone(id)
            },
          },
        )
      }
    >
      <p>{t('dispute.record.lead')}</p>
      <SelectField<DisputeKind>
        label={t('dispute.kind')}
        value={kind}
        onChange={(v) => setKind(v === '' ? 'access' : v)}
        choices={kinds}
      />
      <AreaPick label={t('dispute.where')} value={area} onChange={setArea} within={desk.area} level={GRID} />
      {parties.map((party, i) => (
        <PartyFields
          key={party.key}
          n={i + 1}
          party={party}
          onChange={(changed) => setParties(parties.map((one) => (one.key === changed.key ? changed : one)))}
        />
      ))}
      {parties.length < MOST ? (
        <Act quiet onClick={() => setParties([...parties, nobody()])}>
          {t('dispute.party.more')}
        </Act>
      ) : null}
      <TextField long label={t('dispute.words')} value={words} onChange={setWords} />
    </ConfirmAct>
  )
}
