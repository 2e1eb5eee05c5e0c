import { DISPOSITIONS, RETRY_CODES } from '@weiwang/domain/tasks/disposition'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { useWrite } from '../../api/query.ts'
import { useSay } from '../../i18n/setup.ts'
import { HonestState } from '../../kit/common/Notice.tsx'
import { BigButton, Chips, Sheet, TextLine } from '../../kit/phone/controls.tsx'
import { ProblemNotice } from '../../shared/ProblemNotice.tsx'

const Anything = z.unknown()
const CHANNELS = ['phone', 'door', 'message', 'video', 'relative'] as const
type Channel = (typeof CHANNELS)[number]
const RESULTS = DISPOSITIONS.filter((d) => RETRY_CODES.includes(d.code))

/** Nobody answered: how it was tried and what came of it; the next try is planned by the rules. */
export function AttemptSheet({ id, open, onClose }: { id: string; open: boolean; onClose: () => void }): ReactNode {
  const { t } = useTranslation('worker')
  const { t: c } = useTranslation('common')
  const say = useSay()
  const [channel, setChannel] = useState<Channel>('phone')
  const [result, setResult] = useState<string | null>(null)
  const [note, setNote] = useState('')
  const [asked, setAsked] = useState(false)
  const write = useWrite(Anything, { path: `/api/tasks/${id}/attempt`, touches: ['/api/tasks'] })
  const chosen = RESULTS.find((d) => d.code === result)
  const close = (): void => {
    write.reset()
    setResult(null)
    setAsked(false)
    onClose()
  }
  const send = (): void => {
    setAsked(true)
    if (result) write.mutate({ channel, result, ...(note.trim() ? { note: note.trim() } : {}) })
  }
  return (
    <Sheet
      title={t('notReached')}
      open={open}
      onClose={close}
      close={write.isSuccess ? c('act.close') : c('act.cancel')}
    >
      {write.isSuccess ? (
        <>
          <HonestState state="server" word={c('state.server')} />
          <p>{chosen ? say(chosen.after) : ''}</p>
        </>
      ) : (
        <>
          <ProblemNotice error={write.error} />
          <Chips
            label={t('channel')}
            groups={[{ chips: CHANNELS.map((v) => ({ value: v, label: t(`channel.${v}`) })) }]}
            value={channel}
            onChange={(v) => setChannel(v ?? 'phone')}
          />
          <Chips<string>
            label={t('result')}
            help={chosen ? say(chosen.after) : undefined}
            fault={asked && !result ? c('field.required') : undefined}
            groups={[{ chips: RESULTS.map((d) => ({ value: d.code, label: say(d.say) })) }]}
            value={result}
            onChange={setResult}
          />
          <TextLine label={t('note')} help={t('note.help')} value={note} onChange={setNote} />
          <BigButton primary busy={write.isPending} onClick={send}>
            {t('attempt.send')}
          </BigButton>
        </>
      )}
    </Sheet>
  )
}
