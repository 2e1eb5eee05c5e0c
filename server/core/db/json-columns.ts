/** TypeScript types of jsonb columns for the generated table types: `table.column` → [type, module of domain]. */
export const JSON_COLUMNS: Record<string, [type: string, module: string]> = {
  'emergency.name': ['Say', 'core/say'],
  'emergency.purpose': ['Say', 'core/say'],
  'emergency.basis': ['Say', 'core/say'],
  'campaign.name': ['Say', 'core/say'],
  'campaign.purpose': ['Say', 'core/say'],
  'campaign.basis': ['Say', 'core/say'],
  'campaign.script': ['Say', 'core/say'],
  'feed.name': ['Say', 'core/say'],
  'feed.purpose': ['Say', 'core/say'],
  'rule_set.name': ['Say', 'core/say'],
  'rule_set.about': ['Say', 'core/say'],
  'person_review.reasons': ['Say[]', 'core/say'],
  'job_progress.title': ['Say', 'core/say'],
}
