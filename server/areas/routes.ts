import {
  AreaAnswer,
  BoundariesAnswer,
  BuildingsAnswer,
  ChangeEffects,
  ChangesAnswer,
  ChildrenAnswer,
  DoorsAnswer,
  GetArea,
  GetBoundaries,
  ImportAnswer,
  ImportGrids,
  ListAreas,
  ListBuildings,
  ListChanges,
  ListChildren,
  ListDoors,
  PreviewChange,
  SearchAnswer,
  SearchAreas,
} from '@weiwang/domain/areas/api'
import { parseInput } from '../core/http.ts'
import type { Http } from '../core/http.ts'
import {
  applyChange,
  buildings,
  changes,
  doors,
  getArea,
  importGrids,
  listAreas,
  listChildren,
  previewChange,
  proposeChange,
  refuseChange,
  search,
} from './actions.ts'
import { boundariesOf } from './boundaries.ts'
import { MAX_BYTES, readGridFile } from './read-file.ts'

/** A multipart request: one file, the area in a field before it, and `check`. */
async function uploaded(request: Parameters<Parameters<Http['raw']>[2]>[1]): Promise<unknown> {
  const file = await request.file({ limits: { fileSize: MAX_BYTES + 1 } })
  if (!file) return { rows: [] }
  const { rows, firstRow } = await readGridFile(await file.toBuffer())
  const field = (name: string): unknown => {
    const part = file.fields[name]
    return part !== undefined && 'value' in part ? part.value : undefined
  }
  return { area: field('area'), check: field('check') === 'true', rows, firstRow }
}

export function areaRoutes(http: Http): void {
  http.query('GET', '/api/areas', { input: ListAreas, output: ChildrenAnswer, run: listAreas })
  http.query('GET', '/api/areas/search', { input: SearchAreas, output: SearchAnswer, run: search })
  http.query('GET', '/api/areas/changes', { input: ListChanges, output: ChangesAnswer, run: changes })
  http.query('POST', '/api/areas/changes/preview', { input: PreviewChange, output: ChangeEffects, run: previewChange })
  http.action('POST', '/api/areas/changes', proposeChange)
  http.action('POST', '/api/areas/changes/:id/apply', applyChange)
  http.action('POST', '/api/areas/changes/:id/refuse', refuseChange)
  http.query('GET', '/api/areas/boundaries/:code', {
    input: GetBoundaries,
    output: BoundariesAnswer,
    run: boundariesOf,
  })
  http.query('GET', '/api/areas/:code', { input: GetArea, output: AreaAnswer, run: getArea })
  http.query('GET', '/api/areas/:code/children', { input: ListChildren, output: ChildrenAnswer, run: listChildren })
  http.query('GET', '/api/areas/:code/buildings', { input: ListBuildings, output: BuildingsAnswer, run: buildings })
  http.query('GET', '/api/areas/:code/doors', { input: ListDoors, output: DoorsAnswer, run: doors })
  // Rows as JSON, or one file: both end in the same action.
  http.raw(
    'POST',
    '/api/areas/grids/import',
    async (actor, request) => {
      const args = parseInput(ImportGrids, request.isMultipart() ? await uploaded(request) : request.body)
      const key = request.headers['idempotency-key']
      return http.server.run(importGrids, actor, args, {
        requestId: request.id,
        ...(typeof key === 'string' && key.length <= 100 ? { key } : {}),
      })
    },
    { bodyLimit: 8 * 1024 * 1024, body: ImportGrids, answer: ImportAnswer },
  )
}
