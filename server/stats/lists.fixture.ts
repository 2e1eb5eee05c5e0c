import { checkpointRoutes } from '../checkpoints/routes.ts'
import type { Http } from '../core/http.ts'
import { objectionRoutes } from '../healthcode/objection-routes.ts'
import { incidentRoutes } from '../incidents/routes.ts'
import { readingRoutes } from '../observation/readings-routes.ts'
import { observationRoutes } from '../observation/routes.ts'
import { serviceRoutes } from '../observation/service-routes.ts'
import { forceRoutes } from '../teams/force-routes.ts'
import { teamRoutes } from '../teams/routes.ts'
import { visitRoutes } from '../visits/routes.ts'
import { statRoutes } from './routes.ts'

/** The rooms whose lists the figures open, for tests that open every one of them (STAT-2). */
export const LISTS: readonly ((http: Http) => void)[] = [
  visitRoutes,
  observationRoutes,
  readingRoutes,
  serviceRoutes,
  objectionRoutes,
  checkpointRoutes,
  incidentRoutes,
  forceRoutes,
  teamRoutes,
  statRoutes,
]
