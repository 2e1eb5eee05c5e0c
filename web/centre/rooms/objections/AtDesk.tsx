import {
  Hardship,
  MAX_PASS_HOURS,
  MayObject,
  PassRow,
  SteppedObjection,
} from '@weiwang/domain/healthcode/objection-api'
import type { Ground, Relation } from '@weiwang/domain/healthcode/objection-api'
import { GROUND_HINT } from '@weiwang/domain/healthcode/objection-words'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { q, useWrite } from '../../../api/query.ts'
import { useSay } from '../../../i18n/setup.ts'
import { Act, CheckField, NumberField, SelectField, TextField } from '../../../kit/centre/controls.tsx'
import { Section } from '../../../kit/centre/surfaces.tsx'
import { Notice } from '../../../kit/common/Notice.tsx'
import { useSaid } from '../../../kit/centre/useSaid.ts'
import { useMay } from '../../../session/me.ts'
import { Loading, ProblemNotice, ReadProblem } from '../../../shared/ProblemNotice.tsx'
import { Colour } from '../../../shared/words.tsx'
import { PASS_TOUCHES, TOUCHES, useGrounds, useHardships, useRelations } from './words.ts'

/** For somebody without a phone, or for one who is away by a relative who came (OBJECT-3). */
function Objection({ of, onOpened }: { of: MayObject; onOpened: (id: string) => void }): ReactNode {
  const { t } = useTranslation('centre')
  const say = useSay()
  const said = useSaid()
  const grounds = useGrounds()
  const relations = useRelations()
  const [id] = useState(() => crypto.randomUUID())
  const [ground, setGround] = useState<Ground>('never_there')
  const [reason, setReason] = useState(of.reasons[0]?.key ?? '')
  const [words, setWords] = useState('')
  const [byRelative, setByRelative] = useState(false)
  const [relation, setRelation] = useState<Relation>('child')
  const [name, setName] = useState('')
  const [phone, setPhone] = useState('')
  const [seen, setSeen] = useState(false)
  const write = useWrite(SteppedObjection, { path: '/api/objections', touches: TOUCHES })
  if (!of.may) return <Notice kind="note" head={t('objection.desk.nothing')} body={of.why ? say(of.why) : undefined} />
  const ready = words.trim().length >= 2 && seen && (!byRelative || name.trim() !== '')
  const relative = byRelative ? { relative: { relation, name: name.trim(), phone: phone.trim() } } : {}
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (!ready) return
        write.mutate(
          {
            id,
            personId: of.personId,
            ground,
            ...(reason === '' ? {} : { reason }),
            words: words.trim(),
            documentSeen: true,
            ...relative,
          },
          {
            onSuccess: () => {
              said(t('objection.desk.done'))
              onOpened(id)
            },
          },
        )
      }}
    >
      <ProblemNotice error={write.error} />
      {of.reasons.length > 0 ? (
        <SelectField
          label={t('objection.desk.reason')}
          value={reason}
          onChange={setReason}
          choices={of.reasons.map((one) => ({ value: one.key, label: `${say(one.say)} · ${say(one.fact.say)}` }))}
        />
      ) : null}
      <SelectField<Ground>
        label={t('objection.ground')}
        value={ground}
        onChange={(value) => setGround(value === '' ? 'other' : value)}
        choices={grounds}
        help={say(GROUND_HINT[ground])}
      />
      <TextField long label={t('objection.words')} value={words} onChange={setWords} />
      <CheckField label={t('objection.desk.relative')} value={byRelative} onChange={setByRelative} />
      {byRelative ? (
        <>
          <SelectField<Relation>
            label={t('objection.desk.relation')}
            value={relation}
            onChange={(value) => setRelation(value === '' ? 'other' : value)}
            choices={relations}
          />
          <TextField label={t('objection.desk.relative.name')} value={name} onChange={setName} />
          <TextField label={t('objection.desk.relative.phone')} value={phone} onChange={setPhone} />
        </>
      ) : null}
      <CheckField label={t('objection.desk.document')} value={seen} onChange={setSeen} />
      <div className="form-acts">
        <Act primary submit busy={write.isPending} disabled={!ready}>
          {t('objection.desk.open')}
        </Act>
      </div>
    </form>
  )
}

function Pass({ personId, onPass }: { personId: string; onPass: () => void }): ReactNode {
  const { t } = useTranslation('centre')
  const said = useSaid()
  const hardships = useHardships()
  const [id] = useState(() => crypto.randomUUID())
  const [reason, setReason] = useState<Hardship>('hospital')
  const [hours, setHours] = useState<number | null>(4)
  const [to, setTo] = useState('')
  const write = useWrite(PassRow, { path: '/api/hardship-passes', touches: PASS_TOUCHES })
  const ready = hours !== null && hours >= 1 && hours <= MAX_PASS_HOURS && to.trim().length >= 2
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (!ready) return
        write.mutate(
          { id, personId, reason, hours, to: to.trim() },
          {
            onSuccess: (pass) => {
              said(`${t('pass.issued')} ${pass.number}`)
              onPass()
            },
          },
        )
      }}
    >
      <ProblemNotice error={write.error} />
      <p>{t('pass.lead')}</p>
      <SelectField<Hardship>
        label={t('pass.reason')}
        value={reason}
        onChange={(value) => setReason(value === '' ? 'hospital' : value)}
        choices={hardships}
      />
      <NumberField label={t('pass.hours')} value={hours} onChange={setHours} min={1} max={MAX_PASS_HOURS} />
      <TextField label={t('pass.where')} value={to} onChange={setTo} />
      <div className="form-acts">
        <Act submit busy={write.isPending} disabled={!ready}>
          {t('pass.issue')}
        </Act>
      </div>
    </form>
  )
}

/** What the desk does for somebody who stands before it: an objection, a pass. */
export function AtDesk({
  personId,
  onOpened,
  onPass,
}: {
  personId: string
  onOpened: (id: string) => void
  onPass: () => void
}): ReactNode {
  const { t } = useTranslation('centre')
  const may = useMay()
  const answer = useQuery(q(MayObject, '/api/objections/ask', { personId }))
  if (answer.error) return <ReadProblem error={answer.error} again={null} />
  if (!answer.data) return <Loading />
  return (
    <>
      <h2 style={{ margin: '0 0 12px', display: 'flex', gap: 12, alignItems: 'center' }}>
        {answer.data.masked}
        <Colour colour={answer.data.colour} />
      </h2>
      <Section title={t('room.objections')}>
        <Objection of={answer.data} onOpened={onOpened} />
      </Section>
      {may('file', 'hardship_pass') ? (
        <Section title={t('pass.issue')}>
          <Pass personId={personId} onPass={onPass} />
        </Section>
      ) : null}
    </>
  )
}
