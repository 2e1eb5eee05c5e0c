import { BoundariesAnswer } from '@weiwang/domain/areas/api'
import type { Figures } from '@weiwang/domain/stats/api'
import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useMemo, useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { q } from '../../../api/query.ts'
import { useSay } from '../../../i18n/setup.ts'
import { Act } from '../../../kit/centre/controls.tsx'
import { useDark } from '../../../kit/centre/Provider.tsx'
import { Section } from '../../../kit/centre/surfaces.tsx'
import { Empty } from '../../../kit/common/Notice.tsx'
import { Loading, ReadProblem } from '../../../shared/ProblemNotice.tsx'
import { useDesk } from '../../parts/desk.ts'

// The map is large and seldom needed, so it comes when it is asked for.
const AreaMap = lazy(() => import('../../../kit/centre/AreaMap.tsx').then((m) => ({ default: m.AreaMap })))

const COUNTY_LENGTH = 6

function Drawn({ figures }: { figures: Figures }): ReactNode {
  const { t } = useTranslation('centre')
  const say = useSay()
  const dark = useDark()
  const { area, setArea } = useDesk()
  const answer = useQuery({ ...q(BoundariesAnswer, `/api/areas/boundaries/${area}`), staleTime: Infinity })
  const areas = useMemo(() => {
    const open = (code: string): number =>
      figures.children.find((row) => row.area === code && !row.own)?.figures.find((f) => f.id === 'open')?.n ?? 0
    const features = answer.data?.features ?? []
    const most = Math.max(1, ...features.map((f) => open(f.id)))
    return features.map((f) => ({
      code: f.id,
      name: f.properties.name,
      weight: open(f.id) / most,
      centre: f.properties.centre,
      polygons: f.geometry.coordinates,
    }))
  }, [answer.data, figures])
  if (answer.error) return <ReadProblem error={answer.error} again={null} />
  if (!answer.data) return <Loading />
  if (areas.length === 0) return <Empty why={t('map.none')} todo={t('map.none.todo')} />
  return (
    <Suspense fallback={<Loading />}>
      <AreaMap label={t('map.label', { name: figures.name })} areas={areas} dark={dark} onChoose={setArea} />
      <p className="progress-text">{say(answer.data.note)}</p>
    </Suspense>
  )
}

/** One way to choose an area; the table above says the same in words. */
export function MapSection({ figures }: { figures: Figures }): ReactNode {
  const { t } = useTranslation('centre')
  const [shown, setShown] = useState(false)
  const { area } = useDesk()
  if (area.length >= COUNTY_LENGTH) return null
  return (
    <Section title={t('map')} lead={t('map.lead')}>
      {shown ? <Drawn figures={figures} /> : <Act onClick={() => setShown(true)}>{t('map.show')}</Act>}
    </Section>
  )
}
