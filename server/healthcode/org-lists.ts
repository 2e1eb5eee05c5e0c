/** A list of staff or pupils: every row has its result; nobody is judged by it and nobody is found out by it (ORG-4, ORG-6). */
import { maskName } from '@weiwang/domain/access/mask'
import { notFound } from '@weiwang/domain/core/problems'
import { say } from '@weiwang/domain/core/say'
import { MAX_ROWS, SendList, SentList } from '@weiwang/domain/healthcode/org-api'
import type { GetList, ListLists, ListedRow, OrgList, OrgListRow } from '@weiwang/domain/healthcode/org-api'
import { judgeRows, listed, readOrgSheet, sumsOf } from '@weiwang/domain/healthcode/org-list'
import { orgListEmpty, orgListLong } from '@weiwang/domain/healthcode/org-problems'
import { sql } from 'kysely'
import type { z } from 'zod'
import { readTable } from '../access/sheet.ts'
import { defineAction } from '../core/action.ts'
import type { Ctx } from '../core/ctx.ts'
import type { Db } from '../core/db/connect.ts'
import { newId } from '../core/transaction.ts'
import { tell } from './objection-change.ts'
import { memberHash, namePlace } from './org-members.ts'
import { audit, myApproved } from './org-mine.ts'
import { endUnlisted, findList, insertList, insertMembers, listLists, setReturnDays, updateOrg } from './org-store.ts'
import type { ListRow, NewMember, OrgRow } from './org-store.ts'

/** @throws unreadableFile, orgListEmpty, orgListLong */
async function rowsOf(args: z.output<typeof SendList>): Promise<OrgListRow[]> {
  const rows = args.file === undefined ? (args.rows ?? []) : (readOrgSheet(await readTable(args.file)) ?? [])
  if (rows.length === 0) throw orgListEmpty({}, args.file === undefined ? 'rows' : 'file')
  if (rows.length > MAX_ROWS) throw orgListLong({ most: MAX_ROWS })
  return rows
}

function presentList(row: Omit<ListRow, 'rows'>): OrgList {
  const { id, n, at, whole, gone, sums } = row
  return { id, n, at: at.toISOString(), whole, left: gone, sums }
}

/** Accounts that stand for these persons: only they learn of the invitation, and the employer learns nothing of them. */
async function accountsOf(db: Db, persons: readonly string[]): Promise<string[]> {
  if (persons.length === 0) return []
  const { rows } = await sql<{ account_id: string }>`
    select distinct account_id from account_person
    where person_id = any(${[...persons]}::uuid[]) and ended_at is null and relation in ('self', 'child')`.execute(db)
  return rows.map((row) => row.account_id)
}

async function invite(
  ctx: Ctx,
  org: OrgRow,
  rows: readonly OrgListRow[],
): Promise<{ results: ListedRow[]; hashes: Buffer[]; persons: string[] }> {
  const judged = judgeRows(rows, ctx.today)
  const { seal } = await ctx.keys.sealer(org.emergency_id, ctx.now)
  const persons = new Map<string, string>()
  const hashes: Buffer[] = []
  const wanted = new Map<number, NewMember>()
  for (const row of judged) {
    if (row.result !== 'valid') continue
    const id = newId(ctx.now)
    const personId = ctx.keys.personId(row.document.kind, row.document.country, row.document.number)
    const docHash = memberHash(ctx, personId)
    hashes.push(docHash)
    persons.set(id, personId)
    wanted.set(row.row, {
      id,
      docHash,
      nameSealed: seal(namePlace(id), row.name),
      masked: maskName(row.name),
      ref: row.ref,
      personId: null,
      byLink: false,
      returnsOn: row.returnsOn,
    })
  }
  const made = await insertMembers(ctx.db, org, [...wanted.values()], { now: ctx.now, today: ctx.today })
  const said = [...wanted.values()].flatMap(({ id, docHash, returnsOn }) =>
    returnsOn === null || made.has(id) ? [] : [{ docHash, returnsOn }],
  )
  await setReturnDays(ctx.db, org, said)
  const results = judged.map((row): ListedRow => {
    if (row.result !== 'valid') return listed(row.row, row.result, row.why, row.remedy)
    return listed(row.row, made.has(wanted.get(row.row)?.id ?? '') ? 'invited' : 'already')
  })
  return { results, hashes, persons: [...made].flatMap((id) => persons.get(id) ?? []) }
}

/** POST /api/my/orgs/:id/lists: the same list again is the same version. */
export const sendList = defineAction({
  name: 'my.org.list',
  input: SendList,
  output: SentList,
  reach: 'all',
  secret: true,
  run: async (ctx, args): Promise<SentList> => {
    const org = await myApproved(ctx, args.id, true)
    const known = await findList(ctx.db, org, args.list)
    if (known) {
      audit(ctx, 'org.list', org, { repeat: true, n: known.n })
      return { ...presentList(known), rows: known.rows }
    }
    const { results, hashes, persons } = await invite(ctx, org, await rowsOf(args))
    const gone = args.whole ? await endUnlisted(ctx.db, org, hashes, ctx.now) : 0
    const sums = sumsOf(results)
    const list = { id: args.list, n: org.lists + 1, whole: args.whole, gone, sums, rows: results, at: ctx.now }
    await insertList(ctx.db, org, { ...list, by: ctx.actor.id })
    await updateOrg(ctx.db, org, { lists: list.n }, ctx.now)
    audit(ctx, 'org.list', org, { n: list.n, gone, ...sums })
    await tell(
      ctx,
      await accountsOf(ctx.db, persons),
      'org.invited',
      say(
        `“${org.name}”请您同意告知能否到岗；可不同意，也可随时撤回`,
        `"${org.name}" asks whether it may know if you may work; you need not consent, and may withdraw at any time`,
      ),
    )
    return { ...presentList(list), rows: results }
  },
})

/** GET /api/my/orgs/:id/lists */
export async function readLists(
  ctx: Ctx,
  args: ListLists,
): Promise<{ items: OrgList[]; next: string | null; total: number }> {
  const org = await myApproved(ctx, args.id)
  const { rows, next, total } = await listLists(ctx.db, org, args)
  return { items: rows.map(presentList), next, total }
}

/** GET /api/my/orgs/:id/lists/:list */
export async function readList(ctx: Ctx, args: z.output<typeof GetList>): Promise<SentList> {
  const org = await myApproved(ctx, args.id)
  const list = await findList(ctx.db, org, args.list)
  if (!list) throw notFound({ thing: 'org_list' })
  return { ...presentList(list), rows: list.rows }
}
