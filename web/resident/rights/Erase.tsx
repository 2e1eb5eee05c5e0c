import type { DataSection, ErasedData } from '@weiwang/domain/healthcode/reg-api'
import { useState } from 'react'
import type { ReactElement } from 'react'
import { ask } from '../net.ts'
import { Act, Chips, Problem, useAct } from '../parts.tsx'
import { useWords } from '../texts.ts'
import { RIGHTS } from './texts.ts'

const KINDS = ['drafts', 'declarations', 'returns', 'registration'] as const

/** What goes at once goes at once; of the rest the answer says why it stays and until when (REGISTER-22). */
export function EraseForm({
  person,
  sections,
  onDone,
}: {
  person: string
  sections: readonly DataSection[]
  onDone: () => Promise<void>
}): ReactElement {
  const { t, say } = useWords(RIGHTS)
  const [chosen, setChosen] = useState<string[]>([])
  const [sure, setSure] = useState(false)
  const [empty, setEmpty] = useState(false)
  const [done, setDone] = useState<ErasedData | null>(null)
  const { busy, trouble, act } = useAct()
  const erase = (): void =>
    act(async () => {
      setDone(await ask<ErasedData>('POST', '/api/my/data/erase', { personId: person, kinds: chosen }))
      setSure(false)
      setChosen([])
      await onDone()
    })
  const kept = sections.filter((one) => one.erase.may === 'kept')
  return (
    <>
      <p>{t('eraseLead')}</p>
      <Chips
        label={t('erase')}
        options={KINDS.map((code) => ({ code, text: t(`e_${code}`) }))}
        chosen={chosen}
        onChange={(codes) => {
          setChosen(codes)
          setSure(false)
          setEmpty(false)
        }}
      />
      {empty && (
        <p className="bad" role="alert">
          {t('eraseNone')}
        </p>
      )}
      <Problem trouble={trouble} />
      {sure ? (
        <div role="alert">
          <p>{t('eraseSure')}</p>
          <Act busy={busy} kind="side" onClick={erase}>
            {t('eraseYes')}
          </Act>
          <button type="button" className="plain" onClick={() => setSure(false)}>
            {t('cancel')}
          </button>
        </div>
      ) : (
        <button
          type="button"
          className="side"
          onClick={() => {
            setEmpty(chosen.length === 0)
            setSure(chosen.length > 0)
          }}
        >
          {t('eraseDo')}
        </button>
      )}
      {done !== null && (
        <ul aria-live="polite">
          {done.results.map((one) => (
            <li key={one.kind}>
              {t(`e_${one.kind}`)}: {t('erased', { n: one.erased, kept: one.kept })}
              <span className="said small">{say(one.why)}</span>
            </li>
          ))}
        </ul>
      )}
      {kept.length > 0 && (
        <ul className="quiet">
          {kept.map((one) => (
            <li key={one.kind}>
              {say(one.say)}: {say(one.erase.say)}
            </li>
          ))}
        </ul>
      )}
    </>
  )
}
