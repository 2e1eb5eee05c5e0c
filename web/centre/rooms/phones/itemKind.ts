import { useTranslation } from 'react-i18next'

const WORDS = {
  'visit.file': 'itemKind.visit',
  'task.accept': 'itemKind.accept',
  'task.attempt': 'itemKind.attempt',
  'task.return': 'itemKind.return',
  'household.add': 'itemKind.household',
  'household.change': 'itemKind.householdChange',
  'person.add': 'itemKind.person',
  'person.change': 'itemKind.personChange',
  'instruction.read': 'itemKind.instruction',
  'instruction.confirm': 'itemKind.instruction',
  'instruction.report': 'itemKind.instruction',
  'person.use': 'itemKind.personUse',
  'person.move': 'itemKind.move',
  'household.use': 'itemKind.householdUse',
  'help.ask': 'itemKind.help',
  'help.close': 'itemKind.helpClose',
  'draft.keep': 'itemKind.draft',
  'instruction.receipt': 'itemKind.instruction',
  'observation.open': 'itemKind.observationOpen',
  'observation.step': 'itemKind.observation',
  'reading.file': 'itemKind.reading',
  'service.ask': 'itemKind.serviceAsk',
  'service.step': 'itemKind.service',
  'watch.note': 'itemKind.watchNote',
  'watch.answer': 'itemKind.watchAnswer',
  'mediation.open': 'itemKind.dispute',
  'mediation.step': 'itemKind.mediation',
  'force.sign': 'itemKind.sign',
} as const

function isKnown(kind: string): kind is keyof typeof WORDS {
  return kind in WORDS
}

/** The word for a kind of item; one that this page does not know is shown as it came. */
export function useItemKind(): (kind: string) => string {
  const { t } = useTranslation('centre')
  return (kind) => (isKnown(kind) ? t(WORDS[kind]) : kind)
}
