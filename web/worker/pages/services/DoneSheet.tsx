import { PAYERS, RECEIVED_BY } from '@weiwang/domain/observation/service-api'
import type { Payer, ReceivedBy } from '@weiwang/domain/observation/service-api'
import { RECEIVED_SAY } from '@weiwang/domain/observation/service-kind'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useSay } from '../../../i18n/setup.ts'
import { Notice } from '../../../kit/common/Notice.tsx'
import { BigButton, Chips, Line, Segments, Sheet, TextLine } from '../../../kit/phone/controls.tsx'
import { useKept } from '../../phone/hooks.tsx'
import type { Carried } from '../../services/carried.ts'
import { brought, BroughtSaid, lacksOf, NOTHING_SAID, WAYS } from '../../services/brought.ts'
import type { Brought } from '../../services/brought.ts'
import { OnePhoto } from '../OnePhoto.tsx'
import { useStep } from './useStep.ts'

/** The receiver's four digits, his word at the door, or a picture of what stands there; the picture goes with each (SERV-7). */
export function DoneSheet({ of, onClose }: { of: Carried; onClose: () => void }): ReactNode {
  const { t } = useTranslation('worker')
  const { t: c } = useTranslation('common')
  const { keep, full } = useStep(of)
  const {
    value: said,
    patch: set,
    draft,
  } = useKept<Brought>({ form: 'service.done', version: '1', subject: of.id }, BroughtSaid, NOTHING_SAID)
  const [pressed, setPressed] = useState(false)
  const lacks = pressed ? lacksOf(said) : []
  const send = async (): Promise<void> => {
    setPressed(true)
    if (lacksOf(said).length > 0) return
    const { body, photos } = brought(said)
    if (await keep(body, { photos, draft })) onClose()
  }
  return (
    <Sheet title={t('svc.step.done')} open onClose={onClose} close={c('act.cancel')}>
      <Segments
        label={t('svc.proof')}
        value={said.way}
        choices={WAYS.map((value) => ({ value, label: t(`svc.proof.${value}`) }))}
        onChange={(way) => set({ way })}
      />
      {said.way === 'code' ? (
        <Line
          label={t('svc.code')}
          help={t('svc.code.help')}
          pad="decimal"
          value={said.code}
          fault={lacks.includes('code') ? t('svc.code.fault') : undefined}
          onChange={(text) => set({ code: text.replace(/\D/g, '').slice(0, 4) })}
        />
      ) : null}
      {said.way === 'word' ? <ByWord said={said} set={set} lacks={lacks} /> : null}
      <p className="card-place">{t('svc.photo.lead')}</p>
      <OnePhoto
        id={said.photo}
        take={t(said.way === 'photo' ? 'svc.photo.must' : 'svc.photo')}
        fault={lacks.includes('photo') ? t('svc.photo.fault') : undefined}
        onChange={(photo) => set({ photo })}
      />
      <Cost said={said} set={set} lacks={lacks} />
      <TextLine label={t('note')} help={t('note.help')} value={said.words} onChange={(words) => set({ words })} />
      {full ? <Notice kind="fault" takesFocus head={t('phone.full')} /> : null}
      <p>
        <BigButton primary onClick={() => void send()}>
          {t('svc.step.done')}
        </BigButton>
      </p>
    </Sheet>
  )
}

type PartProps = {
  said: Brought
  set: (part: Partial<Brought>) => void
  lacks: ReturnType<typeof lacksOf>
}

function ByWord({ said, set, lacks }: PartProps): ReactNode {
  const { t } = useTranslation('worker')
  const say = useSay()
  return (
    <>
      <p>{t('svc.word.lead')}</p>
      <Chips<ReceivedBy>
        label={t('svc.by')}
        value={said.by}
        fault={lacks.includes('by') ? t('svc.by.fault') : undefined}
        onChange={(by) => set({ by })}
        groups={[{ chips: RECEIVED_BY.map((value) => ({ value, label: say(RECEIVED_SAY[value]) })) }]}
      />
      {said.by === 'neighbour' || said.by === 'other' ? (
        <Line
          label={t('svc.name')}
          help={t('svc.name.help')}
          value={said.name}
          fault={lacks.includes('name') ? t('svc.name.fault') : undefined}
          onChange={(name) => set({ name: name.slice(0, 40) })}
        />
      ) : null}
    </>
  )
}

function Cost({ said, set, lacks }: PartProps): ReactNode {
  const { t } = useTranslation('worker')
  return (
    <details className="fold">
      <summary>{t('svc.cost')}</summary>
      <Line
        label={t('svc.yuan')}
        pad="decimal"
        value={said.yuan}
        fault={lacks.includes('yuan') ? t('svc.yuan.fault') : undefined}
        onChange={(yuan) => set({ yuan })}
      />
      <Chips<Payer>
        label={t('svc.payer')}
        value={said.payer}
        onChange={(payer) => set({ payer: payer ?? 'resident' })}
        groups={[{ chips: PAYERS.map((value) => ({ value, label: t(`svc.payer.${value}`) })) }]}
      />
      <OnePhoto id={said.receipt} take={t('svc.receipt')} onChange={(receipt) => set({ receipt })} />
    </details>
  )
}
