import { FileVisit } from '@weiwang/domain/visits/api'
import { expect, test } from 'vitest'
import { correctionOf, draftOf, freshDraft, readDraft, requestOf } from './draft.ts'
import type { Subject, VisitDraft } from './draft.ts'

const id = (n: number): string => `01890000-0000-7000-8000-00000000000${n}`
const at = new Date('2026-02-15T09:00:00Z')
const subject: Subject = {
  taskId: id(3),
  purpose: 'listed_person',
  form: { id: 'shipped/listed_person', version: 0 },
  personIds: [id(4)],
}
const draft: VisitDraft = {
  ...freshDraft(id(1)),
  result: 'met',
  disposition: 'HERE_MONITOR',
  answers: { fever: false },
  members: { [id(4)]: { temperature: 36.5 }, [id(5)]: { temperature: 40 } },
  note: ' 二楼 ',
  photos: [id(6)],
  position: { lat: 31.3, lng: 120.58, accuracy: 12 },
}

test('what is sent fits the schema of the server; answers of who was not visited stay behind', () => {
  const body = requestOf(draft, subject, at)
  expect(FileVisit.safeParse(body).error?.issues ?? []).toEqual([])
  expect(body.members).toEqual([{ personId: id(4), answers: { temperature: 36.5 } }])
  expect(body).toMatchObject({ note: '二楼', personIds: [id(4)], photos: [id(6)], position: { accuracy: 12 } })
})

test('what was filed becomes the same draft again, so that a refused item can be mended', () => {
  const body = requestOf({ ...draft, persons: [id(4)] }, subject, at)
  const again = draftOf(JSON.parse(JSON.stringify(body)))
  expect(again && requestOf(again, subject, at)).toEqual(body)
  expect(draftOf(null)).toBeNull()
  expect(draftOf({ id: 'x', members: 'nonsense' })?.members).toEqual({})
})

test('a correction is another visit that names the first and why; pictures stay with the first', () => {
  const said = correctionOf(draft, id(2))
  const body = requestOf({ ...said, correctionReason: '点错了' }, subject, at)
  expect(body).toMatchObject({ id: id(2), supersedes: id(1), correctionReason: '点错了', disposition: 'HERE_MONITOR' })
  expect(body.photos).toBeUndefined()
  expect(FileVisit.safeParse(body).success).toBe(true)
})

test('a draft of another shape is none, one of this shape comes back whole', () => {
  expect(readDraft(JSON.parse(JSON.stringify(draft)))).toEqual(draft)
  expect(readDraft({ ...draft, answers: undefined })).toBeNull()
  expect(readDraft('nonsense')).toBeNull()
})
