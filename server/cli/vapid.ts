import webpush from 'web-push'
import type { Io } from './io.ts'

/** `vapid`: a pair of keys for web push, to be set as VAPID_PUBLIC and VAPID_PRIVATE; nothing is stored. */
export async function vapidCommand(_args: string[], io: Io): Promise<void> {
  const { publicKey, privateKey } = webpush.generateVAPIDKeys()
  io.result(
    { publicKey, privateKey },
    `VAPID_PUBLIC=${publicKey}\nVAPID_PRIVATE=${privateKey}\nVAPID_SUBJECT=mailto:... 请填写联系邮箱`,
  )
}
