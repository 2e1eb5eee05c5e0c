import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { z } from 'zod'
import { useWrite } from '../../api/query.ts'
import { TextField } from '../../kit/centre/controls.tsx'
import { ConfirmAct } from './ConfirmAct.tsx'

/** What is sealed is opened for a purpose, typed each time; the purpose stands in the trail beside who opened it. */
export function OpenForPurpose<S extends z.ZodType>({
  verb,
  lead,
  shape,
  path,
  also = {},
  usual = '',
  onOpened,
  primary,
  quiet,
}: {
  verb: string
  /** What will be seen, and that it is noted. */
  lead: string
  shape: S
  path: string
  /** What the request says beside the purpose. */
  also?: Readonly<Record<string, unknown>>
  /** What stands in the field to begin with. */
  usual?: string
  onOpened: (opened: z.output<S>, purpose: string) => void
  primary?: boolean
  quiet?: boolean
}): ReactNode {
  const { t } = useTranslation('centre')
  const [typed, setTyped] = useState(usual)
  const write = useWrite(shape, { path, touches: [] })
  const purpose = typed.trim()
  return (
    <ConfirmAct
      primary={primary ?? false}
      quiet={quiet ?? false}
      verb={verb}
      title={verb}
      write={write}
      ready={purpose.length >= 2}
      onYes={(_, done) =>
        write.mutate(
          { ...also, purpose },
          {
            onSuccess: (opened) => {
              onOpened(opened, purpose)
              done()
            },
          },
        )
      }
    >
      <p>{lead}</p>
      <TextField label={t('purpose')} value={typed} onChange={setTyped} />
    </ConfirmAct>
  )
}
