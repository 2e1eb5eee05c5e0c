import type { Texts } from '../i18n/texts.ts'
import { accessTexts } from './texts/access.ts'
import { deskTexts } from './texts/desk.ts'
import { feedTexts } from './texts/feeds.ts'
import { peopleTexts } from './texts/people.ts'
import { ruleTexts } from './texts/rules.ts'
import { taskTexts } from './texts/tasks.ts'

/** Every text of the desk, in both languages, by the room that says it. */
export const centre = {
  ...deskTexts,
  ...taskTexts,
  ...peopleTexts,
  ...feedTexts,
  ...ruleTexts,
  ...accessTexts,
} as const satisfies Texts
