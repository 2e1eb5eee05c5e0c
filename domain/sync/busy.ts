import { defineProblem } from '../core/problem.ts'
import { say } from '../core/say.ts'

/** Told before anything is looked up, when very many phones ask at the same moment; `seconds` is when to come again. */
export const syncBusy = defineProblem<{ seconds: number }>({
  code: 'SYNC_BUSY',
  kind: 'limit',
  rule: 'SYNC-11',
  message: ({ seconds }) =>
    say(`同步的手机太多，请 ${seconds} 秒后再来`, `Too many phones sync at once; come again in ${seconds} s`),
  remedy: () => say('手机会自动重试，填报不受影响', 'The phone tries again by itself; reports are not held up'),
})
