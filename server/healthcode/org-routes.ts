import {
  AskLink,
  AskMyEmployers,
  AskMyOrgs,
  AskOfficerLink,
  AskRoll,
  GetList,
  GetOrg,
  LinkedOrg,
  ListLists,
  ListMembers,
  ListOrgs,
  ListPage,
  MemberPage,
  MyEmployers,
  MyOrgs,
  OfficerLink,
  OrgDetail,
  OrgPage,
  Roll,
  SentList,
} from '@weiwang/domain/healthcode/org-api'
import type { Http } from '../core/http.ts'
import { closeOrgAtDesk, decideOrg, openOrg, readOrg, readOrgs, stepFile } from './org-desk.ts'
import { consent, readLink, readMyEmployers, withdraw } from './org-employers.ts'
import { readList, readLists, sendList } from './org-lists.ts'
import {
  applyOrg,
  closeMyOrg,
  endMember,
  makeLink,
  readMembers,
  readMyOrgs,
  readRoll,
  saveFile,
  sendRoll,
  submitFile,
} from './org-mine.ts'
import { inviteOfficer, leaveOrg, readOfficerLink, stopInvitation, takeOfficerLink } from './org-officers.ts'

/** Companies and schools: their officer, each person's consent, the desk. */
export function orgRoutes(http: Http): void {
  http.query('GET', '/api/my/orgs', { input: AskMyOrgs, output: MyOrgs, reach: 'all', run: readMyOrgs })
  http.action('POST', '/api/my/orgs', applyOrg)
  http.query('GET', '/api/my/orgs/:id/lists', { input: ListLists, output: ListPage, reach: 'all', run: readLists })
  http.query('GET', '/api/my/orgs/:id/lists/:list', { input: GetList, output: SentList, reach: 'all', run: readList })
  http.action('POST', '/api/my/orgs/:id/lists', sendList)
  http.action('POST', '/api/my/orgs/:id/link', makeLink)
  http.query('GET', '/api/my/orgs/:id/members', {
    input: ListMembers,
    output: MemberPage,
    reach: 'all',
    run: readMembers,
  })
  http.action('POST', '/api/my/orgs/:id/members/:member/end', endMember)
  http.query('GET', '/api/my/orgs/:id/roll', { input: AskRoll, output: Roll, reach: 'all', run: readRoll })
  http.action('POST', '/api/my/orgs/:id/roll', sendRoll)
  http.action('POST', '/api/my/orgs/:id/file', saveFile)
  http.action('POST', '/api/my/orgs/:id/file/submit', submitFile)
  http.action('POST', '/api/my/orgs/:id/close', closeMyOrg)
  http.action('POST', '/api/my/orgs/:id/officers', inviteOfficer)
  http.action('POST', '/api/my/orgs/:id/officers/stop', stopInvitation)
  http.action('POST', '/api/my/orgs/:id/leave', leaveOrg)
  http.query('GET', '/api/my/officer-link', {
    input: AskOfficerLink,
    output: OfficerLink,
    reach: 'all',
    run: readOfficerLink,
  })
  http.action('POST', '/api/my/officer-link', takeOfficerLink)

  http.query('GET', '/api/my/employers', {
    input: AskMyEmployers,
    output: MyEmployers,
    reach: 'all',
    run: readMyEmployers,
  })
  http.query('GET', '/api/my/employers/link', { input: AskLink, output: LinkedOrg, reach: 'all', run: readLink })
  http.action('POST', '/api/my/employers/consent', consent)
  http.action('POST', '/api/my/employers/:id/withdraw', withdraw)

  http.query('GET', '/api/orgs', { input: ListOrgs, output: OrgPage, reach: 'scope', run: readOrgs })
  http.query('GET', '/api/orgs/:id', {
    input: GetOrg,
    output: OrgDetail,
    reach: 'all',
    run: (ctx, args) => readOrg(ctx, args.id),
  })
  http.action('POST', '/api/orgs/:id/decide', decideOrg)
  http.action('POST', '/api/orgs/:id/file', stepFile)
  http.action('POST', '/api/orgs/:id/open', openOrg)
  http.action('POST', '/api/orgs/:id/close', closeOrgAtDesk)
}
