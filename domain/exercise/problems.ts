import { defineProblem } from '../core/problem.ts'
import { say } from '../core/say.ts'

/** EX-10: what is real and what is practised never share a database. */
export const notEmpty = defineProblem<{ what: string; n: number }>({
  code: 'EXERCISE_NOT_EMPTY',
  kind: 'refused',
  rule: 'EX-10',
  message: ({ what, n }) =>
    say(
      `数据库中已有真实数据（${what} ${n} 条），不能装入演练`,
      `The database holds real data (${n} of ${what}); an exercise is not loaded into it`,
    ),
  remedy: () => say('请为演练另设 DATA_DIR 或 DATABASE_URL', 'Give the exercise a DATA_DIR or DATABASE_URL of its own'),
})

export const notExercise = defineProblem<Record<string, never>>({
  code: 'NOT_AN_EXERCISE',
  kind: 'refused',
  rule: 'EX-10',
  message: () => say('此数据库不是演练数据库', 'This database is not that of an exercise'),
  remedy: () => say('请先运行 weiwang exercise load', 'Run weiwang exercise load first'),
})

export const noRoom = defineProblem<{ needed: number; free: number }>({
  code: 'EXERCISE_NO_ROOM',
  kind: 'refused',
  rule: 'EX-22',
  message: ({ needed, free }) =>
    say(
      `这次演练约需 ${needed} GB 磁盘，只有 ${free} GB 可用`,
      `This exercise takes about ${needed} GB of disk; ${free} GB are free`,
    ),
  remedy: () =>
    say(
      '请腾出空间、换 DATA_DIR，或用 --people 减少人数',
      'Free some space, set another DATA_DIR, or ask for fewer --people',
    ),
})

export const otherExercise = defineProblem<{ stored: string; asked: string }>({
  code: 'OTHER_EXERCISE',
  kind: 'refused',
  rule: 'EX-13',
  message: ({ stored, asked }) =>
    say(
      `此数据库已装入另一次演练（${stored}），与所请求的（${asked}）不同`,
      `Another exercise (${stored}) is loaded here, not the one asked for (${asked})`,
    ),
  remedy: () => say('请使用新的数据目录，或按原参数继续', 'Use a new data folder, or go on with the same parameters'),
})
