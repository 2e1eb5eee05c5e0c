import { useEffect, useState } from 'react'
import type { ReactElement } from 'react'
import { useIsExercise } from './exercise.ts'
import { Home } from './Home.tsx'
import { later } from './Later.tsx'
import { LangContext, T } from './texts.ts'
import type { Lang } from './texts.ts'

const TOKEN = /^#([A-Za-z0-9_-]{22})$/
const LinkPage = later(async () => (await import('./pages/LinkPage.tsx')).LinkPage)

function firstLang(): Lang {
  try {
    const kept = localStorage.getItem('lang')
    if (kept === 'zh' || kept === 'en') return kept
  } catch {
    // A browser that keeps nothing still shows the page.
  }
  return navigator.language.toLowerCase().startsWith('zh') ? 'zh' : 'en'
}

/** The token of a message, once: it leaves the address at once, so that it is not copied or kept in the history. */
function tokenOnce(): string | null {
  const token = TOKEN.exec(location.hash)?.[1] ?? null
  if (token !== null) history.replaceState(null, '', location.pathname)
  return token
}

export function App(): ReactElement {
  const [lang, setLang] = useState<Lang>(firstLang)
  const [token] = useState(tokenOnce)
  const isExercise = useIsExercise()
  useEffect(() => {
    document.documentElement.lang = lang === 'zh' ? 'zh-CN' : 'en'
    document.title = T.title[lang]
    try {
      localStorage.setItem('lang', lang)
    } catch {
      // As above.
    }
  }, [lang])
  return (
    <LangContext value={lang}>
      {isExercise && (
        <aside className="exercise" aria-label={T.exercise[lang]}>
          <strong>{T.exercise[lang]}</strong> <span>{T.exerciseLine[lang]}</span>
        </aside>
      )}
      <div className="page">
        <header>
          <strong>{T.title[lang]}</strong>
          <button
            type="button"
            className="plain"
            lang={lang === 'zh' ? 'en' : 'zh-CN'}
            onClick={() => setLang(lang === 'zh' ? 'en' : 'zh')}
          >
            {T.other[lang]}
          </button>
        </header>
        {token === null ? <Home /> : <LinkPage token={token} />}
      </div>
    </LangContext>
  )
}
