import { patience, troubleOf, withoutAnswer } from './net.ts'

/** A paper that the server makes: fetched, then handed to the browser as a file to open or to keep. @throws Trouble */
export async function fetchFile(method: 'GET' | 'POST', path: string, name: string): Promise<void> {
  let response: Response
  try {
    response = await fetch(path, {
      method,
      credentials: 'same-origin',
      cache: 'no-store',
      signal: patience(),
      headers: { 'x-weiwang': '1', ...(method === 'POST' ? { 'content-type': 'application/json' } : {}) },
      ...(method === 'POST' ? { body: '{}' } : {}),
    })
  } catch (error) {
    throw withoutAnswer(error)
  }
  if (!response.ok) throw await troubleOf(response)
  const bytes = await response.blob().catch((error: unknown) => {
    throw withoutAnswer(error)
  })
  const link = document.createElement('a')
  link.href = URL.createObjectURL(bytes)
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}
