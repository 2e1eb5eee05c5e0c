import { WakeKey } from '@weiwang/domain/sync/wake'
import { z } from 'zod'
import type { Http } from '../core/http.ts'
import { endWake, putWakeAction, readWake } from './webpush.ts'

export function wakeRoutes(http: Http): void {
  const { config } = http.server
  http.query('GET', '/api/sync/wake', {
    input: z.strictObject({}),
    output: WakeKey,
    reach: 'all',
    run: (ctx) => readWake(ctx, config),
  })
  http.action('POST', '/api/sync/wake', putWakeAction(config))
  http.action('POST', '/api/sync/wake/end', endWake)
}
