import { emptyRegister } from '@weiwang/domain/people/problems'
import {
  HouseholdId,
  HouseholdPage,
  HouseholdView,
  ImportFile,
  ImportStarted,
  ListHouseholds,
  ListPeople,
  ListReviews,
  ListUnresolved,
  NearAnswer,
  NearHouseholds,
  NearHouseholdsAnswer,
  NearPeople,
  PeoplePage,
  PersonId,
  PersonView,
  ReviewPage,
  SearchAnswer,
  SearchPeople,
  UnresolvedPage,
} from '@weiwang/domain/people/api'
import type { Ctx } from '../core/ctx.ts'
import { parseInput } from '../core/http.ts'
import type { Http } from '../core/http.ts'
import { changeRoutes } from './change-routes.ts'
import { createHousehold, findNearHouseholds, getHousehold, listHouseholds } from './households.ts'
import { acceptFile } from './import-file.ts'
import { importHouseholds } from './importing.ts'
import {
  assignUnresolved,
  createPerson,
  findNearPeople,
  getPerson,
  listPeople,
  listUnresolved,
  movePerson,
  openIdentity,
  openPage,
} from './people.ts'
import { MAX_BYTES } from './read-file.ts'
import { decide, listReviews, mergePeople, undoMerge } from './reviews.ts'
import { readable } from './scope.ts'
import { searchPeople } from './searching.ts'

/** A read by whoever may read this kind of thing somewhere in his scope. */
function people<A, O>(run: (ctx: Ctx, args: A) => Promise<O>): (ctx: Ctx, args: A) => Promise<O> {
  return (ctx, args) => run(readable(ctx, 'person'), args)
}

function households<A, O>(run: (ctx: Ctx, args: A) => Promise<O>): (ctx: Ctx, args: A) => Promise<O> {
  return (ctx, args) => run(readable(ctx, 'household'), args)
}

/** Persons and households. Searches and near checks are POST, so that names and numbers stand in no address line. */
export function peopleRoutes(http: Http): void {
  http.query('GET', '/api/people', {
    name: 'person.list',
    input: ListPeople,
    output: PeoplePage,
    run: people(listPeople),
  })
  http.query('POST', '/api/people/search', {
    name: 'person.search',
    input: SearchPeople,
    output: SearchAnswer,
    run: people(searchPeople),
  })
  http.query('POST', '/api/people/near', {
    name: 'person.near',
    input: NearPeople,
    output: NearAnswer,
    run: people(findNearPeople),
  })
  http.query('GET', '/api/people/unresolved', {
    name: 'person.unresolved',
    input: ListUnresolved,
    output: UnresolvedPage,
    run: people(listUnresolved),
  })
  http.query('GET', '/api/people/reviews', {
    name: 'person.reviews',
    input: ListReviews,
    output: ReviewPage,
    run: people(listReviews),
  })
  changeRoutes(http)
  http.query('GET', '/api/people/:id', {
    name: 'person.get',
    input: PersonId,
    output: PersonView,
    run: people(getPerson),
  })
  http.action('POST', '/api/people', createPerson)
  http.action('POST', '/api/people/open-page', openPage)
  http.action('POST', '/api/people/merge', mergePeople)
  http.action('POST', '/api/people/:id/open', openIdentity)
  http.action('POST', '/api/people/:id/move', movePerson)
  http.action('POST', '/api/people/:id/undo-merge', undoMerge)
  http.action('POST', '/api/people/unresolved/:id/assign', assignUnresolved)
  http.action('POST', '/api/people/reviews/:id/decide', decide)
  http.query('GET', '/api/households', {
    name: 'household.list',
    input: ListHouseholds,
    output: HouseholdPage,
    run: households(listHouseholds),
  })
  http.query('POST', '/api/households/near', {
    name: 'household.near',
    input: NearHouseholds,
    output: NearHouseholdsAnswer,
    run: households(findNearHouseholds),
  })
  http.query('GET', '/api/households/:id', {
    name: 'household.get',
    input: HouseholdId,
    output: HouseholdView,
    run: households(getHousehold),
  })
  http.action('POST', '/api/households', createHousehold)
  http.action('POST', '/api/households/import', importHouseholds(http.server))
  http.raw(
    'POST',
    '/api/households/import/file',
    async (actor, request) => {
      const file = await request.file({ limits: { fileSize: MAX_BYTES + 1 } })
      if (!file) throw emptyRegister({})
      const bytes = await file.toBuffer()
      const field = (name: string): unknown => {
        const part = file.fields[name]
        return part !== undefined && 'value' in part ? part.value : undefined
      }
      const fields = parseInput(ImportFile.omit({ rows: true }), { area: field('area'), source: field('source') })
      return (await acceptFile(http.server, actor, fields, bytes, { requestId: request.id })).answer
    },
    { upload: ImportFile.omit({ rows: true }), answer: ImportStarted },
  )
}
