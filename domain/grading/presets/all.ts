import type { RuleSetDocument } from '../rule-set.ts'
import { JIANGSU } from './jiangsu.ts'
import { JOINT } from './joint.ts'
import { SUZHOU } from './suzhou.ts'
import { ZHENJIANG } from './zhenjiang.ts'

export const PRESETS: readonly RuleSetDocument[] = [SUZHOU, ZHENJIANG, JIANGSU, JOINT]
