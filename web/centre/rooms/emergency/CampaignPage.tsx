import { CampaignAnswer, CampaignItem, DEFAULT_HOURS } from '@weiwang/domain/access/api'
import { unitSay } from '@weiwang/domain/access/questions'
import { addDays } from '@weiwang/domain/core/day'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { z } from 'zod'
import { q, useWrite } from '../../../api/query.ts'
import { useSay } from '../../../i18n/setup.ts'
import { Act } from '../../../kit/centre/controls.tsx'
import { Facts, Page, Section } from '../../../kit/centre/surfaces.tsx'
import { WordTag } from '../../../kit/common/Tags.tsx'
import { useClock, useMay, useMe } from '../../../session/me.ts'
import { Loading, ReadProblem } from '../../../shared/ProblemNotice.tsx'
import { spanWords } from '../../../words/time.ts'
import { Anything } from '../../parts/anything.ts'
import { ConfirmAct } from '../../parts/ConfirmAct.tsx'
import { GoLink, useGo } from '../../parts/GoLink.tsx'
import { TwoPersons } from '../../parts/TwoPersons.tsx'
import { paths } from '../../paths.ts'
import { BudgetLine, CampaignForm } from './CampaignForm.tsx'
import type { CampaignDraft } from './CampaignForm.tsx'

type Campaign = z.output<typeof CampaignItem>
const TOUCHES = ['/api/campaigns']
const BOTH = { zh: '', en: '' }
const DAYS = 30

function NewCampaign(): ReactNode {
  const { t } = useTranslation('centre')
  const me = useMe()
  const go = useGo()
  const write = useWrite(CampaignAnswer, { path: '/api/campaigns', touches: TOUCHES })
  const start: CampaignDraft = {
    name: BOTH,
    purpose: BOTH,
    basis: BOTH,
    script: BOTH,
    questions: [],
    hours: DEFAULT_HOURS,
    starts: me.today,
    ends: addDays(me.today, DAYS),
  }
  return (
    <Page title={t('campaign.new')} lead={t('campaign.lead')}>
      <CampaignForm
        start={start}
        write={write}
        onSave={(draft) =>
          write.mutate({ area: me.area, ...draft }, { onSuccess: ({ campaign }) => go(paths.campaign(campaign.id)) })
        }
      />
    </Page>
  )
}

function Shown({ campaign }: { campaign: Campaign }): ReactNode {
  const { t } = useTranslation('centre')
  const say = useSay()
  const clock = useClock()
  return (
    <>
      <Facts
        rows={[
          [t('purpose'), say(campaign.purpose)],
          [t('emergency.basis'), say(campaign.basis)],
          [t('area'), campaign.areaName],
          [t('risk.days'), spanWords(campaign.starts, campaign.ends, clock)],
          [
            t('campaign.hours'),
            t('campaign.hours.line', {
              accept: campaign.hours.red.accept,
              red: campaign.hours.red.answer,
              yellow: campaign.hours.yellow.answer,
              blue: campaign.hours.blue.answer,
            }),
          ],
          [t('campaign.script'), say(campaign.script)],
        ]}
      />
      <Section title={t('campaign.questions')}>
        <BudgetLine questions={campaign.questions} />
        <ol>
          {campaign.questions.map((question) => (
            <li key={question.key}>
              {say(question.say)} {question.required ? <WordTag>{t('required')}</WordTag> : null}
              <small style={{ display: 'block' }}>
                {t(`questionType.${question.type}`)}
                {question.type === 'choice' || question.type === 'multi'
                  ? `: ${question.options.map((o) => say(o.say)).join(' / ')}`
                  : ''}
                {question.type === 'number' ? `: ${question.min}–${question.max} ${say(unitSay(question))}` : ''}
              </small>
            </li>
          ))}
        </ol>
      </Section>
    </>
  )
}

function OneCampaign({ id }: { id: string }): ReactNode {
  const { t } = useTranslation('centre')
  const { t: c } = useTranslation('common')
  const say = useSay()
  const may = useMay()
  const [editing, setEditing] = useState(false)
  const answer = useQuery(q(CampaignItem, `/api/campaigns/${id}`))
  const edit = useWrite(CampaignAnswer, { path: `/api/campaigns/${id}`, touches: TOUCHES })
  const open = useWrite(Anything, { path: `/api/campaigns/${id}/open`, touches: TOUCHES })
  const end = useWrite(Anything, { path: `/api/campaigns/${id}/end`, touches: TOUCHES })
  if (answer.error)
    return (
      <Page title={t('campaign')}>
        <ReadProblem error={answer.error} again={<Act onClick={() => void answer.refetch()}>{c('act.retry')}</Act>} />
      </Page>
    )
  if (!answer.data) return <Loading />
  const campaign = answer.data
  const { version } = campaign
  const mayOpen = may('approve', 'campaign', { area: campaign.area, by: campaign.createdBy })
  const mayEdit = may('file', 'campaign', { area: campaign.area })
  const { name, purpose, basis, script, questions, hours, starts, ends } = campaign
  return (
    <Page
      title={say(campaign.name)}
      acts={
        <>
          <GoLink className="plain" href={paths.tasks({ campaignId: id })}>
            {t('room.tasks')}
          </GoLink>
          {campaign.state === 'draft' && mayEdit ? (
            <Act onClick={() => setEditing(!editing)}>{t('campaign.edit')}</Act>
          ) : null}
          {campaign.state === 'draft' ? (
            <ConfirmAct
              primary
              verb={t('campaign.open')}
              title={t('campaign.open')}
              write={open}
              disabled={!mayOpen}
              why={mayOpen ? undefined : t('two.cannot')}
              onYes={(_, done) => open.mutate({ version }, { onSuccess: done })}
            >
              <p className="consequence">{t('campaign.open.what')}</p>
            </ConfirmAct>
          ) : null}
          {campaign.state === 'open' && may('propose', 'campaign', { area: campaign.area }) ? (
            <ConfirmAct
              verb={t('campaign.end')}
              title={t('campaign.end')}
              reason={t('reason')}
              write={end}
              onYes={(reason, done) => end.mutate({ version, reason }, { onSuccess: done })}
            >
              <p className="consequence">{t('campaign.end.what')}</p>
            </ConfirmAct>
          ) : null}
        </>
      }
    >
      <p>
        <WordTag strong={campaign.state === 'open'}>{t(`campaignState.${campaign.state}`)}</WordTag>
      </p>
      {campaign.state === 'draft' ? <TwoPersons proposedBy={campaign.createdBy} /> : null}
      {editing ? (
        <CampaignForm
          start={{ name, purpose, basis, script, questions, hours, starts, ends }}
          write={edit}
          onSave={(draft) => edit.mutate({ version, ...draft }, { onSuccess: () => setEditing(false) })}
        />
      ) : (
        <Shown campaign={campaign} />
      )}
    </Page>
  )
}

export function CampaignPage(): ReactNode {
  const { id = '' } = useParams({ strict: false })
  return id === 'new' ? <NewCampaign /> : <OneCampaign id={id} />
}
