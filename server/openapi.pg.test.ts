import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { coreRoutes } from './core/routes.ts'
import { testServer } from './core/testing/test-server.ts'
import type { TestServer } from './core/testing/test-server.ts'
import { ROUTES } from './rooms.ts'

/** The document by which others write against the interface: what is missing in it, nobody else can call. */

const Operation = z.looseObject({
  operationId: z.string().optional(),
  security: z.array(z.record(z.string(), z.array(z.string()))).optional(),
  requestBody: z.looseObject({ content: z.record(z.string(), z.unknown()) }).optional(),
  responses: z.record(z.string(), z.unknown()),
})
const Document = z.looseObject({
  info: z.looseObject({ description: z.string() }),
  paths: z.record(z.string(), z.record(z.string(), Operation)),
  components: z.looseObject({
    schemas: z.record(z.string(), z.unknown()),
    securitySchemes: z.record(z.string(), z.unknown()),
  }),
})

let t: TestServer
let document: z.infer<typeof Document>

beforeAll(async () => {
  t = await testServer({ routes: ROUTES.filter((routes) => routes !== coreRoutes) })
  document = Document.parse((await t.request(null, 'GET', '/openapi.json')).body)
})
afterAll(() => t.close())

function operations(): { route: string; operation: z.infer<typeof Operation> }[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ route: `${method.toUpperCase()} ${path}`, operation })),
  )
}

test('CORE-3: each operation says who may ask, by a scheme that is explained, and how a refusal looks', () => {
  const all = operations()
  expect(all.length).toBeGreaterThan(450)
  const known = Object.keys(document.components.securitySchemes)
  const wrong = all.filter(({ operation: { security, responses } }) => {
    const names = (security ?? [{ missing: [] }]).flatMap((one) => Object.keys(one))
    return names.some((name) => !known.includes(name)) || !('default' in responses)
  })
  expect(wrong.map(({ route }) => route)).toEqual([])
  expect(document.components.schemas).toHaveProperty('Refusal')
  expect(document.info.description).toContain('/api/login')
})

test('FEED-21: what a machine and a file need to be sent is described', () => {
  const of = (route: string) => operations().find((one) => one.route === route)?.operation
  expect(of('POST /api/feeds/{id}/rows')).toMatchObject({ security: [{ bearer: [] }] })
  expect(Object.keys(of('POST /api/feeds/{id}/rows')?.requestBody?.content ?? {})).toContain('application/json')
  for (const route of [
    'POST /api/feeds/{id}/batches',
    'POST /api/risk-areas/import',
    'POST /api/case-counts/import',
    'POST /api/households/import/file',
  ])
    expect([route, Object.keys(of(route)?.requestBody?.content ?? {})]).toEqual([route, ['multipart/form-data']])
})

test('every reference leads to a schema of the document', () => {
  const text = JSON.stringify(document)
  const used = [...text.matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)].map(([, name]) => name)
  expect(used.length).toBeGreaterThan(400)
  expect([...new Set(used)].filter((name) => !(String(name) in document.components.schemas))).toEqual([])
})
