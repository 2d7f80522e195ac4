import t from 'tap'
import { readArguments } from '../arguments.ts'
import { faults, idOf } from '../faults.ts'
import { figuresOfRow } from '../figures.ts'
import { progressOf } from '../progress.ts'
import { resultLines, slowRows, summaryOf } from '../report.ts'
import type { Figures } from '../round.ts'
import {
  hasPassed,
  type RoundResult,
  type Row,
  type RowProgress,
  roundsLeft,
  rowsOf,
  verdictOf,
} from '../suite.ts'

/** Verdicts of rows, and the lines of the report. */

const resultWith = (round: Partial<RoundResult['round']>): RoundResult => ({
  variant: 'redis',
  fault: 'kill-order',
  seed: 7,
  tookMs: 60_000,
  round: { broken: [], ...round },
})

const held = resultWith({})
const inconclusive = resultWith({ inconclusive: 'the burst was over' })
const broken = resultWith({ broken: ['I3'], inconclusive: 'the burst was over' })

t.test('a violation counts whether the fault was injected or not', async (t) => {
  t.strictSame([held, inconclusive, broken].map(verdictOf), ['held', 'inconclusive', 'broken'])
})

const [killOrder] = faults
const rowWith = (results: RoundResult[], rounds = 1): RowProgress => {
  if (!killOrder) throw new Error('There are no faults.')
  const row = {
    form: 'long',
    seed: 1,
    requests: 500,
    variant: 'redis',
    rounds,
    scenarios: '',
  } as const
  return { row: { ...row, fault: killOrder }, results }
}

t.test('a row passes when the required number of rounds held and none broke', async (t) => {
  t.ok(hasPassed(rowWith([inconclusive, held])))
  t.ok(hasPassed(rowWith([held, inconclusive, held], 2)))
  t.notOk(hasPassed(rowWith([held, broken])))
  t.notOk(hasPassed(rowWith([inconclusive, inconclusive])))
  t.notOk(hasPassed(rowWith([held, inconclusive, inconclusive, inconclusive, inconclusive], 2)))
})

t.test('the summary states whether the invariants held', async (t) => {
  t.equal(
    summaryOf([rowWith([held, inconclusive])]),
    'Every invariant held in 1 round (inconclusive: 1).',
  )
  t.equal(summaryOf([rowWith([held, broken])]), 'Broken in 1 of 2 rounds.')
  t.equal(
    summaryOf([rowWith([held]), rowWith([held, inconclusive], 50)]),
    'Too few rounds held: kill-order with redis in 1 of 50.',
  )
})

t.test('a broken round lists its violations and the command that repeats it', async (t) => {
  const output = resultLines(broken, { form: 'long', requests: 500, scenarios: 'h3' })
  t.match(output, /broken.*\n {2}I3\n/)
  t.ok(output.includes('npm run faults -- --only kill-order --variant redis --rounds 1 --seed 7'))
  t.match(output, /--requests 500 --long --with h3$/)
})

t.test('a row shows the median and the worst of the measured times', async (t) => {
  const figures = { sent: 9, ok: 5, refused: 0, unknown: 2, resolvedOk: 2, resolvedRefused: 0 }
  const timed = (times: Figures['times']) => resultWith({ figures: { ...figures, times } })
  const rounds = [300, 100, 200].map((servesAfterMs) => timed({ atMs: 1, servesAfterMs }))
  t.match(figuresOfRow([...rounds, timed({ atMs: 1, goodAfterMs: 50 }), inconclusive]), [
    {
      ...{ held: 4, inconclusive: 1, broken: 0, unknown: 8 },
      servesAfterMs: { median: 200, worst: 300, rounds: 3 },
      goodAfterMs: { median: 50, worst: 50, rounds: 1 },
    },
  ])
})

t.test('times above the expected ones are listed and do not fail the run', async (t) => {
  const figures = { sent: 9, ok: 5, refused: 0, unknown: 2, resolvedOk: 2, resolvedRefused: 0 }
  const after = (servesAfterMs: number, goodAfterMs: number) =>
    rowWith([
      resultWith({ figures: { ...figures, times: { atMs: 1, servesAfterMs, goodAfterMs } } }),
    ])
  t.strictSame(slowRows([after(2_000, 10_000)]), [])
  t.match(slowRows([after(2_001, 10_000)]), [/^Slower than expected: kill-order with redis\.$/])
  t.match(slowRows([after(2_000, 10_001)]), [/kill-order/])
})

const rowOf = (id: string, rounds: number): Row => {
  const fault = faults.find((each) => idOf(each) === id)
  if (!fault) throw new Error(`There is no ${id}.`)
  return { variant: 'redis', fault, form: 'long', seed: 7, requests: 500, rounds, scenarios: '' }
}
const row = rowOf('kill-order', 5)

t.test('an inconclusive round is repeated, a broken one is not', async (t) => {
  t.equal(roundsLeft({ row, results: [held, inconclusive, broken] }), 3)
})

t.test('a row ends early after four consecutive rounds that did not hold', async (t) => {
  t.equal(roundsLeft({ row, results: [inconclusive, inconclusive, inconclusive] }), 5)
  t.equal(roundsLeft({ row, results: [inconclusive, broken, inconclusive, inconclusive] }), 0)
  t.equal(
    roundsLeft({ row, results: [inconclusive, inconclusive, held, inconclusive, inconclusive] }),
    4,
  )
})

t.test('the progress shows the remaining rounds and minutes, pauses included', async (t) => {
  const stop = { row: rowOf('stop-second-order', 4), results: [] }
  t.equal(progressOf([{ row, results: [] }, stop]), '1 of 9')
  // Three rounds of one minute, and four rounds that last half a minute longer.
  t.equal(progressOf([{ row, results: [held, held] }, stop]), '3 of 9, about 9 min left')
})

const rowsFor = (line: string) => {
  const wanted = readArguments(line.split(' '))
  if (typeof wanted === 'string') throw new Error('These options start no run.')
  return rowsOf(wanted).map(({ variant, fault, rounds }) => `${variant} ${idOf(fault)} ${rounds}`)
}

t.test('Redis faults run only with variants that need Redis', async (t) => {
  t.strictSame(rowsFor('--only freeze --variant baseline,redlock,redis --rounds 1'), [
    ...['baseline freeze-postgres 1', 'baseline freeze-product 1'],
    ...['redlock freeze-postgres 1', 'redlock freeze-product 1', 'redlock freeze-redlock-1 1'],
    ...['redis freeze-postgres 1', 'redis freeze-product 1', 'redis freeze-valkey 1'],
  ])
})

t.test('the long form runs most rounds of kills, and most of these with optimized', async (t) => {
  t.strictSame(rowsFor('--only kill-order,rush-one-key --variant conditional,optimized --long'), [
    ...['conditional kill-order 10', 'conditional rush-one-key 3'],
    ...['optimized kill-order 50', 'optimized rush-one-key 3'],
  ])
  t.strictSame(
    rowsFor('--only kill-order,rush-one-key --rounds 1 --kill-rounds 5 --long').slice(0, 2),
    [...['baseline kill-order 5', 'baseline rush-one-key 1']],
  )
})
