import { AskedService } from '@weiwang/domain/observation/service-api'
import type { ServiceKind, Urgency } from '@weiwang/domain/observation/service-api'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useWrite } from '../../../api/query.ts'
import { SelectField, TextField } from '../../../kit/centre/controls.tsx'
import { useSaid } from '../../../kit/centre/useSaid.ts'
import { ConfirmAct } from '../../parts/ConfirmAct.tsx'
import { TOUCHES, useKindChoices, useUrgencyChoices } from './words.tsx'

/** A service for a door or a person, asked for by the desk. */
export function AskService({ for: whom }: { for: { householdId: string } | { personId: string } }): ReactNode {
  const { t } = useTranslation('centre')
  const said = useSaid()
  const kinds = useKindChoices()
  const urgencies = useUrgencyChoices()
  const [id, setId] = useState(() => crypto.randomUUID())
  const [kind, setKind] = useState<ServiceKind>('food')
  const [urgency, setUrgency] = useState<Urgency>('usual')
  const [words, setWords] = useState('')
  const write = useWrite(AskedService, { path: '/api/services', touches: TOUCHES })
  return (
    <ConfirmAct
      primary
      verb={t('service.ask')}
      title={t('service.ask')}
      write={write}
      onYes={(_, done) =>
        write.mutate(
          { id, kind, urgency, ...whom, ...(words.trim() === '' ? {} : { words: words.trim() }) },
          {
            onSuccess: () => {
              said(t('service.asked'))
              setId(crypto.randomUUID())
              setWords('')
              done()
            },
          },
        )
      }
    >
      <p>{t('service.ask.lead')}</p>
      <SelectField<ServiceKind>
        label={t('service.kind')}
        value={kind}
        onChange={(v) => setKind(v === '' ? 'food' : v)}
        choices={kinds}
      />
      <SelectField<Urgency>
        label={t('service.urgency')}
        value={urgency}
        onChange={(v) => setUrgency(v === '' ? 'usual' : v)}
        choices={urgencies}
      />
      <TextField
        long
        label={t('service.ask.words')}
        value={words}
        onChange={setWords}
        help={t('service.ask.words.help')}
      />
    </ConfirmAct>
  )
}
