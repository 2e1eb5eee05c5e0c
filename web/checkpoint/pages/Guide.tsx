import { useSyncExternalStore } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { setLang, useLang } from '../../i18n/setup.ts'
import { BigButton } from '../../kit/phone/controls.tsx'
import { wakeSound } from '../gate/alert.ts'

const SEEN = 'weiwang.gate.guide'
const listeners = new Set<() => void>()

function set(open: boolean): void {
  if (open) localStorage.removeItem(SEEN)
  else localStorage.setItem(SEEN, '1')
  for (const listener of listeners) listener()
}

/** Three steps at the first use of a device; they can be called again. */
export function useGuide(): { isOpen: boolean; open: () => void; close: () => void } {
  const isOpen = useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => localStorage.getItem(SEEN) === null,
  )
  return { isOpen, open: () => set(true), close: () => set(false) }
}

export function Guide({ onDone }: { onDone: () => void }): ReactNode {
  const { t } = useTranslation('checkpoint')
  const { t: c } = useTranslation('common')
  const lang = useLang()
  return (
    <main className="lock">
      <h1>{t('guide.title')}</h1>
      <ol className="guide-steps">
        <li>{t('guide.1')}</li>
        <li>{t('guide.2')}</li>
        <li>{t('guide.3')}</li>
      </ol>
      <p>
        <BigButton
          primary
          onClick={() => {
            // The first touch is what lets the page sound.
            wakeSound()
            onDone()
          }}
        >
          {t('guide.start')}
        </BigButton>
      </p>
      <button
        type="button"
        className="plain-act"
        lang={lang === 'zh' ? 'en' : 'zh-CN'}
        onClick={() => void setLang(lang === 'zh' ? 'en' : 'zh')}
      >
        {c('lang.other')}
      </button>
    </main>
  )
}
