import { Board as BoardAnswer } from '@weiwang/domain/observation/api'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { q } from '../../../api/query.ts'
import { useSay } from '../../../i18n/setup.ts'
import { Act } from '../../../kit/centre/controls.tsx'
import { Section } from '../../../kit/centre/surfaces.tsx'
import { Loading, ReadProblem } from '../../../shared/ProblemNotice.tsx'
import { useDesk } from '../../parts/desk.ts'
import { FigureDoors } from '../../parts/FigureDoors.tsx'
import { paths } from '../../paths.ts'

type One = { key: string; say: { zh: string; en: string }; n: number; query: Record<string, string> }

function Row({ title, items }: { title: string; items: readonly One[] }): ReactNode {
  const { t } = useTranslation('centre')
  const say = useSay()
  return (
    <Section title={title}>
      <FigureDoors
        all={items.map((one) => ({
          label: say(one.say),
          n: one.n,
          unit: t('obs.unit'),
          href: paths.observation({ tab: 'list', ...one.query }),
        }))}
      />
    </Section>
  )
}

/** Numbers of now by list, step and measure; each opens its list with the same filters and the same total. */
export function Board({ by }: { by: 'responsible' | 'stay' }): ReactNode {
  const { t } = useTranslation('centre')
  const { t: c } = useTranslation('common')
  const { area } = useDesk()
  const answer = useQuery({ ...q(BoardAnswer, '/api/observations/board', { area, by }), refetchInterval: 30_000 })
  if (answer.error && !answer.data)
    return (
      <ReadProblem error={answer.error} again={<Act onClick={() => void answer.refetch()}>{c('act.retry')}</Act>} />
    )
  if (!answer.data) return <Loading />
  const { lists, steps, measures } = answer.data
  return (
    <>
      <Row title={t('obs.board.lists')} items={lists.map((one) => ({ key: one.list, ...one }))} />
      <Row title={t('obs.board.steps')} items={steps.map((one) => ({ key: one.step, ...one }))} />
      <Row title={t('obs.board.measures')} items={measures.map((one) => ({ key: one.measure, ...one }))} />
    </>
  )
}
