import { DISPOSITIONS, RETRY_CODES } from '@weiwang/domain/tasks/disposition'
import { useRouter } from '@tanstack/react-router'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { useSay } from '../../i18n/setup.ts'
import { BigButton, Chips, Sheet, TextLine } from '../../kit/phone/controls.tsx'
import { paths } from '../paths.ts'
import { useKept, useOutbox, usePhone } from '../phone/hooks.tsx'
import type { TaskView } from '../phone/types.ts'
import { State, useReceipt } from './Sent.tsx'

const CHANNELS = ['phone', 'door', 'message', 'video', 'relative'] as const
const RESULTS = DISPOSITIONS.filter((d) => RETRY_CODES.includes(d.code))
type Props = { task: TaskView; onClose: () => void }

const Attempt = z.object({ channel: z.enum(CHANNELS), result: z.string().nullable(), note: z.string() })
type Attempt = z.infer<typeof Attempt>
const UNTRIED: Attempt = { channel: 'phone', result: null, note: '' }

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
export function AttemptSheet({ task, onClose }: Props): ReactNode {
  const { t } = useTranslation('worker')
  const { t: c } = useTranslation('common')
  const say = useSay()
  const phone = usePhone()
  const {
    value: { channel, result, note },
    patch: set,
    draft,
  } = useKept<Attempt>({ form: 'task.attempt', version: '1', subject: task.id }, Attempt, UNTRIED)
  const [pressed, setPressed] = useState(false)
  const [filed, setFiled] = useState<string | null>(null)
  const chosen = RESULTS.find((d) => d.code === result)
  const send = async (): Promise<void> => {
    setPressed(true)
    if (!result) return
    const occurredAt = phone.now().toISOString()
    const body = { id: task.id, channel, result, ...(note.trim() ? { note: note.trim() } : {}), occurredAt }
    setFiled((await phone.outbox.add({ kind: 'task.attempt', grid: task.grid, body, draft })).key)
  }
  return (
    <Sheet title={t('notReached')} open onClose={onClose} close={filed ? c('act.close') : c('act.cancel')}>
      {filed ? (
        <After item={filed} says={chosen ? say(chosen.after) : ''} />
      ) : (
        <>
          <Chips
            label={t('channel')}
            groups={[{ chips: CHANNELS.map((v) => ({ value: v, label: t(`channel.${v}`) })) }]}
            value={channel}
            onChange={(v) => set({ channel: v ?? 'phone' })}
          />
          <Chips<string>
            label={t('result')}
            help={chosen ? say(chosen.after) : undefined}
            fault={pressed && !result ? c('field.required') : undefined}
            groups={[{ chips: RESULTS.map((d) => ({ value: d.code, label: say(d.say) })) }]}
            value={result}
            onChange={(code) => set({ result: code })}
          />
          <TextLine label={t('note')} help={t('note.help')} value={note} onChange={(text) => set({ note: text })} />
          <BigButton primary onClick={() => void send()}>
            {t('attempt.send')}
          </BigButton>
        </>
      )}
    </Sheet>
  )
}

const REASONS = ['not_my_area', 'not_resident', 'cannot'] as const
const Return = z.object({ reason: z.enum(REASONS), evidence: z.string() })
type Return = z.infer<typeof Return>
const UNRETURNED: Return = { reason: 'not_my_area', evidence: '' }

/** Not my grid: goes up one level with the evidence. */
export function ReturnSheet({ task, onClose }: Props): ReactNode {
  const { t } = useTranslation('worker')
  const { t: c } = useTranslation('common')
  const router = useRouter()
  const phone = usePhone()
  const {
    value: { reason, evidence },
    patch: set,
    draft,
  } = useKept<Return>({ form: 'task.return', version: '1', subject: task.id }, Return, UNRETURNED)
  const [pressed, setPressed] = useState(false)
  const send = async (): Promise<void> => {
    setPressed(true)
    if (!evidence.trim()) return
    const body = { id: task.id, reason, evidence: evidence.trim() }
    await phone.outbox.add({ kind: 'task.return', grid: task.grid, body, draft })
    onClose()
    router.history.push(paths.today())
  }
  return (
    <Sheet title={t('notMine')} open onClose={onClose} close={c('act.cancel')}>
      <p>{t('return.lead')}</p>
      <Chips
        label={t('return.why')}
        groups={[{ chips: REASONS.map((r) => ({ value: r, label: t(`return.${r}`) })) }]}
        value={reason}
        onChange={(r) => set({ reason: r ?? 'not_my_area' })}
      />
      <TextLine
        label={t('return.evidence')}
        help={t('return.evidence.help')}
        fault={pressed && !evidence.trim() ? c('field.required') : undefined}
        value={evidence}
        onChange={(text) => set({ evidence: text })}
      />
      <BigButton primary onClick={() => void send()}>
        {t('return.send')}
      </BigButton>
    </Sheet>
  )
}
