import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Notice } from '../../../kit/common/Notice.tsx'
import { BigButton } from '../../../kit/phone/controls.tsx'
import { useGate, useGateState } from '../../current.ts'
import { go } from '../../view.ts'
import { Frame } from '../Frame.tsx'
import { plateOf, VehicleFields } from './VehicleFields.tsx'

/** They have gone on already: what can be said afterwards. */
export function EmergencyPage(): ReactNode {
  const { t } = useTranslation('checkpoint')
  const gate = useGate()
  const { current } = useGateState()
  const [vehicle, setVehicle] = useState({ plate: '', companions: 0 })
  const isOpen = current?.lane === 'emergency'
  const save = async (): Promise<void> => {
    if (current && isOpen) await gate.vehicle(current.id, plateOf(vehicle.plate), vehicle.companions)
    await gate.close()
    go('scan')
  }
  return (
    <Frame title={t('act.emergency')}>
      <Notice kind="done" takesFocus head={t('emergency.done')} body={t('emergency.lead')} />
      <form
        onSubmit={(event) => {
          event.preventDefault()
          void save()
        }}
      >
        {isOpen ? <VehicleFields value={vehicle} onChange={setVehicle} /> : null}
        <BigButton submit primary>
          {t('verdict.dismiss')}
        </BigButton>
      </form>
    </Frame>
  )
}
