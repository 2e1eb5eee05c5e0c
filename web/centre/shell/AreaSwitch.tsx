import { AreaAnswer, ChildrenAnswer } from '@weiwang/domain/areas/api'
import { contains } from '@weiwang/domain/areas/code'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { q } from '../../api/query.ts'
import { Bubble } from '../../kit/centre/Bubble.tsx'
import { useMe } from '../../session/me.ts'
import { useDesk } from '../parts/desk.ts'

const MOST = 200

/** The path of the area that is looked at: up within my scope by a click, down by the list of what lies below. */
export function AreaSwitch(): ReactNode {
  const { t } = useTranslation('centre')
  const me = useMe()
  const { area, setArea } = useDesk()
  const [open, setOpen] = useState(false)
  const here = useQuery({
    ...q(AreaAnswer, `/api/areas/${area}`),
    placeholderData: keepPreviousData,
    staleTime: 300_000,
  })
  const below = useQuery({
    ...q(ChildrenAnswer, `/api/areas/${area}/children`, { limit: MOST }),
    enabled: open,
    staleTime: 300_000,
  })
  const mine = (code: string): boolean => me.scope.some((s) => contains(s.area, code))
  const path = here.data?.path ?? [{ code: area, name: me.scope.find((s) => s.area === area)?.name ?? area, level: 1 }]
  const above = path.filter((step) => !mine(step.code)).map((step) => step.name)
  const choose = (code: string): void => {
    setOpen(false)
    setArea(code)
  }
  return (
    <nav aria-label={t('top.area')}>
      <ol className="crumbs">
        {above.length > 0 ? (
          <li className="crumb-out" title={above.join(' › ')}>
            <span aria-hidden="true">…</span>
            <span className="visually-hidden">{above.join(' › ')}</span>
          </li>
        ) : null}
        {path
          .filter((step) => mine(step.code))
          .map((step) => (
            <li key={step.code}>
              {step.code === area ? (
                <span aria-current="location">{step.name}</span>
              ) : (
                <a
                  href={`?area=${step.code}`}
                  onClick={(event) => {
                    event.preventDefault()
                    choose(step.code)
                  }}
                >
                  {step.name}
                </a>
              )}
            </li>
          ))}
        {area.length < 18 ? (
          <li>
            <Bubble label={t('top.below')} open={open} onOpen={setOpen}>
              {below.data && below.data.items.length === 0 ? <p>{t('top.below.none')}</p> : null}
              <ul className="area-list">
                {(below.data?.items ?? []).map((child) => (
                  <li key={child.code}>
                    <a
                      href={`?area=${child.code}`}
                      onClick={(event) => {
                        event.preventDefault()
                        choose(child.code)
                      }}
                    >
                      {child.name}
                    </a>
                  </li>
                ))}
              </ul>
            </Bubble>
          </li>
        ) : null}
      </ol>
    </nav>
  )
}
