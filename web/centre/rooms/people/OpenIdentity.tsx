import { OPEN_PURPOSES, OpenedIdentity } from '@weiwang/domain/people/api'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useWrite } from '../../../api/query.ts'
import { SelectField } from '../../../kit/centre/controls.tsx'
import { Facts } from '../../../kit/centre/surfaces.tsx'
import { Notice } from '../../../kit/common/Notice.tsx'
import { useMay } from '../../../session/me.ts'
import { ConfirmAct } from '../../parts/ConfirmAct.tsx'

type Purpose = (typeof OPEN_PURPOSES)[number]

/** Name, number, phone and address in clear, for a named purpose; the opening is a line of the audit (PEOPLE-11). */
export function OpenIdentity({ id, area }: { id: string; area: string }): ReactNode {
  const { t } = useTranslation('centre')
  const may = useMay()
  const [purpose, setPurpose] = useState<Purpose>('contact_person')
  const [opened, setOpened] = useState<OpenedIdentity | null>(null)
  const write = useWrite(OpenedIdentity, { path: `/api/people/${id}/open`, touches: [] })
  if (!may('open', 'person', { area })) return null
  if (opened) {
    return (
      <>
        <Notice kind="note" head={t('open.audited')} />
        <Facts
          rows={[
            [t('person.name'), opened.name ?? '–'],
            [t('person.document'), opened.document ? `${opened.document.kind} ${opened.document.number}` : '–'],
            [
              t('person.phone'),
              opened.phone ? (
                <a key="p" href={`tel:${opened.phone}`}>
                  {opened.phone}
                </a>
              ) : (
                '–'
              ),
            ],
            [t('person.birth'), opened.birth ?? '–'],
            [t('person.address'), opened.address ?? '–'],
          ]}
        />
      </>
    )
  }
  return (
    <ConfirmAct
      verb={t('open.verb')}
      title={t('open.title')}
      write={write}
      onYes={(_, done) =>
        write.mutate(
          { purpose },
          {
            onSuccess: (identity) => {
              setOpened(identity)
              done()
            },
          },
        )
      }
    >
      <p>{t('open.lead')}</p>
      <SelectField
        label={t('purpose')}
        value={purpose}
        onChange={(v) => setPurpose(v === '' ? 'contact_person' : v)}
        choices={OPEN_PURPOSES.map((p) => ({ value: p, label: t(`purpose.${p}`) }))}
      />
    </ConfirmAct>
  )
}
