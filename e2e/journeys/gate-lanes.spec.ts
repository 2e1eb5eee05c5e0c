import { lanes } from '../gate/lanes.ts'

lanes({ lang: 'zh', phone: '19900007051', width: 390 })
