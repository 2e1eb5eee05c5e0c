import { Campaigns } from '@weiwang/domain/access/api'
import { pageOf } from '@weiwang/domain/core/page'
import { Run } from '@weiwang/domain/grading/api'
import { PushView } from '@weiwang/domain/tasks/api'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { q, qAll, useWrite } from '../../../api/query.ts'
import { useSay } from '../../../i18n/setup.ts'
import { Act, SelectField } from '../../../kit/centre/controls.tsx'
import { Dialog } from '../../../kit/centre/surfaces.tsx'
import { Notice } from '../../../kit/common/Notice.tsx'
import { useClock } from '../../../session/me.ts'
import { ProblemNotice } from '../../../shared/ProblemNotice.tsx'
import { dayWords } from '../../../words/time.ts'
import { AreaPick } from '../../parts/AreaPick.tsx'
import type { Chosen } from '../../parts/AreaPick.tsx'
import { useDesk } from '../../parts/desk.ts'

/** Proposes; the server counts the consequence, and a second person reads it before anything is sent. */
export function ProposePushForm({ onProposed }: { onProposed: (id: string) => void }): ReactNode {
  const { t } = useTranslation('centre')
  const { t: c } = useTranslation('common')
  const say = useSay()
  const clock = useClock()
  const desk = useDesk()
  const [open, setOpen] = useState(false)
  const [id, setId] = useState(() => crypto.randomUUID())
  const [campaign, setCampaign] = useState('')
  const [run, setRun] = useState('')
  const [area, setArea] = useState<Chosen | null>(null)
  const campaigns = useQuery({ ...qAll(Campaigns, '/api/campaigns', { state: 'open', drafted: true }), enabled: open })
  const runs = useQuery({ ...q(pageOf(Run), '/api/grade-runs', { state: 'done', limit: 20 }), enabled: open })
  const write = useWrite(PushView, { path: '/api/pushes', touches: ['/api/pushes'] })
  const noCampaign = campaigns.data?.length === 0
  const choices = campaigns.data ?? []
  const chosen = campaign || (choices.length === 1 ? (choices[0]?.id ?? '') : '')
  const propose = (): void =>
    write.mutate(
      { id, area: area?.code ?? desk.area, campaignId: chosen, ...(run ? { runId: run } : {}) },
      {
        onSuccess: (push) => {
          setOpen(false)
          setId(crypto.randomUUID())
          onProposed(push.id)
        },
      },
    )
  return (
    <>
      <Act primary onClick={() => setOpen(true)}>
        {t('push.propose')}
      </Act>
      <Dialog
        title={t('push.propose')}
        open={open}
        onClose={() => setOpen(false)}
        yes={t('push.propose.go')}
        no={c('act.cancel')}
        busy={write.isPending}
        disabled={chosen === ''}
        onYes={propose}
      >
        <div className="form">
          <ProblemNotice error={write.error ?? campaigns.error} />
          {noCampaign ? <Notice kind="note" head={t('push.noCampaign')} body={t('push.noCampaign.todo')} /> : null}
          <p style={{ margin: 0 }}>{t('push.propose.lead')}</p>
          <SelectField
            label={t('campaign')}
            value={chosen}
            onChange={setCampaign}
            choices={choices.map((one) => ({ value: one.id, label: say(one.name) }))}
          />
          <SelectField
            label={t('push.run')}
            value={run}
            any={t('push.run.now')}
            onChange={setRun}
            choices={(runs.data?.items ?? [])
              .filter((r) => r.kind !== 'preview')
              .map((r) => ({ value: r.id, label: `${say(r.ruleSetName)} · ${dayWords(r.asOf, clock)}` }))}
          />
          <AreaPick
            label={t('push.area')}
            value={area}
            onChange={setArea}
            within={desk.area}
            help={t('push.area.help')}
          />
        </div>
      </Dialog>
    </>
  )
}
