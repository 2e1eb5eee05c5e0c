import { ORG_KINDS } from '@weiwang/domain/teams/force'
import { EstatePage, ForceDone, ForceOrgPage, OpenedContact } from '@weiwang/domain/teams/force-api'
import type { EstateView, ForceOrg } from '@weiwang/domain/teams/force-api'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useList, useWrite } from '../../../api/query.ts'
import { SelectField, TextField } from '../../../kit/centre/controls.tsx'
import { Section } from '../../../kit/centre/surfaces.tsx'
import { useMay } from '../../../session/me.ts'
import { grouped } from '../../../words/numbers.ts'
import { AreaPick } from '../../parts/AreaPick.tsx'
import type { Chosen } from '../../parts/AreaPick.tsx'
import { ConfirmAct } from '../../parts/ConfirmAct.tsx'
import { useDesk } from '../../parts/desk.ts'
import { GoLink } from '../../parts/GoLink.tsx'
import { ListTable } from '../../parts/ListTable.tsx'
import { paths } from '../../paths.ts'
import { FORCES_TOUCHED, useOrgChoices } from './words.tsx'

type OrgKind = (typeof ORG_KINDS)[number]

/** An organisation, or an estate with its company and duty phone. */
function Add({ of }: { of: 'org' | 'estate' }): ReactNode {
  const { t } = useTranslation('centre')
  const desk = useDesk()
  const orgs = useOrgChoices()
  const [id, setId] = useState(() => crypto.randomUUID())
  const [area, setArea] = useState<Chosen | null>(null)
  const [name, setName] = useState('')
  const [kind, setKind] = useState<OrgKind>('property')
  const [orgId, setOrgId] = useState('')
  const [dutyPhone, setDutyPhone] = useState('')
  const [who, setWho] = useState('')
  const [phone, setPhone] = useState('')
  const write = useWrite(ForceDone, {
    path: of === 'org' ? '/api/forces/organisations' : '/api/forces/estates',
    touches: FORCES_TOUCHED,
  })
  const contact = who.trim() === '' ? null : { name: who.trim(), phone: phone.trim() }
  const base = { id, area: area?.code ?? '', name: name.trim(), contact }
  const body =
    of === 'org'
      ? { ...base, kind }
      : { ...base, orgId: orgId === '' ? null : orgId, dutyPhone: dutyPhone.trim() === '' ? null : dutyPhone.trim() }
  const verb = of === 'org' ? t('orgs.add') : t('estates.add')
  return (
    <ConfirmAct
      primary
      verb={verb}
      title={verb}
      write={write}
      ready={area !== null && base.name !== ''}
      onYes={(_, done) =>
        write.mutate(body, {
          onSuccess: () => {
            setId(crypto.randomUUID())
            setName('')
            setWho('')
            setPhone('')
            done()
          },
        })
      }
    >
      <div className="form">
        <TextField label={t('estates.name')} value={name} onChange={setName} />
        <AreaPick label={t('forces.area')} value={area} onChange={setArea} within={desk.area} />
        {of === 'org' ? (
          <SelectField<OrgKind>
            label={t('forces.kind')}
            value={kind}
            onChange={(v) => setKind(v === '' ? 'other' : v)}
            choices={ORG_KINDS.map((one) => ({ value: one, label: t(`orgKind.${one}`) }))}
          />
        ) : (
          <div className="form-row">
            <SelectField label={t('forces.org')} value={orgId} any="–" onChange={setOrgId} choices={orgs} />
            <TextField label={t('estates.dutyPhone')} value={dutyPhone} onChange={setDutyPhone} />
          </div>
        )}
        <div className="form-row">
          <TextField label={t('orgs.contact.name')} help={t('orgs.contact.help')} value={who} onChange={setWho} />
          <TextField label={t('orgs.contact.phone')} value={phone} onChange={setPhone} />
        </div>
      </div>
    </ConfirmAct>
  )
}

type Person = { name: string; phone: string }

/** Who was opened is held by the page: a row may be drawn anew at any moment, and whoever opened him for a purpose wants to read him. */
function Contact({
  of,
  id,
  name,
  seen,
  onSeen,
}: {
  of: 'org' | 'estate'
  id: string
  name: string
  seen: Person | undefined
  onSeen: (person: Person) => void
}): ReactNode {
  const { t } = useTranslation('centre')
  const write = useWrite(OpenedContact, { path: `/api/forces/contacts/${id}/open`, touches: [] })
  if (seen) return `${seen.name} ${seen.phone}`
  return (
    <ConfirmAct
      quiet
      verb={t('orgs.contact.open')}
      title={`${t('orgs.contact.open')} · ${name}`}
      write={write}
      onYes={(_, done) =>
        write.mutate(
          { of, purpose: 'contact_person' },
          {
            onSuccess: (answer) => {
              done()
              onSeen(answer)
            },
          },
        )
      }
    >
      <p>{t('orgs.contact.what')}</p>
    </ConfirmAct>
  )
}

function End({ path, name, what }: { path: string; name: string; what?: string }): ReactNode {
  const { t } = useTranslation('centre')
  const write = useWrite(ForceDone, { path, touches: FORCES_TOUCHED })
  return (
    <ConfirmAct
      quiet
      verb={t('orgs.end')}
      title={`${t('orgs.end')} · ${name}`}
      write={write}
      onYes={(_, done) => write.mutate({}, { onSuccess: done })}
    >
      {what ? <p>{what}</p> : null}
    </ConfirmAct>
  )
}

export function Organisations(): ReactNode {
  const { t } = useTranslation('centre')
  const may = useMay()
  const desk = useDesk()
  const orgs = useList(ForceOrgPage, '/api/forces/organisations', { area: desk.area })
  const estates = useList(EstatePage, '/api/forces/estates', { area: desk.area })
  const files = may('file', 'force')
  const opens = may('open', 'force')
  const [seen, setSeen] = useState<Readonly<Record<string, Person>>>({})
  const contact = (of: 'org' | 'estate', row: ForceOrg | EstateView): ReactNode =>
    row.hasContact && opens ? (
      <Contact
        of={of}
        id={row.id}
        name={row.name}
        seen={seen[row.id]}
        onSeen={(person) => setSeen((all) => ({ ...all, [row.id]: person }))}
      />
    ) : (
      '–'
    )
  return (
    <>
      <Section title={t('orgs.title')} acts={files ? <Add of="org" /> : null}>
        <ListTable<ForceOrg>
          name={t('orgs.title')}
          list={orgs}
          rowKey={(row) => row.id}
          empty={{ why: t('orgs.empty'), todo: t('orgs.empty.todo') }}
          columns={[
            { key: 'name', title: t('estates.name'), cell: (row) => <b>{row.name}</b> },
            { key: 'kind', title: t('forces.kind'), cell: (row) => t(`orgKind.${row.kind}`) },
            { key: 'area', title: t('area'), cell: (row) => row.areaName },
            {
              key: 'people',
              title: t('orgs.people'),
              end: true,
              cell: (row) => <GoLink href={paths.forces({ org: row.id })}>{grouped(row.people)}</GoLink>,
            },
            { key: 'estates', title: t('orgs.estates'), end: true, cell: (row) => grouped(row.estates) },
            {
              key: 'contact',
              title: t('orgs.contact'),
              cell: (row) => contact('org', row),
            },
            {
              key: 'act',
              title: t('act'),
              cell: (row) =>
                files ? (
                  <End path={`/api/forces/organisations/${row.id}/end`} name={row.name} what={t('orgs.end.what')} />
                ) : (
                  '–'
                ),
            },
          ]}
        />
      </Section>
      <Section title={t('estates.title')} acts={files ? <Add of="estate" /> : null}>
        <ListTable<EstateView>
          name={t('estates.title')}
          list={estates}
          rowKey={(row) => row.id}
          empty={{ why: t('estates.empty'), todo: t('estates.empty.todo') }}
          columns={[
            { key: 'name', title: t('estates.name'), cell: (row) => <b>{row.name}</b> },
            { key: 'area', title: t('area'), cell: (row) => row.areaName },
            { key: 'org', title: t('forces.org'), cell: (row) => row.org?.name ?? '–' },
            { key: 'phone', title: t('estates.dutyPhone'), cell: (row) => row.dutyPhone ?? '–' },
            {
              key: 'contact',
              title: t('orgs.contact'),
              cell: (row) => contact('estate', row),
            },
            {
              key: 'act',
              title: t('act'),
              cell: (row) => (files ? <End path={`/api/forces/estates/${row.id}/end`} name={row.name} /> : '–'),
            },
          ]}
        />
      </Section>
    </>
  )
}
