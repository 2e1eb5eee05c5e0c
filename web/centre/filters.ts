import { useRouter, useRouterState } from '@tanstack/react-router'
import { z } from 'zod'

/** Filters live in the address: they survive a reload, can be shared, and going back undoes them. */
export type Filters<S extends z.ZodRawShape> = { [K in keyof S]?: NonNullable<z.output<S[K]>> }

/** One bad word in a shared address loses itself and not the other filters. */
export function readFilters<S extends z.ZodRawShape>(schema: z.ZodObject<S>, search: string): Filters<S> {
  const given = new URLSearchParams(search)
  const filters: Filters<S> = {}
  for (const key in schema.shape) {
    const text = given.get(key)
    const word = schema.shape[key]
    if (!text || word === undefined) continue
    const parsed = z.safeParse(word, text)
    if (parsed.success) Object.assign(filters, { [key]: parsed.data })
  }
  return filters
}

export function writeFilters(search: string, patch: Record<string, string | null | undefined>): string {
  const query = new URLSearchParams(search)
  for (const [key, value] of Object.entries(patch)) {
    if (value) query.set(key, value)
    else query.delete(key)
  }
  const text = query.toString()
  return text ? `?${text}` : ''
}

export type SetFilters = (patch: Record<string, string | null | undefined>, options?: { push?: boolean }) => void

export function useFilters<S extends z.ZodRawShape>(schema: z.ZodObject<S>): [Filters<S>, SetFilters] {
  const router = useRouter()
  const { pathname, searchStr } = useRouterState({ select: (s) => s.location })
  const set: SetFilters = (patch, options) => {
    const href = `${pathname}${writeFilters(searchStr, patch)}`
    if (options?.push) router.history.push(href)
    else router.history.replace(href)
  }
  return [readFilters(schema, searchStr), set]
}
