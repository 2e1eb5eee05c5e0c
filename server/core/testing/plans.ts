import { RawNode } from 'kysely'
import type { KyselyPlugin, RootOperationNode } from 'kysely'
import type { Db } from '../db/connect.ts'

/**
 * What the planner would do, as text: `run` is given a database that explains each raw statement instead of running it. Settings are
 * made all the same.
 */
export async function plansOf(db: Db, run: (explaining: Db) => Promise<unknown>): Promise<string> {
  const plans: string[] = []
  const explaining: KyselyPlugin = {
    transformQuery: ({ node }): RootOperationNode => {
      if (node.kind !== 'RawNode' || node.sqlFragments.some((text) => text.includes('set_config'))) return node
      const [first = '', ...rest] = node.sqlFragments
      return RawNode.create([`explain ${first}`, ...rest], node.parameters)
    },
    transformResult: ({ result }) => {
      for (const row of result.rows) if (typeof row['QUERY PLAN'] === 'string') plans.push(row['QUERY PLAN'])
      return Promise.resolve(result)
    },
  }
  await run(db.withPlugin(explaining))
  return plans.join('\n')
}
