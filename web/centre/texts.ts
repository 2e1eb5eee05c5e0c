import type { Texts } from '../i18n/texts.ts'
import { accessTexts } from './texts/access.ts'
import { areaTexts } from './texts/areas.ts'
import { changeTexts } from './texts/changes.ts'
import { deskTexts } from './texts/desk.ts'
import { escalationTexts } from './texts/escalations.ts'
import { feedTexts } from './texts/feeds.ts'
import { forceTexts } from './texts/forces.ts'
import { formTexts } from './texts/forms.ts'
import { gateTexts } from './texts/gates.ts'
import { instructionTexts } from './texts/instructions.ts'
import { loadTexts } from './texts/load.ts'
import { navTexts } from './texts/nav.ts'
import { objectionTexts } from './texts/objections.ts'
import { observationTexts } from './texts/observation.ts'
import { peopleTexts } from './texts/people.ts'
import { mediationTexts } from './texts/mediation.ts'
import { phoneTexts } from './texts/phones.ts'
import { registrationTexts } from './texts/registrations.ts'
import { ruleTexts } from './texts/rules.ts'
import { serviceTexts } from './texts/services.ts'
import { taskTexts } from './texts/tasks.ts'
import { teamTexts } from './texts/teams.ts'
import { truthTexts } from './texts/truth.ts'

/** Every text of the desk, in both languages, by the room that says it. */
export const centre = {
  ...deskTexts,
  ...navTexts,
  ...taskTexts,
  ...peopleTexts,
  ...changeTexts,
  ...feedTexts,
  ...ruleTexts,
  ...accessTexts,
  ...phoneTexts,
  ...areaTexts,
  ...escalationTexts,
  ...instructionTexts,
  ...formTexts,
  ...loadTexts,
  ...teamTexts,
  ...forceTexts,
  ...gateTexts,
  ...serviceTexts,
  ...mediationTexts,
  ...registrationTexts,
  ...objectionTexts,
  ...truthTexts,
  ...observationTexts,
} as const satisfies Texts
