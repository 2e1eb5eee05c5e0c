/** Residents of an exercise who have registered already, and a few who are expected back (EX-20): made as people make them. */
import { addDays } from '@weiwang/domain/core/day'
import type { Day } from '@weiwang/domain/core/day'
import type { VillagePlan } from '@weiwang/domain/exercise/place'
import { Answers, Words } from '@weiwang/domain/healthcode/reg-api'
import { findLogin } from '../access/login-store.ts'
import { openResident } from '../access/resident.ts'
import type { Ctx } from '../core/ctx.ts'
import { idFrom } from '../core/ids.ts'
import type { Server } from '../core/server.ts'
import { emergencyOf } from '../healthcode/reg-checks.ts'
import { openReturn } from '../healthcode/reg-returns.ts'
import { readSubject, submit } from '../healthcode/reg-submit.ts'
import { openSealed } from '../people/identities.ts'
import { findSealed } from '../people/store.ts'
import { personHeads } from '../healthcode/reg-store.ts'
import { unwatchedWithPhone } from './store.ts'

const GRIDS = 3
const REGISTERED = 8
const RETURNING = 3
/** Far enough ahead that a journey of a week meets nobody who did not come. */
const FIRST_RETURN = 9
const FROM = ['420106', '330302', '340102'] as const

type Known = { personId: string; area: string; name: string; number: string; phone: string }

function idOf(seed: string, text: string): string {
  return idFrom(`${seed}/${text}`)
}

async function knownOf(ctx: Ctx, of: { personId: string; area: string }): Promise<Known | null> {
  const [row] = await findSealed(ctx.db, [''], [of.personId])
  const opened = row ? await openSealed(ctx, row) : null
  if (!opened?.document || opened.name === null || opened.phone === null || opened.document.kind !== 'resident')
    return null
  return { ...of, name: opened.name, number: opened.document.number, phone: opened.phone }
}

const SAID = Answers.parse({ situation: 'living', registeredHere: true, underMeasure: false })
const WORDS = Words.parse({ purpose: 'home' })

async function register(server: Server, seed: string, one: Known): Promise<boolean> {
  await openResident(server, one.phone, 'zh')
  return server.asSystem('exercise.register', async (ctx) => {
    const account = await findLogin(ctx.db, { phoneHash: ctx.keys.hash('account_phone', one.phone), login: '' })
    if (!account) return false
    const body = {
      id: idOf(seed, `registered/${one.personId}`),
      who: { document: { kind: 'resident' as const, number: one.number }, name: one.name },
      home: { area: one.area.slice(0, 15), address: '户册所载住址', kind: 'own' as const },
      answers: SAID,
      words: WORDS,
    }
    const subject = await readSubject(ctx, body, one.phone)
    const sent = await submit(
      ctx,
      {
        body,
        relation: 'self',
        by: 'self',
        accountId: account.id,
        sessionId: null,
        phone: one.phone,
        lent: false,
        basis: 'proof',
      },
      subject,
    )
    return sent.state === 'registered'
  })
}

export async function putRegistered(
  server: Server,
  seed: string,
  at: { plans: readonly VillagePlan[]; day: Day },
): Promise<void> {
  const grids = at.plans
    .slice(0, 1)
    .flatMap((plan) => Array.from({ length: GRIDS }, (_, i) => `${plan.village.code}${String(i + 1).padStart(3, '0')}`))
  const known = await server.asSystem('exercise.registered', async (ctx) => {
    const found = await unwatchedWithPhone(ctx.db, grids, REGISTERED * 2)
    const opened = await Promise.all(found.map((one) => knownOf(ctx, one)))
    const free: Known[] = []
    for (const one of opened) {
      if (one === null || free.length >= REGISTERED) continue
      const taken = await findLogin(ctx.db, { phoneHash: ctx.keys.hash('account_phone', one.phone), login: '' })
      if (!taken) free.push(one)
    }
    return free
  })
  const done: Known[] = []
  for (const one of known) if (await register(server, seed, one)) done.push(one)
  await server.asSystem('exercise.returns', async (ctx) => {
    const heads = await personHeads(
      ctx.db,
      done.map((one) => one.personId),
    )
    for (const [i, one] of done.slice(0, RETURNING).entries()) {
      const { id: emergencyId } = await emergencyOf(ctx, one.area)
      await openReturn(ctx, {
        id: idOf(seed, `return/${one.personId}`),
        area: one.area,
        emergencyId,
        personId: one.personId,
        accountId: null,
        masked: heads.get(one.personId)?.masked ?? '*',
        expectedDay: addDays(at.day, FIRST_RETURN + i),
        transport: (['train', 'car', 'coach'] as const)[i] ?? 'other',
        fromPlace: FROM[i] ?? FROM[0],
        companions: i,
        bodySealed: null,
      })
    }
  })
}
