import 'i18next'
import type { centre } from '../centre/texts.ts'
import type { checkpoint } from '../checkpoint/texts.ts'
import type { login } from '../login/texts.ts'
import type { worker } from '../worker/texts.ts'
import type { common } from './common.ts'

type Chinese<T extends Record<string, readonly [string, string]>> = { [K in keyof T]: T[K][0] }

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'common'
    keySeparator: false
    nsSeparator: false
    resources: {
      common: Chinese<typeof common>
      login: Chinese<typeof login>
      centre: Chinese<typeof centre>
      worker: Chinese<typeof worker>
      checkpoint: Chinese<typeof checkpoint>
    }
  }
}
