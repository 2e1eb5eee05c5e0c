import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { unitFor } from '../../../i18n/plural.ts'
import { useJoin } from '../../../i18n/setup.ts'
import { Section } from '../../../kit/centre/surfaces.tsx'
import { grouped } from '../../../words/numbers.ts'
import { GoLink } from '../../parts/GoLink.tsx'
import { useWaits } from './waits.ts'
import type { Wait } from './waits.ts'

const NAMED = 4

function Line({ wait }: { wait: Wait }): ReactNode {
  const { t } = useTranslation('centre')
  const join = useJoin()
  const what = unitFor(wait.n, t(`wait.${wait.key}`))
  const names = [...new Set(wait.names.filter((name) => name !== ''))]
  const shown = join(names.slice(0, NAMED))
  return (
    <li>
      <span className="needs-n">{grouped(wait.n)}</span>
      <span className="needs-what">
        {what}
        <small>
          {t(`wait.${wait.key}.who`)}
          {shown === '' ? '' : ` · ${names.length > NAMED ? t('wait.names', { names: shown }) : shown}`}
        </small>
      </span>
      <GoLink href={wait.href} className="plain" label={`${t('wait.go')}: ${grouped(wait.n)} ${what}`}>
        {t('wait.go')}
      </GoLink>
    </li>
  )
}

/** What was proposed here and others have to decide, and who that is; nothing is said when nothing waits. */
export function Waits(): ReactNode {
  const { t } = useTranslation('centre')
  const waits = useWaits()
  if (waits.length === 0) return null
  return (
    <Section title={t('now.waits')} lead={t('now.waits.lead')}>
      <ol className="needs">
        {waits.map((wait) => (
          <Line key={wait.key} wait={wait} />
        ))}
      </ol>
    </Section>
  )
}
