import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useSay } from '../../i18n/setup.ts'
import { Mark } from '../../kit/common/Mark.tsx'
import { useGate, useGateState } from '../current.ts'
import { go, hrefOf } from '../view.ts'
import type { View } from '../view.ts'
import { useAge } from './words.ts'

export function To({ view, className, children }: { view: View; className?: string; children: ReactNode }): ReactNode {
  return (
    <a
      href={hrefOf(view)}
      {...(className === undefined ? {} : { className })}
      onClick={(event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey) return
        event.preventDefault()
        go(view)
      }}
    >
      {children}
    </a>
  )
}

/** Which gate, which way, and the truth about this device: age of the list, trust of the clock, what waits. Small, and always there. */
export function StatusBar(): ReactNode {
  const { t } = useTranslation('checkpoint')
  const say = useSay()
  const age = useAge()
  const gate = useGate()
  const state = useGateState()
  const { trust, listAgeS, listThere, listOld } = state
  const without = t(listThere ? 'status.list.ageless' : 'status.list.none')
  const list = listAgeS === null ? without : t(listOld ? 'status.list.old' : 'status.list', { age: age(listAgeS) })
  const both = state.gate?.policy.direction === 'both'
  return (
    <header className="bar">
      <div className="bar-gate">
        <h1>{state.gate ? say(state.gate.name) : t('title')}</h1>
        {both ? (
          <fieldset className="bar-dir" aria-label={t('dir')}>
            {(['in', 'out'] as const).map((dir) => (
              <button
                key={dir}
                type="button"
                aria-pressed={state.direction === dir}
                onClick={() => void gate.setDirection(dir)}
              >
                {t(`dir.${dir}`)}
              </button>
            ))}
          </fieldset>
        ) : (
          <span className="bar-way">{t(`dir.${state.direction}`)}</span>
        )}
        <To view="log" className="bar-to">
          {t('nav.log')}
        </To>
        <To view="more" className="bar-to">
          {t('nav.more')}
        </To>
      </div>
      <ul className="bar-state" aria-label={t('status.label')}>
        <li data-bad={listOld}>
          {listOld ? <Mark sign="fault" /> : null} {list}
        </li>
        <li data-bad={!trust.trusted}>
          {trust.trusted ? (
            t(`status.clock.${trust.by}`)
          ) : (
            <To view="clock">
              <Mark sign="fault" /> {t('status.clock.no')}
            </To>
          )}
        </li>
        <li>
          <Mark sign={state.waiting > 0 ? 'box' : 'check'} />{' '}
          {state.waiting > 0 ? t('status.waiting', { n: state.waiting }) : t('status.sent')}
        </li>
        <li data-bad={state.session === 'out'}>
          {state.session === 'out' ? (
            <To view="login">
              <Mark sign="fault" /> {t('status.login')}
            </To>
          ) : (
            t(state.reached === false ? 'status.offline' : 'status.online')
          )}
        </li>
        {state.refused > 0 ? (
          <li data-bad="true">
            <To view="log">
              <Mark sign="cross" /> {t('status.refused', { n: state.refused })}
            </To>
          </li>
        ) : null}
        {state.full ? (
          <li data-bad="true">
            <Mark sign="fault" /> {t('status.full')}
          </li>
        ) : null}
      </ul>
    </header>
  )
}
