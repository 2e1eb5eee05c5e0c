import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Empty } from '../../../kit/common/Notice.tsx'
import { BigButton } from '../../../kit/phone/controls.tsx'
import { useGate, useGateState } from '../../current.ts'
import type { Case } from '../../gate/types.ts'
import { go } from '../../view.ts'
import { Frame } from '../Frame.tsx'
import { plateOf, VehicleFields } from './VehicleFields.tsx'

function Fields({ c }: { c: Case }): ReactNode {
  const { t } = useTranslation('checkpoint')
  const gate = useGate()
  const [vehicle, setVehicle] = useState({ plate: c.plate ?? '', companions: c.companions ?? 0 })
  const save = async (): Promise<void> => {
    await gate.vehicle(c.id, plateOf(vehicle.plate), vehicle.companions)
    go('scan')
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        void save()
      }}
    >
      <VehicleFields value={vehicle} onChange={setVehicle} />
      <BigButton submit primary>
        {t('vehicle.save')}
      </BigButton>
    </form>
  )
}

export function VehiclePage(): ReactNode {
  const { t } = useTranslation('checkpoint')
  const { current } = useGateState()
  return (
    <Frame title={t('vehicle.title')}>
      {current ? <Fields c={current} key={current.id} /> : <Empty why={t('vehicle.none')} />}
    </Frame>
  )
}
