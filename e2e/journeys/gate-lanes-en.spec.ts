import { lanes } from '../gate/lanes.ts'

lanes({ lang: 'en', phone: '19900007052', width: 360 })
