import { FeedKey } from '@weiwang/domain/feeds/api'
import type { Feed } from '@weiwang/domain/feeds/api'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useWrite } from '../../../api/query.ts'
import { Notice } from '../../../kit/common/Notice.tsx'
import { useMay } from '../../../session/me.ts'
import { Anything } from '../../parts/anything.ts'
import { ConfirmAct } from '../../parts/ConfirmAct.tsx'

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

function One({ feed, step }: { feed: Feed; step: Step }): ReactNode {
  const { t } = useTranslation('centre')
  const may = useMay()
  const write = useWrite(Anything, { path: `/api/feeds/${feed.id}/${step}`, touches: ['/api/feeds'] })
  const allowed =
    step === 'red/approve'
      ? may('approve', 'feed', { area: feed.area, by: feed.redProposedBy })
      : step === 'red/propose' || step === 'open' || step === 'close'
        ? may('propose', 'feed', { area: feed.area }) || may('file', 'feed', { area: feed.area })
        : may('propose', 'feed', { area: feed.area }) ||
          may('revoke', 'feed', { area: feed.area }) ||
          may('approve', 'feed', { area: feed.area })
  if (!allowed) return null
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

export function SourceActs({ feed }: { feed: Feed }): ReactNode {
  const { t } = useTranslation('centre')
  const may = useMay()
  const [key, setKey] = useState<string | null>(null)
  const make = useWrite(FeedKey, { path: `/api/feeds/${feed.id}/key`, touches: ['/api/feeds'] })
  return (
    <>
      <div style={{ display: 'flex', gap: 8, flexWrap: 'wrap' }}>
        {stepsOf(feed).map((step) => (
          <One key={step} feed={feed} step={step} />
        ))}
        {may('file', 'feed', { area: feed.area }) ? (
          <ConfirmAct
            verb={t('feedStep.key')}
            title={t('feedStep.key')}
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
            <p>{t('feedStep.key.what')}</p>
          </ConfirmAct>
        ) : null}
      </div>
      {key ? (
        <Notice
          kind="note"
          head={t('feed.key.once')}
          body={<code>{key}</code>}
          small={t('feed.key.use', { path: `/api/feeds/${feed.id}/rows` })}
        />
      ) : null}
    </>
  )
}
