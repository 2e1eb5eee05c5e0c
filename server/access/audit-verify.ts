import type { AuditFinding, AuditVerdict } from '@weiwang/domain/access/api'
import { blockText, headText } from '@weiwang/domain/access/canonical'
import type { CountyHead } from '@weiwang/domain/access/canonical'
import { addDays, dayOf } from '@weiwang/domain/core/day'
import type { Day } from '@weiwang/domain/core/day'
import { say } from '@weiwang/domain/core/say'
import type { Say } from '@weiwang/domain/core/say'
import type { Db } from '../core/db/connect.ts'
import { chainHash, FIRST_HASH } from './audit-seal.ts'
import {
  blocksNamed,
  blocksOf,
  chainsOn,
  deletedUpTo,
  headBefore,
  headsBetween,
  lastHead,
  linesOf,
  unsealedTail,
} from './audit-store.ts'
import type { BlockRow, HeadRow } from './audit-store.ts'

type Options = {
  from: Day
  to: Day
  scope?: readonly string[]
  now: Date
  zone: string
  known?: { day: Day; hash: string }
}
type Kind = AuditFinding['kind']

/** Names the place of every fault; bounded, since one broken day can break thousands of blocks. */
const MOST_FINDINGS = 1000

class Findings {
  readonly list: AuditFinding[] = []
  add(kind: Kind, where: { county: string | null; day: Day; block: number | null }, text: Say): void {
    if (this.list.length < MOST_FINDINGS) this.list.push({ kind, ...where, say: text })
  }
}

/**
 * AUDIT-4: recomputes every block of these days and the chain of days, and says what is missing, changed or not yet sealed.
 * Lines deleted by the retention rule are not missed: their blocks stay, and still chain.
 */
export async function verifyAudit(db: Db, options: Options): Promise<AuditVerdict> {
  const scope = options.scope ?? ['']
  const findings = new Findings()
  const deleted = await deletedUpTo(db)
  const deletedDay = deleted === null ? null : dayOf(deleted, options.zone)
  const heads = await headsBetween(db, options.from, '9999-12-31')
  const counted = { blocks: 0, lines: 0 }
  for (let day = options.from; day <= options.to; day = addDays(day, 1)) {
    for (const county of await chainsOn(db, scope, day)) {
      const seen = await verifyChain(db, { county, day }, findings, deletedDay !== null && day <= deletedDay)
      counted.blocks += seen.blocks
      counted.lines += seen.lines
    }
  }
  const covered = heads.filter((head) => head.day <= options.to)
  await verifyHeads(db, heads, options, findings, scope.includes(''))
  if (options.known) await verifyKnown(db, options.known, findings)
  const tail = await unsealedTail(db, scope)
  const last = await lastHead(db)
  return {
    ok: findings.list.length === 0,
    from: options.from,
    to: options.to,
    ...counted,
    heads: covered.length,
    lastHead: last ? { day: last.day, hash: last.hash.toString('hex') } : null,
    unsealed: {
      lines: tail.lines,
      oldestSeconds: tail.oldest ? Math.round((options.now.getTime() - tail.oldest.getTime()) / 1000) : null,
    },
    findings: findings.list,
  }
}

async function verifyChain(
  db: Db,
  chain: { county: string; day: Day },
  findings: Findings,
  maybeDeleted: boolean,
): Promise<{ blocks: number; lines: number }> {
  const blocks = await blocksOf(db, chain)
  let prev: Buffer = FIRST_HASH
  let expected = 1
  let lines = 0
  for (const block of blocks) {
    for (; expected < block.n; expected++) {
      findings.add(
        'missing_block',
        { ...chain, block: expected },
        say(`缺第 ${expected} 块`, `Block ${expected} is missing`),
      )
    }
    expected = block.n + 1
    if (!block.prev_hash.equals(prev)) {
      findings.add(
        'broken_chain',
        { ...chain, block: block.n },
        say(`第 ${block.n} 块与前一块不相接`, `Block ${block.n} does not follow the one before it`),
      )
    }
    lines += await verifyBlock(db, chain, block, findings, maybeDeleted)
    prev = block.hash
  }
  const known = new Set(blocks.map((block) => block.n))
  for (const n of await blocksNamed(db, chain)) {
    if (!known.has(n))
      findings.add(
        'missing_block',
        { ...chain, block: n },
        say(`有记录属于第 ${n} 块，但没有这一块`, `Lines name block ${n}, which is not there`),
      )
  }
  return { blocks: blocks.length, lines }
}

async function verifyBlock(
  db: Db,
  chain: { county: string; day: Day },
  block: BlockRow,
  findings: Findings,
  maybeDeleted: boolean,
): Promise<number> {
  const lines = await linesOf(db, chain, block.n)
  if (lines.length === 0 && maybeDeleted) return 0
  const where = { ...chain, block: block.n }
  if (lines.length !== block.lines && !(maybeDeleted && lines.length < block.lines)) {
    const more = lines.length > block.lines
    findings.add(
      more ? 'changed_block' : 'missing_line',
      where,
      say(
        `第 ${block.n} 块应有 ${block.lines} 条，现有 ${lines.length} 条`,
        `Block ${block.n} had ${block.lines} lines and has ${lines.length}`,
      ),
    )
    return lines.length
  }
  if (
    lines.length === block.lines &&
    !chainHash(block.prev_hash, blockText({ ...chain, n: block.n }, lines)).equals(block.hash)
  ) {
    findings.add(
      'changed_block',
      where,
      say(`第 ${block.n} 块的内容被改动`, `The content of block ${block.n} was changed`),
    )
  }
  return lines.length
}

/** The chain of days: each head follows the one before, says its counties' last blocks, and those are what the blocks say. */
async function verifyHeads(
  db: Db,
  heads: readonly HeadRow[],
  options: Options,
  findings: Findings,
  everything: boolean,
): Promise<void> {
  const first = heads[0]
  const before = first ? await headBefore(db, first.day) : null
  let prev = before?.hash ?? FIRST_HASH
  for (const head of heads) {
    const where = { county: null, day: head.day, block: null }
    if (!head.prev.equals(prev))
      findings.add(
        'missing_head',
        where,
        say(`${head.day} 的总链与前一日不相接`, `The head of ${head.day} does not follow the one before it`),
      )
    if (!chainHash(head.prev, headText(head.day, head.heads)).equals(head.hash)) {
      findings.add('changed_head', where, say(`${head.day} 的总链内容被改动`, `The head of ${head.day} was changed`))
    }
    prev = head.hash
    if (everything) for (const county of head.heads) await verifyCountyHead(db, county, options, findings)
  }
}

/** The last block that a head has chained must still be there as it was: cutting off a chain's end is found here. */
async function verifyCountyHead(db: Db, head: CountyHead, options: Options, findings: Findings): Promise<void> {
  if (head.day < options.from || head.day > options.to) return
  const blocks = await blocksOf(db, { county: head.county, day: head.day })
  const block = blocks.find((row) => row.n === head.n)
  const where = { county: head.county, day: head.day, block: head.n }
  if (!block)
    findings.add(
      'missing_block',
      where,
      say(`总链记有第 ${head.n} 块，但已不在`, `The chain of days has block ${head.n}, which is gone`),
    )
  else if (block.hash.toString('hex') !== head.hash) {
    findings.add(
      'changed_block',
      where,
      say(`第 ${head.n} 块与总链所记不同`, `Block ${head.n} is not what the chain of days has`),
    )
  }
}

/** A head that somebody kept outside the database: the one thing that its owner cannot rewrite. */
async function verifyKnown(db: Db, known: { day: Day; hash: string }, findings: Findings): Promise<void> {
  const [head] = await headsBetween(db, known.day, known.day)
  const where = { county: null, day: known.day, block: null }
  if (!head) findings.add('missing_head', where, say(`没有 ${known.day} 的总链`, `There is no head of ${known.day}`))
  else if (head.hash.toString('hex') !== known.hash)
    findings.add(
      'changed_head',
      where,
      say(`${known.day} 的总链与外存的不同`, `The head of ${known.day} is not the one kept outside`),
    )
}
