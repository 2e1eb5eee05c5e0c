import { z } from 'zod'

/** Every list is paged by a cursor that names the last row seen, so that rows written meanwhile are neither repeated nor missed. */
export const PageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(500).optional(),
})
export type PageQuery = z.infer<typeof PageQuery>

/** `total` is the exact number of rows that the same filter has in the reader's scope. */
export type Page<T> = { items: T[]; next: string | null; total: number }

export function pageOf<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), next: z.string().nullable(), total: z.number().int() })
}
