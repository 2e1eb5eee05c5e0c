import { ProposeEmergency } from '@weiwang/domain/access/api'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useWrite } from '../../../api/query.ts'
import { DayField, TextField } from '../../../kit/centre/controls.tsx'
import { useMe } from '../../../session/me.ts'
import { Anything } from '../../parts/anything.ts'
import { ConfirmAct } from '../../parts/ConfirmAct.tsx'

const EMPTY = { nameZh: '', nameEn: '', order: '', purposeZh: '', purposeEn: '', basisZh: '', basisEn: '', ends: '' }

export function ProposeEmergencyForm(): ReactNode {
  const { t } = useTranslation('centre')
  const me = useMe()
  const [form, setForm] = useState({ ...EMPTY, starts: me.today })
  const set = (field: keyof typeof form) => (value: string) => setForm({ ...form, [field]: value })
  const write = useWrite(Anything, { path: '/api/emergencies', touches: ['/api/emergencies'] })
  const body = ProposeEmergency.safeParse({
    area: me.area,
    name: { zh: form.nameZh, en: form.nameEn },
    legalOrder: form.order,
    purpose: { zh: form.purposeZh, en: form.purposeEn },
    basis: { zh: form.basisZh, en: form.basisEn },
    starts: form.starts,
    ...(form.ends ? { ends: form.ends } : {}),
  })
  return (
    <ConfirmAct
      primary
      verb={t('emergency.propose')}
      title={t('emergency.propose')}
      write={write}
      ready={body.success}
      onYes={(_, done) => {
        if (body.success) write.mutate(body.data, { onSuccess: done })
      }}
    >
      <div className="form">
        <p style={{ margin: 0 }}>{t('emergency.propose.lead')}</p>
        <TextField
          label={t('emergency.order')}
          value={form.order}
          onChange={set('order')}
          help={t('emergency.order.help')}
        />
        <div className="form-row">
          <TextField label={t('name.zh')} value={form.nameZh} onChange={set('nameZh')} />
          <TextField label={t('name.en')} value={form.nameEn} onChange={set('nameEn')} />
        </div>
        <div className="form-row">
          <TextField long label={t('purpose.zh')} value={form.purposeZh} onChange={set('purposeZh')} />
          <TextField long label={t('purpose.en')} value={form.purposeEn} onChange={set('purposeEn')} />
        </div>
        <div className="form-row">
          <TextField long label={t('basis.zh')} value={form.basisZh} onChange={set('basisZh')} />
          <TextField long label={t('basis.en')} value={form.basisEn} onChange={set('basisEn')} />
        </div>
        <div className="form-row">
          <DayField label={t('day.from')} value={form.starts} onChange={set('starts')} />
          <DayField
            label={t('day.last')}
            value={form.ends}
            min={form.starts}
            onChange={set('ends')}
            help={t('risk.to.help')}
          />
        </div>
      </div>
    </ConfirmAct>
  )
}
