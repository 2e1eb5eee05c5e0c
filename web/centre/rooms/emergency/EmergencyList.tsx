import { CloseOutItem, Emergencies, EMERGENCY_STATES, EmergencyItem } from '@weiwang/domain/access/api'
import { closeOutKinds } from '@weiwang/domain/access/close-out'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { z } from 'zod'
import { q, useList, useWrite } from '../../../api/query.ts'
import { useSay } from '../../../i18n/setup.ts'
import { Act, TextField } from '../../../kit/centre/controls.tsx'
import { Facts, Section } from '../../../kit/centre/surfaces.tsx'
import { Empty } from '../../../kit/common/Notice.tsx'
import { WordTag } from '../../../kit/common/Tags.tsx'
import { useClock, useMay, useMe } from '../../../session/me.ts'
import { Loading, ReadProblem } from '../../../shared/ProblemNotice.tsx'
import { When } from '../../../shared/words.tsx'
import { grouped } from '../../../words/numbers.ts'
import { dayWords, spanWords } from '../../../words/time.ts'
import type { SetFilters } from '../../filters.ts'
import { Anything } from '../../parts/anything.ts'
import { ConfirmAct } from '../../parts/ConfirmAct.tsx'
import { TwoPersons } from '../../parts/TwoPersons.tsx'
import { StateFilter } from '../../parts/StateFilter.tsx'
import { download } from '../rules/download.ts'
import { useState } from 'react'

type Emergency = z.output<typeof EmergencyItem>
// What was counted stays and what was listed goes: figures and lists are asked for anew, with what is said of them (STAT-16).
const TOUCHES = ['/api/emergencies', '/api/me', '/api/retention', '/api/campaigns', '/api/stats', '/api/tasks']

/** How far a close-out is, looked at again while it runs. */
function useCloseOut(emergency: Emergency) {
  return useQuery({
    ...q(CloseOutItem, `/api/emergencies/${emergency.id}/close-out`),
    enabled: emergency.state === 'ended' || emergency.state === 'closed_out',
    retry: false,
    refetchInterval: (query) => (query.state.data && query.state.data.state === 'running' ? 1_500 : false),
  })
}

function CloseOut({ emergency }: { emergency: Emergency }): ReactNode {
  const { t } = useTranslation('centre')
  const say = useSay()
  const may = useMay()
  const [word, setWord] = useState('')
  const thing = { area: emergency.area }
  const answer = useCloseOut(emergency)
  const propose = useWrite(Anything, { path: `/api/emergencies/${emergency.id}/close-out`, touches: TOUCHES })
  const approve = useWrite(Anything, { path: `/api/emergencies/${emergency.id}/close-out/approve`, touches: TOUCHES })
  const item = answer.data
  const kinds = closeOutKinds(item?.tables ?? {})
  const allowed = item?.mayDecide ?? false
  return (
    <Section title={t('closeOut')} lead={t('closeOut.lead')}>
      {!item && may('propose', 'retention', thing) ? (
        <ConfirmAct
          verb={t('closeOut.propose')}
          title={t('closeOut.propose')}
          write={propose}
          onYes={(_, done) => propose.mutate({}, { onSuccess: done })}
        >
          <p>{t('closeOut.propose.what')}</p>
        </ConfirmAct>
      ) : null}
      {item ? (
        <>
          <p>
            <WordTag strong={item.state !== 'done'}>{t(`closeOutState.${item.state}`)}</WordTag>
          </p>
          <Facts rows={kinds.map(({ say: what, rows }) => [say(what), t('n.rows', { n: grouped(rows) })] as const)} />
          {item.state === 'proposed' ? (
            <>
              <TwoPersons mine={item.mine} name={item.proposedBy ?? undefined} />
              <ConfirmAct
                verb={t('closeOut.approve')}
                title={t('closeOut.approve')}
                write={approve}
                disabled={!allowed}
                why={allowed ? undefined : t('two.cannot')}
                ready={word === 'DELETE'}
                onYes={(_, done) => approve.mutate({ confirm: word }, { onSuccess: done })}
              >
                <p className="consequence">
                  {t('closeOut.will', { n: grouped(kinds.reduce((sum, { rows }) => sum + rows, 0)) })}
                </p>
                <TextField label={t('closeOut.word')} value={word} onChange={setWord} />
              </ConfirmAct>
            </>
          ) : null}
          {item.certificate ? (
            <Act
              onClick={() => download(`certificate-${emergency.id}.json`, JSON.stringify(item.certificate, null, 2))}
            >
              {t('closeOut.certificate')}
            </Act>
          ) : null}
        </>
      ) : null}
    </Section>
  )
}

function One({ emergency }: { emergency: Emergency }): ReactNode {
  const { t } = useTranslation('centre')
  const { t: c } = useTranslation('common')
  const say = useSay()
  const clock = useClock()
  const me = useMe()
  const may = useMay()
  const approve = useWrite(Anything, { path: `/api/emergencies/${emergency.id}/approve`, touches: TOUCHES })
  const end = useWrite(Anything, { path: `/api/emergencies/${emergency.id}/end`, touches: TOUCHES })
  const { version } = emergency
  const allowed = may('approve', 'emergency', { area: emergency.area, by: emergency.proposedBy })
  // A list of those that have only ended keeps this one, with its certificate, until it is asked for again.
  const state = useCloseOut(emergency).data?.state === 'done' ? 'closed_out' : emergency.state
  return (
    <article style={{ padding: '16px 0', borderBottom: '1px solid var(--line)' }}>
      <h2 style={{ margin: '0 0 8px', display: 'flex', gap: 12, alignItems: 'center', fontSize: 18 }}>
        {say(emergency.name)}
        <WordTag strong={state === 'open'}>{t(`emergencyState.${state}`)}</WordTag>
        {emergency.exercise ? <WordTag>{c('exercise')}</WordTag> : null}
      </h2>
      <Facts
        rows={[
          [t('emergency.order'), emergency.legalOrder],
          [t('purpose'), say(emergency.purpose)],
          [t('emergency.basis'), say(emergency.basis)],
          [t('area'), emergency.areaName],
          [t('risk.days'), spanWords(emergency.starts, emergency.ends, clock)],
          emergency.endedAt ? [t('emergency.endedAt'), <When key="e" at={emergency.endedAt} />] : null,
          emergency.closeOutBy
            ? [
                t('emergency.closeOutBy'),
                state === 'ended' && emergency.closeOutBy < me.today ? (
                  <b key="late">{t('emergency.closeOutLate', { day: dayWords(emergency.closeOutBy, clock) })}</b>
                ) : (
                  dayWords(emergency.closeOutBy, clock)
                ),
              ]
            : null,
        ]}
      />
      {emergency.state === 'proposed' ? (
        <>
          <TwoPersons proposedBy={emergency.proposedBy} />
          <ConfirmAct
            primary
            verb={t('emergency.approve')}
            title={t('emergency.approve')}
            write={approve}
            disabled={!allowed}
            why={allowed ? undefined : t('two.cannot')}
            onYes={(_, done) => approve.mutate({ version }, { onSuccess: done })}
          >
            <p className="consequence">{t('emergency.approve.what')}</p>
          </ConfirmAct>
        </>
      ) : null}
      {emergency.state === 'open' && may('propose', 'emergency', { area: emergency.area }) ? (
        <p>
          <ConfirmAct
            verb={t('emergency.end')}
            title={t('emergency.end')}
            reason={t('reason')}
            write={end}
            onYes={(reason, done) => end.mutate({ version, reason }, { onSuccess: done })}
          >
            <p className="consequence">{t('emergency.end.what')}</p>
          </ConfirmAct>
        </p>
      ) : null}
      {emergency.state === 'ended' || emergency.state === 'closed_out' ? <CloseOut emergency={emergency} /> : null}
    </article>
  )
}

export function EmergencyList({ state, set }: { state: Emergency['state'] | undefined; set: SetFilters }): ReactNode {
  const { t } = useTranslation('centre')
  const { t: c } = useTranslation('common')
  const list = useList(Emergencies, '/api/emergencies', { state })
  return (
    <>
      <div className="filters">
        <StateFilter
          value={state}
          states={EMERGENCY_STATES}
          word={(one) => t(`emergencyState.${one}`)}
          onChange={(one) => set({ state: one })}
        />
      </div>
      {list.error ? (
        <ReadProblem error={list.error} again={<Act onClick={list.again}>{c('act.retry')}</Act>} />
      ) : list.first ? (
        <Loading />
      ) : list.rows.length === 0 ? (
        state ? (
          <Empty why={t('emergency.noneSo')} />
        ) : (
          <Empty why={t('emergency.none')} todo={t('emergency.none.todo')} />
        )
      ) : (
        list.rows.map((e) => <One key={e.id} emergency={e} />)
      )}
      {list.next ? (
        <p>
          <Act busy={list.more} onClick={list.next}>
            {`${c('act.more')} · ${c('shown', { shown: grouped(list.rows.length), total: grouped(list.total) })}`}
          </Act>
        </p>
      ) : null}
    </>
  )
}
