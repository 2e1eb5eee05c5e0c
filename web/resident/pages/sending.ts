import type { FiledReadings } from '@weiwang/domain/observation/reading-api'
import type { SlotKey } from '@weiwang/domain/observation/slots'
import { isUnlikely, parseTemperature } from '@weiwang/domain/observation/temperature'
import { useRef, useState } from 'react'
import { newId } from '../../shared/newId.ts'
import { ask, Trouble } from '../net.ts'
import { useAct } from '../parts.tsx'
import { wordsOf } from '../reading.tsx'
import type { Draft } from '../reading.tsx'

/** Without a slot it is the one that is open now. */
export type ToSend = {
  county: string
  observationId: string
  slot?: SlotKey
  draft: Draft
}

/**
 * Reports on their way, each under one id however often it is sent. An unlikely temperature is asked about first (READ-3), here or
 * when the server finds it so; `odd` is the one that is asked about.
 */
export function useSending(onFiled: () => Promise<void>) {
  const [odd, setOdd] = useState<number | null>(null)
  const [filed, setFiled] = useState<FiledReadings | null>(null)
  const ids = useRef<Record<string, string>>({})
  const { busy, trouble, act } = useAct()

  const send = (reports: readonly ToSend[], confirmed: boolean): void => {
    const temperatures = reports.map(({ draft }) => (draft.cannot ? null : parseTemperature(draft.typed)))
    const unlikely = temperatures.find((one) => one !== null && isUnlikely(one)) ?? null
    if (!confirmed && unlikely !== null) {
      setOdd(unlikely)
      return
    }
    setOdd(null)
    act(async () => {
      try {
        setFiled(
          await ask<FiledReadings>('POST', '/api/my/readings', {
            items: reports.map(({ draft, ...of }) => ({
              id: (ids.current[of.observationId] ??= newId(new Date())),
              ...of,
              ...wordsOf(draft),
              confirmed,
            })),
          }),
        )
      } catch (error) {
        if (!(error instanceof Trouble) || error.body.code !== 'UNLIKELY_TEMPERATURE') throw error
        setOdd(temperatures.find((one) => one !== null) ?? 0)
        return
      }
      await onFiled()
    })
  }
  return { odd, filed, busy, trouble, send, again: () => setOdd(null) }
}
