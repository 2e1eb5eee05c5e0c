import { RuleSetPreset, RuleSetView } from '@weiwang/domain/grading/api'
import type { RuleSetDocument } from '@weiwang/domain/grading/rule-set'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { q } from '../../../api/query.ts'
import { Page } from '../../../kit/centre/surfaces.tsx'
import { useMe } from '../../../session/me.ts'
import { Loading, ReadProblem } from '../../../shared/ProblemNotice.tsx'
import { useFilters } from '../../filters.ts'
import { RuleSetEditor } from './RuleSetEditor.tsx'
import { RuleSetReader } from './RuleSetReader.tsx'

const Filters = z.object({ preset: z.string(), from: z.uuid() })
const Presets = z.object({ items: z.array(RuleSetPreset) })

/** The first rule of an empty set, so that the form shows what a rule is made of. */
function blank(area: string): RuleSetDocument {
  return {
    code: 'own',
    area,
    name: { zh: '本地规则', en: 'Local rules' },
    about: { zh: '说明依据的文件', en: 'Say on which document it is based' },
    rules: [
      {
        id: 'from_high_risk',
        say: { zh: '14 天内到过高风险地区', en: 'Was in a high-risk area within 14 days' },
        when: { kind: 'stay', levels: ['high'], withinDays: 14 },
        gives: { grade: 'red' },
        lasts: { days: 14, from: 'fact' },
      },
    ],
  }
}

function NewRuleSet({ preset, from }: { preset: string | undefined; from: string | undefined }): ReactNode {
  const { t } = useTranslation('centre')
  const me = useMe()
  const presets = useQuery({
    ...q(Presets, '/api/rule-set-presets'),
    enabled: preset !== undefined,
    staleTime: Infinity,
  })
  const former = useQuery({ ...q(RuleSetView, `/api/rule-sets/${from ?? ''}`), enabled: from !== undefined })
  const error = presets.error ?? former.error
  if (error) return <ReadProblem error={error} again={null} />
  if ((preset && !presets.data) || (from && !former.data)) return <Loading />
  const chosen = presets.data?.items.find((p) => p.document.code === preset)?.document
  const start = former.data?.document ?? (chosen ? { ...chosen, area: me.area } : blank(me.area))
  return (
    <Page title={t('rules.new')} lead={t('rules.new.lead')}>
      <RuleSetEditor start={start} />
    </Page>
  )
}

export function RuleSetPage(): ReactNode {
  const { id = '' } = useParams({ strict: false })
  const [filters] = useFilters(Filters)
  if (id === 'new') return <NewRuleSet preset={filters.preset} from={filters.from} />
  return <RuleSetReader id={id} />
}
