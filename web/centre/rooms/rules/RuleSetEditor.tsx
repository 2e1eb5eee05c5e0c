import { RuleSetView, Validation } from '@weiwang/domain/grading/api'
import type { Fault } from '@weiwang/domain/grading/api'
import { MAX_RULES, RuleSetDocument } from '@weiwang/domain/grading/rule-set'
import type { Rule } from '@weiwang/domain/grading/rule-set'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { send } from '../../../api/http.ts'
import { useWrite } from '../../../api/query.ts'
import { useSay } from '../../../i18n/setup.ts'
import { Act, FileButton, Sheets, TextField } from '../../../kit/centre/controls.tsx'
import { Section } from '../../../kit/centre/surfaces.tsx'
import { Mark } from '../../../kit/common/Mark.tsx'
import { Notice } from '../../../kit/common/Notice.tsx'
import { ProblemNotice } from '../../../shared/ProblemNotice.tsx'
import { useGo } from '../../parts/GoLink.tsx'
import { useLater } from '../../parts/useLater.ts'
import { paths } from '../../paths.ts'
import { download } from './download.ts'
import { faultsAt } from './faults.ts'
import { RuleForm } from './RuleForm.tsx'

function FaultLines({ faults }: { faults: readonly Fault[] }): ReactNode {
  const say = useSay()
  const { t } = useTranslation('centre')
  if (faults.length === 0) return null
  return (
    <ul style={{ margin: '4px 0', paddingInlineStart: 20 }}>
      {faults.map((f) => (
        <li key={`${f.path}${f.rule}${f.message.en}`} className={f.level === 'error' ? 'field-fault' : 'field-help'}>
          <Mark sign={f.level === 'error' ? 'fault' : 'info'} />
          {say(f.message)} {say(f.remedy)} <small>{`${f.path} · ${t('rule')} ${f.rule}`}</small>
        </li>
      ))}
    </ul>
  )
}

type Sheet = 'form' | 'file'

/** What the text says, if it is JSON at all; the server judges whether it is a rule set. */
function parsed(text: string): { document: unknown } | null {
  try {
    return { document: JSON.parse(text) }
  } catch {
    return null
  }
}

function TextSheet({
  text,
  stuck,
  onText,
}: {
  text: string
  /** Asked for as a form, and it has none. */
  stuck: boolean
  onText: (text: string) => void
}): ReactNode {
  const { t } = useTranslation('centre')
  return (
    <>
      <p style={{ display: 'flex', gap: 8 }}>
        <FileButton accept=".json" onFile={(file) => void file.text().then(onText)}>
          {t('rules.import')}
        </FileButton>
        <Act onClick={() => download('rule-set.json', text)}>{t('rules.export')}</Act>
      </p>
      <textarea
        className="code-box"
        aria-label={t('rules.json')}
        spellCheck={false}
        value={text}
        onChange={(e) => onText(e.target.value)}
      />
      {parsed(text) && !stuck ? null : (
        <p className="field-fault" role="alert">
          <Mark sign="fault" /> {t(parsed(text) ? 'rules.noForm' : 'rules.notJson')}
        </p>
      )}
    </>
  )
}

/** A new version of a rule set: a form for each rule, or the file itself; judged by the server while it is written. */
export function RuleSetEditor({ start }: { start: RuleSetDocument }): ReactNode {
  const { t } = useTranslation('centre')
  const say = useSay()
  const go = useGo()
  const [sheet, setSheet] = useState<Sheet>('form')
  const [document, setDocument] = useState<RuleSetDocument>(start)
  const [text, setText] = useState(() => JSON.stringify(start, null, 2))
  const [stuck, setStuck] = useState(false)
  const current: unknown = sheet === 'form' ? document : parsed(text)?.document
  const content = useLater(JSON.stringify(current ?? null), 500)
  const verdict = useQuery({
    queryKey: ['/api/rule-sets/validate', content],
    queryFn: () =>
      send(Validation, {
        path: '/api/rule-sets/validate',
        body: { document: JSON.parse(content) },
        key: crypto.randomUUID(),
      }),
  })
  const save = useWrite(RuleSetView, { path: '/api/rule-sets', touches: ['/api/rule-sets'] })
  const faults = verdict.data?.faults ?? []
  const elsewhere = faults.filter((f) => faultsAt([f], 'rules').length === 0)
  const change = (index: number, rule: Rule | null): void =>
    setDocument({
      ...document,
      rules: rule
        ? document.rules.map((r, i) => (i === index ? rule : r))
        : document.rules.filter((_, i) => i !== index),
    })
  const show = (next: Sheet): void => {
    if (next === 'file') setText(JSON.stringify(document, null, 2))
    else {
      const read = RuleSetDocument.safeParse(parsed(text)?.document)
      setStuck(!read.success)
      if (!read.success) return
      setDocument(read.data)
    }
    setSheet(next)
  }
  const both = (field: 'name' | 'about', lang: 'zh' | 'en', value: string): void =>
    setDocument({ ...document, [field]: { ...document[field], [lang]: value } })
  return (
    <>
      <Sheets
        value={sheet}
        onChange={show}
        sheets={[
          { key: 'form', label: t('rules.form') },
          { key: 'file', label: t('rules.file') },
        ]}
      />
      {sheet === 'file' ? (
        <>
          <TextSheet
            text={text}
            stuck={stuck}
            onText={(next) => {
              setStuck(false)
              setText(next)
            }}
          />
          <FaultLines faults={faults} />
        </>
      ) : (
        <div className="form">
          <div className="form-row">
            <TextField label={t('rules.name.zh')} value={document.name.zh} onChange={(v) => both('name', 'zh', v)} />
            <TextField label={t('rules.name.en')} value={document.name.en} onChange={(v) => both('name', 'en', v)} />
            <TextField
              label={t('rules.code')}
              value={document.code}
              onChange={(code) => setDocument({ ...document, code })}
            />
          </div>
          <div className="form-row">
            <TextField
              long
              label={t('rules.about.zh')}
              value={document.about.zh}
              onChange={(v) => both('about', 'zh', v)}
            />
            <TextField
              long
              label={t('rules.about.en')}
              value={document.about.en}
              onChange={(v) => both('about', 'en', v)}
            />
          </div>
          <FaultLines faults={elsewhere} />
          {document.rules.map((rule, index) => (
            <Section
              key={index}
              title={t('rules.rule.n', { n: index + 1 })}
              lead={say(verdict.data?.sentences.find((s) => s.id === rule.id)?.sentence)}
            >
              <RuleForm
                rule={rule}
                onChange={(next) => change(index, next)}
                onRemove={document.rules.length > 1 ? () => change(index, null) : null}
              />
              <FaultLines faults={faultsAt(faults, `rules.${index}`)} />
            </Section>
          ))}
          {document.rules.length < MAX_RULES ? (
            <div>
              <Act
                onClick={() =>
                  setDocument({
                    ...document,
                    rules: [
                      ...document.rules,
                      {
                        id: `rule_${document.rules.length + 1}`,
                        say: { zh: '', en: '' },
                        when: { kind: 'contact', degrees: [1], withinDays: 14 },
                        gives: { grade: 'red' },
                        lasts: { days: 14, from: 'fact' },
                      },
                    ],
                  })
                }
              >
                {t('rules.rule.add')}
              </Act>
            </div>
          ) : null}
        </div>
      )}
      <ProblemNotice error={save.error ?? verdict.error} />
      <div style={{ marginTop: 16 }}>{verdict.data?.ok ? <Notice kind="done" head={t('rules.valid')} /> : null}</div>
      <div className="form-acts">
        <Act
          primary
          busy={save.isPending}
          disabled={verdict.data?.ok !== true}
          why={verdict.data?.ok === false ? t('rules.invalid') : undefined}
          onClick={() => save.mutate({ document: current }, { onSuccess: (set) => go(paths.ruleSet(set.id)) })}
        >
          {t('rules.save')}
        </Act>
      </div>
    </>
  )
}
