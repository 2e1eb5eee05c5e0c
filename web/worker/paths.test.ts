import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { paths, safeReturn } from './paths.ts'

test('log-in returns to a page of the phone and to nothing else', () => {
  expect(
    ['/tasks/1-2', '/worker/doors', '//evil.example', 'https://evil.example', '/login', null].map(safeReturn),
  ).toEqual(['/worker/tasks/1-2', '/worker/doors', '/worker/', '/worker/', '/worker/', '/worker/'])
})

// The walk over every screen (e2e/phone/screens.ts) asks `paths` what there is.
test('every route has its address here, and every address its route', () => {
  const source = readFileSync(new URL('routes.tsx', import.meta.url), 'utf8')
  const routes = [...source.matchAll(/\bpath: '([^']+)'/g)].map(([, path]) => `/worker${path}`)
  const addresses = Object.values(paths).map((make) => make('$id'))
  expect(routes.length).toBeGreaterThan(30)
  expect(routes.toSorted()).toEqual(addresses.toSorted())
})
