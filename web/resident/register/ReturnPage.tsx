import type {
  MyPersons,
  MyReturn,
  MyReturns,
  PlaceRules,
  MyRegistration,
  Transport,
} from '@weiwang/domain/healthcode/reg-api'
import { addDays } from '@weiwang/domain/core/day'
import { useState } from 'react'
import type { ReactElement } from 'react'
import { newId } from '../../shared/newId.ts'
import { book } from '../code/book.ts'
import { useAsked } from '../load.ts'
import { ask } from '../net.ts'
import { Act, Loading, Problem, useAct } from '../parts.tsx'
import { useWords } from '../texts.ts'
import { dayWord } from '../when.ts'
import { Choice, DayField, TextField } from './fields.tsx'
import type { Place } from './form.ts'
import { Notice } from './Lead.tsx'
import { TransportChoice, Whence } from './Journey.tsx'
import { REG } from './texts.ts'
import type { RegKey } from './texts.ts'

/** Told before travelling, so that the grid expects one and nobody runs anywhere on arrival (REGISTER-15). */
export function ReturnPage(): ReactElement {
  const { t } = useWords(REG)
  const returns = useAsked<MyReturns>('/api/my/returns')
  const people = useAsked<MyPersons>('/api/my/people')
  const registration = useAsked<MyRegistration>('/api/my/registration')
  const [planning, setPlanning] = useState<MyReturn | 'new' | null>(null)
  const trouble = returns.trouble ?? people.trouble ?? registration.trouble
  const load = async (): Promise<void> => {
    await Promise.all([returns.load(), people.load(), registration.load()])
  }
  const done = returns.answer !== null && people.answer !== null && registration.answer !== null
  return (
    <main>
      <h1>{t('returnTitle')}</h1>
      <p>{t('returnLead')}</p>
      <Loading done={done} trouble={trouble} load={load} />
      {returns.answer !== null && people.answer !== null && registration.answer !== null && (
        <>
          {planning === null ? (
            <>
              {returns.answer.items.length === 0 && <p>{t('returnNone')}</p>}
              {returns.answer.items.map((one) => (
                <One key={one.id} one={one} onStep={returns.load} onChange={() => setPlanning(one)} />
              ))}
              <Act busy={false} onClick={() => setPlanning('new')}>
                {t('returnPlan')}
              </Act>
            </>
          ) : (
            <Plan
              rules={registration.answer.rules}
              people={people.answer}
              before={planning === 'new' ? null : planning}
              onDone={async () => {
                await returns.load()
                setPlanning(null)
              }}
              onLeave={() => setPlanning(null)}
            />
          )}
        </>
      )}
      <a className="plain" href="#home">
        {t('back')}
      </a>
    </main>
  )
}

const STEPS: Record<'arrive' | 'cancel', RegKey> = { arrive: 'arrive', cancel: 'dropReturn' }

function One({
  one,
  onStep,
  onChange,
}: {
  one: MyReturn
  onStep: () => Promise<void>
  onChange: () => void
}): ReactElement {
  const { t, say, lang } = useWords(REG)
  const { busy, trouble, act } = useAct()
  return (
    <article>
      <p>
        <strong>{dayWord(one.expectedDay, lang)}</strong> · {one.masked} · {one.fromName} → {one.areaName}
      </p>
      <p>
        <strong>{say(one.stateName)}</strong> {say(one.next)}
      </p>
      <Problem trouble={trouble} />
      <div className="chips">
        {one.may.map((step) => (
          <button
            key={step}
            type="button"
            className="chip"
            aria-disabled={busy}
            onClick={() =>
              step === 'change'
                ? onChange()
                : act(async () => {
                    await ask<MyReturn>('POST', `/api/my/returns/${one.id}/step`, { step })
                    await onStep()
                  })
            }
          >
            {t(step === 'change' ? 'changeReturn' : STEPS[step])}
          </button>
        ))}
      </div>
    </article>
  )
}

type Typed = {
  person: string
  day: string
  abroad: boolean
  place: Place | null
  country: string
  transport: Transport | ''
  number: string
  companions: string
}

function faults(typed: Typed): string[] {
  const wants: [string, boolean][] = [
    ['person', typed.person !== ''],
    ['day', typed.day !== ''],
    ['from', typed.abroad ? typed.country !== '' : typed.place !== null],
    ['transport', typed.transport !== ''],
    ['companions', /^\d{1,2}$/.test(typed.companions.trim() || '0')],
  ]
  return wants.filter(([, ok]) => !ok).map(([name]) => name)
}

function Plan({
  rules,
  people,
  before,
  onDone,
  onLeave,
}: {
  rules: PlaceRules
  people: MyPersons
  before: MyReturn | null
  onDone: () => Promise<void>
  onLeave: () => void
}): ReactElement {
  const { t } = useWords(REG)
  const [id] = useState(() => before?.id ?? newId(new Date(book.clock.now())))
  const [typed, setTyped] = useState<Typed>({
    person: before?.personId ?? people.items[0]?.personId ?? '',
    day: before?.expectedDay ?? '',
    abroad: false,
    place: null,
    country: '',
    transport: before?.transport ?? '',
    number: '',
    companions: '',
  })
  const [tried, setTried] = useState(false)
  const { busy, trouble, act } = useAct()
  const bad = tried ? faults(typed) : []
  const set = (part: Partial<Typed>): void => setTyped((all) => ({ ...all, ...part }))
  const send = (): void => {
    setTried(true)
    if (faults(typed).length > 0) return
    act(async () => {
      await ask<MyReturn>('POST', '/api/my/returns', {
        id,
        personId: typed.person,
        expectedDay: typed.day,
        ...(typed.abroad ? { fromCountry: typed.country } : { fromArea: typed.place?.area }),
        transport: typed.transport,
        ...(typed.number.trim() === '' ? {} : { number: typed.number.trim() }),
        companions: Number(typed.companions.trim() || 0),
      })
      await onDone()
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
      {people.items.length > 1 && (
        <Choice
          name="person"
          label={t('whoComes')}
          bad={bad.includes('person')}
          options={people.items.map((one) => ({
            code: one.personId,
            text: `${one.masked} ${t(`rel_${one.relation}`)}`,
          }))}
          value={typed.person}
          onChange={(person) => set({ person })}
        />
      )}
      <DayField
        name="day"
        label={t('expected')}
        bad={bad.includes('day')}
        from={book.today}
        to={addDays(book.today, 60)}
        value={typed.day}
        onChange={(day) => set({ day })}
      />
      <Whence
        name="abroad"
        label={t('n_journey')}
        bad={bad.includes('from')}
        from={{ abroad: typed.abroad, country: typed.country, place: typed.place }}
        onChange={set}
      />
      <TransportChoice
        bad={bad.includes('transport')}
        value={typed.transport}
        onChange={(transport) => set({ transport })}
      />
      <TextField
        name="number"
        label={t('transportNumber')}
        bad={false}
        max={30}
        value={typed.number}
        onChange={(number) => set({ number })}
      />
      <TextField
        name="companions"
        label={t('companions')}
        bad={bad.includes('companions')}
        mode="numeric"
        max={2}
        value={typed.companions}
        onChange={(companions) => set({ companions })}
      />
      <Problem trouble={trouble} />
      <Act busy={busy} submit>
        {t('returnPlan')}
      </Act>
      <button type="button" className="side" onClick={onLeave}>
        {t('cancel')}
      </button>
      <Notice rules={rules} groups={false} family={false} />
    </form>
  )
}
