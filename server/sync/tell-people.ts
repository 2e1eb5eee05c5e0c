/** Workers' phones are told what became of what they asked: a field that was decided, a call for help that was heard. */
import { z } from 'zod'
import type { AreaCode } from '@weiwang/domain/areas/code'
import type { Ctx } from '../core/ctx.ts'
import { feedOnce } from '../core/feed.ts'
import type { Server } from '../core/server.ts'
import { changeNotice } from '../people/conflicts.ts'
import { helpNotice } from '../people/help.ts'
import { gridToTell } from './handover-store.ts'

const Of = z.object({ id: z.uuid() })

/** In a grid that the worker covers now, wherever that is; without one the phone asks for its list. */
async function tell(ctx: Ctx, to: string, area: AreaCode, id: string, body: Record<string, unknown>): Promise<void> {
  const grid = await gridToTell(ctx.db, to, ctx.today, area.slice(0, 15))
  if (grid === null) return
  await feedOnce(ctx, { grid, kind: 'notice', id, urgent: true, body: { ...body, for: to, day: ctx.today } })
}

export async function tellChange(server: Server, payload: unknown): Promise<void> {
  const { id } = Of.parse(payload)
  await server.asSystem('change.tell', async (ctx) => {
    const notice = await changeNotice(ctx, id)
    for (const to of notice?.tell ?? []) if (notice) await tell(ctx, to, notice.area, `change/${id}/${to}`, notice.body)
  })
}

export async function tellHelp(server: Server, payload: unknown): Promise<void> {
  const { id } = Of.parse(payload)
  await server.asSystem('help.tell', async (ctx) => {
    const notice = await helpNotice(ctx, id)
    if (notice) await tell(ctx, notice.to, notice.area, `help/${id}`, notice.body)
  })
}
