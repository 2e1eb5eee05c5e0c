import type { MadeLink, MyOrg, SentList } from '@weiwang/domain/healthcode/org-api'
import { useId, useState } from 'react'
import type { ReactElement } from 'react'
import { newId } from '../../shared/newId.ts'
import { book } from '../code/book.ts'
import { ask } from '../net.ts'
import { Act, Problem, useAct } from '../parts.tsx'
import { useWords } from '../texts.ts'
import { ORG } from './texts.ts'

const CHUNK = 0x8000

async function base64Of(file: File): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer())
  let text = ''
  for (let i = 0; i < bytes.length; i += CHUNK) text += String.fromCharCode(...bytes.subarray(i, i + CHUNK))
  return btoa(text)
}

/** A list by file with the result of every row, or a link that each opens on the own phone (ORG-4, ORG-5). */
export function Lists({ org, onSent }: { org: MyOrg; onSent: () => Promise<void> }): ReactElement {
  const { t, say } = useWords(ORG)
  const [whole, setWhole] = useState(false)
  const [sent, setSent] = useState<SentList | null>(null)
  const [link, setLink] = useState('')
  const { busy, trouble, act } = useAct()
  const id = useId()
  const send = (file: File): void =>
    act(async () => {
      const list = newId(new Date(book.clock.now()))
      const body = { list, file: await base64Of(file), whole }
      setSent(await ask<SentList>('POST', `/api/my/orgs/${org.id}/lists`, body))
      await onSent()
    })
  const make = (): void =>
    act(async () => {
      const made = await ask<MadeLink>('POST', `/api/my/orgs/${org.id}/link`, {})
      setLink(`${location.origin}${made.path}`)
    })
  const wrong = sent?.rows.filter((row) => row.result !== 'invited' && row.result !== 'already') ?? []
  return (
    <>
      <div className="field">
        <label className="label" htmlFor={id}>
          {t('list')}
        </label>
        <input
          id={id}
          type="file"
          accept=".csv,.txt,.xlsx"
          aria-describedby={`${id}-hint`}
          onChange={(event) => {
            const file = event.target.files?.[0]
            event.target.value = ''
            if (file) send(file)
          }}
        />
        <p className="quiet" id={`${id}-hint`}>
          {t('listHint')}
        </p>
        <label className="tick">
          <input type="checkbox" checked={whole} onChange={(event) => setWhole(event.target.checked)} /> {t('whole')}
        </label>
      </div>
      <Problem trouble={trouble} />
      <div aria-live="polite">
        {sent !== null && (
          <p>
            {t('results')}: {t('invited', { n: sent.sums.invited })} · {t('already', { n: sent.sums.already })} ·{' '}
            {t('wrong', { n: wrong.length })}
            {sent.whole && ` · ${t('left', { n: sent.left })}`}
          </p>
        )}
        {sent !== null && (
          <ul>
            {sent.rows.map((row) => (
              <li key={row.row}>
                {t('rowN', { n: row.row })}: {say(row.say)}
                {row.remedy !== null && <span className="said small">{say(row.remedy)}</span>}
              </li>
            ))}
          </ul>
        )}
      </div>
      <p className="quiet">{t('linkLead')}</p>
      <Act busy={busy} kind="side" onClick={make}>
        {t('link')}
      </Act>
      {link !== '' && <p className="picked">{link}</p>}
    </>
  )
}
