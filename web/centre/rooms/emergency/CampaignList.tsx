import { CampaignItem, Campaigns } from '@weiwang/domain/access/api'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { z } from 'zod'
import { useList } from '../../../api/query.ts'
import { useSay } from '../../../i18n/setup.ts'
import { WordTag } from '../../../kit/common/Tags.tsx'
import { useClock } from '../../../session/me.ts'
import { grouped } from '../../../words/numbers.ts'
import { spanWords } from '../../../words/time.ts'
import { useGo } from '../../parts/GoLink.tsx'
import { ListTable } from '../../parts/ListTable.tsx'
import { paths } from '../../paths.ts'

export function CampaignList(): ReactNode {
  const { t } = useTranslation('centre')
  const say = useSay()
  const clock = useClock()
  const go = useGo()
  const list = useList(Campaigns, '/api/campaigns')
  return (
    <ListTable<z.output<typeof CampaignItem>>
      name={t('emergency.tab.campaigns')}
      list={list}
      rowKey={(row) => row.id}
      onOpen={(row) => go(paths.campaign(row.id))}
      empty={{ why: t('campaigns.empty'), todo: t('campaigns.empty.todo') }}
      columns={[
        { key: 'name', title: t('campaign'), cell: (row) => <b>{say(row.name)}</b> },
        { key: 'area', title: t('area'), cell: (row) => row.areaName },
        { key: 'days', title: t('risk.days'), cell: (row) => spanWords(row.starts, row.ends, clock) },
        { key: 'questions', title: t('campaign.questions'), end: true, cell: (row) => grouped(row.questions.length) },
        {
          key: 'state',
          title: t('state'),
          cell: (row) => <WordTag strong={row.state === 'open'}>{t(`campaignState.${row.state}`)}</WordTag>,
        },
      ]}
    />
  )
}
