import { parseTemperature } from '@weiwang/domain/observation/temperature'
import { useId } from 'react'
import type { ReactElement } from 'react'
import { Chips } from './parts.tsx'
import { HELP, HOME, MOODS, SYMPTOMS } from './pages/texts.ts'
import { useWords } from './texts.ts'

/** One person's report as it is filled in; `typed` is what stands in the field of the temperature. */
export type Draft = {
  typed: string
  cannot: boolean
  well: boolean
  symptoms: string[]
  mood: string[]
  needs: string[]
  note: string
}
export const EMPTY: Draft = { typed: '', cannot: false, well: false, symptoms: [], mood: [], needs: [], note: '' }

/** The questions that still have no answer, in the order of the screen. */
export function lacksOf(draft: Draft): ('temperature' | 'symptoms')[] {
  return [
    ...(draft.cannot || parseTemperature(draft.typed) !== null ? [] : ['temperature' as const]),
    ...(draft.well || draft.symptoms.length > 0 ? [] : ['symptoms' as const]),
  ]
}

export function isFilled(draft: Draft): boolean {
  return lacksOf(draft).length === 0
}

/** What travels of it (domain/observation/reading-api.ts). */
export function wordsOf(draft: Draft): object {
  return {
    temperature: draft.cannot ? null : parseTemperature(draft.typed),
    symptoms: draft.symptoms,
    mood: draft.mood[0] ?? null,
    needs: draft.needs,
    ...(draft.note.trim() === '' ? {} : { note: draft.note.trim() }),
  }
}

const list = (words: Record<string, { zh: string; en: string }>, lang: 'zh' | 'en') =>
  Object.entries(words).map(([code, text]) => ({ code, text: text[lang] }))

/** Two taps for whoever is well: the temperature, and "I feel well". */
export function ReadingFields({
  draft,
  onChange,
  asked,
}: {
  draft: Draft
  onChange: (draft: Draft) => void
  asked: boolean
}): ReactElement {
  const { t, lang } = useWords(HOME)
  const id = useId()
  const lacks = asked ? lacksOf(draft) : []
  const bad = lacks.includes('temperature')
  const set = (part: Partial<Draft>): void => onChange({ ...draft, ...part })
  return (
    <>
      <div className="field">
        <label htmlFor={id} className="label">
          {t('temperature')}
        </label>
        <div className="row">
          <input
            id={id}
            className="big"
            inputMode="decimal"
            autoComplete="off"
            maxLength={7}
            value={draft.typed}
            disabled={draft.cannot}
            aria-invalid={bad}
            data-lacks={bad ? true : undefined}
            aria-describedby={bad ? `${id}-bad` : undefined}
            onChange={(event) => set({ typed: event.target.value })}
          />
          <span aria-hidden="true">℃</span>
          <button
            type="button"
            className="chip"
            aria-pressed={draft.cannot}
            onClick={() => set({ cannot: !draft.cannot })}
          >
            {t('noThermometer')}
          </button>
        </div>
        <div className="chips" aria-hidden={draft.cannot}>
          {['36.3', '36.5', '36.8', '37.0'].map((value) => (
            <button
              key={value}
              type="button"
              className="chip"
              aria-pressed={draft.typed === value}
              disabled={draft.cannot}
              onClick={() => set({ typed: value })}
            >
              {value}
            </button>
          ))}
        </div>
        {bad && (
          <p id={`${id}-bad`} className="bad">
            {t('badTemperature')}
          </p>
        )}
      </div>
      <Chips
        label={t('symptoms')}
        options={[{ code: 'none', text: t('none') }, ...list(SYMPTOMS, lang)]}
        chosen={draft.well ? ['none'] : draft.symptoms}
        bad={lacks.includes('symptoms') ? t('badSymptoms') : undefined}
        onChange={(chosen) => {
          if (chosen.includes('none') && !draft.well) set({ well: true, symptoms: [] })
          else set({ well: false, symptoms: chosen.filter((code) => code !== 'none') })
        }}
      />
      <details>
        <summary>
          {t('mood')} · {t('needs')}
        </summary>
        <Chips
          label={t('mood')}
          options={list(MOODS, lang)}
          chosen={draft.mood}
          onChange={(mood) => set({ mood })}
          one
        />
        <Chips
          label={t('needs')}
          options={list(HELP, lang)}
          chosen={draft.needs}
          onChange={(needs) => set({ needs })}
        />
        <label className="field">
          <span className="label">{t('note')}</span>
          <textarea
            rows={2}
            maxLength={500}
            value={draft.note}
            onChange={(event) => set({ note: event.target.value })}
          />
        </label>
      </details>
    </>
  )
}
