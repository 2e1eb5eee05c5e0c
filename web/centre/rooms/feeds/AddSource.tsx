import { Feed, FeedPreset } from '@weiwang/domain/feeds/api'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { q, useWrite } from '../../../api/query.ts'
import { useSay } from '../../../i18n/setup.ts'
import { SelectField, TextField } from '../../../kit/centre/controls.tsx'
import { useMay, useMe } from '../../../session/me.ts'
import { ConfirmAct } from '../../parts/ConfirmAct.tsx'

const Presets = z.object({ items: z.array(FeedPreset) })

/** Registers one of the seven offices as a source; mapping, purpose and error bounds come with it. */
export function AddSource(): ReactNode {
  const { t } = useTranslation('centre')
  const say = useSay()
  const me = useMe()
  const may = useMay()
  const [id, setId] = useState('')
  const [owner, setOwner] = useState('')
  const allowed = may('file', 'feed')
  const presets = useQuery({ ...q(Presets, '/api/feed-presets'), enabled: allowed })
  const write = useWrite(Feed, { path: '/api/feeds', touches: ['/api/feeds'] })
  if (!allowed) return null
  const preset = presets.data?.items.find((p) => p.id === id)
  return (
    <ConfirmAct
      verb={t('feed.add')}
      title={t('feed.add')}
      write={write}
      ready={preset !== undefined && owner.trim() !== ''}
      onYes={(_, done) => {
        if (!preset || !owner.trim()) return
        const { name, purpose, kind, mapping, bounds } = preset
        write.mutate(
          { id, area: me.area, name, owner: owner.trim(), purpose, kind, mapping, bounds },
          { onSuccess: done },
        )
      }}
    >
      <div className="form">
        <SelectField
          label={t('feed.preset')}
          value={id}
          onChange={setId}
          choices={(presets.data?.items ?? []).map((p) => ({ value: p.id, label: say(p.name) }))}
          help={preset ? say(preset.purpose) : t('feed.preset.help')}
        />
        <TextField label={t('feed.owner')} value={owner} onChange={setOwner} help={t('feed.owner.help')} />
      </div>
    </ConfirmAct>
  )
}
