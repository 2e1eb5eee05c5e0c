import {
  ConflictPage,
  HelpPage,
  ListConflicts,
  ListHelp,
  ListMyChanges,
  MyChangePage,
  MyHelpPage,
} from '@weiwang/domain/people/change-api'
import type { Http } from '../core/http.ts'
import { changeHousehold, changePerson } from './change.ts'
import { decideConflict, listConflicts, listMyChanges, openConflict } from './conflicts.ts'
import { askHelp, closeHelp, listHelp, listMyHelp, seeHelp } from './help.ts'

/** Changes of fields, what two people say differently, and calls for help. */
export function changeRoutes(http: Http): void {
  http.action('POST', '/api/people/:id/change', changePerson)
  http.action('POST', '/api/households/:id/change', changeHousehold)
  http.query('GET', '/api/people/conflicts', {
    name: 'conflict.list',
    input: ListConflicts,
    output: ConflictPage,
    run: listConflicts,
  })
  http.action('POST', '/api/people/conflicts/:id/open', openConflict)
  http.action('POST', '/api/people/conflicts/:id/decide', decideConflict)
  http.query('GET', '/api/people/changes/mine', {
    name: 'change.mine',
    input: ListMyChanges,
    output: MyChangePage,
    reach: 'all',
    run: listMyChanges,
  })
  http.action('POST', '/api/help', askHelp)
  http.query('GET', '/api/help', { name: 'help.list', input: ListHelp, output: HelpPage, run: listHelp })
  http.query('GET', '/api/help/mine', {
    name: 'help.mine',
    input: ListMyChanges,
    output: MyHelpPage,
    reach: 'all',
    run: listMyHelp,
  })
  http.action('POST', '/api/help/:id/see', seeHelp)
  http.action('POST', '/api/help/:id/close', closeHelp)
}
