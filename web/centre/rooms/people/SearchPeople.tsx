import { PeoplePage, SEARCH_BY, SearchAnswer } from '@weiwang/domain/people/api'
import type { PersonLine } from '@weiwang/domain/people/api'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { send } from '../../../api/http.ts'
import { useList } from '../../../api/query.ts'
import { Act, SelectField, TextField } from '../../../kit/centre/controls.tsx'
import type { Column } from '../../../kit/centre/DataTable.tsx'
import { WordTag } from '../../../kit/common/Tags.tsx'
import { useMay } from '../../../session/me.ts'
import { useDesk } from '../../parts/desk.ts'
import { useGo } from '../../parts/GoLink.tsx'
import { ListTable } from '../../parts/ListTable.tsx'
import { paths } from '../../paths.ts'
import { BulkChange } from '../rules/BulkChange.tsx'

type By = (typeof SEARCH_BY)[number]

export function usePersonColumns(): Column<PersonLine>[] {
  const { t } = useTranslation('centre')
  return [
    { key: 'who', title: t('person.name'), cell: (row) => <b>{row.masked}</b> },
    {
      key: 'sex',
      title: t('person.sex'),
      cell: (row) => (row.sex === 1 ? t('sex.1') : row.sex === 2 ? t('sex.2') : '–'),
    },
    { key: 'area', title: t('area'), cell: (row) => row.areaName },
    { key: 'certain', title: t('person.certainty'), cell: (row) => t(`certainty.${certaintyKey(row.certainty)}`) },
    {
      key: 'flags',
      title: t('state'),
      cell: (row) => (
        <span style={{ display: 'inline-flex', gap: 6 }}>
          {row.unresolved ? <WordTag strong>{t('person.unresolved')}</WordTag> : null}
          {row.inReview ? <WordTag strong>{t('person.inReview')}</WordTag> : null}
        </span>
      ),
    },
  ]
}

const CERTAINTIES = ['0', '1', '2', '3', '4', '5', '6', '7'] as const
export function certaintyKey(level: number): (typeof CERTAINTIES)[number] {
  return CERTAINTIES[level] ?? '0'
}

/**
 * Search by what is known. What is typed goes in the body of a POST, never into the address, so that no name stands in a
 * history or a log; above a community only exact values answer (PEOPLE-10).
 */
export function SearchPeople(): ReactNode {
  const { t } = useTranslation('centre')
  const { t: c } = useTranslation('common')
  const desk = useDesk()
  const go = useGo()
  const columns = usePersonColumns()
  const may = useMay()
  const [chosen, setChosen] = useState<string[]>([])
  const [text, setText] = useState('')
  const [by, setBy] = useState<By>('auto')
  const [asked, setAsked] = useState<{ text: string; by: By } | null>(null)
  const everybody = useList(PeoplePage, '/api/people', { area: desk.area }, { enabled: asked === null })
  const found = useList(
    SearchAnswer,
    '/api/people/search',
    { ...asked, area: desk.area },
    {
      enabled: asked !== null,
      ask: (cursor) =>
        send(SearchAnswer, {
          path: '/api/people/search',
          body: { ...asked, area: desk.area, ...(cursor ? { cursor } : {}) },
          key: crypto.randomUUID(),
        }),
    },
  )
  return (
    <>
      <search>
        <form
          className="filters"
          onSubmit={(event) => {
            event.preventDefault()
            setAsked(text.trim() ? { text: text.trim(), by } : null)
          }}
        >
          <TextField
            label={t('people.search')}
            value={text}
            onChange={setText}
            placeholder={t('people.search.hint')}
            width={320}
          />
          <SelectField
            label={t('people.search.by')}
            value={by}
            onChange={(v) => setBy(v === '' ? 'auto' : v)}
            choices={SEARCH_BY.map((b) => ({ value: b, label: t(`searchBy.${b}`) }))}
            width={150}
          />
          <Act submit primary>
            {c('act.search')}
          </Act>
          {asked ? (
            <Act
              onClick={() => {
                setAsked(null)
                setText('')
              }}
            >
              {c('act.clear')}
            </Act>
          ) : null}
        </form>
      </search>
      <ListTable<PersonLine>
        name={t('people.tab.search')}
        list={asked ? found : everybody}
        columns={columns}
        rowKey={(row) => row.personId}
        selection={
          may('bulk', 'grade', { area: desk.area })
            ? { keys: chosen, onChange: setChosen, acts: <BulkChange chosen={chosen} /> }
            : undefined
        }
        onOpen={(row) => go(paths.person(row.personId))}
        empty={
          asked
            ? { why: t('people.none'), todo: t('people.none.todo') }
            : { why: t('people.empty'), todo: t('people.empty.todo') }
        }
      />
    </>
  )
}
