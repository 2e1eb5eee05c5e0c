import { CodeKeys, DecidedPartner, Partner, PartnerList } from '@weiwang/domain/healthcode/code-api'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { q, useWrite } from '../../../api/query.ts'
import { Act, DayField, TextField } from '../../../kit/centre/controls.tsx'
import { DataTable } from '../../../kit/centre/DataTable.tsx'
import type { Column } from '../../../kit/centre/DataTable.tsx'
import { Dialog, Section } from '../../../kit/centre/surfaces.tsx'
import { Empty } from '../../../kit/common/Notice.tsx'
import { WordTag } from '../../../kit/common/Tags.tsx'
import { useMay } from '../../../session/me.ts'
import { Loading, ReadProblem } from '../../../shared/ProblemNotice.tsx'
import { When } from '../../../shared/words.tsx'
import { grouped } from '../../../words/numbers.ts'
import { ConfirmAct } from '../../parts/ConfirmAct.tsx'
import { useDesk } from '../../parts/desk.ts'
import { TwoPersons } from '../../parts/TwoPersons.tsx'

const TOUCHES = ['/api/code/partners']
const SECOND = 1000

function Propose(): ReactNode {
  const { t } = useTranslation('centre')
  const desk = useDesk()
  const [name, setName] = useState('')
  const [purpose, setPurpose] = useState('')
  const [until, setUntil] = useState(desk.today)
  const write = useWrite(Partner, { path: '/api/code/partners', touches: TOUCHES })
  return (
    <ConfirmAct
      primary
      verb={t('partners.propose')}
      title={t('partners.propose')}
      write={write}
      ready={name.trim().length >= 2 && purpose.trim().length >= 2}
      onYes={(_, done) =>
        write.mutate(
          { area: desk.area, name: name.trim(), purpose: purpose.trim(), until },
          {
            onSuccess: () => {
              setName('')
              setPurpose('')
              done()
            },
          },
        )
      }
    >
      <div className="form">
        <p>{t('partners.propose.what')}</p>
        <TextField label={t('partners.name')} value={name} onChange={setName} />
        <TextField long label={t('partners.purpose')} value={purpose} onChange={setPurpose} />
        <DayField label={t('partners.until')} value={until} min={desk.today} onChange={setUntil} />
      </div>
    </ConfirmAct>
  )
}

function Decide({
  row,
  approve,
  onKey,
}: {
  row: Partner
  approve: boolean
  onKey: (made: DecidedPartner) => void
}): ReactNode {
  const { t } = useTranslation('centre')
  const write = useWrite(DecidedPartner, { path: `/api/code/partners/${row.id}/decide`, touches: TOUCHES })
  const verb = t(approve ? 'partners.approve' : 'partners.refuse')
  return (
    <ConfirmAct
      primary={approve}
      verb={verb}
      title={`${verb} · ${row.name}`}
      write={write}
      onYes={(_, done) =>
        write.mutate(
          { approve },
          {
            onSuccess: (made) => {
              done()
              if (made.key !== null) onKey(made)
            },
          },
        )
      }
    >
      {approve ? <p>{t('partners.approve.what', { name: row.name, until: row.until })}</p> : null}
    </ConfirmAct>
  )
}

function End({ row }: { row: Partner }): ReactNode {
  const { t } = useTranslation('centre')
  const [reason, setReason] = useState('')
  const write = useWrite(Partner, { path: `/api/code/partners/${row.id}/end`, touches: TOUCHES })
  return (
    <ConfirmAct
      verb={t('partners.end')}
      title={`${t('partners.end')} · ${row.name}`}
      write={write}
      ready={reason.trim().length >= 2}
      onYes={(_, done) => write.mutate({ reason: reason.trim() }, { onSuccess: done })}
    >
      <p>{t('partners.end.what')}</p>
      <TextField long label={t('partners.reason')} value={reason} onChange={setReason} />
    </ConfirmAct>
  )
}

function usePartnerColumns(onKey: (made: DecidedPartner) => void): Column<Partner>[] {
  const { t } = useTranslation('centre')
  const given = (of: Partner['today']): string =>
    t('partners.given', { colour: grouped(of.colour), byHand: grouped(of.byHand), refused: grouped(of.refused) })
  return [
    { key: 'name', title: t('partners.name'), cell: (row) => <b>{row.name}</b> },
    { key: 'area', title: t('area'), cell: (row) => row.areaName },
    { key: 'purpose', title: t('partners.purpose'), cell: (row) => row.purpose },
    { key: 'until', title: t('partners.until'), cell: (row) => row.until },
    {
      key: 'state',
      title: t('state'),
      cell: (row) => <WordTag strong={row.state === 'proposed'}>{t(`partners.state.${row.state}`)}</WordTag>,
    },
    {
      key: 'asked',
      title: t('partners.asked'),
      cell: (row) =>
        row.lastDay === null ? (
          '–'
        ) : (
          <span>
            {t('partners.today')} {given(row.today)}
            <br />
            {t('partners.fortnight')} {given(row.fortnight)}
          </span>
        ),
    },
    {
      key: 'by',
      title: t('partners.by'),
      cell: (row) => (
        <span>
          {row.madeBy} <When at={row.madeAt} />
          {row.decidedBy === null ? null : (
            <>
              {' / '}
              {row.decidedBy} <When at={row.decidedAt} />
            </>
          )}
          {row.endedBy === null ? null : (
            <>
              {' / '}
              {row.endedBy} <When at={row.endedAt} /> {row.endReason}
            </>
          )}
        </span>
      ),
    },
    {
      key: 'act',
      title: t('act'),
      cell: (row) => (
        <>
          {row.mayDecide ? (
            <>
              <Decide row={row} approve onKey={onKey} />
              <Decide row={row} approve={false} onKey={onKey} />
            </>
          ) : null}
          {row.mayEnd ? <End row={row} /> : null}
        </>
      ),
    },
  ]
}

/** The public keys, as another place takes them along to verify without asking (CODE-4, CODE-20). */
function Keys(): ReactNode {
  const { t } = useTranslation('centre')
  const { t: c } = useTranslation('common')
  const found = useQuery(q(CodeKeys, '/api/code/keys'))
  const take = (): void => {
    const file = new Blob([JSON.stringify(found.data, null, 2)], { type: 'application/json' })
    const link = document.createElement('a')
    link.href = URL.createObjectURL(file)
    link.download = 'weiwang-code-keys.json'
    link.click()
    URL.revokeObjectURL(link.href)
  }
  if (found.error && !found.data)
    return <ReadProblem error={found.error} again={<Act onClick={() => void found.refetch()}>{c('act.retry')}</Act>} />
  if (!found.data) return <Loading />
  const at = (seconds: number): string => new Date(seconds * SECOND).toISOString()
  return (
    <Section
      title={t('partners.keys')}
      lead={t('partners.keys.lead')}
      acts={<Act onClick={take}>{t('partners.keys.take')}</Act>}
    >
      <DataTable
        name={t('partners.keys')}
        rows={found.data.keys}
        rowKey={(key) => key.kid}
        empty={<Empty why={t('partners.keys.none')} />}
        busy={found.isFetching}
        totalText={c('total', { total: found.data.keys.length })}
        columns={[
          { key: 'kid', title: t('partners.kid'), cell: (key) => <code>{key.kid}</code> },
          { key: 'from', title: t('partners.key.from'), cell: (key) => <When at={at(key.from)} /> },
          { key: 'until', title: t('partners.key.until'), cell: (key) => <When at={at(key.until)} /> },
          {
            key: 'state',
            title: t('state'),
            cell: (key) =>
              key.revokedAt === null ? (
                <WordTag>{t('partners.key.good')}</WordTag>
              ) : (
                <WordTag strong>{t('partners.key.revoked')}</WordTag>
              ),
          },
        ]}
      />
    </Section>
  )
}

/** Other places that verify codes of here: who may ask, how often they did, and the keys for those who verify alone (CODE-20). */
export function Partners(): ReactNode {
  const { t } = useTranslation('centre')
  const { t: c } = useTranslation('common')
  const may = useMay()
  const [made, setMade] = useState<DecidedPartner | null>(null)
  const found = useQuery({ ...q(PartnerList, '/api/code/partners'), refetchInterval: 30_000 })
  const columns = usePartnerColumns(setMade)
  const items = found.data?.items ?? []
  return (
    <>
      <Section
        title={t('gates.tab.partners')}
        lead={t('partners.lead')}
        acts={may('propose', 'code') ? <Propose /> : null}
      >
        {found.error && !found.data ? (
          <ReadProblem error={found.error} again={<Act onClick={() => void found.refetch()}>{c('act.retry')}</Act>} />
        ) : null}
        {items.some((row) => row.state === 'proposed' && row.mine) ? <TwoPersons mine /> : null}
        <DataTable<Partner>
          name={t('gates.tab.partners')}
          rows={items}
          rowKey={(row) => row.id}
          empty={<Empty why={t('partners.empty')} />}
          busy={found.isFetching}
          totalText={c('total', { total: items.length })}
          columns={columns}
        />
      </Section>
      <Keys />
      <Dialog title={t('partners.key')} open={made !== null} onClose={() => setMade(null)} no={c('act.close')}>
        {made ? (
          <>
            <p>{t('partners.key.once', { name: made.name })}</p>
            <p>
              <code style={{ overflowWrap: 'anywhere' }}>{made.key}</code>
            </p>
            <p>{t('partners.key.how')}</p>
          </>
        ) : null}
      </Dialog>
    </>
  )
}
