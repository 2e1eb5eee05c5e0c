import { EditFeed } from '@weiwang/domain/feeds/api'
import type { DateOrder, Feed, Meaning } from '@weiwang/domain/feeds/api'
import type { Say } from '@weiwang/domain/core/say'
import { FACT_VALUES } from '@weiwang/domain/feeds/fact'
import type { Degree, FactKind } from '@weiwang/domain/feeds/fact'
import { mappingFault } from '@weiwang/domain/feeds/mapping'

/** What is typed about a source, as text; the request is made of it and checked by the schema of the route. */
export type ColumnForm = {
  id: number
  meaning: Meaning
  /** One spelling a line. */
  headers: string
  required: boolean
  dates: DateOrder | ''
}
export type SourceForm = {
  name: Say
  owner: string
  purpose: Say
  fact: FactKind
  columns: ColumnForm[]
  /** Value → its further spellings, one a line. */
  values: Record<string, string>
  value: string
  degree: '' | '1' | '2' | '3'
  dwellMinutes: number | null
  borderRoaming: boolean
  clockSkewMinutes: number | null
}

export const DAY_MEANINGS: readonly Meaning[] = ['from_day', 'to_day', 'arrived_at']

const lines = (text: string): string[] =>
  text
    .split(/\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '')

/** The closed values of a kind of fact; none where it has none, or any country. */
export function valuesOf(fact: FactKind): readonly string[] {
  const values = FACT_VALUES[fact]
  return Array.isArray(values) ? values : []
}

export function formOf(feed: Feed): SourceForm {
  const { mapping, bounds } = feed
  const degree = mapping.constant.degree
  return {
    name: feed.name,
    owner: feed.owner,
    purpose: feed.purpose,
    fact: mapping.fact,
    columns: mapping.columns.map((column, id) => ({
      id,
      meaning: column.meaning,
      headers: column.headers.join('\n'),
      required: column.required,
      dates: column.dates ?? '',
    })),
    values: Object.fromEntries(Object.entries(mapping.values).map(([value, all]) => [value, all.join('\n')])),
    value: mapping.constant.value ?? '',
    degree: degree === undefined ? '' : degree === 1 ? '1' : degree === 2 ? '2' : '3',
    dwellMinutes: bounds.dwellMinutes ?? null,
    borderRoaming: bounds.borderRoaming ?? false,
    clockSkewMinutes: bounds.clockSkewMinutes ?? null,
  }
}

const DEGREE_OF: Record<'1' | '2' | '3', Degree> = { '1': 1, '2': 2, '3': 3 }

/** The request; parts that stay as they were are left out, so that an untouched mapping keeps the right to give red. */
export function requestOf(feed: Feed, form: SourceForm): EditFeed {
  const spellings = Object.entries(form.values)
    .map(([value, text]) => [value, lines(text)] as const)
    .filter(([value, all]) => all.length > 0 && (valuesOf(form.fact).includes(value) || form.fact === 'abroad'))
  const mapping: EditFeed['mapping'] = {
    fact: form.fact,
    columns: form.columns.map(({ meaning, headers, required, dates }) => ({
      meaning,
      headers: lines(headers),
      required,
      dates: dates === '' || !DAY_MEANINGS.includes(meaning) ? null : dates,
    })),
    values: Object.fromEntries(spellings),
    constant: {
      ...(form.value === '' ? {} : { value: form.value }),
      ...(form.degree === '' || form.fact !== 'contact' ? {} : { degree: DEGREE_OF[form.degree] }),
    },
  }
  const bounds: EditFeed['bounds'] = {
    ...(form.dwellMinutes === null ? {} : { dwellMinutes: form.dwellMinutes }),
    ...(form.borderRoaming ? { borderRoaming: true } : {}),
    ...(form.clockSkewMinutes === null ? {} : { clockSkewMinutes: form.clockSkewMinutes }),
  }
  const before = formOf(feed)
  const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)
  const touched = !same(
    [form.fact, form.columns, form.values, form.value, form.degree],
    [before.fact, before.columns, before.values, before.value, before.degree],
  )
  return {
    id: feed.id,
    version: feed.version,
    name: form.name,
    owner: form.owner,
    purpose: form.purpose,
    bounds,
    ...(touched ? { mapping } : {}),
  }
}

export type SourceFaults = { places: ReadonlySet<string>; mapping: Say | null }

/** Where the request does not fit the schema of the route (as paths: `owner`, `mapping.columns.2.headers`), and what a mapping lacks. */
export function faultsOf(request: EditFeed): SourceFaults {
  const parsed = EditFeed.safeParse(request)
  if (!parsed.success) {
    const places = parsed.error.issues.map((issue) => issue.path.slice(0, 4).join('.'))
    // A fault of one spelling belongs to its column.
    return { places: new Set(places), mapping: null }
  }
  return { places: new Set(), mapping: parsed.data.mapping ? mappingFault(parsed.data.mapping) : null }
}
