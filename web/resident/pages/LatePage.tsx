import { useState } from 'react'
import type { ReactElement } from 'react'
import { Act, Chips, focusLack, Problem } from '../parts.tsx'
import { EMPTY, isFilled, ReadingFields } from '../reading.tsx'
import { useWords } from '../texts.ts'
import { dayWord } from '../when.ts'
import { Confirm } from './Confirm.tsx'
import type { Mine } from './mine.ts'
import { lateSlots } from './PersonCard.tsx'
import { useSending } from './sending.ts'
import { HOME } from './texts.ts'

/** A report for one of the days before, as long as the rules take it (READ-4); it says for which, and counts as late. */
export function LatePage({
  mine,
  id,
  onFiled,
}: {
  mine: Mine
  id: string
  onFiled: () => Promise<void>
}): ReactElement {
  const { t, lang } = useWords(HOME)
  const item = mine.readings.items.find((one) => one.observationId === id)
  // Those of when the page was opened: what is typed does not go when the clock passes an hour.
  const [slots] = useState(() => lateSlots(item, Date.now() + mine.ahead))
  const [which, setWhich] = useState<string[]>(slots.length === 1 ? [nameOf(slots[0])] : [])
  const [draft, setDraft] = useState(EMPTY)
  const [tried, setTried] = useState(false)
  const { odd, filed, busy, trouble, send: sendAll, again } = useSending(onFiled)
  const slot = slots.find((one) => nameOf(one) === which[0])

  const send = (confirmed: boolean): void => {
    setTried(true)
    if (!item || !slot || !isFilled(draft)) return focusLack()
    const { county, observationId } = item
    return sendAll([{ county, observationId, slot: { day: slot.day, part: slot.part }, draft }], confirmed)
  }

  if (filed !== null || slots.length === 0)
    return (
      <main>
        <h1>
          <output>{t(filed === null ? 'lateNone' : 'thanks')}</output>
        </h1>
        {filed?.items.some((one) => one.alarm !== null) && <p className="alarm">{t('alarm')}</p>}
        <a className="button main" href="#home">
          {t('back')}
        </a>
      </main>
    )
  return (
    <main>
      <h1>{t('lateDo')}</h1>
      <p>{item?.masked}</p>
      <p className="quiet">{t('lateLead')}</p>
      <Chips
        label={t('lateWhich')}
        options={slots.map((one) => ({ code: nameOf(one), text: `${dayWord(one.day, lang)} ${t(one.part)}` }))}
        chosen={which}
        onChange={setWhich}
        bad={tried && !slot ? t('badWhich') : undefined}
        one
      />
      <ReadingFields draft={draft} asked={tried} onChange={setDraft} />
      {odd !== null && <Confirm temperature={odd} onYes={() => send(true)} onNo={again} />}
      <Problem trouble={trouble} />
      <Act busy={busy} onClick={() => send(false)}>
        {t('send')}
      </Act>
      <a className="plain" href="#home">
        {t('back')}
      </a>
    </main>
  )
}

function nameOf(slot: { day: string; part: string } | undefined): string {
  return slot ? `${slot.day}/${slot.part}` : ''
}
