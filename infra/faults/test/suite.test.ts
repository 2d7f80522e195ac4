import t from 'tap'
import { readArguments } from '../arguments.ts'
import { faults, idOf } from '../faults.ts'
import { figuresOfRow } from '../figures.ts'
import { progressOf } from '../progress.ts'
import { resultOf, slowRows, summaryOf } from '../report.ts'
import type { Figures } from '../round.ts'
import {
  hasPassed,
  type Played,
  type Row,
  type RowSoFar,
  roundsLeft,
  rowsOf,
  verdictOf,
} from '../suite.ts'

/** When a row of the suite has passed, and what is said of it. */

const played = (round: Partial<Played['round']>): Played => ({
  variant: 'redis',
  fault: 'kill-order',
  seed: 7,
  tookMs: 60_000,
  round: { broken: [], ...round },
})

const held = played({})
const idle = played({ inconclusive: 'it was over' })
const broken = played({ broken: ['I3'], inconclusive: 'it was over' })

t.test('what broke is broken, whether the fault happened or not', async (t) => {
  t.strictSame([held, idle, broken].map(verdictOf), ['held', 'inconclusive', 'broken'])
})

const [killOrder] = faults
const rowWith = (played: Played[], rounds = 1): RowSoFar => {
  if (!killOrder) throw new Error('There are no faults.')
  const row = { form: 'long', seed: 1, requests: 500, variant: 'redis', rounds } as const
  return { row: { ...row, fault: killOrder }, played }
}

t.test(
  'a row passes with as many rounds that held as were asked, and none that broke',
  async (t) => {
    t.ok(hasPassed(rowWith([idle, held])))
    t.ok(hasPassed(rowWith([held, idle, held], 2)))
    t.notOk(hasPassed(rowWith([held, broken])))
    t.notOk(hasPassed(rowWith([idle, idle])))
    t.notOk(hasPassed(rowWith([held, idle, idle, idle, idle], 2)))
  },
)

t.test('the last line says whether the invariants held', async (t) => {
  t.equal(
    summaryOf([rowWith([held, idle])]),
    'Every invariant held in 1 round (in 1 more the fault was not injected).',
  )
  t.equal(summaryOf([rowWith([held, broken])]), 'Broken in 1 of 2 rounds.')
  t.equal(
    summaryOf([rowWith([held]), rowWith([held, idle], 50)]),
    'Too few rounds held: kill-order with redis in 1 of 50.',
  )
})

t.test('a round that broke says what, and how to see it again', async (t) => {
  const said = resultOf(broken, { form: 'long', requests: 500 })
  t.match(said, /broken.*\n {2}I3\n/)
  t.ok(said.includes('npm run faults -- --only kill-order --variant redis --rounds 1 --seed 7'))
  t.match(said, /--requests 500 --long$/)
})

t.test('a row shows the median and the worst of what could be timed', async (t) => {
  const figures = { sent: 9, ok: 5, refused: 0, unknown: 2, resolvedOk: 2, resolvedRefused: 0 }
  const timed = (times: Figures['times']) => played({ figures: { ...figures, times } })
  const rounds = [300, 100, 200].map((servesAfterMs) => timed({ atMs: 1, servesAfterMs }))
  t.match(figuresOfRow([...rounds, timed({ atMs: 1, goodAfterMs: 50 }), idle]), [
    {
      ...{ held: 4, inconclusive: 1, broken: 0, unknown: 8 },
      servesAfterMs: { median: 200, worst: 300, rounds: 3 },
      goodAfterMs: { median: 50, worst: 50, rounds: 1 },
    },
  ])
})

t.test('what took longer than expected is named, and breaks nothing', async (t) => {
  const figures = { sent: 9, ok: 5, refused: 0, unknown: 2, resolvedOk: 2, resolvedRefused: 0 }
  const after = (servesAfterMs: number, goodAfterMs: number) =>
    rowWith([played({ figures: { ...figures, times: { atMs: 1, servesAfterMs, goodAfterMs } } })])
  t.strictSame(slowRows([after(2_000, 10_000)]), [])
  t.match(slowRows([after(2_001, 10_000)]), [/^Slower than expected: kill-order with redis\.$/])
  t.match(slowRows([after(2_000, 10_001)]), [/kill-order/])
})

const rowOf = (id: string, rounds: number): Row => {
  const fault = faults.find((each) => idOf(each) === id)
  if (!fault) throw new Error(`There is no ${id}.`)
  return { variant: 'redis', fault, form: 'long', seed: 7, requests: 500, rounds }
}
const row = rowOf('kill-order', 5)

t.test('an inconclusive round is repeated, a broken one is not', async (t) => {
  t.equal(roundsLeft({ row, played: [held, idle, broken] }), 3)
})

t.test('a row ends early where four rounds in a row have shown nothing', async (t) => {
  t.equal(roundsLeft({ row, played: [idle, idle, idle] }), 5)
  t.equal(roundsLeft({ row, played: [idle, broken, idle, idle] }), 0)
  t.equal(roundsLeft({ row, played: [idle, idle, held, idle, idle] }), 4)
})

t.test(
  'what is left is said in rounds and in minutes, with the stops that are to come',
  async (t) => {
    const stop = { row: rowOf('stop-second-order', 4), played: [] }
    t.equal(progressOf([{ row, played: [] }, stop]), '1 of 9')
    // Three minutes of kills, and four of rounds that last half a minute longer.
    t.equal(progressOf([{ row, played: [held, held] }, stop]), '3 of 9, about 9 min left')
  },
)

const rowsFor = (line: string) => {
  const wanted = readArguments(line.split(' '))
  if (typeof wanted === 'string') throw new Error('That is no run.')
  return rowsOf(wanted).map(({ variant, fault, rounds }) => `${variant} ${idOf(fault)} ${rounds}`)
}

t.test('Redis is broken only where a variant needs it', async (t) => {
  t.strictSame(rowsFor('--only freeze --variant baseline,redlock,redis --rounds 1'), [
    'baseline freeze-postgres 1',
    ...['redlock freeze-postgres 1', 'redlock freeze-redlock-1 1'],
    ...['redis freeze-postgres 1', 'redis freeze-valkey 1'],
  ])
})

t.test('in the long form kills are played the most, and most with optimized', async (t) => {
  t.strictSame(rowsFor('--only kill-order,rush-one-key --variant conditional,optimized --long'), [
    ...['conditional kill-order 10', 'conditional rush-one-key 3'],
    ...['optimized kill-order 50', 'optimized rush-one-key 3'],
  ])
  t.strictSame(
    rowsFor('--only kill-order,rush-one-key --rounds 1 --kill-rounds 5 --long').slice(0, 2),
    [...['baseline kill-order 5', 'baseline rush-one-key 1']],
  )
})
