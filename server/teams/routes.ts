import {
  AskCandidates,
  AskCoverage,
  AskLeave,
  AskTeams,
  AtArea,
  AtDoor,
  Candidates,
  LeaderChoices,
  LeaveAnswer,
  LeavesPage,
  ListLeaders,
  ListLeaves,
  ListLoads,
  ListNotes,
  ListTeams,
  ListUncovered,
  ListVisitPlans,
  ListWatches,
  LoadsPage,
  MyWatches,
  NotePage,
  Responsible,
  TeamDetail,
  TeamId,
  TeamPage,
  TeamSummary,
  TemplateAnswer,
  UncoveredPage,
  VisitPlanPage,
  WatchCoverage,
  WatchDetail,
  WatchId,
  WatchPage,
  WatchPreview,
} from '@weiwang/domain/teams/api'
import { z } from 'zod'
import type { Http } from '../core/http.ts'
import {
  endLeave,
  endTeam,
  fillArea,
  formTeams,
  handOverDoors,
  previewLeave,
  replaceMember,
  saveTemplate,
  setCap,
  takeLeave,
} from './actions.ts'
import {
  readCandidates,
  readLeaves,
  readLoads,
  readResponsible,
  readSummary,
  readTeam,
  readTeams,
  readTemplate,
  readVisitPlans,
} from './queries.ts'
import { joinWatches, moveDoor, nameLeader, openLeader, renameWatch, splitWatch } from './watch-acts.ts'
import { makeWatches, previewWatches } from './watch-making.ts'
import { answerNote, openNote, readMyWatches, readNotes, writeNote } from './watch-notes.ts'
import { readCoverage, readLeaders, readUncovered, readWatch, readWatches } from './watch-queries.ts'

export function teamRoutes(http: Http): void {
  const county = { reach: 'county' as const }
  http.query('GET', '/api/team-templates', { input: AtArea, output: TemplateAnswer, run: readTemplate })
  http.action('POST', '/api/team-templates', saveTemplate)
  http.query('GET', '/api/teams', { ...county, input: ListTeams, output: TeamPage, run: readTeams })
  http.query('GET', '/api/teams/summary', { ...county, input: AskTeams, output: TeamSummary, run: readSummary })
  http.query('GET', '/api/teams/loads', { ...county, input: ListLoads, output: LoadsPage, run: readLoads })
  http.query('GET', '/api/teams/leaves', { ...county, input: ListLeaves, output: LeavesPage, run: readLeaves })
  http.query('GET', '/api/teams/visits', {
    ...county,
    input: ListVisitPlans,
    output: VisitPlanPage,
    run: readVisitPlans,
  })
  // My own doors are found by my name in the team, whatever my areas are.
  http.query('GET', '/api/teams/responsible', { ...county, input: AtDoor, output: Responsible, run: readResponsible })
  http.query('GET', '/api/teams/:id', { ...county, input: TeamId, output: TeamDetail, run: readTeam })
  http.query('GET', '/api/teams/:id/candidates', {
    ...county,
    input: AskCandidates,
    output: Candidates,
    run: readCandidates,
  })
  http.action('POST', '/api/teams', formTeams)
  http.action('POST', '/api/teams/fill', fillArea)
  http.action('POST', '/api/teams/:id/replace', replaceMember)
  http.action('POST', '/api/teams/:id/end', endTeam)
  http.query('POST', '/api/teams/leaves/preview', {
    ...county,
    input: AskLeave,
    output: LeaveAnswer,
    run: previewLeave,
  })
  http.action('POST', '/api/teams/leaves', takeLeave)
  http.action('POST', '/api/teams/leaves/:id/end', endLeave)
  http.action('POST', '/api/teams/hand-over', handOverDoors)
  http.action('POST', '/api/teams/caps', setCap)
  watchRoutes(http)
}

function watchRoutes(http: Http): void {
  const county = { reach: 'county' as const }
  http.query('GET', '/api/watches', { ...county, input: ListWatches, output: WatchPage, run: readWatches })
  http.query('GET', '/api/watches/coverage', {
    ...county,
    input: AskCoverage,
    output: WatchCoverage,
    run: readCoverage,
  })
  http.query('GET', '/api/watches/uncovered', {
    ...county,
    input: ListUncovered,
    output: UncoveredPage,
    run: readUncovered,
  })
  http.query('GET', '/api/watches/preview', { ...county, input: AtArea, output: WatchPreview, run: previewWatches })
  http.query('GET', '/api/watches/leaders', { ...county, input: ListLeaders, output: LeaderChoices, run: readLeaders })
  http.query('GET', '/api/watches/notes', { ...county, input: ListNotes, output: NotePage, run: readNotes })
  // WATCH-7: found by the leader's name on the watch; what is read is the mask of domain/teams/watch and nothing else.
  http.query('GET', '/api/watches/mine', {
    reach: 'all',
    input: z.strictObject({}),
    output: MyWatches,
    run: readMyWatches,
  })
  http.query('GET', '/api/watches/:id', { ...county, input: WatchId, output: WatchDetail, run: readWatch })
  http.action('POST', '/api/watches/make', makeWatches)
  http.action('POST', '/api/watches/move', moveDoor)
  http.action('POST', '/api/watches/notes', writeNote)
  http.action('POST', '/api/watches/notes/:id/answer', answerNote)
  http.action('POST', '/api/watches/notes/:id/open', openNote)
  http.action('POST', '/api/watches/:id/leader', nameLeader)
  http.action('POST', '/api/watches/:id/leader/open', openLeader)
  http.action('POST', '/api/watches/:id/rename', renameWatch)
  http.action('POST', '/api/watches/:id/split', splitWatch)
  http.action('POST', '/api/watches/:id/join', joinWatches)
}
