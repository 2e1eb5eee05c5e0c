import { z } from 'zod'
import { Rebuilt, Verdict, weiwang, wrongDoors, wrongSums } from '../api.ts'
import type { Place } from './place.ts'
import type { World } from './world.ts'

/** What must be true at the server whatever the phones have done. */

const Fields = z.object({
  /** The record, whatever id the phone named. */
  id: z.string(),
  fields: z.array(z.object({ field: z.string(), outcome: z.string(), conflictId: z.string().nullable() })),
})
const Changes = z.record(z.string(), z.object({ from: z.unknown(), to: z.unknown() }))

/**
 * SYNC-19: nothing is overwritten that its writer has not seen. Values are never chosen twice, so a value that stood somewhere can
 * have been replaced once; whoever came after from the same sight is held, and what is held lies where somebody decides.
 */
export async function overwriteFaults(world: World): Promise<string[]> {
  const rows = await world.place.sql(
    `select key, answer from idempotency where actor = any($1) and action in ('person.change', 'household.change')`,
    [world.place.workers.map(({ id }) => id)],
  )
  const answers = new Map(rows.map((row) => [String(row['key']), row['answer']]))
  const conflicts = new Set((await world.place.sql(`select id from field_conflict`)).map((row) => String(row['id'])))
  const faults: string[] = []
  const replacedBy = new Map<string, Set<string>>()
  for (const work of world.works) {
    if (work.kind !== 'person.change' && work.kind !== 'household.change') continue
    const answer = Fields.safeParse(answers.get(`${work.account}/${work.key}`))
    const changes = Changes.safeParse(work.body['changes'])
    if (!answer.success || !changes.success) continue
    for (const { field, outcome, conflictId } of answer.data.fields) {
      const from = changes.data[field]?.from
      if (conflictId !== null && !conflicts.has(conflictId))
        faults.push(`${work.kind} ${work.key}: ${field} is ${outcome}, and nobody can decide it`)
      if (outcome === 'held' && conflictId === null) faults.push(`${work.kind} ${work.key}: ${field} is held nowhere`)
      if (outcome !== 'applied' || !['phone', 'estate'].includes(field) || typeof from !== 'string') continue
      // A record that was added for a near one has its values; what a record had from a phone or desk was chosen once for it.
      if (!from.startsWith('混沌') && field === 'estate') continue
      const sight = `${field} ${from} of ${answer.data.id}`
      replacedBy.set(sight, (replacedBy.get(sight) ?? new Set()).add(work.account))
    }
  }
  for (const [sight, accounts] of replacedBy)
    if (accounts.size > 1) faults.push(`${sight} was replaced by ${accounts.size} people who had not seen each other`)
  return faults
}

/** What the feeds say of persons, doors and open tasks is what their tables say. */
export async function feedFaults(place: Place): Promise<string[]> {
  const rows = await place.sql(
    `with there as (
       select f.kind, f.id, f.grid, f.body ->> 'area' as area, f.body ->> 'version' as version
       from grid_feed f where f.body ->> 'gone' is null and f.kind in ('person', 'household', 'task') and f.grid like $1 || '%'
     ), here as (
       select 'household' as kind, h.id::text as id, substr(h.area, 1, 15) as grid, h.area as area, h.version::text as version
       from household h where h.area like $1 || '%' and length(h.area) >= 15
       union all
       select 'person', p.person_id::text, substr(r.area, 1, 15), r.area, p.version::text
       from person p join residence r on r.person_id = p.person_id and r.to_day is null
       where r.area like $1 || '%' and length(r.area) >= 15
         and not exists (select from person_alias a where a.person_id = p.person_id)
       union all
       select 'task', t.id::text, substr(t.area, 1, 15), t.area, t.version::text
       from task t where t.area like $1 || '%' and length(t.area) >= 15 and t.closed_at is null
     )
     select h.kind || ' ' || h.id || ' of ' || h.area || case when t.id is null then ' is not in the feed'
       else ' is in the feed as ' || t.area || ' version ' || coalesce(t.version, '-') || ', not ' || h.version end as what
     from here h left join there t on t.kind = h.kind and t.id = h.id and t.grid = h.grid
     where t.id is null or t.area is distinct from h.area or t.version is distinct from h.version
     union all
     select t.kind || ' ' || t.id || ' is in the feed of ' || t.grid || ' and not there' from there t
     where t.kind <> 'task' and not exists (select from here h where h.kind = t.kind and h.id = t.id and h.grid = t.grid)
     union all
     select 'instruction ' || r.instruction_id || ' of ' || r.area || ' is ' || r.state || ', and the feed says ' ||
       coalesce(f.body ->> 'state', 'nothing')
     from receipt r join area a on a.code = r.area and a.valid_to is null
     left join grid_feed f on f.grid = r.area and f.kind = 'instruction' and f.id = r.instruction_id::text
     where r.area like $1 || '%' and length(r.area) = 15 and f.body ->> 'gone' is null
       and (f.body ->> 'state' is distinct from r.state or f.body ->> 'version' is distinct from r.version::text)
     limit 40`,
    [place.village],
  )
  return rows.map((row) => String(row['what']))
}

/** Counted again from the events there is no difference, every figure equals its list, and the trail is whole. */
export async function bookFaults(place: Place): Promise<string[]> {
  const [rebuilt, verified] = await Promise.all([
    weiwang(place.deployment, ['stats', 'rebuild']),
    weiwang(place.deployment, ['audit', 'verify']),
  ])
  const counted = Rebuilt.safeParse(rebuilt.value)
  const trail = Verdict.safeParse(verified.value)
  const faults: string[] = []
  if (!counted.success || counted.data.differences.length + counted.data.folds.length > 0)
    faults.push(`counters: ${rebuilt.err} ${JSON.stringify(rebuilt.value).slice(0, 600)}`)
  if (!trail.success || !trail.data.ok)
    faults.push(`audit: ${verified.err} ${JSON.stringify(verified.value).slice(0, 600)}`)
  const county = await place.client(`county${place.county}.operator`)
  for (const area of [place.county, place.village]) {
    faults.push(...(await wrongDoors(county, area, area === place.village)).wrong)
    faults.push(...(await wrongSums(county, area)))
  }
  return faults
}
