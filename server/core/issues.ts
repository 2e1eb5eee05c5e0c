import { z } from 'zod'

const IN_CHINESE = z.locales.zhCN().localeError
const MOST = 50

export type Issue = { path: string; message: string; zh: string }

/** What is wrong with a value that was refused, in both languages and by its place: it is looked at once more for the Chinese. */
export function issuesOf(input: z.ZodType, value: unknown, { issues }: z.ZodError): Issue[] {
  const chinese = input.safeParse(value, { error: IN_CHINESE }).error?.issues ?? []
  return issues.slice(0, MOST).map((issue, i) => ({
    path: issue.path.map(String).join('.'),
    message: issue.message,
    zh: chinese[i]?.message ?? issue.message,
  }))
}
