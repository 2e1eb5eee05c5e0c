import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { unitFor } from '../../../i18n/plural.ts'
import { Empty } from '../../../kit/common/Notice.tsx'
import { Loading, ProblemNotice } from '../../../shared/ProblemNotice.tsx'
import { grouped } from '../../../words/numbers.ts'
import { GoLink } from '../../parts/GoLink.tsx'
import { useNeeds } from './needs.ts'
import type { Need } from './needs.ts'

function Line({ need }: { need: Need }): ReactNode {
  const { t } = useTranslation('centre')
  const what = unitFor(need.n, t(`need.${need.key}`))
  const verb = t(`need.${need.key}.go`)
  return (
    <li>
      <span className="needs-n">{grouped(need.n)}</span>
      <span className="needs-what">
        {what}
        <small>{t(`need.${need.key}.why`)}</small>
      </span>
      <GoLink href={need.href} className="plain" label={`${verb}: ${grouped(need.n)} ${what}`}>
        {verb}
      </GoLink>
    </li>
  )
}

export function Needs(): ReactNode {
  const { t } = useTranslation('centre')
  const { needs, asking, failed } = useNeeds()
  return (
    <>
      <ProblemNotice quiet error={failed} />
      {needs.length > 0 ? (
        <ol className="needs">
          {needs.map((need) => (
            <Line key={need.key} need={need} />
          ))}
        </ol>
      ) : asking ? (
        <Loading />
      ) : failed ? null : (
        <Empty why={t('now.none')} todo={t('now.none.todo')} />
      )}
    </>
  )
}
