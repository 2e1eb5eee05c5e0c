import { countArea } from '../tasks/counts.ts'
import type { Count } from '../tasks/counts.ts'
import type { ServiceState } from './service-fold.ts'

/** STAT-1 for services: what a row adds to the counters of its grid, by kind. What is taken back counts nothing any more. */
export function serviceCounts(service: Pick<ServiceState, 'area' | 'kind' | 'askedDay' | 'doneDay'>): Count[] {
  const area = countArea(service.area)
  const asked = { area, day: service.askedDay, metric: `svc_asked:${service.kind}`, n: 1 }
  if (service.doneDay === null) return [asked]
  return [asked, { area, day: service.doneDay, metric: `svc_done:${service.kind}`, n: 1 }]
}
