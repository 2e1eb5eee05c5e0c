import type { FiledVisit } from '@weiwang/domain/visits/api'
import { findDisposition } from '@weiwang/domain/tasks/disposition'
import { useEffect, useRef } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { z } from 'zod'
import { useSay } from '../../i18n/setup.ts'
import { Mark } from '../../kit/common/Mark.tsx'
import { ActBar, BigButton } from '../../kit/phone/controls.tsx'
import { useMe } from '../../session/me.ts'
import { hourMinuteSecond } from '../../words/time.ts'
import { Go } from '../Go.tsx'
import { paths } from '../paths.ts'

/** Shown only after the server's word: when it was recorded, what happens next, and the way to take it back. */
export function Sent({
  filed,
  disposition,
  onCorrect,
  kind,
}: {
  filed: z.output<typeof FiledVisit>
  disposition: string | null
  onCorrect: (visit: string) => void
  kind: 'task' | 'door'
}): ReactNode {
  const { t } = useTranslation('worker')
  const { t: c } = useTranslation('common')
  const say = useSay()
  const me = useMe()
  const box = useRef<HTMLOutputElement>(null)
  useEffect(() => {
    box.current?.focus({ preventScroll: true })
    box.current?.scrollIntoView({ block: 'center' })
  }, [])
  const known = disposition === null ? null : findDisposition(disposition)
  return (
    <output className="card sent" ref={box} tabIndex={-1}>
      <div className="sent-mark">
        <Mark sign="check" />
      </div>
      <h2>{c('state.server')}</h2>
      <p>{t('sent.at', { time: hourMinuteSecond(new Date(filed.recordedAt), me.zone) })}</p>
      {known ? (
        <p>
          <b>{say(known.say)}</b>
          <br />
          {say(known.after)}
        </p>
      ) : null}
      {filed.missing.length > 0 ? <p>{t('sent.missing', { n: filed.missing.length })}</p> : null}
      <BigButton onClick={() => onCorrect(filed.id)}>{t('undo')}</BigButton>
      <ActBar>
        <Go href={kind === 'task' ? paths.today() : paths.doors()} className="big">
          {t('sent.next')}
        </Go>
      </ActBar>
    </output>
  )
}
