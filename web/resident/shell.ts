/** The page stays on the phone (sw.ts), so that the code opens from the home screen without a network. */
const AFTER_MS = 1500

export function keepShell(): void {
  // In development there is none; one would serve yesterday's build.
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return
  const { serviceWorker } = navigator
  const first = location.hash === '' || location.hash.startsWith('#home')
  const had = serviceWorker.controller !== null
  let reloading = false
  serviceWorker.addEventListener('controllerchange', () => {
    if (!had || reloading) return
    reloading = true
    location.reload()
  })
  const register = async (): Promise<void> => {
    try {
      const registration = await serviceWorker.register('/r/sw.js', { scope: '/r/', updateViaCache: 'none' })
      // What waited since the last time takes over now, before anything is begun; not in the middle of a form.
      if (first) registration.waiting?.postMessage({ type: 'SKIP_WAITING' })
    } catch {
      // Without one the page needs the network to open; the code in it does not.
    }
  }
  // The code comes first, over a slow network too.
  const soon = (): void => void setTimeout(() => void register(), had ? 0 : AFTER_MS)
  if (document.readyState === 'complete') soon()
  else addEventListener('load', soon)
}
