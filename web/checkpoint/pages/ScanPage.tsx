import { useRef, useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useSay } from '../../i18n/setup.ts'
import { Notice } from '../../kit/common/Notice.tsx'
import { BigButton } from '../../kit/phone/controls.tsx'
import { useGate, useGateState } from '../current.ts'
import { wakeSound } from '../gate/alert.ts'
import type { CameraState } from '../gate/camera.ts'
import type { Case } from '../gate/types.ts'
import { go } from '../view.ts'
import { Always } from './Always.tsx'
import { CasePanel } from './CasePanel.tsx'
import { useWord } from './Flash.tsx'
import { noteUse, scan, tuneOf, useHint } from './scanning.ts'
import { Shape } from './shapes.tsx'
import { StatusBar } from './StatusBar.tsx'
import { theReader, useCamera } from './useCamera.ts'
import { useHour } from './words.ts'

/** Why there is no picture, and what helps. */
function NoPicture({
  state,
  readerFailed,
  onStart,
}: {
  state: CameraState
  readerFailed: boolean
  onStart: () => void
}): ReactNode {
  const { t } = useTranslation('checkpoint')
  if (readerFailed) return <Notice kind="fault" head={t('scan.reader')} body={t('scan.reader.todo')} />
  if (state === 'on') return null
  if (state === 'starting') return <p className="aim-words">{t('scan.starting')}</p>
  const again = (
    <BigButton primary={state === 'off'} onClick={onStart}>
      {t('scan.on')}
    </BigButton>
  )
  if (state === 'off') return <Notice kind="note" head={t('scan.off')} action={again} />
  const kind = state === 'broken' ? 'busy' : state
  return <Notice kind="fault" head={t(`scan.${kind}`)} body={t(`scan.${kind}.todo`)} action={again} />
}

function LastFive(): ReactNode {
  const { t } = useTranslation('checkpoint')
  const word = useWord()
  const hour = useHour()
  const say = useSay()
  const { last } = useGateState()
  const [open, setOpen] = useState<string | null>(null)
  return (
    <ol className="last" aria-label={t('last.label')}>
      {last.map((c) => (
        <li key={c.id}>
          <button
            type="button"
            data-tune={tuneOf(c)}
            aria-expanded={open === c.id}
            aria-label={`${word(c)} ${hour(c.at)}`}
            onClick={() => setOpen(open === c.id ? null : c.id)}
          >
            <Shape of={tuneOf(c)} size="1.4rem" />
            <span>{hour(c.at)}</span>
          </button>
          {open === c.id ? (
            <div className="last-more">
              <strong>{word(c)}</strong>
              {c.name ? <span>{c.name}</span> : null}
              <span>{say(c.why ?? c.decision.do)}</span>
              {c.checkRule ? <small>{t('rule', { rule: c.checkRule })}</small> : null}
            </div>
          ) : null}
        </li>
      ))}
    </ol>
  )
}

/** A picture from the phone's album: for whoever sent one ahead, or when the camera will not. */
function PictureButton(): ReactNode {
  const { t } = useTranslation('checkpoint')
  const gate = useGate()
  const input = useRef<HTMLInputElement>(null)
  const [none, setNone] = useState(false)
  const take = async (file: File | undefined): Promise<void> => {
    if (!file) return
    setNone(false)
    const found = await theReader().readFile(file)
    if (found) await scan(gate, [found.text], 'picture')
    else setNone(true)
  }
  return (
    <>
      <label className="tool">
        <span>{t('scan.file')}</span>
        <input
          ref={input}
          type="file"
          accept="image/*"
          onChange={(event) => {
            void take(event.target.files?.[0]).finally(() => {
              if (input.current) input.current.value = ''
            })
          }}
        />
      </label>
      {none ? (
        <p className="hint" role="alert">
          {t('scan.file.none')}
        </p>
      ) : null}
    </>
  )
}

function Tools({ current }: { current: Case | null }): ReactNode {
  const { t } = useTranslation('checkpoint')
  const { gate, resting, expected } = useGateState()
  return (
    <div className="tools">
      {resting.length > 0 ? (
        <button type="button" className="tool" onClick={() => go('log')}>
          {t('act.retest', { n: resting.length })}
        </button>
      ) : null}
      {expected.length > 0 ? (
        <button type="button" className="tool" onClick={() => go('returns')}>
          {t('act.returns', { n: expected.length })}
        </button>
      ) : null}
      {gate?.policy.visitors ? (
        <button type="button" className="tool" onClick={() => go('visitor')}>
          {t('act.visitor')}
        </button>
      ) : null}
      {gate?.policy.vehicles && current ? (
        <button type="button" className="tool" onClick={() => go('vehicle')}>
          {t('act.vehicle')}
        </button>
      ) : null}
      <PictureButton />
    </div>
  )
}

/** The camera fills the screen; the verdict fills it for a second; then it looks again by itself. */
export function ScanPage(): ReactNode {
  const { t } = useTranslation('checkpoint')
  const { current } = useGateState()
  const hint = useHint()
  const { video, state, readerFailed, start, torch } = useCamera()
  return (
    <div
      className="scan"
      data-case={current !== null}
      onPointerDown={() => {
        wakeSound()
        noteUse()
      }}
    >
      <StatusBar />
      <main className="view" aria-label={t('nav.scan')}>
        <video ref={video} playsInline muted aria-hidden="true" data-on={state === 'on'} />
        {state === 'on' && !readerFailed ? (
          <>
            <span className="aim" aria-hidden="true" />
            <p className="aim-words">{t('scan.aim')}</p>
          </>
        ) : (
          <div className="no-picture">
            <NoPicture state={state} readerFailed={readerFailed} onStart={start} />
          </div>
        )}
        {hint ? (
          <output className="hint" key={hint.n}>
            {t(`scan.${hint.text}`)}
          </output>
        ) : null}
        {torch.can ? (
          <button type="button" className="torch" aria-pressed={torch.on} onClick={torch.flip}>
            {t('scan.torch')}
          </button>
        ) : null}
        <LastFive />
      </main>
      <div className="below">
        <div className="below-more">
          {current ? <CasePanel key={current.id} c={current} /> : null}
          {current?.decision.ask === 'temperature' ? null : <Tools current={current} />}
        </div>
        <Always />
      </div>
    </div>
  )
}
