import type { Ground, MayObject, MyObjection, MyObjections } from '@weiwang/domain/healthcode/objection-api'
import { useEffect, useState } from 'react'
import type { ReactElement } from 'react'
import { newId } from '../../shared/newId.ts'
import { book } from '../code/book.ts'
import { keepSealed, forget, recallSealed } from '../keep.ts'
import { useAsked } from '../load.ts'
import { ask } from '../net.ts'
import { Act, Chips, Loading, Problem, useAct } from '../parts.tsx'
import { go } from '../route.ts'
import type { Screen } from '../route.ts'
import { useWords } from '../texts.ts'
import { dayWord, moment } from '../when.ts'
import { Contradictions } from './Contradictions.tsx'
import { OneObjection } from './OneObjection.tsx'
import { Proofs, sendPicture } from './Proofs.tsx'
import type { Picture } from './Proofs.tsx'
import { OBJ } from './texts.ts'

/** "It is wrong": what of it, why, and what proves it; then where it stands and by when it is answered (OBJECT-1 … OBJECT-16). */
export function ObjectionPage({ screen: { name, id } }: { screen: Screen }): ReactElement {
  const { t, say, lang } = useWords(OBJ)
  const { answer, trouble, load } = useAsked<MyObjections>('/api/my/objections')
  const single = name === 'wrong'
  const mine = answer?.items.filter((one) => !single || one.personId === id) ?? []
  const whom = answer?.people.find((one) => one.personId === id)
  return (
    <main>
      <h1>{t(single ? 'title' : 'mine')}</h1>
      <Loading done={answer !== null} trouble={trouble} load={load} />
      {answer !== null && (
        <>
          {single && whom !== undefined && (
            <>
              <p>{whom.masked}</p>
              {whom.may ? (
                <Ask whom={whom} grounds={answer.grounds} onSent={load} />
              ) : (
                whom.why !== null && <p aria-live="polite">{say(whom.why)}</p>
              )}
            </>
          )}
          {mine.map((one) => (
            <OneObjection key={one.id} one={one} onStep={load} />
          ))}
          {!single && mine.length === 0 && <p>{t('none')}</p>}
          {!single && answer.total > mine.length && (
            <p>
              {t('shown', { n: answer.total, shown: mine.length })} <a href="#rights">{t('all')}</a>
            </p>
          )}
          {answer.passes.length > 0 && (
            <section>
              <h2>{t('passes')}</h2>
              {answer.passes.map((pass) => (
                <p key={pass.id}>
                  {pass.masked} · {say(pass.reasonName)} · {t('until', { when: moment(pass.until, lang) })}
                  <br />
                  <a href={`/api/my/passes/${pass.id}/pass.pdf`} target="_blank" rel="noreferrer">
                    {t('passPdf')}
                  </a>
                </p>
              ))}
            </section>
          )}
          <Contradictions person={single ? id : null} />
        </>
      )}
      <a className="plain" href={single ? `#home/${id}` : '#home'}>
        {t('back')}
      </a>
    </main>
  )
}

function draftKey(person: string): string {
  return `draft-wrong-${person}`
}

function Ask({
  whom,
  grounds,
  onSent,
}: {
  whom: MayObject
  grounds: readonly { ground: Ground; say: { zh: string; en: string }; hint: { zh: string; en: string } }[]
  onSent: () => Promise<void>
}): ReactElement {
  const { t, say, lang } = useWords(OBJ)
  const [id, setId] = useState(() => newId(new Date(book.clock.now())))
  const [reason, setReason] = useState(whom.reasons[0]?.key ?? '')
  const [ground, setGround] = useState<string>('')
  const [words, setWords] = useState('')
  const [pictures, setPictures] = useState<Picture[]>([])
  const [sentPictures, setSentPictures] = useState<string[]>([])
  const [opened, setOpened] = useState(false)
  const [tried, setTried] = useState(false)
  const { busy, trouble, act } = useAct()

  useEffect(() => {
    void recallSealed(draftKey(whom.personId)).then((kept) => {
      const value = kept?.value
      if (typeof value !== 'object' || value === null) return
      if ('words' in value && typeof value.words === 'string')
        setWords((now) => (now === '' ? String(value.words) : now))
      if ('ground' in value && typeof value.ground === 'string') setGround((now) => now || String(value.ground))
      if ('id' in value && typeof value.id === 'string') setId(value.id)
    })
  }, [whom.personId])
  const keepDraft = (part: { words?: string; ground?: string }): void => {
    void keepSealed(draftKey(whom.personId), { id, words, ground, ...part }, book.clock.now())
  }

  const badGround = tried && ground === ''
  const badWords = tried && words.trim().length < 2
  const hint = grounds.find((one) => one.ground === ground)?.hint
  const send = (): void => {
    setTried(true)
    if (ground === '' || words.trim().length < 2) return
    act(async () => {
      // What got through before a break is not sent twice: the ids are the same.
      if (!opened)
        await ask<MyObjection>(
          'POST',
          '/api/my/objections',
          { id, personId: whom.personId, ground, ...(reason === '' ? {} : { reason }), words: words.trim() },
          id,
        )
      setOpened(true)
      for (const one of pictures) {
        if (sentPictures.includes(one.id)) continue
        await sendPicture(id, one)
        setSentPictures((all) => [...all, one.id])
      }
      await forget(draftKey(whom.personId))
      await onSent()
      go(`wrong/${whom.personId}`)
    })
  }
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
    >
      {whom.reasons.length > 0 && (
        <Chips
          label={t('which')}
          options={whom.reasons.map((one) => ({
            code: one.key,
            text: `${say(one.say)}：${say(one.fact.say)} ${dayWord(one.fact.from, lang)} (${say(one.fact.sourceName)})`,
          }))}
          chosen={[reason]}
          onChange={([code]) => setReason(code ?? reason)}
          one
        />
      )}
      <Chips
        label={t('ground')}
        field="ground"
        options={grounds.map((one) => ({ code: one.ground, text: say(one.say) }))}
        chosen={ground === '' ? [] : [ground]}
        onChange={([code]) => {
          setGround(code ?? '')
          keepDraft({ ground: code ?? '' })
        }}
        one
      />
      {badGround && (
        <p className="bad" role="alert">
          {t('groundMissing')}
        </p>
      )}
      <label className="field">
        <span className="label">{t('words')}</span>
        <textarea
          rows={4}
          maxLength={1000}
          value={words}
          aria-invalid={badWords}
          onChange={(event) => {
            setWords(event.target.value)
            keepDraft({ words: event.target.value })
          }}
        />
        {hint !== undefined && <span className="said small">{say(hint)}</span>}
      </label>
      {badWords && (
        <p className="bad" role="alert">
          {t('wordsMissing')}
        </p>
      )}
      <Proofs pictures={pictures} onChange={setPictures} />
      <p className="quiet">{t('deadline')}</p>
      <Problem trouble={trouble} />
      <Act busy={busy} submit>
        {t('send')}
      </Act>
    </form>
  )
}
