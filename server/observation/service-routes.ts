import {
  AskKinds,
  AskRound,
  GetService,
  Helpers,
  KindFigures,
  ListMedicines,
  ListMyServices,
  ListRules,
  ListServices,
  MedicinePage,
  RoundPage,
  RulePage,
  ServiceDetail,
  ServicePage,
} from '@weiwang/domain/observation/service-api'
import type { Http } from '../core/http.ts'
import { askService, offerService, openService, stepService } from './service-actions.ts'
import {
  addMedicine,
  endMedicine,
  openMedicine,
  readMedicines,
  refillMedicine,
  searchMedicine,
} from './service-medicines.ts'
import { readHelpers, readKinds, readMyServices, readRound, readService, readServices } from './service-queries.ts'
import { addRule, endRule, readRules } from './service-rules.ts'

/** Help that is asked for and brought: services, what repeats, medicines. */
export function serviceRoutes(http: Http): void {
  http.action('POST', '/api/services', askService)
  http.query('GET', '/api/services', { input: ListServices, output: ServicePage, reach: 'county', run: readServices })
  http.query('GET', '/api/services/mine', {
    input: ListMyServices,
    output: ServicePage,
    reach: 'all',
    run: readMyServices,
  })
  http.query('GET', '/api/services/kinds', { input: AskKinds, output: KindFigures, reach: 'county', run: readKinds })
  http.query('GET', '/api/services/round', { input: AskRound, output: RoundPage, reach: 'county', run: readRound })
  http.action('POST', '/api/services/rules', addRule)
  http.query('GET', '/api/services/rules', { input: ListRules, output: RulePage, reach: 'county', run: readRules })
  http.action('POST', '/api/services/rules/:id/end', endRule)
  http.query('GET', '/api/services/:id', {
    input: GetService,
    output: ServiceDetail,
    reach: 'all',
    run: (ctx, args) => readService(ctx, args.id),
  })
  http.query('GET', '/api/services/:id/helpers', {
    input: GetService,
    output: Helpers,
    reach: 'county',
    run: (ctx, args) => readHelpers(ctx, args.id),
  })
  http.action('POST', '/api/services/:id/step', stepService)
  http.action('POST', '/api/services/:id/offer', offerService)
  http.action('POST', '/api/services/:id/open', openService)
  http.action('POST', '/api/medicines', addMedicine)
  http.query('GET', '/api/medicines', {
    input: ListMedicines,
    output: MedicinePage,
    reach: 'county',
    run: readMedicines,
  })
  http.action('POST', '/api/medicines/search', searchMedicine)
  http.action('POST', '/api/medicines/:id/refill', refillMedicine)
  http.action('POST', '/api/medicines/:id/end', endMedicine)
  http.action('POST', '/api/medicines/:id/open', openMedicine)
}
