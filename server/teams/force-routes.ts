import { can } from '@weiwang/domain/access/can'
import { notAllowed } from '@weiwang/domain/core/problems'
import * as api from '@weiwang/domain/teams/force-api'
import { z } from 'zod'
import { parseInput } from '../core/http.ts'
import type { Http } from '../core/http.ts'
import { attach, endAttachment, settleHandover } from './force-attach.ts'
import { giveKit, readHealth, readMyHealth, reportHealth, setRestUntil } from './force-health.ts'
import { importForces, readForceFile } from './force-import.ts'
import {
  addEstate,
  addForceOrg,
  closeEstate,
  confirmForce,
  editForce,
  endForceOrg,
  enrolForce,
  leaveForce,
  openContact,
} from './force-people.ts'
import {
  addPost,
  cancelShift,
  closePost,
  mendTurn,
  planShifts,
  putOnShift,
  signTurn,
  takeOffShift,
} from './force-posts.ts'
import * as read from './force-queries.ts'

const FILE_BYTES = 8 * 1024 * 1024
const county = { reach: 'county' as const }
const Nothing = z.strictObject({})

export function forceRoutes(http: Http): void {
  http.query('GET', '/api/forces', { ...county, input: api.AskForces, output: api.ForceSummary, run: read.readForces })
  // What I was given and how long I worked is about the caller alone, whatever the areas.
  http.query('GET', '/api/forces/mine', { reach: 'all', input: Nothing, output: api.MyForce, run: read.readMyForce })
  peopleRoutes(http)
  attachmentRoutes(http)
  postRoutes(http)
  healthRoutes(http)
}

function peopleRoutes(http: Http): void {
  http.query('GET', '/api/forces/people', {
    ...county,
    input: api.ListForcePeople,
    output: api.ForcePeoplePage,
    run: read.readForcePeople,
  })
  http.action('POST', '/api/forces/people', enrolForce)
  http.raw(
    'POST',
    '/api/forces/people/import/read',
    async (actor, request) => {
      if (!actor.scope.some((area) => can(actor, 'bulk', { kind: 'force', area })))
        throw notAllowed({ verb: 'bulk', thing: 'force' })
      return readForceFile(parseInput(api.ReadForceFile, request.body).content)
    },
    { bodyLimit: FILE_BYTES, body: api.ReadForceFile, answer: api.ForceFile },
  )
  http.action('POST', '/api/forces/people/import', importForces)
  http.action('POST', '/api/forces/people/:id', editForce)
  http.action('POST', '/api/forces/people/:id/confirm', confirmForce)
  http.action('POST', '/api/forces/people/:id/leave', leaveForce)
  http.query('GET', '/api/forces/organisations', {
    ...county,
    input: api.ListForceOrgs,
    output: api.ForceOrgPage,
    run: read.readForceOrgs,
  })
  http.action('POST', '/api/forces/organisations', addForceOrg)
  http.action('POST', '/api/forces/organisations/:id/end', endForceOrg)
  http.query('GET', '/api/forces/estates', {
    ...county,
    input: api.ListEstates,
    output: api.EstatePage,
    run: read.readEstates,
  })
  http.action('POST', '/api/forces/estates', addEstate)
  http.action('POST', '/api/forces/estates/:id/end', closeEstate)
  http.action('POST', '/api/forces/contacts/:id/open', openContact)
}

function attachmentRoutes(http: Http): void {
  http.query('GET', '/api/forces/attachments', {
    ...county,
    input: api.ListAttachments,
    output: api.AttachmentPage,
    run: read.readAttachments,
  })
  http.action('POST', '/api/forces/attachments', attach)
  http.action('POST', '/api/forces/attachments/:id/end', endAttachment)
  http.query('GET', '/api/forces/handovers', {
    ...county,
    input: api.ListHandovers,
    output: api.HandoverPage,
    run: read.readHandovers,
  })
  http.action('POST', '/api/forces/handovers/:id/settle', settleHandover)
}

function postRoutes(http: Http): void {
  http.query('GET', '/api/forces/posts', { ...county, input: api.ListPosts, output: api.PostPage, run: read.readPosts })
  http.action('POST', '/api/forces/posts', addPost)
  http.action('POST', '/api/forces/posts/:id/end', closePost)
  http.query('GET', '/api/forces/posts/:id/code', {
    ...county,
    input: api.ForceId,
    output: api.PostCode,
    run: read.readPostCode,
  })
  http.query('GET', '/api/forces/shifts', {
    ...county,
    input: api.ListShifts,
    output: api.ShiftPage,
    run: read.readShifts,
  })
  http.action('POST', '/api/forces/shifts', planShifts)
  http.action('POST', '/api/forces/shifts/:id/end', cancelShift)
  http.query('GET', '/api/forces/shifts/:id/code', {
    ...county,
    input: api.ForceId,
    output: api.PaperCode,
    run: read.readPaperCode,
  })
  http.query('GET', '/api/forces/shifts/:id/free', {
    ...county,
    input: api.ForceId,
    output: api.FreePeople,
    run: read.readFree,
  })
  http.action('POST', '/api/forces/shifts/:id/turns', putOnShift)
  http.query('GET', '/api/forces/turns', { ...county, input: api.ListTurns, output: api.TurnPage, run: read.readTurns })
  // My own turns and my own coming and going are found by my name on the roster, whatever my areas are.
  http.query('GET', '/api/forces/turns/mine', {
    reach: 'all',
    input: Nothing,
    output: api.MyTurns,
    run: read.readMyTurns,
  })
  http.action('POST', '/api/forces/turns/:id/end', takeOffShift)
  http.action('POST', '/api/forces/turns/:id/mend', mendTurn)
  http.action('POST', '/api/forces/sign', signTurn)
  http.query('GET', '/api/forces/hours', {
    ...county,
    input: api.ListHours,
    output: api.HoursPage,
    run: read.readHours,
  })
}

function healthRoutes(http: Http): void {
  http.query('GET', '/api/forces/kit', { ...county, input: api.ListKit, output: api.KitPage, run: read.readKit })
  http.action('POST', '/api/forces/kit', giveKit)
  http.query('GET', '/api/forces/kit/missing', {
    ...county,
    input: api.ListNoKit,
    output: api.NoKitPage,
    run: read.readNoKit,
  })
  // FORCE-10: who may read is decided by the desk of the county, the team's doctor and the person, not by areas.
  http.query('GET', '/api/forces/health', {
    reach: 'all',
    input: api.ListHealth,
    output: api.HealthPage,
    run: readHealth,
  })
  http.query('GET', '/api/forces/health/mine', {
    reach: 'all',
    input: Nothing,
    output: api.MyHealth,
    run: readMyHealth,
  })
  http.action('POST', '/api/forces/health', reportHealth)
  http.action('POST', '/api/forces/health/:id/rest', setRestUntil)
}
