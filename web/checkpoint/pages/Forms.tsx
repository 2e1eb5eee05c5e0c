import type { ReactNode } from 'react'
import type { View } from '../view.ts'
import { ClockPage } from './forms/ClockPage.tsx'
import { DocumentPage } from './forms/DocumentPage.tsx'
import { EmergencyPage } from './forms/EmergencyPage.tsx'
import { NoCodePage } from './forms/NoCodePage.tsx'
import { PassPage } from './forms/PassPage.tsx'
import { ReferPage } from './forms/ReferPage.tsx'
import { ReturnsPage } from './forms/ReturnsPage.tsx'
import { VehiclePage } from './forms/VehiclePage.tsx'
import { VisitorPage } from './forms/VisitorPage.tsx'

/** What is filled in beside the camera; fetched with the application and loaded when the first of them is opened. */
export function Forms({ view }: { view: View }): ReactNode {
  switch (view) {
    case 'clock':
      return <ClockPage />
    case 'document':
      return <DocumentPage />
    case 'emergency':
      return <EmergencyPage />
    case 'pass':
      return <PassPage />
    case 'refer':
      return <ReferPage />
    case 'returns':
      return <ReturnsPage />
    case 'vehicle':
      return <VehiclePage />
    case 'visitor':
      return <VisitorPage />
    default:
      return <NoCodePage />
  }
}
