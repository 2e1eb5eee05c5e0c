import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { BigButton, Line } from '../../../kit/phone/controls.tsx'
import { useGate } from '../../current.ts'
import { narrowed } from '../../gate/typed.ts'
import { go } from '../../view.ts'
import { Frame } from '../Frame.tsx'
import { showFlash } from '../scanning.ts'

const EMPTY = { name: '', document: '', phone: '', purpose: '', host: '' }

/** A visitor of an estate: sealed to the server as it is written, kept as long as the passage, compared with nobody. */
export function VisitorPage(): ReactNode {
  const { t } = useTranslation('checkpoint')
  const { t: c } = useTranslation('common')
  const gate = useGate()
  const [form, setForm] = useState(EMPTY)
  const [plate, setPlate] = useState('')
  const [tried, setTried] = useState(false)
  const field = (key: keyof typeof EMPTY) => ({
    label: t(`visitor.${key}`),
    value: form[key],
    onChange: (value: string) => setForm({ ...form, [key]: value }),
  })
  const save = async (): Promise<void> => {
    setTried(true)
    if (form.name.trim() === '') return
    const made = await gate.visitor(
      { ...form, document: narrowed(form.document).trim() },
      plate.trim() === '' ? null : plate.trim().toUpperCase(),
    )
    if (made.decision.ask === null) showFlash(made, 'lane')
    go('scan')
  }
  return (
    <Frame title={t('visitor.title')}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          void save()
        }}
      >
        <p className="card-place">{t('visitor.lead')}</p>
        <Line {...field('name')} fault={tried && form.name.trim() === '' ? c('field.required') : undefined} />
        <Line {...field('phone')} pad="tel" help={t('visitor.optional')} />
        <Line {...field('host')} help={t('visitor.optional')} />
        <Line {...field('purpose')} help={t('visitor.optional')} />
        <Line {...field('document')} help={t('visitor.optional')} />
        <Line label={t('visitor.plate')} value={plate} onChange={setPlate} help={t('visitor.optional')} />
        <BigButton submit primary>
          {t('visitor.save')}
        </BigButton>
      </form>
    </Frame>
  )
}
