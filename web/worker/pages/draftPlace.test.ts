import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { kindOfDraft, placeOfDraft } from './draftPlace.ts'
import type { Here } from './draftPlace.ts'

const NOWHERE: Here = { task: false, door: false, person: false, item: false, observedAt: null, instruction: false }
const DOOR: Here = { ...NOWHERE, door: true }

test('a half-written form goes on where it was begun, and says what it is', () => {
  const begun: [string, Here][] = [
    ['reading.file', DOOR],
    ['service.ask', DOOR],
    ['registration.proxy', DOOR],
    ['person.add', DOOR],
    ['shop', DOOR],
    ['correction of v', DOOR],
    ['task.attempt', { ...NOWHERE, task: true }],
    ['observation.commitment', { ...NOWHERE, observedAt: 'd' }],
    ['instruction.receipt', { ...NOWHERE, instruction: true }],
    ['household.change', DOOR],
    ['person.change', { ...NOWHERE, person: true }],
    ['service.done', NOWHERE],
    ['mediation.mediated', NOWHERE],
    ['watch.note', NOWHERE],
    ['toSupervisor', { ...NOWHERE, item: true }],
  ]
  expect(begun.map(([form, here]) => placeOfDraft(form, 's', here))).toEqual([
    '/worker/observation/s/readings',
    '/worker/doors/s/service',
    '/worker/doors/s/register',
    '/worker/doors/s/person',
    '/worker/doors/s/visit?purpose=shop',
    '/worker/doors/s/visit?corrects=v',
    '/worker/tasks/s',
    '/worker/observation/d',
    '/worker/instructions/s',
    '/worker/doors/s/edit',
    '/worker/people/s/edit',
    '/worker/services/s',
    '/worker/disputes/s',
    '/worker/watches',
    '/worker/me/outbox/s',
  ])
  expect(
    ['observation.notice', 'service.done', 'service.ask', 'mediation.close', 'reading.file', 'shop', 'mend'].map(
      kindOfDraft,
    ),
  ).toEqual([
    'observation.step',
    'service.step',
    'service.ask',
    'mediation.step',
    'reading.file',
    'visit.file',
    'visit.file',
  ])
})

test('what is no longer here leads nowhere', () => {
  for (const form of ['reading.file', 'service.ask', 'shop', 'mend', 'person.move', 'task.return', 'observation.care'])
    expect([form, placeOfDraft(form, 's', NOWHERE)]).toEqual([form, null])
})

// A form that is not named there would lead to a visit of its door.
test('every form that keeps a draft by a name of its own is known', () => {
  const folder = new URL('.', import.meta.url)
  const files = readdirSync(folder, { recursive: true }).map(String)
  const named = files
    .filter((file) => file.endsWith('.tsx'))
    .flatMap((file) => [...readFileSync(new URL(file, folder), 'utf8').matchAll(/form: ['`]([\w.]+)/g)])
    .map(([, form]) => form ?? '')
  expect(named.length).toBeGreaterThan(14)
  for (const form of named) expect([form, kindOfDraft(form)]).not.toEqual([form, 'visit.file'])
})
