import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Act } from '../../../kit/centre/controls.tsx'
import { Page, Section } from '../../../kit/centre/surfaces.tsx'
import { useClock, useMay, useMe } from '../../../session/me.ts'
import { dayWords } from '../../../words/time.ts'
import { AreaFigures } from '../figures/AreaFigures.tsx'
import { useDesk } from '../../parts/desk.ts'
import { HelpInbox } from '../help/HelpInbox.tsx'
import { Guide } from './Guide.tsx'
import { Needs } from './Needs.tsx'
import { NoEmergency } from './NoEmergency.tsx'
import { Waits } from './Waits.tsx'

const SEEN = 'weiwang.centre.guide'

/** What needs me, in order; then the figures of my level with yesterday's beside and the areas below. */
export function NowPage(): ReactNode {
  const { t } = useTranslation('centre')
  const { t: c } = useTranslation('common')
  const me = useMe()
  const may = useMay()
  const clock = useClock()
  const desk = useDesk()
  const [guide, setGuide] = useState(() => localStorage.getItem(SEEN) !== me.id)
  const close = (): void => {
    localStorage.setItem(SEEN, me.id)
    setGuide(false)
  }
  return (
    <Page
      title={t('room.now')}
      lead={t('now.lead', { name: me.name, day: dayWords(desk.day, clock) })}
      acts={<Act onClick={() => setGuide(!guide)}>{c('act.guide')}</Act>}
    >
      <NoEmergency />
      {guide ? <Guide onDone={close} /> : null}
      {may('file', 'handover') ? <HelpInbox /> : null}
      <Section title={t('now.needs')} lead={t('now.needs.lead')}>
        <Needs />
      </Section>
      <Waits />
      {may('read', 'stats') ? (
        <Section title={t('now.figures')} lead={t('now.figures.lead')}>
          <AreaFigures from={desk.day} to={desk.day} />
        </Section>
      ) : null}
    </Page>
  )
}
