import { ChangedWatch, LeaderChoices, OpenedLeader, WatchDetail } from '@weiwang/domain/teams/api'
import type { WatchDoorView } from '@weiwang/domain/teams/api'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { z } from 'zod'
import { q, useWrite } from '../../../api/query.ts'
import { Act, SelectField, TextField } from '../../../kit/centre/controls.tsx'
import { DataTable } from '../../../kit/centre/DataTable.tsx'
import { Facts, Section, SidePanel } from '../../../kit/centre/surfaces.tsx'
import { Empty } from '../../../kit/common/Notice.tsx'
import { WordTag } from '../../../kit/common/Tags.tsx'
import { useMay } from '../../../session/me.ts'
import { Loading, ReadProblem } from '../../../shared/ProblemNotice.tsx'
import { grouped } from '../../../words/numbers.ts'
import { ConfirmAct } from '../../parts/ConfirmAct.tsx'
import { GoLink } from '../../parts/GoLink.tsx'
import { paths } from '../../paths.ts'
import { doorWords } from '../teams/words.ts'
import { Leader } from './Leader.tsx'

const TOUCHED = ['/api/watches']
const HOW = ['account', 'neighbour', 'none'] as const
type How = (typeof HOW)[number]

function NameLeader({ watch }: { watch: WatchDetail }): ReactNode {
  const { t } = useTranslation('centre')
  const [how, setHow] = useState<How>('account')
  const [account, setAccount] = useState('')
  const [name, setName] = useState('')
  const [phone, setPhone] = useState('')
  const choices = useQuery(q(LeaderChoices, '/api/watches/leaders', { area: watch.area }))
  const write = useWrite(ChangedWatch, { path: `/api/watches/${watch.id}/leader`, touches: TOUCHED })
  const ready = how === 'none' || (how === 'account' ? account !== '' : name.trim() !== '')
  const body =
    how === 'account'
      ? { kind: how, accountId: account }
      : how === 'neighbour'
        ? { kind: how, name: name.trim(), ...(phone.trim() === '' ? {} : { phone: phone.trim() }) }
        : { kind: how }
  return (
    <ConfirmAct
      primary={watch.leader === null}
      verb={t('watch.name.act')}
      title={t('watch.name.act')}
      write={write}
      ready={ready}
      onYes={(_, done) => write.mutate({ leader: body }, { onSuccess: done })}
    >
      <div className="form">
        <SelectField
          label={t('watch.name.how')}
          value={how}
          onChange={(v) => setHow(v === '' ? 'none' : v)}
          choices={HOW.map((one) => ({ value: one, label: t(`watch.name.${one}`) }))}
        />
        {how === 'account' ? (
          <SelectField
            label={t('watch.name.account.which')}
            value={account}
            onChange={setAccount}
            choices={(choices.data?.items ?? []).map((one) => ({
              value: one.accountId,
              label: t('watch.name.choice', { name: one.name, n: one.watches }),
            }))}
          />
        ) : null}
        {how === 'neighbour' ? (
          <>
            <TextField label={t('watch.name.person')} value={name} onChange={setName} help={t('watch.name.sealed')} />
            <TextField label={t('watch.name.phone')} value={phone} onChange={setPhone} />
          </>
        ) : null}
      </div>
    </ConfirmAct>
  )
}

function OpenLeader({ watch }: { watch: WatchDetail }): ReactNode {
  const { t } = useTranslation('centre')
  const [opened, setOpened] = useState<z.output<typeof OpenedLeader> | null>(null)
  const write = useWrite(OpenedLeader, { path: `/api/watches/${watch.id}/leader/open`, touches: [] })
  if (opened) return <span>{t('watch.leader.opened', { name: opened.name, phone: opened.phone ?? '' })}</span>
  return (
    <ConfirmAct
      quiet
      verb={t('watch.leader.open')}
      title={t('watch.leader.open')}
      write={write}
      onYes={(_, done) =>
        write.mutate(
          { purpose: 'contact_person' },
          {
            onSuccess: (answer) => {
              setOpened(answer)
              done()
            },
          },
        )
      }
    >
      <p>{`${t('purpose')}: ${t('purpose.contact_person')}`}</p>
    </ConfirmAct>
  )
}

function Rename({ watch }: { watch: WatchDetail }): ReactNode {
  const { t } = useTranslation('centre')
  const [name, setName] = useState(watch.name)
  const write = useWrite(ChangedWatch, { path: `/api/watches/${watch.id}/rename`, touches: TOUCHED })
  return (
    <ConfirmAct
      verb={t('watch.rename')}
      title={t('watch.rename')}
      write={write}
      ready={name.trim() !== ''}
      onYes={(_, done) => write.mutate({ name: name.trim() }, { onSuccess: done })}
    >
      <TextField label={t('watch.name')} value={name} onChange={setName} />
    </ConfirmAct>
  )
}

function Split({ watch, ids, onDone }: { watch: WatchDetail; ids: readonly string[]; onDone: () => void }): ReactNode {
  const { t } = useTranslation('centre')
  const [name, setName] = useState(`${watch.name} 2`)
  const write = useWrite(ChangedWatch, { path: `/api/watches/${watch.id}/split`, touches: TOUCHED })
  const fits = ids.length > 0 && ids.length < watch.doorList.length
  return (
    <ConfirmAct
      verb={t('watch.split')}
      title={t('watch.split.title', { n: ids.length })}
      write={write}
      disabled={!fits}
      why={fits ? undefined : t('watch.split.choose')}
      ready={name.trim() !== ''}
      onYes={(_, done) =>
        write.mutate(
          { newId: crypto.randomUUID(), name: name.trim(), householdIds: ids },
          {
            onSuccess: () => {
              onDone()
              done()
            },
          },
        )
      }
    >
      <TextField label={t('watch.split.name')} value={name} onChange={setName} />
    </ConfirmAct>
  )
}

function Join({ watch }: { watch: WatchDetail }): ReactNode {
  const { t } = useTranslation('centre')
  const [other, setOther] = useState('')
  const write = useWrite(ChangedWatch, { path: `/api/watches/${watch.id}/join`, touches: TOUCHED })
  return (
    <ConfirmAct
      verb={t('watch.join')}
      title={t('watch.join.title', { name: watch.name })}
      write={write}
      disabled={watch.neighbours.length === 0}
      ready={other !== ''}
      onYes={(_, done) => write.mutate({ other }, { onSuccess: done })}
    >
      <SelectField
        label={t('watch.join.which')}
        value={other}
        onChange={setOther}
        choices={watch.neighbours.map((one) => ({
          value: one.id,
          label: t('watch.other', { name: one.name, n: one.doors }),
        }))}
      />
    </ConfirmAct>
  )
}

function Move({ watch, door }: { watch: WatchDetail; door: WatchDoorView }): ReactNode {
  const { t } = useTranslation('centre')
  const [to, setTo] = useState('')
  const write = useWrite(ChangedWatch, { path: '/api/watches/move', touches: TOUCHED })
  return (
    <ConfirmAct
      quiet
      verb={t('watch.move')}
      title={t('watch.move.title', { door: doorWords(door) })}
      write={write}
      disabled={watch.neighbours.length === 0}
      ready={to !== ''}
      onYes={(_, done) => write.mutate({ householdId: door.householdId, to }, { onSuccess: done })}
    >
      <SelectField
        label={t('watch.join.which')}
        value={to}
        onChange={setTo}
        choices={watch.neighbours.map((one) => ({
          value: one.id,
          label: t('watch.other', { name: one.name, n: one.doors }),
        }))}
      />
    </ConfirmAct>
  )
}

function Doors({ watch }: { watch: WatchDetail }): ReactNode {
  const { t } = useTranslation('centre')
  const { t: c } = useTranslation('common')
  const may = useMay()
  const acts = may('file', 'watch', { area: watch.area })
  const [keys, setKeys] = useState<readonly string[]>([])
  return (
    <Section
      title={t('watch.doors')}
      acts={
        acts ? (
          <>
            <Split watch={watch} ids={keys} onDone={() => setKeys([])} />
            <Join watch={watch} />
            <Rename watch={watch} />
          </>
        ) : null
      }
    >
      <DataTable<WatchDoorView>
        name={t('watch.doors')}
        rows={watch.doorList}
        rowKey={(row) => row.householdId}
        busy={false}
        totalText={c('total', { total: watch.doorList.length })}
        empty={<Empty why={t('none')} />}
        selection={
          acts
            ? { keys, onChange: setKeys, text: c('selected', { selected: grouped(keys.length) }), acts: null }
            : undefined
        }
        columns={[
          {
            key: 'door',
            title: t('watch.door'),
            cell: (row) => <GoLink href={paths.household(row.householdId)}>{doorWords(row)}</GoLink>,
          },
          { key: 'people', title: t('watch.nPeople'), end: true, cell: (row) => row.members },
          {
            key: 'help',
            title: t('watch.help'),
            cell: (row) => (row.help ? <WordTag strong>{t('watch.needs')}</WordTag> : '–'),
          },
          { key: 'act', title: t('act'), cell: (row) => (acts ? <Move watch={watch} door={row} /> : '–') },
        ]}
      />
    </Section>
  )
}

export function WatchPanel({ id, onClose }: { id: string | undefined; onClose: () => void }): ReactNode {
  const { t } = useTranslation('centre')
  const { t: c } = useTranslation('common')
  const may = useMay()
  const answer = useQuery({ ...q(WatchDetail, `/api/watches/${id ?? ''}`), enabled: id !== undefined })
  const watch = answer.data
  return (
    <SidePanel title={watch?.name ?? t('watch.of')} open={id !== undefined} onClose={onClose} wide>
      {answer.error ? (
        <ReadProblem error={answer.error} again={<Act onClick={() => void answer.refetch()}>{c('act.retry')}</Act>} />
      ) : null}
      {!watch && !answer.error ? <Loading /> : null}
      {watch ? (
        <>
          <Facts
            rows={[
              [t('watch.code'), watch.code],
              [t('watches.kind'), t(`watchKind.${watch.kind}`)],
              [t('area'), watch.areaName],
              [
                t('watch.leader'),
                <span key="l">
                  <Leader row={watch} /> {watch.leader?.kind === 'neighbour' ? <OpenLeader watch={watch} /> : null}
                </span>,
              ],
            ]}
          />
          {may('file', 'watch', { area: watch.area }) ? (
            <div className="filters">
              <NameLeader watch={watch} />
            </div>
          ) : null}
          <Doors key={watch.version} watch={watch} />
        </>
      ) : null}
    </SidePanel>
  )
}
