import { FeedKey } from '@weiwang/domain/feeds/api'
import type { Feed } from '@weiwang/domain/feeds/api'
import { isOutside } from '@weiwang/domain/feeds/outside'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useWrite } from '../../../api/query.ts'
import { Act } from '../../../kit/centre/controls.tsx'
import { Notice } from '../../../kit/common/Notice.tsx'
import { useMay, useMe } from '../../../session/me.ts'
import { Anything } from '../../parts/anything.ts'
import { ConfirmAct } from '../../parts/ConfirmAct.tsx'
import { EditSource } from './EditSource.tsx'

const STEPS = ['open', 'close', 'red/propose', 'red/approve', 'red/revoke', 'key/revoke'] as const
type Step = (typeof STEPS)[number]

/** Which steps a source allows in its present state; who may take them is another question. */
function stepsOf(feed: Feed): Step[] {
  const steps: Step[] = []
  if (feed.state !== 'open') steps.push('open')
  if (feed.state === 'open') steps.push('close')
  if (feed.red === 'none') steps.push('red/propose')
  if (feed.red === 'proposed') steps.push('red/approve')
  if (feed.red !== 'none') steps.push('red/revoke')
  if (feed.hasKey) steps.push('key/revoke')
  return steps
}

/** The same questions as the server's: who may take a step (ACCESS-5), and for red never a member of the centre (FEED-20). */
function useMayStep(feed: Feed): (step: Step | 'key') => boolean {
  const may = useMay()
  const me = useMe()
  const thing = { area: feed.area }
  return (step) => {
    switch (step) {
      case 'red/approve':
        return may('approve', 'feed', { ...thing, by: feed.redProposedBy }) && isOutside(me, feed.area)
      case 'red/propose':
        return may('propose', 'feed', thing)
      case 'red/revoke':
        return may('propose', 'feed', thing) || may('approve', 'feed', thing)
      default:
        return may('file', 'feed', thing)
    }
  }
}

function One({ feed, step }: { feed: Feed; step: Step }): ReactNode {
  const { t } = useTranslation('centre')
  const mayStep = useMayStep(feed)
  const write = useWrite(Anything, { path: `/api/feeds/${feed.id}/${step}`, touches: ['/api/feeds'] })
  if (!mayStep(step)) return null
  return (
    <ConfirmAct
      verb={t(`feedStep.${step}`)}
      title={t(`feedStep.${step}`)}
      write={write}
      onYes={(_, done) => write.mutate({}, { onSuccess: done })}
    >
      <p>{t(`feedStep.${step}.what`)}</p>
    </ConfirmAct>
  )
}

/** Shown once: the server keeps only its hash, so closing the panel is losing it. */
function NewKey({ feed, secret }: { feed: Feed; secret: string }): ReactNode {
  const { t } = useTranslation('centre')
  const [copied, setCopied] = useState(false)
  const copy = (): void =>
    void navigator.clipboard.writeText(secret).then(
      () => setCopied(true),
      () => setCopied(false),
    )
  return (
    <Notice
      takesFocus
      kind="note"
      head={t('feed.key.once')}
      body={<code style={{ overflowWrap: 'anywhere' }}>{secret}</code>}
      small={t('feed.key.use', { path: `/api/feeds/${feed.id}/rows` })}
      action={<Act onClick={copy}>{copied ? t('feed.key.copied') : t('feed.key.copy')}</Act>}
    />
  )
}

export function SourceActs({ feed }: { feed: Feed }): ReactNode {
  const { t } = useTranslation('centre')
  const mayStep = useMayStep(feed)
  const [key, setKey] = useState<string | null>(null)
  const make = useWrite(FeedKey, { path: `/api/feeds/${feed.id}/key`, touches: ['/api/feeds'] })
  const verb = feed.hasKey ? t('feedStep.key/renew') : t('feedStep.key')
  const yours = mayStep('red/approve')
  return (
    <>
      {feed.red === 'proposed' ? (
        <Notice
          kind="note"
          head={yours ? t('feed.red.yours') : t('feed.red.waits')}
          body={yours ? t('feed.red.yours.body') : t('feed.red.waits.body')}
        />
      ) : null}
      <div style={{ display: 'flex', gap: 8, flexWrap: 'wrap' }}>
        <EditSource feed={feed} />
        {stepsOf(feed).map((step) => (
          <One key={step} feed={feed} step={step} />
        ))}
        {mayStep('key') && feed.state !== 'closed' ? (
          <ConfirmAct
            verb={verb}
            title={verb}
            write={make}
            onYes={(_, done) =>
              make.mutate(
                {},
                {
                  onSuccess: (made) => {
                    setKey(made.key)
                    done()
                  },
                },
              )
            }
          >
            <p>{feed.hasKey ? t('feedStep.key.what') : t('feedStep.key/first')}</p>
          </ConfirmAct>
        ) : null}
      </div>
      {key ? <NewKey feed={feed} secret={key} /> : null}
    </>
  )
}
