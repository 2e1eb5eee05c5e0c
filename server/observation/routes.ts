import {
  AskBoard,
  AskCalendar,
  AskRules,
  Board,
  Calendar,
  GetObservation,
  ListObservations,
  ObservationDetail,
  ObservationPage,
  RulesInForce,
} from '@weiwang/domain/observation/api'
import { Answerers, AskAnswerers } from '@weiwang/domain/observation/answerer-api'
import { ListTeamDoors, TeamDoorPage } from '@weiwang/domain/observation/doors-api'
import type { Http } from '../core/http.ts'
import { stepObservation } from './actions.ts'
import { openObservation } from './actions-open.ts'
import { readAnswerers } from './answerers.ts'
import { decideRules, proposeRules, readRules } from './actions-rules.ts'
import { openObservationTexts, readCertificate, readNotice } from './papers.ts'
import { readTeamDoors, ringDoor } from './team-doors.ts'
import { readBoard, readCalendar, readObservation, readObservations } from './queries.ts'

/** Home observation over HTTP; readings, links and services have route files of their own. */
export function observationRoutes(http: Http): void {
  http.action('POST', '/api/observations', openObservation)
  http.action('POST', '/api/observations/:id/step', stepObservation)
  http.action('POST', '/api/observations/:id/open', openObservationTexts)
  http.action('POST', '/api/observations/:id/notice', readNotice)
  http.action('POST', '/api/observations/:id/certificate', readCertificate)
  http.query('GET', '/api/observations', {
    input: ListObservations,
    output: ObservationPage,
    run: readObservations,
  })
  http.query('GET', '/api/observations/board', { input: AskBoard, output: Board, run: readBoard })
  http.query('GET', '/api/observations/calendar', { input: AskCalendar, output: Calendar, run: readCalendar })
  http.query('GET', '/api/observations/doors/mine', {
    reach: 'all',
    input: ListTeamDoors,
    output: TeamDoorPage,
    run: readTeamDoors,
  })
  http.query('GET', '/api/observations/answerers', {
    reach: 'all',
    input: AskAnswerers,
    output: Answerers,
    run: readAnswerers,
  })
  http.action('POST', '/api/observations/doors/:id/ring', ringDoor)
  http.query('GET', '/api/observations/:id', {
    input: GetObservation,
    output: ObservationDetail,
    run: (ctx, { id }) => readObservation(ctx, id),
  })
  http.action('POST', '/api/observation-rules', proposeRules)
  http.action('POST', '/api/observation-rules/:id/decide', decideRules)
  http.query('GET', '/api/observation-rules', { input: AskRules, output: RulesInForce, run: readRules })
}
