import { ConfigProvider, unstableSetRender } from 'antd-mobile'
import enUS from 'antd-mobile/es/locales/en-US'
import zhCN from 'antd-mobile/es/locales/zh-CN'
import { useEffect } from 'react'
import type { ReactNode } from 'react'
import { createRoot } from 'react-dom/client'
import type { Root } from 'react-dom/client'
import '../tokens.css'
import './phone.css'

const roots = new WeakMap<Element | DocumentFragment, Root>()

// Dialogs and toasts of antd-mobile draw into their own root; React 19 has no other way in.
unstableSetRender((node, container) => {
  const root = roots.get(container) ?? createRoot(container)
  roots.set(container, root)
  root.render(node)
  return async () => {
    await Promise.resolve()
    root.unmount()
  }
})

/** antd-mobile in our accent, its greys dark enough for sunlight. */
export function PhoneKit({ lang, children }: { lang: 'zh' | 'en'; children: ReactNode }): ReactNode {
  useEffect(() => {
    const media = matchMedia('(prefers-color-scheme: dark)')
    const mark = (): void =>
      document.documentElement.setAttribute('data-prefers-color-scheme', media.matches ? 'dark' : 'light')
    mark()
    media.addEventListener('change', mark)
    return () => media.removeEventListener('change', mark)
  }, [])
  return <ConfigProvider locale={lang === 'zh' ? zhCN : enUS}>{children}</ConfigProvider>
}
