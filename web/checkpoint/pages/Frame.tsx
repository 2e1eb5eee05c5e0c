import { useEffect, useRef } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { go } from '../view.ts'
import { Always } from './Always.tsx'

/** A page beside the camera: its name, the way back, and below what is always there. */
export function Frame({ title, children }: { title: string; children: ReactNode }): ReactNode {
  const { t: c } = useTranslation('common')
  const head = useRef<HTMLHeadingElement>(null)
  useEffect(() => head.current?.focus(), [title])
  return (
    <div className="beside">
      <header className="beside-head">
        <button type="button" onClick={() => go('scan')}>
          ‹ {c('act.back')}
        </button>
        <h1 tabIndex={-1} ref={head}>
          {title}
        </h1>
      </header>
      <main className="beside-main">{children}</main>
      <div className="below">
        <Always />
      </div>
    </div>
  )
}
