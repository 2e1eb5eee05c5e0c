import { findDisposition } from '@weiwang/domain/tasks/disposition'
import { useEffect, useRef, useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useSay } from '../../i18n/setup.ts'
import { Mark } from '../../kit/common/Mark.tsx'
import { HonestState, Notice } from '../../kit/common/Notice.tsx'
import { ActBar, BigButton } from '../../kit/phone/controls.tsx'
import { hourMinuteSecond } from '../../words/time.ts'
import { useClock } from '../clock.tsx'
import { Go } from '../Go.tsx'
import { paths } from '../paths.ts'
import { useOutbox, usePhone } from '../phone/hooks.tsx'
import type { OutboxItem, Receipt } from '../phone/types.ts'

/** The receipt of an item that has left the outbox; null while it has not. */
export function useReceipt(key: string): Receipt | null {
  const phone = usePhone()
  const items = useOutbox()
  const [receipt, setReceipt] = useState<Receipt | null>(null)
  useEffect(() => {
    let wanted = true
    void phone.outbox.receipts().then((all) => {
      if (wanted) setReceipt(all.find((one) => one.key === key) ?? null)
    })
    return () => {
      wanted = false
    }
  }, [phone, key, items])
  return receipt
}

/** Where work is now, in the same words everywhere. */
export function State({ item, receipt }: { item: OutboxItem | null; receipt: Receipt | null }): ReactNode {
  const { t } = useTranslation('worker')
  const { t: c } = useTranslation('common')
  if (item?.state === 'held' || receipt?.outcome === 'held') return <HonestState state="way" word={t('state.held')} />
  if (receipt) return <HonestState state="server" word={c('state.server')} />
  if (item?.state === 'refused') return <HonestState state="refused" word={c('state.refused')} />
  if (item?.state === 'sending') return <HonestState state="way" word={c('state.way')} />
  if (item?.state === 'stuck') return <HonestState state="here" word={t('state.stuck')} />
  return <HonestState state="here" word={t('state.here')} />
}

function Words({ item, receipt }: { item: OutboxItem | null; receipt: Receipt | null }): ReactNode {
  const { t } = useTranslation('worker')
  const { t: c } = useTranslation('common')
  const clock = useClock()
  const isHeld = item?.state === 'held' || receipt?.outcome === 'held'
  if (isHeld) return <h2>{t('state.held')}</h2>
  if (receipt) {
    return (
      <>
        <h2>{c('state.server')}</h2>
        <p>{t('sent.at', { time: hourMinuteSecond(new Date(receipt.recordedAt), clock.zone) })}</p>
        {receipt.open > 0 ? <p>{t('sent.open', { n: receipt.open })}</p> : null}
        {receipt.movedTo ? <p>{t('sent.moved', { area: receipt.movedTo.name })}</p> : null}
      </>
    )
  }
  if (item?.state === 'refused') return <h2>{c('state.refused')}</h2>
  return (
    <>
      <h2>{t('sent.here')}</h2>
      <p>{t('sent.here.body')}</p>
    </>
  )
}

/**
 * After filing: kept on this phone at once, then the server's word when it has come, then what happens next and the way to take
 * it back. It never says more than is known.
 */
export function Sent({
  item: key,
  disposition,
  onCorrect,
  next,
}: {
  item: string
  disposition: string | null
  onCorrect: (() => void) | null
  /** Where the next one is. */
  next: string
}): ReactNode {
  const { t } = useTranslation('worker')
  const say = useSay()
  const item = useOutbox().find((one) => one.key === key) ?? null
  const receipt = useReceipt(key)
  const box = useRef<HTMLOutputElement>(null)
  useEffect(() => {
    box.current?.focus({ preventScroll: true })
    box.current?.scrollIntoView({ block: 'center' })
  }, [])
  const known = disposition === null ? null : findDisposition(disposition)
  return (
    <output className="card sent" ref={box} tabIndex={-1}>
      <div className="sent-mark">
        <Mark sign={receipt ? 'check' : item?.state === 'refused' ? 'cross' : 'box'} />
      </div>
      <Words item={item} receipt={receipt} />
      {item?.state === 'refused' ? (
        <Notice
          kind="fault"
          head={say(item.problem?.message)}
          body={say(item.problem?.remedy)}
          action={<Go href={paths.sent(key)}>{t('outbox.open')}</Go>}
        />
      ) : null}
      {known ? (
        <p>
          <b>{say(known.say)}</b>
          <br />
          {say(known.after)}
        </p>
      ) : null}
      {onCorrect && item?.state !== 'refused' ? <BigButton onClick={onCorrect}>{t('undo')}</BigButton> : null}
      <ActBar>
        <Go href={next} className="big">
          {t('sent.next')}
        </Go>
      </ActBar>
    </output>
  )
}
