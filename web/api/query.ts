import { QueryCache, QueryClient, useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import type { UseMutationResult } from '@tanstack/react-query'
import { useRef } from 'react'
import type { z } from 'zod'
import { ApiProblem, get, send } from './http.ts'
import type { Method, Query } from './http.ts'

const MAX_TRIES = 2
/** A page that waits for the server looks for it after so long, or up to twice as long, so that not all desks look at once. */
const AGAIN_MS = 5_000
const AWAY = ['OFFLINE', 'UNAVAILABLE']
/** What a proxy says for a program that is being started. */
const PROXY = [502, 503, 504]

/** Nobody answered, or the program without its database: not what was asked is at fault, and it passes. */
function isAway(error: unknown): boolean {
  return error instanceof ApiProblem && (AWAY.includes(error.body.code) || PROXY.includes(error.status))
}

/**
 * A refusal is an answer and is not asked again; only an unreachable server is (case 60). What is on the screen without an answer is
 * asked for anew until somebody is there, so that nobody has to find out.
 */
export function newQueryClient(): QueryClient {
  let timer: ReturnType<typeof setTimeout> | null = null
  const again = (): void => {
    timer = null
    void client.refetchQueries({ type: 'active', predicate: ({ state }) => isAway(state.error) })
  }
  const client = new QueryClient({
    queryCache: new QueryCache({
      onError: (error) => {
        if (isAway(error)) timer ??= setTimeout(again, AGAIN_MS * (1 + Math.random()))
      },
    }),
    defaultOptions: {
      // 'always': an unreachable server is said at once, not waited for in silence.
      queries: {
        networkMode: 'always',
        staleTime: 5_000,
        retry: (count, error) => count < MAX_TRIES && error instanceof ApiProblem && error.body.code === 'OFFLINE',
        refetchOnWindowFocus: true,
      },
      mutations: { networkMode: 'always', retry: false },
    },
  })
  return client
}

/**
 * A query as a value: its key is its address and filters, so a late answer of an earlier filter lands under the earlier
 * key and can never be shown for the present one (case 61).
 */
export function q<S extends z.ZodType>(schema: S, path: string, query: Query = {}) {
  return {
    queryKey: [path, query] as const,
    queryFn: ({ signal }: { signal: AbortSignal }): Promise<z.output<S>> => get(schema, path, query, signal),
  }
}

type AnyPage = { items: unknown[]; next: string | null; total: number }

/** A chooser shows everything that can be chosen: page after page, as many rows as anybody would look through. */
const MOST_PAGES = 10
const PAGE = 200

/** All of a list that is short enough to choose from, as a value like `q`. */
export function qAll<S extends z.ZodType<AnyPage>>(schema: S, path: string, query: Query = {}) {
  return {
    queryKey: [path, query, 'all'] as const,
    queryFn: async ({ signal }: { signal: AbortSignal }): Promise<z.output<S>['items']> => {
      const items: z.output<S>['items'] = []
      let cursor: string | undefined
      for (let n = 0; n < MOST_PAGES; n++) {
        const page = await get(schema, path, { ...query, limit: PAGE, cursor }, signal)
        items.push(...page.items)
        if (page.next === null) break
        cursor = page.next
      }
      return items
    },
  }
}

export type List<Item> = {
  rows: Item[]
  total: number
  next: (() => void) | null
  first: boolean
  busy: boolean
  more: boolean
  error: Error | null
  again: () => void
  /** When the server answered. */
  at: Date | null
}

/** A list by cursor. Filters are part of the key, as in `q`. */
export function useList<S extends z.ZodType<AnyPage>>(
  schema: S,
  path: string,
  query: Query = {},
  options: {
    every?: number
    enabled?: boolean
    ask?: (cursor: string | undefined, signal: AbortSignal) => Promise<z.output<S>>
  } = {},
): List<z.output<S>['items'][number]> {
  const answer = useInfiniteQuery({
    queryKey: [path, query, 'list'],
    initialPageParam: '',
    queryFn: ({ signal, pageParam }): Promise<z.output<S>> => {
      const cursor = pageParam === '' ? undefined : pageParam
      return options.ask ? options.ask(cursor, signal) : get(schema, path, { ...query, cursor }, signal)
    },
    getNextPageParam: (last) => last.next ?? undefined,
    enabled: options.enabled ?? true,
    ...(options.every ? { refetchInterval: options.every } : {}),
  })
  const pages = answer.data?.pages ?? []
  return {
    rows: pages.flatMap((page) => page.items),
    total: pages.at(-1)?.total ?? 0,
    next: answer.hasNextPage ? () => void answer.fetchNextPage() : null,
    first: answer.isPending,
    busy: answer.isFetching && !answer.isFetchingNextPage,
    more: answer.isFetchingNextPage,
    error: answer.error,
    again: () => void answer.refetch(),
    at: answer.dataUpdatedAt > 0 ? new Date(answer.dataUpdatedAt) : null,
  }
}

export type Write<Body> = { path: string | ((body: Body) => string); method?: Method; touches: readonly string[] }

/**
 * One act of one form. The idempotency key is made at the first try of a content and kept until the server has answered
 * yes, so pressing again after a lost answer repeats the same act; changed content is a new act.
 */
export function useWrite<S extends z.ZodType, Body>(
  schema: S,
  write: Write<Body>,
): UseMutationResult<z.output<S>, Error, Body> {
  const client = useQueryClient()
  const last = useRef<{ content: string; key: string } | null>(null)
  return useMutation({
    mutationFn: (body: Body) => {
      const path = typeof write.path === 'function' ? write.path(body) : write.path
      const content = `${path} ${JSON.stringify(body)}`
      if (last.current?.content !== content) last.current = { content, key: crypto.randomUUID() }
      return send(schema, { path, body, key: last.current.key, ...(write.method ? { method: write.method } : {}) })
    },
    onSuccess: () => {
      last.current = null
      // Not waited for: the caller's own onSuccess must run before fresh lists take its component away.
      void client.invalidateQueries({
        predicate: ({ queryKey: [path] }) =>
          typeof path === 'string' && write.touches.some((prefix) => path.startsWith(prefix)),
      })
    },
  })
}
