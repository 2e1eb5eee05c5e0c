import type { MyObservation } from '@weiwang/domain/observation/my-api'
import { useRef, useState } from 'react'
import type { PointerEvent, ReactElement } from 'react'
import { ask } from '../net.ts'
import { Act, Problem, useAct } from '../parts.tsx'
import { useWords } from '../texts.ts'
import { HOME } from './texts.ts'

const SIDE = 1000
/** The server takes so many strokes of so many numbers (OBS-10). */
const MOST_STROKES = 60
const MOST_NUMBERS = 2000

/** OBS-10: the commitment, signed with a finger; kept as strokes, not as a picture. */
export function SignPage({ one, onSigned }: { one: MyObservation; onSigned: () => Promise<void> }): ReactElement {
  const { t, say } = useWords(HOME)
  const [strokes, setStrokes] = useState<number[][]>([])
  const drawing = useRef(false)
  const { busy, trouble, act } = useAct()

  const at = (event: PointerEvent<SVGSVGElement>): [number, number] => {
    const box = event.currentTarget.getBoundingClientRect()
    const on = (value: number, from: number, size: number): number =>
      Math.round(Math.min(SIDE, Math.max(0, ((value - from) / size) * SIDE)))
    return [on(event.clientX, box.left, box.width), on(event.clientY, box.top, box.height)]
  }
  const begin = (event: PointerEvent<SVGSVGElement>): void => {
    event.currentTarget.setPointerCapture(event.pointerId)
    drawing.current = true
    const point = at(event)
    setStrokes((all) => (all.length < MOST_STROKES ? [...all, point] : all))
  }
  const go = (event: PointerEvent<SVGSVGElement>): void => {
    if (!drawing.current) return
    const [x, y] = at(event)
    setStrokes((all) => {
      const last = all.at(-1)
      return last === undefined || last.length >= MOST_NUMBERS ? all : [...all.slice(0, -1), [...last, x, y]]
    })
  }
  const send = (): void =>
    act(async () => {
      await ask('POST', `/api/my/observations/${one.id}/agree`, { strokes })
      await onSigned()
      location.hash = '#home'
    })
  const points = (stroke: number[]): string =>
    stroke.reduce((text, value, i) => text + (i % 2 === 0 ? `${i === 0 ? '' : ' '}${value}` : `,${value}`), '')
  return (
    <main>
      <h1>{t('sign')}</h1>
      <p>
        {one.masked} · {say(one.measureName)}
      </p>
      <p>{say(one.out)}</p>
      <p>{say(one.reports)}</p>
      <p>
        <a href={`/api/my/observations/${one.id}/notice.pdf`} target="_blank" rel="noreferrer">
          {t('notice')} (PDF)
        </a>
      </p>
      <p id="sign-lead">{t('signLead')}</p>
      <svg
        className="sign"
        viewBox={`0 0 ${SIDE} ${SIDE}`}
        preserveAspectRatio="none"
        role="img"
        aria-labelledby="sign-lead"
        onPointerDown={begin}
        onPointerMove={go}
        onPointerUp={() => (drawing.current = false)}
        onPointerCancel={() => (drawing.current = false)}
      >
        {strokes.map((stroke, i) => (
          <polyline
            key={i}
            points={points(stroke)}
            fill="none"
            stroke="currentColor"
            strokeWidth="2.5"
            vectorEffect="non-scaling-stroke"
          />
        ))}
      </svg>
      <Problem trouble={trouble} />
      {strokes.length > 0 && (
        <>
          <Act busy={busy} onClick={send}>
            {t('signDo')}
          </Act>
          <button type="button" className="side" onClick={() => setStrokes([])}>
            {t('signAgain')}
          </button>
        </>
      )}
      <p className="quiet">{t('signWays')}</p>
      <a className="plain" href="#home">
        {t('back')}
      </a>
    </main>
  )
}
