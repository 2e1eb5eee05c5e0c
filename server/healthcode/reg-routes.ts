import {
  AskData,
  AskMine,
  Declarations,
  FindPlaces,
  ListDeclarations,
  ListOpened,
  MyData,
  MyPersons,
  MyRegistration,
  MyReturns,
  OpenedList,
  Places,
} from '@weiwang/domain/healthcode/reg-api'
import {
  AskFigures,
  AskPolicy,
  Figures,
  HeldPage,
  ListHeld,
  ListRegistrations,
  ListReturns,
  Policies,
  RegistrationPage,
  ReturnPage,
} from '@weiwang/domain/healthcode/reg-desk-api'
import { z } from 'zod'
import type { Http } from '../core/http.ts'
import { copyRoutes } from './reg-copy.ts'
import { correctMine } from './reg-correct.ts'
import { readMyData, readOpened } from './reg-data.ts'
import { declare, readMyDeclarations } from './reg-declare.ts'
import { decideHeld, proxyRegister, readFigures, readHeld, readRegistrations } from './reg-desk.ts'
import { eraseMine } from './reg-erase.ts'
import { addWard, endWard, readMyPersons } from './reg-family.ts'
import { findPlaces, keepDraft, readMyRegistration, registerMe } from './reg-mine.ts'
import { planMyReturn, readMyReturns, readReturns, stepMyReturn, stepReturn } from './reg-my-returns.ts'
import { numberRoutes } from './reg-number.ts'
import { decidePolicy, proposePolicy, readPolicies } from './reg-policy.ts'

const Nothing = z.strictObject({})

function residentRoutes(http: Http): void {
  http.query('GET', '/api/my/registration', {
    input: AskMine,
    output: MyRegistration,
    reach: 'all',
    run: readMyRegistration,
  })
  http.action('PUT', '/api/my/registration/draft', keepDraft)
  http.action('POST', '/api/my/registration', registerMe)
  http.action('POST', '/api/my/registration/correct', correctMine)
  numberRoutes(http)
  http.query('GET', '/api/my/places', { input: FindPlaces, output: Places, reach: 'all', run: findPlaces })
  http.query('GET', '/api/my/declarations', {
    input: ListDeclarations,
    output: Declarations,
    reach: 'all',
    run: readMyDeclarations,
  })
  http.action('POST', '/api/my/declarations', declare)
  http.query('GET', '/api/my/people', { input: Nothing, output: MyPersons, reach: 'all', run: readMyPersons })
  http.action('POST', '/api/my/people', addWard)
  http.action('POST', '/api/my/people/:id/end', endWard)
  http.query('GET', '/api/my/returns', { input: Nothing, output: MyReturns, reach: 'all', run: readMyReturns })
  http.action('POST', '/api/my/returns', planMyReturn)
  http.action('POST', '/api/my/returns/:id/step', stepMyReturn)
  http.query('GET', '/api/my/data', { input: AskData, output: MyData, reach: 'all', run: readMyData })
  http.query('GET', '/api/my/data/opened', { input: ListOpened, output: OpenedList, reach: 'all', run: readOpened })
  http.action('POST', '/api/my/data/erase', eraseMine)
  copyRoutes(http)
}

function deskRoutes(http: Http): void {
  http.query('GET', '/api/registrations', {
    input: ListRegistrations,
    output: RegistrationPage,
    run: readRegistrations,
  })
  http.query('GET', '/api/registrations/figures', { input: AskFigures, output: Figures, run: readFigures })
  http.query('GET', '/api/registrations/held', { input: ListHeld, output: HeldPage, run: readHeld })
  http.action('POST', '/api/registrations/held/:id/decide', decideHeld)
  http.action('POST', '/api/registrations/proxy', proxyRegister)
  http.query('GET', '/api/registrations/policy', { input: AskPolicy, output: Policies, run: readPolicies })
  http.action('POST', '/api/registrations/policy', proposePolicy)
  http.action('POST', '/api/registrations/policy/:id/decide', decidePolicy)
  http.query('GET', '/api/returns', { input: ListReturns, output: ReturnPage, run: readReturns })
  http.action('POST', '/api/returns/:id/step', stepReturn)
}

export function registrationRoutes(http: Http): void {
  residentRoutes(http)
  deskRoutes(http)
}
