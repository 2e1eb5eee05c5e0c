import { Attachment, MAX_ATTACHMENTS } from '@weiwang/domain/tasks/instruction-api'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { upload, withQuery } from '../../../api/http.ts'
import { Act, FileButton } from '../../../kit/centre/controls.tsx'
import { Progress } from '../../../kit/common/Figure.tsx'
import { ProblemNotice } from '../../../shared/ProblemNotice.tsx'
import { bytes } from '../../../words/numbers.ts'

type Sending = { name: string; done: number; total: number }

/** INSTR-8: papers are sent while the rest is still being written; what is not used goes by itself after a day. */
export function Attach({
  area,
  items,
  onChange,
}: {
  area: string
  items: readonly Attachment[]
  onChange: (items: Attachment[]) => void
}): ReactNode {
  const { t } = useTranslation('centre')
  const { t: c } = useTranslation('common')
  const [sending, setSending] = useState<Sending | null>(null)
  const [error, setError] = useState<unknown>(null)
  const add = async (file: File): Promise<void> => {
    setError(null)
    setSending({ name: file.name, done: 0, total: file.size })
    const id = crypto.randomUUID()
    try {
      const stored = await upload(Attachment, {
        path: withQuery(`/api/instructions/attachments/${id}`, { area, name: file.name.slice(-120) }),
        body: file,
        headers: { 'content-type': 'application/octet-stream' },
        key: id,
        onProgress: (done, total) => setSending({ name: file.name, done, total }),
      })
      onChange([...items, stored])
    } catch (cause) {
      setError(cause)
    } finally {
      setSending(null)
    }
  }
  return (
    <div className="field">
      <span className="field-label">{t('instr.attachments')}</span>
      <ProblemNotice error={error} />
      <ul className="history">
        {items.map((item) => (
          <li key={item.id}>
            {item.name} <small>{bytes(item.bytes)}</small>
            <Act
              quiet
              label={t('instr.attach.remove', { name: item.name })}
              onClick={() => onChange(items.filter((one) => one.id !== item.id))}
            >
              {t('instr.attach.off')}
            </Act>
          </li>
        ))}
      </ul>
      {sending ? (
        <Progress
          label={sending.name}
          done={sending.done}
          total={sending.total}
          text={`${c('state.way')} · ${sending.name}`}
        />
      ) : items.length < MAX_ATTACHMENTS ? (
        <span>
          <FileButton accept=".pdf,.jpg,.jpeg,.png" onFile={(file) => void add(file)}>
            {t('instr.attach')}
          </FileButton>
        </span>
      ) : null}
      <span className="field-help">{t('instr.attach.help')}</span>
    </div>
  )
}
