import { OpenedObservation } from '@weiwang/domain/observation/api'
import type { ObservationDetail } from '@weiwang/domain/observation/api'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Act, FileButton, TextField } from '../../../kit/centre/controls.tsx'
import { Dialog, Facts } from '../../../kit/centre/surfaces.tsx'
import { Notice } from '../../../kit/common/Notice.tsx'
import { useMay } from '../../../session/me.ts'
import { shrinkPicture } from '../../../shared/picture.ts'
import { ProblemNotice } from '../../../shared/ProblemNotice.tsx'
import { OpenForPurpose } from '../../parts/OpenForPurpose.tsx'
import { PictureForPurpose } from '../../parts/PictureForPurpose.tsx'
import { sendPaper } from './paper.ts'
import './observation.css'

const BOX = 1000

/** A signature as it was drawn; strokes are rows of x, y in 0 to 1000. */
function Signature({ strokes, label }: { strokes: readonly (readonly number[])[]; label: string }): ReactNode {
  const path = strokes
    .map((stroke) => stroke.map((n, i) => (i % 2 === 0 ? `${i === 0 ? 'M' : 'L'}${n}` : `${n}`)).join(' '))
    .join(' ')
  return (
    <svg className="signature" viewBox={`0 0 ${BOX} ${BOX / 2}`} role="img" aria-label={label}>
      <path d={path} fill="none" stroke="#14211f" strokeWidth={6} strokeLinecap="round" strokeLinejoin="round" />
    </svg>
  )
}

/** Name, telephone, address and words: for a purpose, one line in the trail (OBS-24). */
function OpenTexts({ of }: { of: Pick<ObservationDetail, 'id' | 'area'> }): ReactNode {
  const { t } = useTranslation('centre')
  const may = useMay()
  const [opened, setOpened] = useState<OpenedObservation | null>(null)
  if (!may('open', 'observation', { area: of.area })) return null
  if (opened) {
    const { name, phone, address, unit, texts, strokes, witness } = opened
    return (
      <>
        <Notice kind="note" head={t('obs.opened')} />
        <Facts
          rows={[
            [t('obs.name'), name ?? '–'],
            [
              t('obs.phone'),
              phone ? (
                <a key="p" href={`tel:${phone}`}>
                  {phone}
                </a>
              ) : (
                '–'
              ),
            ],
            [t('obs.address'), address ?? '–'],
            unit
              ? [t('obs.unitOf'), [unit.name, unit.contact?.name, unit.contact?.phone].filter(Boolean).join(' ')]
              : null,
            ...texts.map((one) => [t('obs.text.n', { n: one.n }), one.text] as const),
            witness ? [t('obs.witness'), witness] : null,
            strokes ? [t('obs.signature'), <Signature key="s" strokes={strokes} label={t('obs.signature')} />] : null,
          ]}
        />
      </>
    )
  }
  return (
    <OpenForPurpose
      verb={t('obs.open')}
      lead={t('obs.open.lead')}
      shape={OpenedObservation}
      path={`/api/observations/${of.id}/open`}
      onOpened={setOpened}
    />
  )
}

/** A paper as PDF, in a tab of its own; the purpose goes along. */
function Print({ id, paper, verb }: { id: string; paper: 'notice' | 'certificate'; verb: string }): ReactNode {
  const { t } = useTranslation('centre')
  const { t: c } = useTranslation('common')
  const [open, setOpen] = useState(false)
  const [purpose, setPurpose] = useState('')
  const ready = purpose.trim().length >= 2
  const go = (): void => {
    const query = new URLSearchParams({ purpose: purpose.trim() })
    window.open(`/api/observations/${id}/${paper}.pdf?${query.toString()}`, '_blank', 'noopener')
    setOpen(false)
  }
  return (
    <>
      <Act onClick={() => setOpen(true)}>{verb}</Act>
      <Dialog
        title={verb}
        open={open}
        onClose={() => setOpen(false)}
        yes={t('obs.print.go')}
        no={c('act.cancel')}
        onYes={go}
        disabled={!ready}
      >
        <p>{t('obs.print.lead')}</p>
        <TextField label={t('purpose')} value={purpose} onChange={setPurpose} />
      </Dialog>
    </>
  )
}

/** The signed paper as a picture: looked at for a purpose; while it has not come, who entered it can send it again. */
function SignedPaper({ of }: { of: Pick<ObservationDetail, 'id' | 'photo'> }): ReactNode {
  const { t } = useTranslation('centre')
  const client = useQueryClient()
  const [error, setError] = useState<unknown>(null)
  const { photo } = of
  if (photo === null) return null
  const again = async (file: File): Promise<void> => {
    try {
      await sendPaper(client, { id: of.id, photo: photo.id, picture: await shrinkPicture(file) })
      setError(null)
    } catch (cause) {
      setError(cause)
    }
  }
  if (!photo.here) {
    return (
      <>
        <Notice kind="note" head={t('obs.photo.missing')} body={t('obs.photo.missing.todo')} />
        <ProblemNotice error={error} />
        <FileButton accept="image/*" onFile={(file) => void again(file)}>
          {t('obs.photo.again')}
        </FileButton>
      </>
    )
  }
  return (
    <PictureForPurpose
      path={`/api/observations/${of.id}/photos/${photo.id}`}
      verb={t('obs.photo.look')}
      lead={t('obs.open.lead')}
      alt={t('obs.photo')}
    />
  )
}

export function Papers({ of }: { of: ObservationDetail }): ReactNode {
  const { t } = useTranslation('centre')
  const may = useMay()
  if (!may('open', 'observation', { area: of.area })) return null
  return (
    <>
      <div style={{ display: 'flex', gap: 8, flexWrap: 'wrap', marginBottom: 8 }}>
        <Print id={of.id} paper="notice" verb={t('obs.print.notice')} />
        {of.current.outcome === 'released' ? (
          <Print id={of.id} paper="certificate" verb={t('obs.print.certificate')} />
        ) : null}
      </div>
      <OpenTexts of={of} />
      <SignedPaper of={of} />
    </>
  )
}
