import { AskedService } from '@weiwang/domain/observation/service-api'
import type { ServiceKind, Urgency } from '@weiwang/domain/observation/service-api'
import { WINDOW_SAY, windowNamed, windowsAhead } from '@weiwang/domain/observation/service-window'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useWrite } from '../../../api/query.ts'
import { SelectField, TextField } from '../../../kit/centre/controls.tsx'
import { useSay } from '../../../i18n/setup.ts'
import { useSaid } from '../../../kit/centre/useSaid.ts'
import { useClock } from '../../../session/me.ts'
import { ConfirmAct } from '../../parts/ConfirmAct.tsx'
import { TOUCHES, useKindChoices, useUrgencyChoices } from './words.tsx'

function windowOf(name: string, now: Date, zone: string): { window?: { from: string; to: string } } {
  const window = windowNamed(name, now, zone)
  return window ? { window } : {}
}

/** A service for a door or a person, asked for by the desk. */
export function AskService({ for: whom }: { for: { householdId: string } | { personId: string } }): ReactNode {
  const { t } = useTranslation('centre')
  const said = useSaid()
  const kinds = useKindChoices()
  const urgencies = useUrgencyChoices()
  const [id, setId] = useState(() => crypto.randomUUID())
  const [kind, setKind] = useState<ServiceKind>('food')
  const [urgency, setUrgency] = useState<Urgency>('usual')
  const [window, setWindow] = useState('')
  const [words, setWords] = useState('')
  const say = useSay()
  const { now, zone } = useClock()
  const write = useWrite(AskedService, { path: '/api/services', touches: TOUCHES })
  return (
    <ConfirmAct
      primary
      verb={t('service.ask')}
      title={t('service.ask')}
      write={write}
      onYes={(_, done) =>
        write.mutate(
          {
            id,
            kind,
            urgency,
            ...whom,
            ...windowOf(window, now, zone),
            ...(words.trim() === '' ? {} : { words: words.trim() }),
          },
          {
            onSuccess: () => {
              said(t('service.asked'))
              setId(crypto.randomUUID())
              setWords('')
              setWindow('')
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
      <SelectField
        label={t('service.window')}
        value={window}
        onChange={setWindow}
        any={t('service.window.any')}
        choices={windowsAhead(now, zone).map(({ name }) => ({ value: name, label: say(WINDOW_SAY[name]) }))}
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
