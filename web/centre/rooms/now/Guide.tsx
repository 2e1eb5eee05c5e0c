import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Act } from '../../../kit/centre/controls.tsx'
import { useMay } from '../../../session/me.ts'
import { GoLink } from '../../parts/GoLink.tsx'
import { paths } from '../../paths.ts'

/** Three steps from a file to a door; can be called again at any time. */
export function Guide({ onDone }: { onDone: () => void }): ReactNode {
  const { t } = useTranslation('centre')
  const { t: c } = useTranslation('common')
  const may = useMay()
  const steps = [
    {
      n: 1,
      head: t('guide.1'),
      body: t('guide.1.body'),
      href: paths.feeds(),
      verb: t('guide.1.go'),
      show: may('read', 'batch'),
    },
    {
      n: 2,
      head: t('guide.2'),
      body: t('guide.2.body'),
      href: paths.rules(),
      verb: t('guide.2.go'),
      show: may('read', 'rule_set'),
    },
    {
      n: 3,
      head: t('guide.3'),
      body: t('guide.3.body'),
      href: paths.lists(),
      verb: t('guide.3.go'),
      show: may('read', 'push'),
    },
  ]
  return (
    <section aria-label={c('act.guide')}>
      <ol className="guide">
        {steps.map((step) => (
          <li key={step.n}>
            <small>{c('guide.step', { n: step.n })}</small>
            <b>{step.head}</b>
            <p>{step.body}</p>
            {step.show ? <GoLink href={step.href}>{step.verb}</GoLink> : null}
          </li>
        ))}
      </ol>
      <Act onClick={onDone}>{c('guide.done')}</Act>
    </section>
  )
}
