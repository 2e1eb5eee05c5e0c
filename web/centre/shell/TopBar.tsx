import { Done } from '@weiwang/domain/access/api'
import { useQueryClient } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useWrite } from '../../api/query.ts'
import { setLang, useLang } from '../../i18n/setup.ts'
import { DayInput } from '../../kit/centre/controls.tsx'
import { useClock, useMe } from '../../session/me.ts'
import { hourMinute } from '../../words/time.ts'
import { GoLink } from '../parts/GoLink.tsx'
import { useDesk } from '../parts/desk.ts'
import { paths } from '../paths.ts'
import { AreaSwitch } from './AreaSwitch.tsx'
import { FindAnything } from './FindAnything.tsx'

function Day(): ReactNode {
  const { t } = useTranslation('centre')
  const clock = useClock()
  const me = useMe()
  const { day, setDay } = useDesk()
  return (
    <span className="desk-day">
      <DayInput
        attributes={{ 'aria-label': t('top.day') }}
        value={day}
        max={me.today}
        onChange={(text) => setDay(text === me.today ? '' : text)}
      />
      <span className="numbers">{hourMinute(clock.now, clock.zone)}</span>
    </span>
  )
}

function Leave(): ReactNode {
  const { t } = useTranslation('common')
  const client = useQueryClient()
  const router = useRouter()
  const write = useWrite(Done, { path: '/api/logout', touches: [] })
  const leave = (): void =>
    write.mutate(
      {},
      {
        onSettled: () => {
          client.clear()
          router.history.push(paths.login())
        },
      },
    )
  return (
    <button type="button" className="plain" onClick={leave}>
      {t('act.logout')}
    </button>
  )
}

export function TopBar(): ReactNode {
  const { t } = useTranslation('common')
  const lang = useLang()
  const me = useMe()
  return (
    <header className="desk-top">
      <GoLink href={paths.now()} className="desk-name">
        {lang === 'zh' ? (
          <>
            微网 <span>Weiwang</span>
          </>
        ) : (
          'Weiwang'
        )}
      </GoLink>
      <AreaSwitch />
      <Day />
      <div className="desk-end">
        <FindAnything />
        <button
          type="button"
          className="plain"
          lang={lang === 'zh' ? 'en' : 'zh-CN'}
          onClick={() => void setLang(lang === 'zh' ? 'en' : 'zh')}
        >
          {t('lang.other')}
        </button>
        <GoLink href={paths.settings()} className="plain">
          {me.name} · {me.areaName}
        </GoLink>
        <Leave />
      </div>
    </header>
  )
}
