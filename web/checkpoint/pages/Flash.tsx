import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useSay } from '../../i18n/setup.ts'
import { useGateState } from '../current.ts'
import type { Case } from '../gate/types.ts'
import { endFlash, tuneOf, useFlash } from './scanning.ts'
import { Shape } from './shapes.tsx'
import { useAge } from './words.ts'

/** The one word of a case: its colour, or what the gate makes of it. */
export function useWord(): (c: Case) => string {
  const { t } = useTranslation('checkpoint')
  return (c) => {
    if (c.lane === 'emergency') return t('verdict.emergency')
    if (c.check === 'refused') return t(c.lane === 'hardship' ? 'verdict.refusedPass' : 'verdict.refused')
    if (c.check === 'by_hand') return t('verdict.by_hand')
    if (c.colour !== null) return t(`verdict.${c.colour}`)
    if (c.lane === 'visitor' || c.lane === 'hardship' || c.lane === 'no_code') return t(`verdict.${c.lane}`)
    return t('verdict.by_hand')
  }
}

/** Fills the screen with colour, word and shape. A gate that checks by hand shows grey hatching, which is nobody's colour. */
export function FlashScreen(): ReactNode {
  const { t } = useTranslation('checkpoint')
  const say = useSay()
  const word = useWord()
  const age = useAge()
  const flash = useFlash()
  const { listAgeS, listOld } = useGateState()
  if (!flash) return null
  const c = flash.case
  const tune = tuneOf(c)
  return (
    <button type="button" className="flash" data-tune={tune} key={flash.n} onClick={endFlash}>
      <span className="flash-plate">
        <Shape of={tune} size="min(34vh, 44vw)" />
        <strong className="flash-word">{word(c)}</strong>
        <span className="flash-do">{say(c.why ?? c.decision.do)}</span>
        {c.name ? <span className="flash-name">{c.name}</span> : null}
        {c.againAfter === null ? null : <span>{t('scan.again', { n: c.againAfter })}</span>}
        {c.lane === 'paper' ? <span className="flash-paper">{t('verdict.paper')}</span> : null}
        {c.colour !== null && listOld && listAgeS !== null ? (
          <span>{t('verdict.listAge', { age: age(listAgeS) })}</span>
        ) : null}
      </span>
      <span className="visually-hidden">{t('verdict.dismiss')}</span>
    </button>
  )
}

/** Said to a screen reader and kept for a look back: the last verdict in words. */
export function FlashWords(): ReactNode {
  const say = useSay()
  const word = useWord()
  const flash = useFlash()
  return (
    <output className="visually-hidden" aria-live="assertive">
      {flash ? `${word(flash.case)} ${say(flash.case.why ?? flash.case.decision.do)}` : ''}
    </output>
  )
}
