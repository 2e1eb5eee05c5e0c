import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { startTexts } from '../i18n/setup.ts'
import '../kit/tokens.css'
import '../kit/phone/phone.css'
import { login } from '../login/texts.ts'
import { applyPrefs } from '../worker/prefs.ts'
import { watchUpdates } from '../worker/phone/update.ts'
import { App, Broken, Insecure } from './App.tsx'
import './checkpoint.css'
import { GateProvider } from './current.ts'
import { isSecure, openGate } from './gate/browser.ts'
import { hearInstall } from './install.ts'
import { checkpoint } from './texts.ts'

// In development there is no service worker; one would serve yesterday's build.
const updates = watchUpdates(
  import.meta.env.PROD ? navigator.serviceWorker : undefined,
  () => location.reload(),
  '/gate/',
)

async function start(): Promise<void> {
  const root = document.getElementById('root')
  if (!root) return
  applyPrefs()
  hearInstall()
  const opened = isSecure() ? openGate().catch(() => null) : null
  const [gate] = await Promise.all([opened, startTexts({ login, checkpoint })])
  const page = isSecure() ? (
    gate ? (
      <GateProvider value={gate}>
        <App updates={updates} />
      </GateProvider>
    ) : (
      <Broken />
    )
  ) : (
    <Insecure />
  )
  createRoot(root).render(<StrictMode>{page}</StrictMode>)
}

void start()
