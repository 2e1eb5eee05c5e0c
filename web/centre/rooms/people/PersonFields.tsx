import { DOCUMENT_KINDS } from '@weiwang/domain/people/api'
import type { DocumentKind } from '@weiwang/domain/people/api'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { SelectField, TextField } from '../../../kit/centre/controls.tsx'
import { NO_PERSON } from './person-draft.ts'
import type { PersonDraft } from './person-draft.ts'

const WITH_PAPER = DOCUMENT_KINDS.filter((kind) => kind !== 'none')

/** What is known of one person. Only the name must be there; the server says what else is needed and reads every form of a number. */
export function PersonFields({
  draft,
  onChange,
  at = {},
}: {
  draft: PersonDraft
  onChange: (draft: PersonDraft) => void
  /** Faults by field, as the server named them. */
  at?: Partial<Record<keyof PersonDraft, string>>
}): ReactNode {
  const { t } = useTranslation('centre')
  const put = (part: Partial<PersonDraft>): void => onChange({ ...draft, ...part })
  return (
    <>
      <div className="form-row">
        <TextField label={t('person.name')} value={draft.name} onChange={(name) => put({ name })} fault={at.name} />
        <SelectField
          label={t('person.sex')}
          value={draft.sex}
          any={t('new.unknown')}
          onChange={(sex) => put({ sex })}
          choices={[
            { value: '1', label: t('sex.1') },
            { value: '2', label: t('sex.2') },
          ]}
        />
      </div>
      <div className="form-row">
        <SelectField<DocumentKind>
          label={t('new.documentKind')}
          value={draft.documentKind}
          any={t('new.documentKind.any')}
          onChange={(documentKind) => put({ documentKind, country: NO_PERSON.country })}
          choices={WITH_PAPER.map((kind) => ({ value: kind, label: t(`documentKind.${kind}`) }))}
        />
        <TextField
          label={t('new.document')}
          value={draft.document}
          onChange={(document) => put({ document })}
          fault={at.document}
        />
        {draft.documentKind === 'passport' ? (
          <TextField
            label={t('new.country')}
            value={draft.country}
            onChange={(country) => put({ country })}
            help={t('new.country.help')}
          />
        ) : null}
      </div>
      <div className="form-row">
        <TextField
          label={t('person.phone')}
          value={draft.phone}
          onChange={(phone) => put({ phone })}
          fault={at.phone}
        />
        <TextField
          label={t('person.birth')}
          value={draft.birth}
          onChange={(birth) => put({ birth })}
          fault={at.birth}
          help={t('new.birth.help')}
        />
      </div>
    </>
  )
}
