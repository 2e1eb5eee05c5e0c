import { AskedHelp } from '@weiwang/domain/people/change-api'
import type { HelpLine } from '@weiwang/domain/people/change-api'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useWrite } from '../../../api/query.ts'
import { Act } from '../../../kit/centre/controls.tsx'
import { useMay } from '../../../session/me.ts'
import { ProblemNotice } from '../../../shared/ProblemNotice.tsx'
import { When } from '../../../shared/words.tsx'
import { ConfirmAct } from '../../parts/ConfirmAct.tsx'
import { GoLink } from '../../parts/GoLink.tsx'
import { paths } from '../../paths.ts'

const LISTS = ['/api/help']
const LATE_MINUTES = 2

/** How late the server heard of it, in whole minutes. */
function lateBy(call: HelpLine): number {
  return Math.floor((Date.parse(call.heardAt) - Date.parse(call.at)) / 60_000)
}

function Where({ call }: { call: HelpLine }): ReactNode {
  const { t } = useTranslation('centre')
  const { position, householdId, taskId } = call
  return (
    <>
      <p style={{ margin: '4px 0' }}>
        {call.areaName}
        {householdId ? (
          <>
            {' · '}
            <GoLink href={paths.household(householdId)}>{call.door ?? t('household')}</GoLink>
          </>
        ) : null}
        {taskId ? (
          <>
            {' · '}
            <GoLink href={paths.tasks({ open: taskId })}>{t('task')}</GoLink>
          </>
        ) : null}
      </p>
      {position ? (
        <p style={{ margin: '4px 0' }}>
          {t('help.map', { lat: position.lat, lon: position.lng, m: Math.round(position.accuracy) })}
        </p>
      ) : null}
    </>
  )
}

function Answer({ call }: { call: HelpLine }): ReactNode {
  const { t } = useTranslation('centre')
  const see = useWrite(AskedHelp, { path: `/api/help/${call.id}/see`, touches: LISTS })
  const close = useWrite(AskedHelp, { path: `/api/help/${call.id}/close`, touches: LISTS })
  return (
    <>
      <ProblemNotice error={see.error} />
      <div style={{ display: 'flex', gap: 8, flexWrap: 'wrap' }}>
        {call.state === 'open' ? (
          <Act primary busy={see.isPending} onClick={() => see.mutate({})}>
            {t('help.see')}
          </Act>
        ) : null}
        <ConfirmAct
          verb={t('help.close')}
          title={t('help.close')}
          reason={t('help.close.reason')}
          write={close}
          onYes={(note, done) => close.mutate({ note }, { onSuccess: done })}
        >
          <p>{t('help.close.what')}</p>
        </ConfirmAct>
      </div>
    </>
  )
}

/** Who, where, since when, and the number to call. */
export function HelpCard({ call }: { call: HelpLine }): ReactNode {
  const { t } = useTranslation('centre')
  const may = useMay()
  const late = lateBy(call)
  const { phone } = call.by
  return (
    <li style={{ border: '1px solid var(--line)', padding: 12, marginBottom: 8, listStyle: 'none' }}>
      <p style={{ margin: 0 }}>
        <b>{call.by.name}</b> · <When at={call.at} />
        {late >= LATE_MINUTES ? <small> · {t('help.late', { n: late })}</small> : null}
      </p>
      <Where call={call} />
      {call.words ? <p style={{ margin: '4px 0' }}>{call.words}</p> : null}
      <p style={{ margin: '4px 0' }}>
        {phone ? (
          <a href={`tel:${phone}`}>
            <b>{t('help.call', { phone })}</b>
          </a>
        ) : (
          t('help.noPhone')
        )}
      </p>
      <p style={{ margin: '4px 0' }}>
        {call.closedBy
          ? t('help.closedBy', { name: call.closedBy })
          : call.seenBy
            ? t('help.seenBy', { name: call.seenBy })
            : t('help.unseen')}
        {call.note ? ` · ${call.note}` : ''}
      </p>
      {call.state !== 'closed' && may('file', 'handover', { area: call.area }) ? <Answer call={call} /> : null}
    </li>
  )
}
