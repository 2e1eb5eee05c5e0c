import { isUnlikely, parseTemperature, showTemperature } from '@weiwang/domain/observation/temperature'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Mark } from '../../kit/common/Mark.tsx'

const KEYS = ['1', '2', '3', '4', '5', '6', '7', '8', '9'] as const
/** What a healthy forehead shows; one tap each. */
const USUAL = [362, 364, 366, 368] as const
const DIGITS = 3

/** `36` then `5` reads 36.5: three keys, no point to look for. */
function shown(digits: string): string {
  return digits.length < 2 ? digits : `${digits.slice(0, 2)}.${digits.slice(2)}`
}

/** A number pad of our own, in the thumb's reach; a keyboard's digits are the scanner's. */
export function TemperaturePad({
  onEnter,
  onSkip,
}: {
  /** Tenths of a degree. */
  onEnter: (tenths: number) => void
  onSkip?: () => void
}): ReactNode {
  const { t } = useTranslation('checkpoint')
  const [digits, setDigits] = useState('')
  const [doubt, setDoubt] = useState<number | null>(null)
  const [bad, setBad] = useState(false)
  const type = (digit: string): void => {
    setBad(false)
    setDoubt(null)
    if (digits.length < DIGITS) setDigits(digits + digit)
  }
  const enter = (): void => {
    const tenths = parseTemperature(shown(digits))
    if (tenths === null) return setBad(true)
    if (isUnlikely(tenths) && doubt !== tenths) return setDoubt(tenths)
    return onEnter(tenths)
  }
  const said = bad ? t('temp.bad') : doubt === null ? '' : t('temp.unlikely', { t: showTemperature(doubt) })
  return (
    <section className="temp" aria-label={t('temp.label')}>
      <div className="temp-top">
        <output aria-label={t('temp.label')}>{digits === '' ? '--.-' : shown(digits)}℃</output>
        <fieldset className="temp-usual" aria-label={t('temp.usual')}>
          {USUAL.map((tenths) => (
            <button key={tenths} type="button" onClick={() => onEnter(tenths)}>
              {showTemperature(tenths)}
            </button>
          ))}
        </fieldset>
      </div>
      {said ? (
        <p className="temp-note" role="alert">
          <Mark sign="fault" /> {said}
        </p>
      ) : null}
      <div className="temp-keys">
        {KEYS.map((digit) => (
          <button key={digit} type="button" onClick={() => type(digit)}>
            {digit}
          </button>
        ))}
        <button
          type="button"
          className="temp-word"
          onClick={() => {
            if (digits === '' && onSkip) onSkip()
            else setDigits(digits.slice(0, -1))
          }}
        >
          {digits === '' && onSkip ? t('temp.skip') : t('temp.drop')}
        </button>
        <button type="button" onClick={() => type('0')}>
          0
        </button>
        <button type="button" className="temp-word temp-enter" onClick={enter}>
          {t('temp.ok')}
        </button>
      </div>
    </section>
  )
}
