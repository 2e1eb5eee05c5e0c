import type { DataSection, MyData, Opened, OpenedList } from '@weiwang/domain/healthcode/reg-api'
import { useState } from 'react'
import type { ReactElement } from 'react'
import { book } from '../code/book.ts'
import { useBook } from '../code/CodePage.tsx'
import { fetchFile } from '../file.ts'
import { useAsked } from '../load.ts'
import { ask } from '../net.ts'
import { Act, Loading, Problem, useAct } from '../parts.tsx'
import type { Screen } from '../route.ts'
import { useWords } from '../texts.ts'
import { moment } from '../when.ts'
import { CorrectForm } from './Correct.tsx'
import { EraseForm } from './Erase.tsx'
import { NumberForm } from './Number.tsx'
import { RIGHTS } from './texts.ts'
import type { RightsKey } from './texts.ts'

/** One's rights on one page (REGISTER-20 … REGISTER-22). */
export function RightsPage({ screen: { id } }: { screen: Screen }): ReactElement {
  const { t } = useWords(RIGHTS)
  const { codes } = useBook()
  const person = codes?.items.find((one) => one.personId === id) ?? codes?.items[0]
  if (person === undefined)
    return (
      <main>
        <h1>{t('title')}</h1>
        <NumberForm />
        <a className="plain" href="#home">
          {t('back')}
        </a>
      </main>
    )
  return <Of key={person.personId} person={person.personId} self={person.relation === 'self'} />
}

function Of({ person, self }: { person: string; self: boolean }): ReactElement {
  const { t, say } = useWords(RIGHTS)
  const { answer, trouble, load } = useAsked<MyData>(`/api/my/data?personId=${person}`)
  const reload = async (): Promise<void> => {
    await Promise.all([load(), book.refresh(true)])
  }
  return (
    <main>
      <h1>{t('title')}</h1>
      {trouble?.body.code === 'REGISTER_FIRST' ? (
        <>
          <p>{t('showFirst')}</p>
          <a className="button main" href="#register">
            {t('register')}
          </a>
        </>
      ) : (
        <Loading done={answer !== null} trouble={trouble} load={load} />
      )}
      {answer !== null && (
        <>
          <p>{t('lead', { who: answer.masked })}</p>
          <section>
            <h2>{t('see')}</h2>
            {answer.sections.map((one) => (
              <Section key={`${one.kind} ${answer.asOf}`} one={one} person={person} />
            ))}
          </section>
          <Copy person={person} />
          <section>
            <h2>{t('correct')}</h2>
            <CorrectForm person={person} onDone={reload} />
          </section>
          <section>
            <h2>{t('erase')}</h2>
            <EraseForm person={person} sections={answer.sections} onDone={reload} />
          </section>
          <Openings person={person} />
          <section>
            <h2>{t('complain')}</h2>
            <ul className="people">
              {answer.complain.map((one) => (
                <li key={`${one.name}${one.say.en}`}>
                  <span>
                    {one.name} <small>{say(one.say)}</small>
                  </span>
                  {one.phone !== null && (
                    <a className="button side" href={`tel:${one.phone}`}>
                      {one.phone}
                    </a>
                  )}
                </li>
              ))}
            </ul>
          </section>
          {self && (
            <section>
              <h2>{t('number')}</h2>
              <NumberForm onDone={reload} />
            </section>
          )}
        </>
      )}
      <a className="plain" href={`#home/${person}`}>
        {t('back')}
      </a>
    </main>
  )
}

const CORRECT: Record<DataSection['correct'], RightsKey> = {
  here: 'correctHere',
  object: 'correctObject',
  desk: 'correctDesk',
}

function Section({ one, person }: { one: DataSection; person: string }): ReactElement {
  const { t, say, lang } = useWords(RIGHTS)
  const [older, setOlder] = useState<Pick<DataSection, 'items' | 'next'> | null>(null)
  const more = useAct()
  const items = [...one.items, ...(older?.items ?? [])]
  const next = older === null ? one.next : older.next
  return (
    <details>
      <summary>
        {say(one.say)} · {t('n', { n: one.total })}
      </summary>
      <dl className="notice">
        <dt>{t('why')}</dt>
        <dd>{say(one.why)}</dd>
        <dt>{t('basis')}</dt>
        <dd>{say(one.basis)}</dd>
        <dt>{t('seenBy')}</dt>
        <dd>{say(one.seenBy)}</dd>
        <dt>{t('until')}</dt>
        <dd>{say(one.until)}</dd>
      </dl>
      {one.total === 0 && <p>{t('nothing')}</p>}
      {next !== null && <p className="quiet">{t('more', { n: one.total, shown: items.length })}</p>}
      <ul>
        {items.map((item, i) => (
          <li key={i}>
            {item.at !== null && <span className="said small">{moment(item.at, lang)}</span>}
            {item.lines.map((line) => (
              <span key={line.label.en} className="said">
                {say(line.label)}: <strong>{line.value}</strong>
              </span>
            ))}
          </li>
        ))}
      </ul>
      <Problem trouble={more.trouble} />
      {next !== null && (
        <Act
          busy={more.busy}
          kind="side"
          onClick={() =>
            more.act(async () => {
              const path = `/api/my/data?personId=${person}&kind=${one.kind}&page=${next}`
              const [page] = (await ask<MyData>('GET', path)).sections
              setOlder({ items: [...(older?.items ?? []), ...(page?.items ?? [])], next: page?.next ?? null })
            })
          }
        >
          {t('older')}
        </Act>
      )}
      <p>
        {one.correct === 'object' ? <a href={`#wrong/${person}`}>{t('correctObject')}</a> : t(CORRECT[one.correct])}
        {' · '}
        {say(one.erase.say)}
      </p>
    </details>
  )
}

const FORMATS: readonly ['pdf' | 'csv' | 'json', RightsKey][] = [
  ['pdf', 'copyPdf'],
  ['csv', 'copyCsv'],
  ['json', 'copyJson'],
]

function Copy({ person }: { person: string }): ReactElement {
  const { t } = useWords(RIGHTS)
  const { busy, trouble, act } = useAct()
  return (
    <section>
      <h2>{t('copy')}</h2>
      <Problem trouble={trouble} />
      <div className="chips">
        {FORMATS.map(([format, key]) => (
          <button
            key={format}
            type="button"
            className="chip"
            aria-disabled={busy}
            onClick={() =>
              act(() => fetchFile('GET', `/api/my/data/copy?personId=${person}&format=${format}`, `my-data.${format}`))
            }
          >
            {t(key)}
          </button>
        ))}
      </div>
    </section>
  )
}

function Openings({ person }: { person: string }): ReactElement {
  const { t, say, lang } = useWords(RIGHTS)
  const path = `/api/my/data/opened?personId=${person}`
  const { answer, trouble, load } = useAsked<OpenedList>(path)
  const [older, setOlder] = useState<{ items: Opened[]; next: string | null } | null>(null)
  const more = useAct()
  const items = [...(answer?.items ?? []), ...(older?.items ?? [])]
  const next = older === null ? (answer?.next ?? null) : older.next
  return (
    <section>
      <h2>{t('opened')}</h2>
      <Loading done={answer !== null} trouble={trouble} load={load} />
      {answer !== null && <p className="quiet">{t('openedTotal', { n: answer.total })}</p>}
      {answer?.total === 0 && <p>{t('openedNone')}</p>}
      <ul>
        {items.map((one, i) => (
          <li key={i}>
            {moment(one.at, lang)} · {one.areaName} {say(one.role)}: {say(one.what)}
            {one.purpose !== null && <span className="said small">{one.purpose}</span>}
          </li>
        ))}
      </ul>
      <Problem trouble={more.trouble} />
      {next !== null && (
        <Act
          busy={more.busy}
          kind="side"
          onClick={() =>
            more.act(async () => {
              const page = await ask<OpenedList>('GET', `${path}&before=${encodeURIComponent(next)}`)
              setOlder({ items: [...(older?.items ?? []), ...page.items], next: page.next })
            })
          }
        >
          {t('older')}
        </Act>
      )}
    </section>
  )
}
