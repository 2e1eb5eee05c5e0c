import type { Http } from './core/http.ts'
import type { NamedJobs } from './core/jobs.ts'
import { coreRoutes } from './core/routes.ts'

/** The rooms in their order (docs/architecture.md): what each does when things happen, and its addresses. */
export const ROOMS: readonly NamedJobs[] = []

export const ROUTES: readonly ((http: Http) => void | Promise<void>)[] = [coreRoutes]
