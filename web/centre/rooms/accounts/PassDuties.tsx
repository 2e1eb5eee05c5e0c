import { addDays } from '@weiwang/domain/core/day'
import { Duties, Owners } from '@weiwang/domain/access/api'
import type { AccountItem } from '@weiwang/domain/access/api'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { z } from 'zod'
import { q, useWrite } from '../../../api/query.ts'
import { DayField, MultiField, SelectField, Switcher } from '../../../kit/centre/controls.tsx'
import { useSaid } from '../../../kit/centre/useSaid.ts'
import { useMay } from '../../../session/me.ts'
import { Anything } from '../../parts/anything.ts'
import { ConfirmAct } from '../../parts/ConfirmAct.tsx'
import { useDesk } from '../../parts/desk.ts'

const WHY = ['leave', 'left', 'handed'] as const
const TOUCHES = ['/api/duties', '/api/accounts', '/api/tasks']
/** A request takes this many areas; who has more passes them in several steps. */
const MOST = 200

/**
 * All duties of a worker at once: on leave, somebody stands in from day to day and the duties stay his; left or handed over,
 * they go to another from a day on. All or none (case 18).
 */
export function PassDuties({ account }: { account: z.output<typeof AccountItem> }): ReactNode {
  const { t } = useTranslation('centre')
  const may = useMay()
  const desk = useDesk()
  const said = useSaid()
  const [why, setWhy] = useState<(typeof WHY)[number]>('leave')
  const [to, setTo] = useState('')
  const [from, setFrom] = useState(desk.today)
  const [last, setLast] = useState(addDays(desk.today, 6))
  const [left, setLeft] = useState<string[] | null>(null)
  const duties = useQuery(q(Duties, '/api/duties', { account: account.id, all: 'true', limit: MOST }))
  const current = (duties.data?.items ?? []).filter((one) => one.to === null || one.to >= from)
  const names = new Map(current.map((one) => [one.area, one.areaName]))
  const areas = (left ?? [...names.keys()]).filter((area) => names.has(area))
  const owners = useQuery({
    ...q(Owners, '/api/duties/owners', { area: areas[0], limit: 200 }),
    enabled: areas.length > 0,
  })
  const stand = useWrite(Anything, { path: '/api/duties/stand-in', touches: TOUCHES })
  const pass = useWrite(Anything, { path: '/api/duties/reassign', touches: TOUCHES })
  const write = why === 'leave' ? stand : pass
  if (names.size === 0 || !may('file', 'duty')) return null
  const send = (text: string, done: () => void): void => {
    const reason = `${t(`pass.${why}`)}：${text}`
    const options = {
      onSuccess: () => {
        said(t('pass.done', { n: areas.length }))
        done()
      },
    }
    if (why === 'leave') stand.mutate({ for: account.id, by: to, areas, from, to: last, reason }, options)
    else pass.mutate({ from: account.id, to, areas, day: from, reason }, options)
  }
  return (
    <ConfirmAct
      verb={t('pass.verb')}
      title={t('pass.title', { name: account.name, n: names.size })}
      reason={t('reason')}
      ready={to !== '' && areas.length > 0 && (why !== 'leave' || last >= from)}
      write={write}
      onYes={send}
    >
      <div className="form">
        <Switcher
          label={t('pass.why')}
          value={why}
          onChange={setWhy}
          choices={WHY.map((one) => ({ value: one, label: t(`pass.${one}`) }))}
        />
        <p style={{ margin: 0 }}>{t(`pass.${why}.what`)}</p>
        <MultiField
          label={t('pass.areas')}
          value={areas}
          onChange={setLeft}
          choices={[...names].map(([value, label]) => ({ value, label }))}
        />
        <SelectField
          label={t('pass.to')}
          value={to}
          onChange={setTo}
          help={t('duty.who.help')}
          choices={(owners.data?.items ?? [])
            .filter((one) => one.id !== account.id)
            .map((one) => ({ value: one.id, label: t('duty.owner', { name: one.name, n: one.duties }) }))}
        />
        <div className="form-row">
          <DayField label={t('day.from')} value={from} onChange={setFrom} />
          {why === 'leave' ? <DayField label={t('day.last')} value={last} min={from} onChange={setLast} /> : null}
        </div>
      </div>
    </ConfirmAct>
  )
}
