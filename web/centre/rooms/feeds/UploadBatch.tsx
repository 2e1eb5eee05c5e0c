import { pageOf } from '@weiwang/domain/core/page'
import { BatchReceived, Feed } from '@weiwang/domain/feeds/api'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { upload } from '../../../api/http.ts'
import { qAll } from '../../../api/query.ts'
import { useSay } from '../../../i18n/setup.ts'
import { Act, FileButton, SelectField } from '../../../kit/centre/controls.tsx'
import { Dialog } from '../../../kit/centre/surfaces.tsx'
import { Progress } from '../../../kit/common/Figure.tsx'
import { Notice } from '../../../kit/common/Notice.tsx'
import { useMay } from '../../../session/me.ts'
import { ProblemNotice } from '../../../shared/ProblemNotice.tsx'
import { bytes } from '../../../words/numbers.ts'
import { useGo } from '../../parts/GoLink.tsx'
import { paths } from '../../paths.ts'

const Feeds = pageOf(Feed)
type Sending = { file: File; done: number; total: number; key: string }

/** Sends one file of one source; the report of the batch opens as soon as the server has the file. */
export function UploadBatch({ feed }: { feed: string | undefined }): ReactNode {
  const { t } = useTranslation('centre')
  const { t: c } = useTranslation('common')
  const say = useSay()
  const go = useGo()
  const client = useQueryClient()
  const [open, setOpen] = useState(false)
  const [chosen, setChosen] = useState(feed ?? '')
  const [sending, setSending] = useState<Sending | null>(null)
  const [error, setError] = useState<unknown>(null)
  // The key stays with the file: sending it again after a lost answer is the same delivery.
  const [last, setLast] = useState<{ file: File; feed: string; key: string } | null>(null)
  const may = useMay()
  const feeds = useQuery({ ...qAll(Feeds, '/api/feeds', { state: 'open' }), enabled: open })
  // A source belongs to the centre that answers for it; only that one and those above load its files.
  const mine = (feeds.data ?? []).filter((f) => may('file', 'batch', { area: f.area }))
  const start = async (file: File): Promise<void> => {
    const same = last?.file === file && last.feed === chosen
    const key = same ? last.key : crypto.randomUUID()
    setLast({ file, feed: chosen, key })
    setError(null)
    setSending({ file, done: 0, total: file.size, key })
    const body = new FormData()
    body.append('file', file)
    try {
      const { batch, repeated } = await upload(BatchReceived, {
        path: `/api/feeds/${chosen}/batches`,
        body,
        key,
        onProgress: (done, total) => setSending({ file, done, total, key }),
      })
      setOpen(false)
      void client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] === '/api/batches' })
      go(paths.batch(batch.id, repeated ? { again: 'true' } : {}))
    } catch (cause) {
      setError(cause)
    } finally {
      setSending(null)
    }
  }
  const retry = last?.file
  return (
    <>
      <Act primary onClick={() => setOpen(true)}>
        {t('batch.upload')}
      </Act>
      <Dialog title={t('batch.upload')} open={open} onClose={() => setOpen(false)} no={c('act.close')}>
        <div className="form">
          <ProblemNotice
            error={error ?? feeds.error}
            action={error && retry ? <Act onClick={() => void start(retry)}>{c('act.retry')}</Act> : null}
          />
          {feeds.data && mine.length === 0 ? (
            <Notice kind="note" head={t('batch.noFeed')} body={t('batch.noFeed.todo')} />
          ) : null}
          <SelectField
            label={t('feed.source')}
            value={chosen}
            onChange={setChosen}
            choices={mine.map((f) => ({ value: f.id, label: say(f.name) }))}
            help={t('batch.source.help')}
          />
          <p style={{ margin: 0 }}>{t('batch.formats')}</p>
          {sending ? (
            <Progress
              label={sending.file.name}
              done={sending.done}
              total={sending.total}
              text={`${c('state.way')} · ${sending.file.name} · ${bytes(sending.done)} / ${bytes(sending.total)}`}
            />
          ) : chosen ? (
            <FileButton primary accept=".csv,.xlsx,.txt" onFile={(file) => void start(file)}>
              {t('batch.choose')}
            </FileButton>
          ) : (
            <Act disabled why={t('batch.source.help')}>
              {t('batch.choose')}
            </Act>
          )}
        </div>
      </Dialog>
    </>
  )
}
