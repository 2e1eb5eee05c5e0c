import * as api from '@weiwang/domain/checkpoints/api'
import type { Http } from '../core/http.ts'
import { parseInput } from '../core/http.ts'
import { readExpected } from './arrivals.ts'
import { askByDocument } from './document.ts'
import { addGate, closeGate, editGate, readGate, readGates } from './gates.ts'
import { closeReferral, openReferral, readFigures, readPassages, readReferrals } from './lists.ts'
import { readMine } from './mine.ts'
import { decideOpening, proposeOpening, readOpening, readOpenings } from './openings.ts'
import { readPasses } from './passes.ts'
import { filePassages } from './passages.ts'
import { readDeletionDays, readProof } from './proof.ts'

/** Two hundred items with sealed parts. */
const ITEMS_BYTES = 4 * 1024 * 1024
const county = { reach: 'county' as const }
const all = { reach: 'all' as const }

export function checkpointRoutes(http: Http): void {
  gateRoutes(http)
  deskRoutes(http)
}

/** What a gate asks and says. */
function gateRoutes(http: Http): void {
  const { server } = http
  http.query('GET', '/api/gate/me', {
    ...all,
    input: api.AskMyGates,
    output: api.MyGates,
    run: (ctx) => readMine(server, ctx),
  })
  http.query('GET', '/api/gate/passes', { ...all, input: api.AskPasses, output: api.GatePasses, run: readPasses })
  http.query('GET', '/api/gate/expected', {
    ...all,
    input: api.AskExpected,
    output: api.ExpectedReturns,
    run: readExpected,
  })
  http.action('POST', '/api/gate/document', askByDocument)
  http.raw(
    'POST',
    '/api/passages',
    async (actor, request) => {
      const { items } = parseInput(api.FilePassages, request.body)
      const results = await filePassages(server, actor, items, request.id)
      return { now: server.clock.now().toISOString(), results }
    },
    { bodyLimit: ITEMS_BYTES, body: api.FilePassages, answer: api.FiledPassages },
  )
}

function deskRoutes(http: Http): void {
  http.query('GET', '/api/gates', { ...county, input: api.ListGates, output: api.GatePage, run: readGates })
  http.action('POST', '/api/gates', addGate)
  http.query('GET', '/api/gates/figures', {
    ...county,
    input: api.AskGateFigures,
    output: api.GateFigures,
    run: readFigures,
  })
  http.query('GET', '/api/gates/referrals', {
    ...county,
    input: api.ListReferrals,
    output: api.ReferralPage,
    run: readReferrals,
  })
  http.action('POST', '/api/gates/referrals/:id/close', closeReferral)
  http.action('POST', '/api/gates/referrals/:id/open', openReferral)
  http.query('GET', '/api/gates/openings', {
    ...county,
    input: api.ListOpenings,
    output: api.OpeningPage,
    run: readOpenings,
  })
  http.action('POST', '/api/gates/openings', proposeOpening)
  http.action('POST', '/api/gates/openings/:id/decide', decideOpening)
  http.action('POST', '/api/gates/openings/:id/result', readOpening)
  http.query('GET', '/api/gates/deletions', {
    ...all,
    input: api.ListDeletionDays,
    output: api.DeletionDays,
    run: readDeletionDays,
  })
  http.query('GET', '/api/gates/deletions/:day', {
    ...all,
    input: api.AskDeletionProof,
    output: api.DeletionProof,
    run: readProof,
  })
  http.query('GET', '/api/gates/:id', { ...county, input: api.GateId, output: api.GateView, run: readGate })
  http.action('POST', '/api/gates/:id', editGate)
  http.action('POST', '/api/gates/:id/close', closeGate)
  http.query('GET', '/api/passages', { ...county, input: api.ListPassages, output: api.PassagePage, run: readPassages })
}
