import { z } from 'zod'

const IN_CHINESE = z.locales.zhCN().localeError
const MOST = 50

export type Issue = { path: string; message: string; zh: string }

/** What is wrong with a value, in both languages and by its place: asked only of what was refused, which is looked at again for it. */
export function issuesOf(input: z.ZodType, value: unknown): Issue[] {
  const chinese = input.safeParse(value, { error: IN_CHINESE }).error?.issues ?? []
  return (input.safeParse(value).error?.issues ?? []).slice(0, MOST).map((issue, i) => ({
    path: issue.path.map(String).join('.'),
    message: issue.message,
    zh: chinese[i]?.message ?? issue.message,
  }))
}
