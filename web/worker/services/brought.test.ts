import { StepService } from '@weiwang/domain/observation/service-api'
import { expect, test } from 'vitest'
import { brought, centsOf, lacksOf, NOTHING_SAID } from './brought.ts'
import type { Brought } from './brought.ts'

const P = '00000000-0000-4000-8000-000000000001'
const R = '00000000-0000-4000-8000-000000000002'
const said = (part: Partial<Brought>): Brought => ({ ...NOTHING_SAID, ...part })

test.each([
  ['four digits', said({}), ['code']],
  ['whose word it was', said({ way: 'word', by: null }), ['by']],
  ['the name of who is not of the household', said({ way: 'word', by: 'neighbour', name: ' ' }), ['name']],
  ['a picture where the picture is the proof', said({ way: 'photo' }), ['photo']],
  ['an amount that is one', said({ code: '1234', yuan: '三块' }), ['yuan']],
  ['an amount for a receipt', said({ code: '1234', receipt: R }), ['yuan']],
  ['nothing: of the family no name is asked', said({ way: 'word', by: 'family' }), []],
  ['nothing: a picture alone', said({ way: 'photo', photo: P }), []],
])('SERV-7: at the door is still missing: %s', (_, one, lacks) => {
  expect(lacksOf(one)).toEqual(lacks)
})

test('what is kept is what the server reads, with the pictures that follow it', () => {
  const all = brought(
    said({
      way: 'word',
      by: 'neighbour',
      name: ' 王强 ',
      photo: P,
      yuan: '32.5',
      payer: 'helper',
      receipt: R,
      words: ' 放门口 ',
    }),
  )
  expect(all.photos).toEqual([P, R])
  expect(StepService.parse({ id: P, ...all.body })).toMatchObject({
    step: 'done',
    proof: { kind: 'word', by: 'neighbour', name: '王强', photo: P },
    cost: { cents: 3250, paidBy: 'helper', receiptPhoto: R },
    words: '放门口',
  })
  // Digits need no name, whatever was typed before the way was changed.
  const digits = brought(said({ code: '0042', by: 'other', name: '某某' }))
  expect(digits).toEqual({ body: { step: 'done', proof: { kind: 'code', code: '0042' } }, photos: [] })
})

test('amounts are whole fen', () => {
  const rows: [string, number | null][] = [
    ['0', 0],
    ['62.80', 6280],
    ['62,8 元', 6280],
    ['0.29', 29],
    ['100000', 10_000_000],
    ['100001', null],
    ['1.005', null],
    ['-3', null],
    ['', null],
  ]
  for (const [yuan, cents] of rows) expect([yuan, centsOf(yuan)]).toEqual([yuan, cents])
})
