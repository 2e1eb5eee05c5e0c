import {
  AskDisputeKinds,
  Colleagues,
  DisputeDetail,
  DisputeKinds,
  DisputePage,
  GetDispute,
  ListDisputes,
  ListMyDisputes,
} from '@weiwang/domain/incidents/api'
import type { Http } from '../core/http.ts'
import { openDispute, readDispute, stepDispute } from './actions.ts'
import { readColleagues, readDisputeKinds, readDisputes, readMyDisputes, readOneDispute } from './queries.ts'

/** Mediation of disputes that outbreak control brought about. */
export function incidentRoutes(http: Http): void {
  http.action('POST', '/api/mediations', openDispute)
  http.query('GET', '/api/mediations', { input: ListDisputes, output: DisputePage, reach: 'county', run: readDisputes })
  http.query('GET', '/api/mediations/mine', {
    input: ListMyDisputes,
    output: DisputePage,
    reach: 'all',
    run: readMyDisputes,
  })
  http.query('GET', '/api/mediations/kinds', {
    input: AskDisputeKinds,
    output: DisputeKinds,
    reach: 'county',
    run: readDisputeKinds,
  })
  http.query('GET', '/api/mediations/:id', {
    input: GetDispute,
    output: DisputeDetail,
    reach: 'all',
    run: (ctx, args) => readOneDispute(ctx, args.id),
  })
  http.query('GET', '/api/mediations/:id/colleagues', {
    input: GetDispute,
    output: Colleagues,
    reach: 'all',
    run: (ctx, args) => readColleagues(ctx, args.id),
  })
  http.action('POST', '/api/mediations/:id/step', stepDispute)
  http.action('POST', '/api/mediations/:id/read', readDispute)
}
