import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useGate, useGateState } from '../../current.ts'
import { go } from '../../view.ts'
import { Frame } from '../Frame.tsx'

function Way({ head, why, onGo }: { head: string; why: string; onGo: () => void }): ReactNode {
  return (
    <button type="button" className="card" onClick={onGo}>
      <span className="way-head">{head}</span>
      <span className="card-place">{why}</span>
    </button>
  )
}

/** Nobody is refused for having no code: the ways without one, the usual first. */
export function NoCodePage(): ReactNode {
  const { t } = useTranslation('checkpoint')
  const gate = useGate()
  const state = useGateState()
  const papers = async (): Promise<void> => {
    await gate.withoutCode()
    go('scan')
  }
  return (
    <Frame title={t('no.title')}>
      <p>{t('no.lead')}</p>
      <Way head={t('no.papers')} why={t('no.papers.why')} onGo={() => void papers()} />
      <Way head={t('no.document')} why={t('no.document.why')} onGo={() => go('document')} />
      <Way head={t('no.paper')} why={t('no.paper.why')} onGo={() => go('scan')} />
      <Way head={t('no.hardship')} why={t('no.hardship.why')} onGo={() => go('pass')} />
      {state.gate?.policy.visitors ? (
        <Way head={t('no.visitor')} why={t('no.visitor.why')} onGo={() => go('visitor')} />
      ) : null}
    </Frame>
  )
}
