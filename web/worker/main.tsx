import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import type { ReactNode } from 'react'
import { createRoot } from 'react-dom/client'
import { startTexts, useLang } from '../i18n/setup.ts'
import { PhoneKit } from '../kit/phone/Provider.tsx'
import { login } from '../login/texts.ts'
import { openFor, useCurrentPhone } from './current.ts'
import { isSecure, lastAccount } from './phone/browser.ts'
import { PhoneProvider } from './phone/hooks.tsx'
import { watchUpdates } from './phone/update.ts'
import { Insecure } from './pages/lock/Insecure.tsx'
import { applyPrefs } from './prefs.ts'
import { router } from './routes.tsx'
import { worker } from './texts.ts'

// In development there is no service worker; one would serve yesterday's build.
const updates = watchUpdates(import.meta.env.PROD ? navigator.serviceWorker : undefined, () => location.reload())

function App(): ReactNode {
  const lang = useLang()
  const phone = useCurrentPhone()
  const pages = <RouterProvider router={router} />
  if (!isSecure()) return <Insecure />
  return (
    <PhoneKit lang={lang}>
      {phone ? (
        <PhoneProvider phone={phone} updates={updates}>
          {pages}
        </PhoneProvider>
      ) : (
        pages
      )}
    </PhoneKit>
  )
}

async function start(): Promise<void> {
  const root = document.getElementById('root')
  if (!root) return
  applyPrefs()
  const account = lastAccount()
  // Whose phone this was last opens without a net; a store that cannot be opened is told by the log-in that follows.
  const opened = account !== null && isSecure() ? openFor(account).catch(() => null) : null
  await Promise.all([startTexts({ login, worker }), opened])
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  )
}

void start()
