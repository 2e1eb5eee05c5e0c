import { useRef, useState } from 'react'
import type { PointerEvent, ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { BigButton } from '../../../kit/phone/controls.tsx'
import './observation.css'

const WIDE = 1000
const HIGH = 500
/** What one stroke and one signature may hold at most (the step's own schema). */
const POINTS = 900
const STROKES = 60
const NEAR = 6

/** A signature by finger, kept as strokes of x, y in 0 to 1000; nothing but the drawing is taken (OBS-10). */
export function Sign({
  strokes,
  onChange,
}: {
  strokes: readonly (readonly number[])[]
  onChange: (strokes: number[][]) => void
}): ReactNode {
  const { t } = useTranslation('worker')
  const [line, setLine] = useState<number[]>([])
  const drawn = useRef<number[]>([])
  const box = useRef<SVGSVGElement>(null)
  const at = (event: PointerEvent): [number, number] => {
    const edge = box.current?.getBoundingClientRect()
    if (!edge) return [0, 0]
    const put = (n: number, size: number, most: number): number =>
      Math.min(most, Math.max(0, Math.round((n / size) * most)))
    return [put(event.clientX - edge.left, edge.width, WIDE), put(event.clientY - edge.top, edge.height, HIGH)]
  }
  const draw = (next: number[]): void => {
    drawn.current = next
    setLine(next)
  }
  const move = (event: PointerEvent): void => {
    const before = drawn.current
    if (before.length === 0 || before.length >= POINTS * 2) return
    const [x, y] = at(event)
    if (Math.hypot(x - (before.at(-2) ?? 0), y - (before.at(-1) ?? 0)) >= NEAR) draw([...before, x, y])
  }
  const end = (): void => {
    if (drawn.current.length >= 4 && strokes.length < STROKES) {
      onChange([...strokes.map((stroke) => [...stroke]), drawn.current])
    }
    draw([])
  }
  const path = [...strokes, line]
    .map((stroke) => stroke.map((n, i) => (i % 2 === 0 ? `${i === 0 ? 'M' : 'L'}${n}` : n)).join(' '))
    .join(' ')
  return (
    <div>
      <p>
        {t('obs.f.strokes')} {strokes.length > 0 ? <b>{t('obs.f.strokes.signed')}</b> : null}
      </p>
      <svg
        ref={box}
        className="obs-sign"
        viewBox={`0 0 ${WIDE} ${HIGH}`}
        role="img"
        aria-label={t('obs.f.strokes')}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId)
          draw(at(event))
        }}
        onPointerMove={move}
        onPointerUp={end}
        onPointerCancel={end}
      >
        <path d={path} fill="none" stroke="#14211f" strokeWidth={9} strokeLinecap="round" strokeLinejoin="round" />
      </svg>
      {strokes.length > 0 ? <BigButton onClick={() => onChange([])}>{t('obs.f.strokes.clear')}</BigButton> : null}
    </div>
  )
}
