import * as api from '@weiwang/domain/access/api'
import { can } from '@weiwang/domain/access/can'
import { notAllowed } from '@weiwang/domain/core/problems'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { parseInput, SESSION_COOKIE } from '../core/http.ts'
import type { Http } from '../core/http.ts'
import {
  changePhone,
  closeAccount,
  decideRecovery,
  decideRole,
  endAccountSessions,
  grantRole,
  handOver,
  inviteAccount,
  moveAccount,
  revokeRole,
} from './account-actions.ts'
import { approveCloseOut, proposeCloseOut, verifyCertificate } from './close-out.ts'
import { assignDuty, endDuty, reassignDuties, standIn } from './duty-actions.ts'
import {
  approveEmergency,
  draftCampaign,
  editCampaign,
  endCampaign,
  endEmergency,
  openCampaign,
  proposeEmergency,
} from './emergency-actions.ts'
import { confirmAtLogin, enrolAtLogin } from './enrolment.ts'
import { activate, askCode, askRecovery, completeTotp, logIn, logInByCode, logInResident } from './login-actions.ts'
import type { Caller, Opened } from './login-actions.ts'
import { openResident } from './resident.ts'
import {
  changeLang,
  changePassword,
  confirmEnrolment,
  endMySession,
  endOtherSessions,
  enrol,
  logOut,
  markNoticesRead,
  presentMe,
} from './me-actions.ts'
import * as read from './queries.ts'
import { importRoster } from './roster-actions.ts'
import { readRosterFile } from './sheet.ts'
import { messageRoutes } from './messages.ts'

const ROSTER_BYTES = 9 * 1024 * 1024

/** Everything of the access room over HTTP. What stands here parses and presents; domain/access/api.ts is the list to read. */
export function accessRoutes(http: Http): void {
  loginRoutes(http)
  meRoutes(http)
  accountRoutes(http)
  dutyRoutes(http)
  emergencyRoutes(http)
  auditRoutes(http)
  messageRoutes(http)
}

function callerOf(request: FastifyRequest, device = ''): Caller {
  return { address: request.ip, agent: request.headers['user-agent'] ?? '', device }
}

function secure(http: Http, request: FastifyRequest): boolean {
  const { tls, publicUrl } = http.server.config
  return tls !== null || request.protocol === 'https' || (publicUrl?.startsWith('https:') ?? false)
}

function giveCookie(http: Http, request: FastifyRequest, reply: FastifyReply, opened: Opened): Pick<Opened, 'next'> {
  // The deployment's clock may run on another day; the browser's does not.
  const maxAge = Math.max(1, Math.round((opened.expiresAt.getTime() - http.server.clock.now().getTime()) / 1000))
  reply.setCookie(SESSION_COOKIE, opened.token, {
    path: '/',
    httpOnly: true,
    sameSite: 'lax',
    secure: secure(http, request),
    maxAge,
  })
  return { next: opened.next }
}

/** A centre of hundreds may sit behind one address; ACCESS-13 limits the tries themselves. */
const LOGINS_A_MINUTE = 300

function loginRoutes(http: Http): void {
  const { server } = http
  http.open('POST', '/api/login', {
    input: api.Login,
    output: api.LoginAnswer,
    limit: LOGINS_A_MINUTE,
    run: async (args, request, reply) =>
      giveCookie(http, request, reply, await logIn(server, args, callerOf(request, args.device))),
  })
  http.open('POST', '/api/login/code', {
    input: api.AskCode,
    output: api.AskedAnswer,
    limit: LOGINS_A_MINUTE,
    run: (args, request) => askCode(server, args.phone, 'login', callerOf(request)),
  })
  http.open('POST', '/api/login/code/verify', {
    input: api.LoginCode,
    output: api.LoginAnswer,
    limit: LOGINS_A_MINUTE,
    run: async (args, request, reply) =>
      giveCookie(http, request, reply, await logInByCode(server, args, callerOf(request, args.device))),
  })
  http.open('POST', '/api/resident/code', {
    input: api.AskCode,
    output: api.AskedAnswer,
    limit: LOGINS_A_MINUTE,
    run: (args, request) => askCode(server, args.phone, 'resident', callerOf(request)),
  })
  http.open('POST', '/api/resident/verify', {
    input: api.ResidentCode,
    output: api.LoginAnswer,
    limit: LOGINS_A_MINUTE,
    run: async (args, request, reply) =>
      giveCookie(
        http,
        request,
        reply,
        await logInResident(
          server,
          args,
          (phone) => openResident(server, phone, args.lang),
          callerOf(request, args.device),
        ),
      ),
  })
  http.open('POST', '/api/login/totp', {
    input: api.LoginTotp,
    output: api.LoginAnswer,
    limit: LOGINS_A_MINUTE,
    run: async (args, request, reply) =>
      giveCookie(
        http,
        request,
        reply,
        await completeTotp(server, request.cookies[SESSION_COOKIE] ?? '', args.code, callerOf(request)),
      ),
  })
  http.open('POST', '/api/login/totp/enrol', {
    input: api.EnrolAtLogin,
    output: api.EnrolledTotp,
    limit: 30,
    run: (_args, request) => enrolAtLogin(server, request.cookies[SESSION_COOKIE] ?? ''),
  })
  http.open('POST', '/api/login/totp/enrol/confirm', {
    input: api.ConfirmAtLogin,
    output: api.ConfirmedAtLogin,
    limit: 30,
    run: async (args, request, reply) => {
      const half = request.cookies[SESSION_COOKIE] ?? ''
      const { opened, recoveryCodes } = await confirmAtLogin(server, half, args.code, callerOf(request))
      return { ...giveCookie(http, request, reply, opened), recoveryCodes }
    },
  })
  http.open('POST', '/api/activation/code', {
    input: api.AskActivation,
    output: api.AskedAnswer,
    limit: LOGINS_A_MINUTE,
    run: (args, request) => askCode(server, args.phone, 'activate', callerOf(request)),
  })
  http.open('POST', '/api/activation', {
    input: api.Activate,
    output: api.LoginAnswer,
    limit: LOGINS_A_MINUTE,
    run: async (args, request, reply) =>
      giveCookie(http, request, reply, await activate(server, args, callerOf(request, args.device))),
  })
  http.open('POST', '/api/recovery', {
    input: api.AskRecovery,
    output: api.AskedRecovery,
    limit: 10,
    run: async (args, request) => {
      await askRecovery(server, args, callerOf(request))
      return {
        asked: true,
        say: {
          zh: '如有此账号，上级网格中心会收到您的申请',
          en: 'If there is such an account, the centre above it has your request',
        },
      }
    },
  })
}

function meRoutes(http: Http): void {
  const { server } = http
  http.query('GET', '/api/me', {
    name: 'me.get',
    input: z.strictObject({}),
    output: api.Me,
    reach: 'all',
    run: (ctx) => presentMe(ctx),
  })
  http.query('GET', '/api/me/sessions', {
    name: 'me.sessions',
    input: api.MySessions,
    output: api.Sessions,
    reach: 'all',
    run: read.mySessions,
  })
  http.query('GET', '/api/me/notices', {
    name: 'me.notices',
    input: api.ListNotices,
    output: api.Notices,
    reach: 'all',
    run: read.notices,
  })
  http.action('POST', '/api/me/notices/read', markNoticesRead)
  http.action('POST', '/api/me/sessions/:id/end', endMySession)
  http.action('POST', '/api/me/sessions/end-others', endOtherSessions)
  http.action('POST', '/api/me/lang', changeLang)
  http.raw('POST', '/api/logout', async (actor, _request, reply) => {
    await logOut(server, actor)
    reply.clearCookie(SESSION_COOKIE, { path: '/' })
    return { done: true }
  })
  // Passwords and secrets: outside the store of first answers.
  http.raw(
    'POST',
    '/api/me/password',
    async (actor, request) => {
      await changePassword(server, actor, parseInput(api.ChangePassword, request.body), request.ip)
      return { done: true }
    },
    { body: api.ChangePassword },
  )
  http.raw(
    'POST',
    '/api/me/totp/enrol',
    async (actor, request) => enrol(server, actor, parseInput(api.EnrolTotp, request.body).password, request.ip),
    { body: api.EnrolTotp },
  )
  http.raw(
    'POST',
    '/api/me/totp/confirm',
    async (actor, request) => {
      const { code } = parseInput(api.ConfirmTotp, request.body)
      return { recoveryCodes: await confirmEnrolment(server, actor, code, request.ip) }
    },
    { body: api.ConfirmTotp, answer: api.RecoveryCodes },
  )
}

function accountRoutes(http: Http): void {
  http.query('GET', '/api/accounts', {
    name: 'account.list',
    input: api.ListAccounts,
    output: api.Accounts,
    run: read.accounts,
  })
  http.query('GET', '/api/accounts/:id', {
    name: 'account.get',
    input: api.GetAccount,
    output: api.AccountItem,
    run: read.account,
  })
  http.query('GET', '/api/accounts/:id/sessions', {
    name: 'account.sessions',
    input: api.AccountSessions,
    output: api.Sessions,
    reach: 'all',
    run: read.accountSessions,
  })
  http.action('POST', '/api/accounts', inviteAccount)
  http.action('POST', '/api/accounts/import', importRoster)
  http.action('POST', '/api/accounts/:id/close', closeAccount)
  http.action('POST', '/api/accounts/:id/area', moveAccount)
  http.action('POST', '/api/accounts/:id/phone', changePhone)
  http.action('POST', '/api/accounts/:id/roles/grant', grantRole)
  http.action('POST', '/api/accounts/:id/roles/revoke', revokeRole)
  http.action('POST', '/api/accounts/:id/sessions/end', endAccountSessions)
  http.query('GET', '/api/role-proposals', {
    name: 'role_proposal.list',
    input: api.ListRoleProposals,
    output: api.RoleProposals,
    run: read.roleProposals,
  })
  http.action('POST', '/api/role-proposals/:id/decide', decideRole)
  http.query('GET', '/api/recoveries', {
    name: 'recovery.list',
    input: api.ListRecoveries,
    output: api.Recoveries,
    run: read.recoveries,
  })
  http.action('POST', '/api/recoveries/:id/decide', decideRecovery)
  http.action('POST', '/api/accounts/:id/hand-over', handOver)
  http.raw(
    'POST',
    '/api/accounts/import/read',
    async (actor, request) => {
      if (!actor.scope.some((area) => can(actor, 'bulk', { kind: 'account', area })))
        throw notAllowed({ verb: 'bulk', thing: 'account' })
      return readRosterFile(parseInput(api.ReadRoster, request.body).content)
    },
    { bodyLimit: ROSTER_BYTES, body: api.ReadRoster, answer: api.RosterRead },
  )
}

function dutyRoutes(http: Http): void {
  http.query('GET', '/api/duties', { name: 'duty.list', input: api.ListDuties, output: api.Duties, run: read.duties })
  http.query('GET', '/api/duties/owners', {
    name: 'duty.owners',
    input: api.ListOwners,
    output: api.Owners,
    run: read.owners,
  })
  http.query('GET', '/api/duties/cover', {
    name: 'duty.cover',
    input: api.WhoCovers,
    output: api.Cover,
    run: read.cover,
  })
  http.query('GET', '/api/duties/gaps', { name: 'duty.gaps', input: api.ListGaps, output: api.Gaps, run: read.gaps })
  http.action('POST', '/api/duties', assignDuty)
  http.action('POST', '/api/duties/reassign', reassignDuties)
  http.action('POST', '/api/duties/stand-in', standIn)
  http.action('POST', '/api/duties/:id/end', endDuty)
}

function emergencyRoutes(http: Http): void {
  http.query('GET', '/api/emergencies', {
    name: 'emergency.list',
    input: api.ListEmergencies,
    output: api.Emergencies,
    run: read.emergencies,
  })
  http.action('POST', '/api/emergencies', proposeEmergency)
  http.action('POST', '/api/emergencies/:id/approve', approveEmergency)
  http.action('POST', '/api/emergencies/:id/end', endEmergency)
  http.query('GET', '/api/emergencies/:id/close-out', {
    name: 'close_out.get',
    input: api.GetCloseOut,
    output: api.CloseOutItem,
    reach: 'all',
    run: read.closeOut,
  })
  http.action('POST', '/api/emergencies/:id/close-out', proposeCloseOut)
  http.action('POST', '/api/emergencies/:id/close-out/approve', approveCloseOut)
  http.open('POST', '/api/certificates/verify', {
    input: api.VerifyCertificate,
    output: api.CertificateVerdict,
    run: (args) => verifyCertificate(http.server, args.certificate),
  })
  http.query('GET', '/api/campaigns', {
    name: 'campaign.list',
    input: api.ListCampaigns,
    output: api.Campaigns,
    run: read.campaigns,
  })
  http.query('GET', '/api/campaigns/:id', {
    name: 'campaign.get',
    input: api.GetCampaign,
    output: api.CampaignItem,
    run: read.campaign,
  })
  http.action('POST', '/api/campaigns', draftCampaign)
  http.action('POST', '/api/campaigns/:id', editCampaign)
  http.action('POST', '/api/campaigns/:id/open', openCampaign)
  http.action('POST', '/api/campaigns/:id/end', endCampaign)
}

function auditRoutes(http: Http): void {
  http.query('GET', '/api/audit', {
    name: 'audit.list',
    input: api.ListAudit,
    output: api.AuditPage,
    run: read.auditLines,
  })
  http.query('GET', '/api/audit/verify', {
    name: 'audit.verify',
    input: api.VerifyAudit,
    output: api.AuditVerdict,
    run: read.auditVerdict,
  })
  http.query('GET', '/api/audit/heads', {
    name: 'audit.heads',
    input: api.ListHeads,
    output: api.Heads,
    run: read.auditHeads,
  })
  http.query('GET', '/api/retention', {
    name: 'retention.get',
    input: api.GetRetention,
    output: api.Retention,
    reach: 'all',
    run: read.retention,
  })
  http.query('GET', '/api/retention/manifests', {
    name: 'retention.manifests',
    input: api.ListManifests,
    output: api.Manifests,
    run: read.manifests,
  })
}
