import { DISPOSITIONS, RETRY_CODES } from '@weiwang/domain/tasks/disposition'
import { useRouter } from '@tanstack/react-router'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useSay } from '../../i18n/setup.ts'
import { BigButton, Chips, Sheet, TextLine } from '../../kit/phone/controls.tsx'
import { paths } from '../paths.ts'
import { useOutbox, usePhone } from '../phone/hooks.tsx'
import type { TaskView } from '../phone/types.ts'
import { State, useReceipt } from './Sent.tsx'

const CHANNELS = ['phone', 'door', 'message', 'video', 'relative'] as const
type Channel = (typeof CHANNELS)[number]
const RESULTS = DISPOSITIONS.filter((d) => RETRY_CODES.includes(d.code))
type Props = { task: TaskView; open: boolean; onClose: () => void }

function After({ item: key, says }: { item: string; says: string }): ReactNode {
  const item = useOutbox().find((one) => one.key === key) ?? null
  return (
    <>
      <State item={item} receipt={useReceipt(key)} />
      <p>{says}</p>
    </>
  )
}

/** Nobody answered: how it was tried and what came of it; the next try is planned by the rules. */
export function AttemptSheet({ task, open, onClose }: Props): ReactNode {
  const { t } = useTranslation('worker')
  const { t: c } = useTranslation('common')
  const say = useSay()
  const phone = usePhone()
  const [channel, setChannel] = useState<Channel>('phone')
  const [result, setResult] = useState<string | null>(null)
  const [note, setNote] = useState('')
  const [pressed, setPressed] = useState(false)
  const [filed, setFiled] = useState<string | null>(null)
  const chosen = RESULTS.find((d) => d.code === result)
  const close = (): void => {
    setResult(null)
    setNote('')
    setPressed(false)
    setFiled(null)
    onClose()
  }
  const send = async (): Promise<void> => {
    setPressed(true)
    if (!result) return
    const occurredAt = phone.now().toISOString()
    const body = { id: task.id, channel, result, ...(note.trim() ? { note: note.trim() } : {}), occurredAt }
    setFiled((await phone.outbox.add({ kind: 'task.attempt', grid: task.grid, body })).key)
  }
  return (
    <Sheet title={t('notReached')} open={open} onClose={close} close={filed ? c('act.close') : c('act.cancel')}>
      {filed ? (
        <After item={filed} says={chosen ? say(chosen.after) : ''} />
      ) : (
        <>
          <Chips
            label={t('channel')}
            groups={[{ chips: CHANNELS.map((v) => ({ value: v, label: t(`channel.${v}`) })) }]}
            value={channel}
            onChange={(v) => setChannel(v ?? 'phone')}
          />
          <Chips<string>
            label={t('result')}
            help={chosen ? say(chosen.after) : undefined}
            fault={pressed && !result ? c('field.required') : undefined}
            groups={[{ chips: RESULTS.map((d) => ({ value: d.code, label: say(d.say) })) }]}
            value={result}
            onChange={setResult}
          />
          <TextLine label={t('note')} help={t('note.help')} value={note} onChange={setNote} />
          <BigButton primary onClick={() => void send()}>
            {t('attempt.send')}
          </BigButton>
        </>
      )}
    </Sheet>
  )
}

const REASONS = ['not_my_area', 'not_resident', 'cannot'] as const

/** Not my grid: goes up one level with the evidence. */
export function ReturnSheet({ task, open, onClose }: Props): ReactNode {
  const { t } = useTranslation('worker')
  const { t: c } = useTranslation('common')
  const router = useRouter()
  const phone = usePhone()
  const [reason, setReason] = useState<(typeof REASONS)[number]>('not_my_area')
  const [evidence, setEvidence] = useState('')
  const [pressed, setPressed] = useState(false)
  const send = async (): Promise<void> => {
    setPressed(true)
    if (!evidence.trim()) return
    const body = { id: task.id, reason, evidence: evidence.trim() }
    await phone.outbox.add({ kind: 'task.return', grid: task.grid, body })
    onClose()
    router.history.push(paths.today())
  }
  return (
    <Sheet title={t('notMine')} open={open} onClose={onClose} close={c('act.cancel')}>
      <p>{t('return.lead')}</p>
      <Chips
        label={t('return.why')}
        groups={[{ chips: REASONS.map((r) => ({ value: r, label: t(`return.${r}`) })) }]}
        value={reason}
        onChange={(r) => setReason(r ?? 'not_my_area')}
      />
      <TextLine
        label={t('return.evidence')}
        help={t('return.evidence.help')}
        fault={pressed && !evidence.trim() ? c('field.required') : undefined}
        value={evidence}
        onChange={setEvidence}
      />
      <BigButton primary onClick={() => void send()}>
        {t('return.send')}
      </BigButton>
    </Sheet>
  )
}
