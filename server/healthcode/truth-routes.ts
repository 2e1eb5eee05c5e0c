import {
  AskFigures,
  AskMyContradictions,
  ContradictionDetail,
  ContradictionPage,
  Figures,
  GetContradiction,
  ListContradictions,
  MyContradictions,
} from '@weiwang/domain/healthcode/truth-api'
import type { Http } from '../core/http.ts'
import { ask, decide, explain, read } from './truth-actions.ts'
import { readContradiction, readContradictions, readFigures, readMine } from './truth-queries.ts'

/** Declarations against what is known: the desk's clues, and the resident's own. */
export function truthRoutes(http: Http): void {
  http.query('GET', '/api/contradictions', {
    input: ListContradictions,
    output: ContradictionPage,
    run: readContradictions,
  })
  http.query('GET', '/api/contradictions/figures', { input: AskFigures, output: Figures, run: readFigures })
  http.query('GET', '/api/contradictions/:id', {
    input: GetContradiction,
    output: ContradictionDetail,
    reach: 'all',
    run: (ctx, args) => readContradiction(ctx, args.id),
  })
  http.action('POST', '/api/contradictions/:id/ask', ask)
  http.action('POST', '/api/contradictions/:id/decide', decide)
  http.action('POST', '/api/contradictions/:id/read', read)
  http.query('GET', '/api/my/contradictions', {
    input: AskMyContradictions,
    output: MyContradictions,
    reach: 'all',
    run: readMine,
  })
  http.action('POST', '/api/my/contradictions/:id/explain', explain)
}
