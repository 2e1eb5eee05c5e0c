import { useId } from 'react'
import type { ReactElement } from 'react'
import { useWords } from '../texts.ts'
import type { Words } from '../texts.ts'
import { dayWord } from '../when.ts'
import { stepsOf, travels } from './form.ts'
import type { Form, Mode, Step } from './form.ts'
import { REG } from './texts.ts'
import type { RegKey } from './texts.ts'

/** What was said, once more, each with its way back; then the promise. */
type Line = { step: Exclude<Step, 'review'>; text: string }

function countryWord(code: string, lang: 'zh' | 'en'): string {
  return code === '' ? '' : (new Intl.DisplayNames([lang], { type: 'region' }).of(code) ?? code)
}

function linesOf(form: Form, { t, lang }: Words<RegKey>): Line[] {
  const key = (prefix: string, code: string): string => {
    const name = `${prefix}_${code}`
    return name in REG ? t(name as RegKey) : code // eslint-disable-line typescript/consistent-type-assertions, typescript/no-unsafe-type-assertion -- looked up in the line above
  }
  const day = (text: string): string => (text === '' ? '' : dayWord(text, lang))
  const list = (parts: readonly string[]): string =>
    parts.filter((one) => one.trim() !== '').join(lang === 'zh' ? '，' : ', ')
  const stays = form.stayed === true ? form.stays.map((s) => `${s.place?.name ?? ''} ${day(s.from)}–${day(s.to)}`) : []
  const abroad =
    form.beenAbroad === true ? form.abroad.map((a) => `${countryWord(a.country, lang)} ${day(a.arrivedOn)}`) : []
  const contacts = form.contacts.map((one) => `${t(`c_${one.degree}`)} ${day(one.day)}`)
  const where = form.fromAbroad ? countryWord(form.fromCountry, lang) : (form.fromPlace?.name ?? '')
  return [
    {
      step: 'who',
      text: list([
        form.relation === '' ? '' : t(`rel_${form.relation}`),
        key('s', form.situation),
        `${t('registeredHere')} ${t(form.registeredHere === true ? 'yes' : 'no')}`,
      ]),
    },
    { step: 'paper', text: list([form.name, key('d', form.documentKind), form.number]) },
    { step: 'home', text: list([form.homeArea?.name ?? '', form.address]) },
    {
      step: 'journey',
      text: travels(form)
        ? list([where, day(form.arrivedOn), key('t', form.transport), form.transportNumber])
        : t('none'),
    },
    { step: 'stays', text: list([...stays, ...abroad, ...contacts]) || t('none') },
    {
      step: 'health',
      text: list([
        form.well ? t('well') : list(form.symptoms.map((code) => key('y', code))),
        form.temperature === '' ? '' : `${form.temperature} ℃`,
        form.underMeasure === true ? t('underMeasure') : '',
      ]),
    },
    { step: 'purpose', text: list([key('p', form.purpose), form.employer, ...form.members.map((one) => one.name)]) },
  ]
}

export function Review({
  form,
  mode,
  bad,
  onPromise,
  onEdit,
}: {
  form: Form
  mode: Mode
  bad: readonly string[]
  onPromise: (promise: boolean) => void
  onEdit: (step: Step) => void
}): ReactElement {
  const words = useWords(REG)
  const { t } = words
  const id = useId()
  const steps = stepsOf(mode)
  return (
    <>
      <dl className="said-all">
        {linesOf(form, words)
          .filter(({ step }) => steps.includes(step))
          .map(({ step, text }) => (
            <div key={step}>
              <dt id={`${id}-${step}`}>{t(`n_${step}`)}</dt>
              <dd>
                {text}{' '}
                <button type="button" className="plain" aria-describedby={`${id}-${step}`} onClick={() => onEdit(step)}>
                  {t('edit')}
                </button>
              </dd>
            </div>
          ))}
      </dl>
      <p>{t('promiseLead')}</p>
      <label className="tick">
        <input
          type="checkbox"
          name="promise"
          checked={form.promise}
          aria-invalid={bad.includes('promise')}
          aria-describedby={bad.includes('promise') ? `${id}-bad` : undefined}
          onChange={(event) => onPromise(event.target.checked)}
        />
        <strong>{t('promise')}</strong>
      </label>
      {bad.includes('promise') && (
        <p className="bad" id={`${id}-bad`}>
          {t('missing')}
        </p>
      )}
    </>
  )
}
