import { CONTACT_NAMES } from '@weiwang/domain/observation/reading'
import { ContactSet } from '@weiwang/domain/observation/reading-api'
import type { ReadingPage } from '@weiwang/domain/observation/reading-api'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { z } from 'zod'
import { useWrite } from '../../../api/query.ts'
import { useSay } from '../../../i18n/setup.ts'
import { SelectField, TextField } from '../../../kit/centre/controls.tsx'
import { Facts } from '../../../kit/centre/surfaces.tsx'
import { WordTag } from '../../../kit/common/Tags.tsx'
import { useClock, useMay } from '../../../session/me.ts'
import { ConfirmAct } from '../../parts/ConfirmAct.tsx'
import { GoLink } from '../../parts/GoLink.tsx'
import { paths } from '../../paths.ts'
import { TOUCHES, useChoices } from './words.ts'

type Head = Pick<z.output<typeof ReadingPage>, 'contact' | 'zone' | 'missed'>
type Of = { id: string; county: string; area: string; responderPersonId: string | null }

/** Message, telephone or door, and the clock of where the person is (READ-7, READ-4). */
function Change({ of, head }: { of: Of; head: Head }): ReactNode {
  const { t } = useTranslation('centre')
  const { zone } = useClock()
  const [contact, setContact] = useState(head.contact)
  const [place, setPlace] = useState(head.zone)
  const choices = useChoices(CONTACT_NAMES)
  const write = useWrite(ContactSet, { path: '/api/readings/contact', touches: TOUCHES })
  const there = place.trim()
  return (
    <ConfirmAct
      verb={t('obs.reach.change')}
      title={t('obs.reach.change')}
      write={write}
      ready={there !== ''}
      onYes={(_, done) =>
        write.mutate(
          { county: of.county, observationId: of.id, contact, zone: there === zone ? null : there },
          { onSuccess: done },
        )
      }
    >
      <p>{t('obs.reach.lead')}</p>
      <div className="form">
        <SelectField
          label={t('obs.r.contact')}
          value={contact}
          onChange={(v) => setContact(v === '' ? head.contact : v)}
          choices={choices}
        />
        <TextField label={t('obs.reach.zone')} help={t('obs.reach.zone.help')} value={place} onChange={setPlace} />
      </div>
    </ConfirmAct>
  )
}

/** How the person is reached, when nobody writes or rings, and what was sent. */
export function Reached({ of, head }: { of: Of; head: Head }): ReactNode {
  const { t } = useTranslation('centre')
  const say = useSay()
  const may = useMay()
  return (
    <>
      <Facts
        rows={[
          [
            t('obs.r.contact'),
            <span key="c">
              {say(CONTACT_NAMES[head.contact])}{' '}
              {head.missed > 0 ? <WordTag strong>{t('obs.missed.n', { n: head.missed })}</WordTag> : null}
            </span>,
          ],
          [t('obs.reach.quiet'), t('obs.reach.quiet.hours', { zone: head.zone })],
          of.responderPersonId
            ? [
                t('obs.reach.sent'),
                <GoLink key="m" href={paths.observation({ tab: 'messages', personId: of.responderPersonId })}>
                  {t('obs.reach.sent.go')}
                </GoLink>,
              ]
            : null,
        ]}
      />
      {may('file', 'observation', { area: of.area }) ? (
        <Change key={`${head.contact} ${head.zone}`} of={of} head={head} />
      ) : null}
    </>
  )
}
