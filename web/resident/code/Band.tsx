import type { ReactElement } from 'react'
import { useWords } from '../texts.ts'
import type { Colour } from './days.ts'
import { sound } from './sound.ts'
import { CODE } from './texts.ts'

/** Told apart without colour, as everywhere in the house: ▲ ◆ ■ ◌; drawn, so that no font lacks one. */
const SHAPES: Record<Colour, string> = {
  red: 'M0-10 10.5 8.5h-21z',
  yellow: 'M0-11 11 0 0 11-11 0z',
  green: 'M-9-9h18v18h-18z',
  pending: 'M0-9a9 9 0 1 0 .01 0z',
}

export function Shape({ colour }: { colour: Colour }): ReactElement {
  const open = colour === 'pending'
  return (
    <svg className="shape" viewBox="-12 -12 24 24" aria-hidden="true">
      <path
        d={SHAPES[colour]}
        fill={open ? 'none' : 'currentColor'}
        {...(open ? { stroke: 'currentColor', strokeWidth: 3, strokeDasharray: '3.2 2.5' } : {})}
      />
    </svg>
  )
}

/** The colour over the full width: by shape, word and name, and by sound when asked. */
export function Band({ colour, masked, who }: { colour: Colour; masked: string; who: string }): ReactElement {
  const { t, lang } = useWords(CODE)
  return (
    <div className={`band ${colour}`}>
      <Shape colour={colour} />
      <h1>
        {t(colour)} <small>{masked}</small>
      </h1>
      <button
        type="button"
        className="listen"
        aria-label={t('listenLong')}
        onClick={() => sound(colour, `${who} ${t(colour)}`, lang)}
      >
        {t('listen')}
      </button>
    </div>
  )
}

/** No colour: hatched grey, never to be taken for one. */
export function NoColour({ word, masked }: { word: string; masked: string }): ReactElement {
  return (
    <div className="band none">
      <h1>
        {word} <small>{masked}</small>
      </h1>
    </div>
  )
}
