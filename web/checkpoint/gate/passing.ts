import type { GatePass, MyGate } from '@weiwang/domain/checkpoints/api'
import { secondOfDay } from '@weiwang/domain/core/day'
import { say } from '@weiwang/domain/core/say'
import type { Say } from '@weiwang/domain/core/say'
import { fromHex, toHex } from '@weiwang/domain/healthcode/bytes'
import { HARDSHIP_SAY } from '@weiwang/domain/healthcode/objection-words'
import { checkPass } from '@weiwang/domain/healthcode/pass'
import type { ReadPass } from '@weiwang/domain/healthcode/pass'
import { isRevoked } from '@weiwang/domain/healthcode/revocation'
import { WORDS } from '@weiwang/domain/healthcode/verify'
import type { CheckAround } from '@weiwang/domain/healthcode/verify'
import type { GateClock } from './clock.ts'
import type { KeptLists } from './kept.ts'
import type { GateLists } from './lists.ts'
import type { Case, PassAnswer } from './types.ts'

const MINUTE_MS = 60_000
const plainOf = (text: string): string => text.toUpperCase().replaceAll(/[^0-9A-Z]/g, '')
const two = (n: number): string => String(n).padStart(2, '0')

/** Temporary passes at a gate, without a network (GATE-113): by their signed square, or by their number among those last heard. */
export function newPassing(needs: {
  clock: GateClock
  lists: GateLists
  kept: KeptLists
  zone: () => string
  around: (at: MyGate) => CheckAround
  begin: (at: MyGate, given: Partial<Case> & Pick<Case, 'lane'>) => Promise<Case>
}) {
  const { clock, lists, kept, around, begin } = needs

  /** What it is for and until when, said instead of a colour. */
  function wordsOf(reason: Say, untilMs: number): Say {
    const second = secondOfDay(new Date(untilMs), needs.zone())
    const until = `${two(Math.floor(second / 3600))}:${two(Math.floor(second / 60) % 60)}`
    return say(`${reason.zh}，到 ${until}；请核对证件`, `${reason.en}, until ${until}: compare the document`)
  }

  return {
    scan: async (at: MyGate, read: ReadPass): Promise<Case> => {
      const verdict = await checkPass(read, around(at))
      const { pass, listAgeS } = verdict
      const seen = {
        lane: 'hardship' as const,
        listAgeMin: listAgeS === null ? null : Math.floor(listAgeS / 60),
        codeId: pass === null ? null : toHex(pass.mark),
      }
      if (verdict.kind === 'valid' && pass !== null)
        return begin(at, {
          ...seen,
          check: 'valid',
          name: pass.name,
          why: wordsOf(HARDSHIP_SAY[pass.reason], pass.until * 1000),
          papers: true,
        })
      const no = verdict.kind === 'valid' ? null : verdict
      return begin(at, {
        ...seen,
        check: no?.kind ?? 'by_hand',
        checkRule: no?.rule ?? null,
        name: no?.kind === 'by_hand' ? (pass?.name ?? null) : null,
        why: no?.why ?? null,
      })
    },

    /** Less those that have ended, or were revoked since the list was heard. */
    find: (at: MyGate, number: string): PassAnswer => {
      const list = kept.passes(at.id)
      if (!list) return { kind: 'never' }
      const plain = plainOf(number)
      const pass = list.items.find((one) => plainOf(one.shortId) === plain)
      const mark = pass && fromHex(pass.mark)
      const holds = pass && mark && Date.parse(pass.until) >= clock.now() && !isRevoked(lists.revoked(), mark)
      return holds ? { kind: 'found', asOf: list.asOf, pass } : { kind: 'none', asOf: list.asOf }
    },

    let: async (at: MyGate, pass: GatePass, asOf: number): Promise<Case> => {
      const { trusted } = clock.trust()
      const ageMin = trusted ? Math.max(0, Math.floor((clock.now() - asOf) / MINUTE_MS)) : null
      const old = ageMin === null || ageMin > at.policy.listMaxAgeMin
      return begin(at, {
        lane: 'hardship',
        check: old ? 'by_hand' : 'valid',
        checkRule: old ? (trusted ? 'CODE-8' : 'CODE-5') : null,
        name: pass.name,
        why: old ? (trusted ? WORDS.oldList : WORDS.clock) : wordsOf(pass.purpose, Date.parse(pass.until)),
        papers: old ? null : true,
        listAgeMin: ageMin,
        codeId: pass.mark,
      })
    },
  }
}
