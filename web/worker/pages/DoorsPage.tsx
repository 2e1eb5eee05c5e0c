import { HouseholdPage } from '@weiwang/domain/people/api'
import { useEffect, useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useList } from '../../api/query.ts'
import { Empty } from '../../kit/common/Notice.tsx'
import { BigButton, Line } from '../../kit/phone/controls.tsx'
import { Loading, ReadProblem } from '../../shared/ProblemNotice.tsx'
import { grouped } from '../../words/numbers.ts'
import { Head } from '../Frame.tsx'
import { Go } from '../Go.tsx'
import { paths } from '../paths.ts'

const REST_MS = 350

/** The doors of my grids, by estate and building. */
export function DoorsPage(): ReactNode {
  const { t } = useTranslation('worker')
  const { t: c } = useTranslation('common')
  const [estate, setEstate] = useState('')
  const [building, setBuilding] = useState('')
  const [asked, setAsked] = useState({ estate: '', building: '' })
  useEffect(() => {
    const timer = setTimeout(() => setAsked({ estate: estate.trim(), building: building.trim() }), REST_MS)
    return () => clearTimeout(timer)
  }, [estate, building])
  const list = useList(HouseholdPage, '/api/households', { ...asked, limit: 100 })
  return (
    <>
      <Head title={t('tab.doors')} />
      <main className="phone-main">
        <search style={{ display: 'grid', gridTemplateColumns: '2fr 1fr', gap: 10 }}>
          <Line label={t('estate')} value={estate} onChange={setEstate} />
          <Line label={t('building')} value={building} onChange={setBuilding} />
        </search>
        {list.error ? (
          <ReadProblem error={list.error} again={<BigButton onClick={list.again}>{c('act.retry')}</BigButton>} />
        ) : null}
        {list.first && !list.error ? <Loading /> : null}
        {!list.first && list.rows.length === 0 ? <Empty why={t('doors.empty')} todo={t('doors.empty.todo')} /> : null}
        {list.rows.length > 0 ? <p className="group">{c('total', { total: grouped(list.total) })}</p> : null}
        {list.rows.map((door) => (
          <Go key={door.id} href={paths.door(door.id)} className="card">
            <span className="card-door">
              {[door.building, door.door].filter(Boolean).join(' ') || t('door.unknown')}
            </span>
            <span className="card-place">{[door.estate, door.areaName].filter(Boolean).join(' · ')}</span>
            <span className="card-who">
              {t(`doorKind.${door.kind}`)} · {t('members', { n: door.members })}
            </span>
          </Go>
        ))}
        {list.next ? (
          <BigButton busy={list.more} onClick={list.next}>
            {c('act.more')}
          </BigButton>
        ) : null}
      </main>
    </>
  )
}
