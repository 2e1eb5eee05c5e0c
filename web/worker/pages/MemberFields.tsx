import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { MultiChips } from '../../kit/phone/controls.tsx'
import { fieldsOf } from '../visit/answers.ts'
import type { Visit } from '../visit/useVisit.ts'
import { FormFields } from './QuestionFields.tsx'

type Member = { id: string; name: string }

/** An answer that everybody has given alike; undefined when they differ. */
function common(visit: Visit, key: string): unknown {
  const given = visit.asked.persons.map((id) => JSON.stringify(visit.draft.members[id]?.[key] ?? null))
  const [first] = given
  if (first === undefined || first === 'null' || given.some((one) => one !== first)) return undefined
  return JSON.parse(first)
}

function Everybody({ visit }: { visit: Visit }): ReactNode {
  const { asked, draft } = visit
  const fields = fieldsOf(asked, 'person', draft, asked.persons[0] ?? '')
  const answers = Object.fromEntries(fields.map((field) => [field.ask.key, common(visit, field.ask.key)]))
  // A value that was set here shows in the sections of each below at once; the key draws the boxes anew when they differ.
  return (
    <FormFields
      fields={fields}
      answers={answers}
      faults={{}}
      pressed={false}
      onChange={(key, value) => visit.answerOf(null, key, value)}
      onConfirm={() => undefined}
    />
  )
}

function One({ visit, person }: { visit: Visit; person: Member }): ReactNode {
  const { asked, draft, faults, pressed } = visit
  return (
    <FormFields
      fields={fieldsOf(asked, 'person', draft, person.id)}
      answers={draft.members[person.id] ?? {}}
      faults={faults.members[person.id] ?? {}}
      pressed={pressed}
      onChange={(key, value) => visit.answerOf(person.id, key, value)}
      onConfirm={(key, value) => visit.confirm(person.id, key, value)}
    />
  )
}

/**
 * Several members of a household in one visit: who was there, then what is asked of each. What is the same for all is answered
 * once; a difference is set where it is.
 */
export function MemberFields({ visit, members }: { visit: Visit; members: readonly Member[] }): ReactNode {
  const { t } = useTranslation('worker')
  const [whole, setWhole] = useState(true)
  const { asked } = visit
  const chosen = members.filter((member) => asked.persons.includes(member.id))
  const has = asked.form.fields.some((field) => field.of === 'person')
  return (
    <>
      {members.length > 1 ? (
        <MultiChips
          label={t('members.visited')}
          help={t('members.visited.help')}
          fault={undefined}
          chips={members.map((member) => ({ value: member.id, label: member.name }))}
          value={asked.persons}
          onChange={(persons) => visit.set({ persons })}
        />
      ) : null}
      {has && chosen.length > 1 ? (
        <details className="part" open={whole} onToggle={(event) => setWhole(event.currentTarget.open)}>
          <summary>{t('members.all', { n: chosen.length })}</summary>
          <Everybody visit={visit} />
        </details>
      ) : null}
      {has
        ? chosen.map((member) => (
            <details className="part" key={member.id} open={chosen.length === 1 ? true : undefined}>
              <summary>
                {member.name}
                <small>{t('members.answered', { n: Object.keys(visit.draft.members[member.id] ?? {}).length })}</small>
              </summary>
              <One visit={visit} person={member} />
            </details>
          ))
        : null}
    </>
  )
}
