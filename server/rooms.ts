import { accessJobs } from './access/jobs.ts'
import { accessRoutes } from './access/routes.ts'
import { areaRoutes } from './areas/routes.ts'
import type { Http } from './core/http.ts'
import type { NamedJobs } from './core/jobs.ts'
import { backupJobs } from './core/postgres/backup-jobs.ts'
import { checkpointJobs } from './checkpoints/jobs.ts'
import { checkpointRoutes } from './checkpoints/routes.ts'
import { coreRoutes } from './core/routes.ts'
import { exerciseJobs } from './exercise/jobs.ts'
import { feedJobs } from './feeds/jobs.ts'
import { feedRoutes } from './feeds/routes.ts'
import { gradingJobs } from './grading/jobs.ts'
import { gradingRoutes } from './grading/routes.ts'
import { codeJobs } from './healthcode/code-jobs.ts'
import { codeRoutes } from './healthcode/code-routes.ts'
import { objectionJobs } from './healthcode/objection-jobs.ts'
import { objectionRoutes } from './healthcode/objection-routes.ts'
import { orgJobs } from './healthcode/org-jobs.ts'
import { orgRoutes } from './healthcode/org-routes.ts'
import { truthJobs } from './healthcode/truth-jobs.ts'
import { truthRoutes } from './healthcode/truth-routes.ts'
import { registrationJobs } from './healthcode/reg-jobs.ts'
import { registrationRoutes } from './healthcode/reg-routes.ts'
import { incidentJobs } from './incidents/jobs.ts'
import { incidentRoutes } from './incidents/routes.ts'
import { observationJobs } from './observation/jobs.ts'
import { myRoutes } from './observation/my-routes.ts'
import { paperPhotoRoutes } from './observation/paper-photos.ts'
import { servicePhotoRoutes } from './observation/service-photos.ts'
import { observationRoutes } from './observation/routes.ts'
import { serviceJobs } from './observation/service-jobs.ts'
import { serviceRoutes } from './observation/service-routes.ts'
import { peopleJobs } from './people/jobs.ts'
import { peopleRoutes } from './people/routes.ts'
import { readingJobs } from './observation/readings-jobs.ts'
import { readingRoutes } from './observation/readings-routes.ts'
import { statRoutes } from './stats/routes.ts'
import { phoneJobs } from './sync/phone-jobs.ts'
import { pushRoutes } from './sync/routes-push.ts'
import { syncJobs } from './sync/jobs.ts'
import { loadRoutes } from './sync/load.ts'
import { syncRoutes } from './sync/routes.ts'
import { wakeJobs } from './sync/webpush-jobs.ts'
import { wakeRoutes } from './sync/webpush-routes.ts'
import { taskJobs } from './tasks/jobs.ts'
import { taskRoutes } from './tasks/routes.ts'
import { forceJobs } from './teams/force-jobs.ts'
import { forceRoutes } from './teams/force-routes.ts'
import { teamJobs } from './teams/jobs.ts'
import { teamRoutes } from './teams/routes.ts'
import { visitRoutes } from './visits/routes.ts'

/** The rooms in their order (docs/architecture.md): what each does when things happen and when time passes. */
export const ROOMS: readonly NamedJobs[] = [
  { room: 'core', jobs: backupJobs },
  { room: 'access', jobs: accessJobs },
  { room: 'people', jobs: peopleJobs },
  { room: 'teams', jobs: teamJobs },
  { room: 'forces', jobs: forceJobs },
  { room: 'feeds', jobs: feedJobs },
  { room: 'grading', jobs: gradingJobs },
  { room: 'tasks', jobs: taskJobs },
  { room: 'observation', jobs: observationJobs },
  { room: 'readings', jobs: readingJobs },
  { room: 'services', jobs: serviceJobs },
  { room: 'registration', jobs: registrationJobs },
  { room: 'code', jobs: codeJobs },
  { room: 'objections', jobs: objectionJobs },
  { room: 'truth', jobs: truthJobs },
  { room: 'orgs', jobs: orgJobs },
  { room: 'checkpoints', jobs: checkpointJobs },
  { room: 'incidents', jobs: incidentJobs },
  { room: 'sync', jobs: syncJobs },
  { room: 'phones', jobs: phoneJobs },
  { room: 'wakes', jobs: wakeJobs },
  { room: 'exercise', jobs: exerciseJobs },
]

/** Every address of the HTTP interface, room by room. */
export const ROUTES: readonly ((http: Http) => void | Promise<void>)[] = [
  coreRoutes,
  areaRoutes,
  accessRoutes,
  peopleRoutes,
  teamRoutes,
  forceRoutes,
  feedRoutes,
  gradingRoutes,
  taskRoutes,
  visitRoutes,
  observationRoutes,
  paperPhotoRoutes,
  servicePhotoRoutes,
  myRoutes,
  readingRoutes,
  serviceRoutes,
  registrationRoutes,
  codeRoutes,
  objectionRoutes,
  truthRoutes,
  orgRoutes,
  checkpointRoutes,
  incidentRoutes,
  statRoutes,
  syncRoutes,
  pushRoutes,
  wakeRoutes,
  loadRoutes,
]
