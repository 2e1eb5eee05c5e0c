import { ActiveForms, ActiveFormsAnswer, FormPage, ListForms } from '@weiwang/domain/tasks/form-api'
import type { Http } from '../core/http.ts'
import { decideForm, draftForm, readActive, readForms } from './forms.ts'

export function formRoutes(http: Http): void {
  http.query('GET', '/api/forms', { input: ListForms, output: FormPage, run: readForms })
  http.query('GET', '/api/forms/active', { input: ActiveForms, output: ActiveFormsAnswer, run: readActive })
  http.action('POST', '/api/forms', draftForm)
  http.action('POST', '/api/forms/:id/decide', decideForm)
}
