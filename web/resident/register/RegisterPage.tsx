import type { Known, MyRegistration, PlaceRules } from '@weiwang/domain/healthcode/reg-api'
import { useCallback, useEffect, useState } from 'react'
import type { ReactElement } from 'react'
import { newId } from '../../shared/newId.ts'
import { book } from '../code/book.ts'
import { ask, Trouble } from '../net.ts'
import { Act, Problem } from '../parts.tsx'
import { go } from '../route.ts'
import type { Screen } from '../route.ts'
import { useWords } from '../texts.ts'
import { moment } from '../when.ts'
import { drop, findBegun, freshForm } from './draft.ts'
import type { Begun } from './draft.ts'
import { Flow } from './Flow.tsx'
import type { Sent } from './Flow.tsx'
import { formFrom } from './form.ts'
import type { Form, Mode } from './form.ts'
import { lastDeclaration, namesOf } from './known.ts'
import { Checking, Notice, Prove } from './Lead.tsx'
import { REG } from './texts.ts'

const MODES: Readonly<Record<string, Mode>> = { register: 'self', declare: 'again', ward: 'ward' }
const now = (): number => book.clock.now()

type Loaded = { registration: MyRegistration; begun: Begun | null; first: Form }

/** What the flow begins with: for somebody registered, what was said last; otherwise nothing. */
async function firstForm(mode: Mode, person: string, me: Known | null): Promise<Form> {
  const fresh = freshForm(now())
  if (mode === 'self') return fresh
  if (mode === 'ward') {
    // Who is added lives with me more often than not.
    if (me === null) return fresh
    return { ...fresh, homeArea: { area: me.area, name: me.areaName }, address: me.address ?? '' }
  }
  const said = me?.personId === person ? me : await lastDeclaration(person)
  if (said === null || said.answers === null) return fresh
  const names = await namesOf(said.answers)
  return formFrom(said, newId(new Date(now())), (area) => names.get(area) ?? area)
}

async function loadAll(mode: Mode, person: string): Promise<Loaded> {
  const registration = await ask<MyRegistration>('GET', '/api/my/registration')
  const [begun, first] = await Promise.all([
    findBegun(mode, person, registration),
    firstForm(mode, person, registration.me),
  ])
  return { registration, begun, first }
}

export function RegisterPage({ screen: { name, id } }: { screen: Screen }): ReactElement {
  const { t } = useWords(REG)
  const mode = MODES[name] ?? 'self'
  const [loaded, setLoaded] = useState<Loaded | null>(null)
  const [trouble, setTrouble] = useState<Trouble | null>(null)
  const load = useCallback(
    (): Promise<void> =>
      loadAll(mode, id).then(
        (found) => {
          setLoaded(found)
          setTrouble(null)
        },
        (error: unknown) => {
          if (!(error instanceof Trouble)) throw error
          setTrouble(error)
        },
      ),
    [mode, id],
  )
  useEffect(() => {
    void load()
  }, [load])

  return (
    <main>
      {trouble !== null && (
        <>
          <Problem trouble={trouble} />
          <Act busy={false} onClick={() => void load()}>
            {t('again')}
          </Act>
        </>
      )}
      {loaded === null && trouble === null && <p aria-busy="true">{t('working')}</p>}
      {loaded !== null && <Begin key={`${mode}${id}`} mode={mode} person={id} loaded={loaded} reload={load} />}
      <a className="plain" href="#home">
        {t('back')}
      </a>
    </main>
  )
}

type Props = { mode: Mode; person: string; loaded: Loaded; reload: () => Promise<void> }

function Begin({ mode, person, loaded, reload }: Props): ReactElement {
  const [sent, setSent] = useState<Sent | null>(null)
  const { registration } = loaded
  const onSent = async (done: Sent): Promise<void> => {
    setSent(done)
    // The colour is there with the answer: one asking, and the code stands on the first screen.
    await book.refresh(true)
    if (done.state === 'registered') go(`home/${done.personId ?? ''}`)
    else await reload()
  }
  // Who is registered says anew how it is; an old link must not register twice.
  const registered = mode === 'self' && registration.state === 'registered' ? registration.me : null
  useEffect(() => {
    if (registered !== null && sent === null) location.replace(`#declare/${registered.personId}`)
  }, [registered, sent])
  if (registration.state === 'prove') return <Prove onProved={async () => (mode === 'self' ? go('home') : reload())} />
  if ((registration.state === 'checked' || sent?.state === 'checked') && mode !== 'again')
    return <Checking checking={registration.checking} />
  return <Ready mode={mode} person={person} loaded={loaded} onSent={onSent} />
}

function Ready({
  mode,
  person,
  loaded,
  onSent,
}: Omit<Props, 'reload'> & { onSent: (sent: Sent) => Promise<void> }): ReactElement {
  const { t, lang } = useWords(REG)
  const [begun, setBegun] = useState(loaded.begun)
  const [started, setStarted] = useState<{ form: Form; step: number } | null>(null)
  const rules: PlaceRules = loaded.registration.rules
  if (started !== null)
    return (
      <Flow
        mode={mode}
        personId={person}
        rules={rules}
        first={started.form}
        startStep={started.step}
        now={now}
        today={book.today}
        onSent={onSent}
      />
    )
  return (
    <>
      <h1>{t(mode === 'self' ? 'title' : mode === 'ward' ? 'wardTitle' : 'againTitle')}</h1>
      {begun !== null ? (
        <>
          <p>{t('draftFrom', { when: moment(new Date(begun.at).toISOString(), lang) })}</p>
          <Act busy={false} onClick={() => setStarted(begun)}>
            {t('goOn')}
          </Act>
          <button
            type="button"
            className="side"
            onClick={() => {
              drop(mode, person)
              setBegun(null)
            }}
          >
            {t('fresh')}
          </button>
        </>
      ) : (
        <>
          {mode !== 'again' && <p>{t('takes')}</p>}
          <Act busy={false} onClick={() => setStarted({ form: loaded.first, step: 0 })}>
            {t('start')}
          </Act>
        </>
      )}
      <Notice rules={rules} groups={mode === 'self'} family={mode === 'ward'} />
    </>
  )
}
