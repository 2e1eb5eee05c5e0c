import { pageOf } from '@weiwang/domain/core/page'
import {
  GradedCounts,
  GradedCountsQuery,
  GradedPerson,
  ListGraded,
  ListManualBatches,
  ListRuleSets,
  ListRuns,
  ManualBatch,
  ManualPreview,
  ManualReason,
  PersonGrade,
  PersonGradeRef,
  PreviewManualBatch,
  RuleSetPreset,
  RuleSetRef,
  RuleSetSummary,
  RuleSetView,
  Run,
  RunRef,
  RunView,
  ValidateRuleSet,
  Validation,
} from '@weiwang/domain/grading/api'
import { GuardPreview, GuardView, PreviewGuard } from '@weiwang/domain/grading/guard-api'
import { PRESETS } from '@weiwang/domain/grading/presets/all'
import { MANUAL_REASON_INFO, MANUAL_REASONS } from '@weiwang/domain/grading/reasons'
import { readRuleSet } from '@weiwang/domain/grading/validate'
import { z } from 'zod'
import type { Http } from '../core/http.ts'
import { approveGuard, proposeGuard, refuseGuard } from './actions-guard.ts'
import { approveManualBatch, changeGrade, proposeManualBatch, refuseManualBatch } from './actions-manual.ts'
import { approveRun, proposeRun, refuseRun, startPreview } from './actions-runs.ts'
import { approveRuleSet, proposeRuleSet, refuseRuleSet, saveRuleSet } from './actions-sets.ts'
import { previewGuard, readGuard } from './guarding.ts'
import { previewManualBatch } from './manual-list.ts'
import { areaNamer } from './present.ts'
import {
  readBatches,
  readCounts,
  readGraded,
  readPersonGrade,
  readRuleSets,
  readRuleSetView,
  readRuns,
  validateDocument,
  viewRun,
} from './queries.ts'

const Nothing = z.strictObject({})

export function gradingRoutes(http: Http): void {
  http.query('GET', '/api/rule-sets', { input: ListRuleSets, output: pageOf(RuleSetSummary), run: readRuleSets })
  http.query('GET', '/api/rule-sets/:id', {
    input: RuleSetRef,
    output: RuleSetView,
    run: (ctx, args) => readRuleSetView(ctx, args.id),
  })
  http.query('GET', '/api/rule-set-presets', {
    input: Nothing,
    output: z.object({ items: z.array(RuleSetPreset) }),
    run: async (ctx) => {
      const areaName = await areaNamer(ctx, PRESETS)
      return {
        items: PRESETS.map((document) => ({
          document,
          sentences: readRuleSet(document, areaName).validation.sentences,
        })),
      }
    },
  })
  http.query('POST', '/api/rule-sets/validate', {
    input: ValidateRuleSet,
    output: Validation,
    run: (ctx, args) => validateDocument(ctx, args.document),
  })
  http.action('POST', '/api/rule-sets', saveRuleSet)
  http.action('POST', '/api/rule-sets/:id/propose', proposeRuleSet)
  http.action('POST', '/api/rule-sets/:id/approve', approveRuleSet)
  http.action('POST', '/api/rule-sets/:id/refuse', refuseRuleSet)

  http.query('GET', '/api/grade-runs', { input: ListRuns, output: pageOf(Run), run: readRuns })
  http.query('GET', '/api/grade-runs/:id', {
    input: RunRef,
    output: RunView,
    reach: 'all',
    run: (ctx, args) => viewRun(ctx, args.id),
  })
  http.action('POST', '/api/grade-runs/preview', startPreview)
  http.action('POST', '/api/grade-runs', proposeRun)
  http.action('POST', '/api/grade-runs/:id/approve', approveRun)
  http.action('POST', '/api/grade-runs/:id/refuse', refuseRun)

  http.query('GET', '/api/grade-guard', { input: Nothing, output: GuardView, run: readGuard })
  http.query('POST', '/api/grade-guard/preview', {
    input: PreviewGuard,
    output: GuardPreview,
    reach: 'all',
    run: (ctx, { settings }) => previewGuard(ctx, settings),
  })
  http.action('POST', '/api/grade-guard', proposeGuard)
  http.action('POST', '/api/grade-guard/:id/approve', approveGuard)
  http.action('POST', '/api/grade-guard/:id/refuse', refuseGuard)

  http.query('GET', '/api/graded', { input: ListGraded, output: pageOf(GradedPerson), run: readGraded })
  http.query('GET', '/api/graded/counts', { input: GradedCountsQuery, output: GradedCounts, run: readCounts })

  http.query('GET', '/api/people/:personId/grade', {
    input: PersonGradeRef,
    output: PersonGrade,
    run: (ctx, args) => readPersonGrade(ctx, args.personId),
  })
  http.action('POST', '/api/people/:personId/grade', changeGrade)
  http.query('GET', '/api/grade-batches', { input: ListManualBatches, output: pageOf(ManualBatch), run: readBatches })
  http.query('POST', '/api/grade-batches/preview', {
    input: PreviewManualBatch,
    output: ManualPreview,
    reach: 'all',
    run: previewManualBatch,
  })
  http.action('POST', '/api/grade-batches', proposeManualBatch)
  http.action('POST', '/api/grade-batches/:id/approve', approveManualBatch)
  http.action('POST', '/api/grade-batches/:id/refuse', refuseManualBatch)
  http.query('GET', '/api/grade-reasons', {
    input: Nothing,
    output: z.object({ items: z.array(ManualReason) }),
    run: async () => ({
      items: MANUAL_REASONS.map((code) => ({
        code,
        say: MANUAL_REASON_INFO[code].say,
        maxDays: MANUAL_REASON_INFO[code].maxDays,
      })),
    }),
  })
}
