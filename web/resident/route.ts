import { useEffect, useState } from 'react'

/** The screens under one address: `#name/id`. The button "back" of the phone goes back. */
export type Screen = { name: string; id: string }

function read(): Screen {
  const [name = '', id = ''] = location.hash.replace(/^#/, '').split('/')
  return { name: name === '' ? 'home' : name, id }
}

export function useScreen(): Screen {
  const [screen, setScreen] = useState(read)
  useEffect(() => {
    const follow = (): void => {
      setScreen(read())
      scrollTo(0, 0)
    }
    addEventListener('hashchange', follow)
    return () => removeEventListener('hashchange', follow)
  }, [])
  return screen
}

export function go(to: string): void {
  location.hash = `#${to}`
}
