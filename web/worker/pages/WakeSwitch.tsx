import { WakeAnswer, WakeKey } from '@weiwang/domain/sync/wake'
import { useEffect, useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { get, send } from '../../api/http.ts'
import { Switch } from '../../kit/phone/controls.tsx'
import { ProblemNotice } from '../../shared/ProblemNotice.tsx'

function bytesOf(key: string): Uint8Array<ArrayBuffer> {
  const text = atob(key.replaceAll('-', '+').replaceAll('_', '/'))
  return Uint8Array.from(text, (letter) => letter.codePointAt(0) ?? 0)
}

function canBeTold(): boolean {
  return 'serviceWorker' in navigator && 'PushManager' in window && 'Notification' in window
}

async function subscribe(key: string): Promise<string | null> {
  if ((await Notification.requestPermission()) !== 'granted') return null
  const { pushManager } = await navigator.serviceWorker.ready
  const subscription = await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytesOf(key) })
  return subscription.endpoint
}

async function unsubscribe(): Promise<void> {
  const { pushManager } = await navigator.serviceWorker.ready
  await (await pushManager.getSubscription())?.unsubscribe()
}

/** WAKE-1: shown only where the site has web push and the browser can; the phone says what the server has written. */
export function WakeSwitch(): ReactNode {
  const { t } = useTranslation('worker')
  const [site, setSite] = useState<{ key: string | null; on: boolean } | null>(null)
  const [blocked, setBlocked] = useState(false)
  const [error, setError] = useState<unknown>(null)
  useEffect(() => {
    let wanted = true
    // Without a network the switch is not shown: turning it needs the server's word.
    get(WakeKey, '/api/sync/wake').then(
      (answer) => (wanted ? setSite(answer) : undefined),
      () => undefined,
    )
    return () => {
      wanted = false
    }
  }, [])
  if (site === null || site.key === null || !canBeTold()) return null
  const { key } = site
  const turn = async (on: boolean): Promise<void> => {
    setError(null)
    setBlocked(false)
    try {
      const endpoint = on ? await subscribe(key) : null
      if (on && endpoint === null) return setBlocked(true)
      const answer = await send(WakeAnswer, {
        path: on ? '/api/sync/wake' : '/api/sync/wake/end',
        body: on ? { endpoint } : {},
        key: crypto.randomUUID(),
      })
      if (!on) await unsubscribe()
      setSite({ key, on: answer.on })
    } catch (cause) {
      // A browser whose push service cannot be reached says so by a fault of its own.
      if (cause instanceof DOMException) setBlocked(true)
      else setError(cause)
    }
  }
  return (
    <>
      <ProblemNotice error={error instanceof Error ? error : null} />
      <Switch
        label={t('set.wake')}
        help={t(blocked ? 'set.wake.blocked' : 'set.wake.help')}
        on={site.on}
        onChange={(on) => void turn(on)}
      />
    </>
  )
}
