import { GATE_LISTS, GateDone, GatePage } from '@weiwang/domain/checkpoints/api'
import type { GateView } from '@weiwang/domain/checkpoints/api'
import { GATE_KIND_SAY, GATE_KINDS } from '@weiwang/domain/checkpoints/gate'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { useList, useWrite } from '../../../api/query.ts'
import { useSay } from '../../../i18n/setup.ts'
import { SelectField } from '../../../kit/centre/controls.tsx'
import { Facts, SidePanel } from '../../../kit/centre/surfaces.tsx'
import { WordTag } from '../../../kit/common/Tags.tsx'
import { useClock, useMay } from '../../../session/me.ts'
import { When } from '../../../shared/words.tsx'
import { grouped } from '../../../words/numbers.ts'
import { hourMinute } from '../../../words/time.ts'
import { useFilters } from '../../filters.ts'
import { AreaPick } from '../../parts/AreaPick.tsx'
import type { Chosen } from '../../parts/AreaPick.tsx'
import { ConfirmAct } from '../../parts/ConfirmAct.tsx'
import { useDesk } from '../../parts/desk.ts'
import { GoLink } from '../../parts/GoLink.tsx'
import { ListTable } from '../../parts/ListTable.tsx'
import { paths } from '../../paths.ts'
import { GateForm, isComplete, newDraft } from './GateForm.tsx'
import { GATES_TOUCHED, passagesPath } from './words.tsx'

const Filters = z.object({ list: z.enum(GATE_LISTS), kind: z.enum(GATE_KINDS), open: z.uuid() })
const TOUCHED = [...GATES_TOUCHED, '/api/forces']

function AddGate(): ReactNode {
  const { t } = useTranslation('centre')
  const desk = useDesk()
  const [id, setId] = useState(() => crypto.randomUUID())
  const [area, setArea] = useState<Chosen | null>(null)
  const [draft, setDraft] = useState(newDraft)
  const write = useWrite(GateDone, { path: '/api/gates', touches: TOUCHED })
  return (
    <ConfirmAct
      primary
      verb={t('gates.add')}
      title={t('gates.add')}
      write={write}
      ready={area !== null && isComplete(draft)}
      onYes={(_, done) =>
        write.mutate(
          { id, area: area?.code ?? '', ...draft },
          {
            onSuccess: () => {
              setId(crypto.randomUUID())
              setDraft(newDraft())
              done()
            },
          },
        )
      }
    >
      <GateForm
        draft={draft}
        onChange={setDraft}
        place={<AreaPick label={t('gates.area')} value={area} onChange={setArea} within={desk.area} />}
      />
    </ConfirmAct>
  )
}

function EditGate({ gate }: { gate: GateView }): ReactNode {
  const { t } = useTranslation('centre')
  const say = useSay()
  const [draft, setDraft] = useState({ name: gate.name, kind: gate.kind, policy: gate.policy })
  const write = useWrite(GateDone, { path: `/api/gates/${gate.id}`, touches: GATES_TOUCHED })
  return (
    <ConfirmAct
      verb={t('gates.edit')}
      title={`${t('gates.edit')} · ${say(gate.name)}`}
      write={write}
      ready={isComplete(draft)}
      onYes={(_, done) => write.mutate({ version: gate.version, ...draft }, { onSuccess: done })}
    >
      <GateForm draft={draft} onChange={setDraft} />
    </ConfirmAct>
  )
}

function CloseGate({ gate }: { gate: GateView }): ReactNode {
  const { t } = useTranslation('centre')
  const say = useSay()
  const write = useWrite(GateDone, { path: `/api/gates/${gate.id}/close`, touches: TOUCHED })
  return (
    <ConfirmAct
      verb={t('gates.close')}
      title={`${t('gates.close')} · ${say(gate.name)}`}
      reason={t('reason')}
      write={write}
      onYes={(reason, done) => write.mutate({ reason }, { onSuccess: done })}
    >
      <p>{t('gates.close.what')}</p>
    </ConfirmAct>
  )
}

function StaffWords({ gate }: { gate: GateView }): ReactNode {
  const { t } = useTranslation('centre')
  const clock = useClock()
  const { staff } = gate
  if (!staff) return <WordTag strong={gate.closedAt === null}>{t('gates.staff.none')}</WordTag>
  return (
    <span>
      {t('gates.staff.now', { n: staff.now, until: hourMinute(new Date(staff.until), clock.zone) })}{' '}
      {staff.missing > 0 ? <WordTag strong>{t('gates.staff.missing', { n: staff.missing })}</WordTag> : null}
    </span>
  )
}

function Policy({ gate }: { gate: GateView }): ReactNode {
  const { t } = useTranslation('centre')
  const { policy } = gate
  const { temperature } = policy
  const yes = (on: boolean, text: string): string | null => (on ? text : null)
  const has = [
    yes(policy.visitors, t('gates.policy.visitors')),
    yes(policy.vehicles, t('gates.policy.vehicles')),
    yes(policy.reader, t('gates.policy.reader')),
    yes(policy.turnBack && gate.kind !== 'estate', t('gates.policy.turnBack')),
  ].filter((one) => one !== null)
  return (
    <Facts
      rows={[
        [t('gates.policy.direction'), t(`gates.direction.${policy.direction}`)],
        [t('gates.policy.yellow'), t(`gates.policy.gives.${policy.yellow}`)],
        [t('gates.policy.pending'), t(`gates.policy.gives.${policy.pending}`)],
        [
          t('gates.policy.ask'),
          `${t(`gates.policy.ask.${temperature.ask}`)} · ${temperature.threshold / 10} ℃ · ${temperature.restMin}–${temperature.restMax} min`,
        ],
        [
          t('gates.policy.whenOld'),
          `> ${grouped(Math.round(policy.listMaxAgeMin / 60))} h · ${t(`gates.policy.whenOld.${policy.whenListOld}`)}`,
        ],
        has.length > 0 && [t('gates.policy'), has.join(' · ')],
        [
          t('gates.policy.call'),
          <ul className="plain-list" key="call">
            {policy.call.map((one) => (
              <li key={`${one.role}/${one.phone}`}>
                {one.name} <a href={`tel:${one.phone}`}>{one.phone}</a>
              </li>
            ))}
          </ul>,
        ],
      ]}
    />
  )
}

function Panel({ gate }: { gate: GateView }): ReactNode {
  const { t } = useTranslation('centre')
  const say = useSay()
  const may = useMay()
  const desk = useDesk()
  const files = may('file', 'gate', { area: gate.area }) && gate.closedAt === null
  return (
    <>
      <Facts
        rows={[
          [t('gates.kind'), say(GATE_KIND_SAY[gate.kind])],
          [t('gates.area'), gate.areaName],
          [t('gates.staff'), <StaffWords gate={gate} key="staff" />],
          [
            t('gates.shifts'),
            <GoLink key="shifts" href={paths.forces({ tab: 'posts', post: gate.postId, to: desk.today })}>
              {t('gates.shifts.ahead', { n: gate.shiftsAhead })}
            </GoLink>,
          ],
          [
            t('gates.today'),
            <GoLink key="today" href={passagesPath({ list: 'all', day: desk.today, gate: gate.id })}>
              {grouped(gate.today.passages)}
            </GoLink>,
          ],
          gate.closedAt !== null && [t('gates.list.closed'), <When key="closed" at={gate.closedAt} />],
        ]}
      />
      <h3>{t('gates.policy')}</h3>
      <p>{t('gates.policy.always')}</p>
      <Policy gate={gate} />
      {files ? (
        <div className="form-acts" style={{ justifyContent: 'flex-start' }}>
          <EditGate key={gate.version} gate={gate} />
          <CloseGate gate={gate} />
        </div>
      ) : null}
    </>
  )
}

export function Gates(): ReactNode {
  const { t } = useTranslation('centre')
  const say = useSay()
  const may = useMay()
  const desk = useDesk()
  const [{ open, ...filters }, set] = useFilters(Filters)
  const list = useList(GatePage, '/api/gates', { ...filters, area: desk.area }, { every: 30_000 })
  const opened = list.rows.find((row) => row.id === open)
  return (
    <>
      <div className="filters">
        <SelectField
          label={t('gates.list')}
          value={filters.list ?? 'open'}
          onChange={(v) => set({ list: v === 'open' ? null : v, open: null })}
          choices={GATE_LISTS.map((one) => ({ value: one, label: t(`gates.list.${one}`) }))}
          width={140}
        />
        <SelectField
          label={t('gates.kind')}
          value={filters.kind ?? ''}
          any={t('gates.any')}
          onChange={(v) => set({ kind: v, open: null })}
          choices={GATE_KINDS.map((one) => ({ value: one, label: say(GATE_KIND_SAY[one]) }))}
          width={140}
        />
        {may('file', 'gate') ? <AddGate /> : null}
      </div>
      <ListTable<GateView>
        name={t('gates.tab.gates')}
        list={list}
        rowKey={(row) => row.id}
        openKey={open}
        onOpen={(row) => set({ open: row.id })}
        empty={{ why: t('gates.empty'), todo: t('gates.empty.todo') }}
        columns={[
          { key: 'name', title: t('gates.name'), cell: (row) => <b>{say(row.name)}</b> },
          { key: 'kind', title: t('gates.kind'), cell: (row) => say(GATE_KIND_SAY[row.kind]) },
          { key: 'area', title: t('area'), cell: (row) => row.areaName },
          { key: 'staff', title: t('gates.staff'), cell: (row) => <StaffWords gate={row} /> },
          {
            key: 'today',
            title: t('gates.today'),
            end: true,
            cell: (row) => (
              <GoLink
                href={passagesPath({ list: 'all', day: desk.today, gate: row.id })}
                label={`${say(row.name)} ${t('gates.today')} ${row.today.passages}`}
              >
                {grouped(row.today.passages)}
              </GoLink>
            ),
          },
          {
            key: 'notGreen',
            title: t('gates.fig.notGreen'),
            end: true,
            cell: (row) => grouped(row.today.notGreen),
          },
          { key: 'fever', title: t('gates.fig.fever'), end: true, cell: (row) => grouped(row.today.fever) },
          {
            key: 'referrals',
            title: t('gates.tab.referrals'),
            end: true,
            cell: (row) => (
              <GoLink
                href={paths.gates({ tab: 'referrals', gate: row.id, list: 'all', on: desk.today })}
                label={`${say(row.name)} ${t('gates.tab.referrals')} ${row.today.referrals}`}
              >
                {grouped(row.today.referrals)}
              </GoLink>
            ),
          },
        ]}
      />
      <SidePanel
        title={opened ? say(opened.name) : t('room.gates')}
        open={opened !== undefined}
        onClose={() => set({ open: null })}
      >
        {opened ? <Panel gate={opened} /> : null}
      </SidePanel>
    </>
  )
}
