/** The screen of a gate stays on while the camera looks; browsers without the means let it sleep. */
let lock: WakeLockSentinel | null = null

export async function keepAwake(): Promise<void> {
  if (!('wakeLock' in navigator) || lock !== null) return
  try {
    lock = await navigator.wakeLock.request('screen')
    lock.addEventListener('release', () => (lock = null))
  } catch {
    // A battery that is nearly empty is a reason to refuse.
    lock = null
  }
}

export async function letSleep(): Promise<void> {
  const held = lock
  lock = null
  await held?.release().catch(() => undefined)
}
