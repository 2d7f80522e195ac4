import t from 'tap'
import type { Header, RawRecord, Slice } from '../../record.ts'
import { judge, judgeReport } from '../judge.ts'
import { arms, header, memory, type Simulation, simulated } from './simulate.ts'

/** Whole runs, simulated: what the laboratory says of them. */

const judged = (simulation: Simulation = {}) =>
  judge(simulation.header ?? header(), simulated(simulation))

const verdictOf = (simulation: Simulation) => judged(simulation).comparisons[0]?.verdict

const seeds = Array.from({ length: 40 }, (_, at) => at + 1)
const kindsOf = (simulation: Simulation) =>
  seeds.map((seed) => verdictOf({ ...simulation, seed })?.kind)
const countOf = (kinds: readonly unknown[], kind: string) =>
  kinds.filter((it) => it === kind).length

/** What goes wrong with every slice of an arm that the share leaves out or takes in. */
const always =
  (changes: Partial<Slice>, arm = 'optimized') =>
  (slice: Slice): Partial<Slice> =>
    slice.arm === arm && slice.phase === 'measured' ? changes : {}

t.test('at most two of forty pairs of identical arms have a different verdict', async (t) => {
  const kinds = kindsOf({})
  t.ok(countOf(kinds, 'faster') + countOf(kinds, 'slower') <= 2, `${kinds}`)
  t.equal(countOf(kinds, 'INVALID') + countOf(kinds, 'unexplained'), 0)
})

t.test(
  'a planted 10 % of CPU is detected, with its sign, in at least 38 of forty runs',
  async (t) => {
    const kinds = kindsOf({ costs: { optimized: 1.1 } })
    t.ok(countOf(kinds, 'slower') >= 38, `${kinds}`)
    t.equal(countOf(kinds, 'faster'), 0)
  },
)

t.test('on a quiet machine equal arms are equivalent', async (t) => {
  const found = verdictOf({ noise: { slice: 0.03, restart: 0.01 } })
  t.strictSame(found, { kind: 'equivalent', sentence: 'equivalent within ±5 %' })
})

t.test('a machine on which restarts differ by 20 % gives no verdict', async (t) => {
  const simulation = { noise: { slice: 0.1, restart: 0.2 }, costs: { optimized: 0.5 } }
  t.match(verdictOf(simulation)?.sentence, /^inconclusive: machine too noisy \(it resolves 1\d/)
})

t.test('two equal arms that differ make the run inconclusive', async (t) => {
  const found = verdictOf({ costs: { again: 1.2, optimized: 0.5 } })
  t.match(found?.sentence, /^inconclusive: machine too noisy \(two equal arms differ/)
})

const voided: readonly [what: string, simulation: Simulation, sentence: RegExp][] = [
  [
    'an arm whose cache is silently off',
    { change: always({ witnesses: { hits: 0 } }) },
    /^INVALID: optimized: the witness hits did not move \(160 of 160 slices; the first is named\)$/,
  ],
  [
    'an arm that runs another variant',
    { change: always({ health: { E2: 'baseline' } }) },
    /^INVALID: optimized: \/health shows E2 as baseline/,
  ],
  [
    'errors',
    { change: always({ errors: { ECONNRESET: 1 } }, 'baseline') },
    /^INVALID: baseline: 1 requests failed with ECONNRESET/,
  ],
  [
    'a full generator',
    { change: always({ apartCpu: { generator: 1_190_000 } }) },
    /^INVALID: optimized: the generator was full, with 99 % of its core/,
  ],
  [
    'a foreign load, even beside the second baseline only',
    { change: always({ foreignCpu: 0.3 }, 'again') },
    /^INVALID: again: other programs took 30 % of a core/,
  ],
  [
    "a closed loop for which Little's law does not hold",
    { change: always({ latency: { ok: { meanMs: 1, histogram: { 900: 5000 } } } }) },
    /^INVALID: optimized: Little's law does not hold: 32 clients, -[67]\d % off/,
  ],
  [
    'an arm without slices',
    { change: always({ phase: 'warm-up' }) },
    /^INVALID: optimized has no slices$/,
  ],
]

for (const [what, simulation, sentence] of voided) {
  t.test(`${what} makes a run INVALID, with the reason`, async (t) => {
    t.match(verdictOf({ costs: { optimized: 0.5 }, ...simulation })?.sentence, sentence)
  })
}

/** Changes every third slice of B, up to this many. */
const nowAndThen = (times: number, changes: Partial<Slice>) => {
  let seen = 0
  return (slice: Slice) => {
    if (slice.arm !== 'optimized' || slice.phase !== 'measured') return {}
    seen += 1
    return seen % 3 === 0 && seen <= 3 * times ? changes : {}
  }
}

const brokenTimes = (times: number, changes: Partial<Slice>) =>
  judged({ costs: { optimized: 0.5 }, change: nowAndThen(times, changes) })

t.test('one slice in ten may fail; failed slices are counted and not used', async (t) => {
  const failed = { errors: { ECONNRESET: 1 } }
  const few = brokenTimes(16, failed)
  t.equal(few.comparisons[0]?.verdict.kind, 'faster')
  t.equal(few.comparisons[0]?.found?.pairs, 144)
  t.strictSame(few.slices, {
    measured: 480,
    used: 464,
    refused: [
      {
        arm: 'optimized',
        precondition: 'errors',
        slices: 16,
        reason: '1 requests failed with ECONNRESET',
      },
    ],
  })
  t.match(
    brokenTimes(17, failed).comparisons[0]?.verdict.sentence,
    /^INVALID: .*\(17 of 160 slices/,
  )
})

t.test('one slice in four may be disturbed by other programs', async (t) => {
  const disturbed = { foreignCpu: 0.2 }
  const some = brokenTimes(40, disturbed)
  t.equal(some.comparisons[0]?.verdict.kind, 'faster')
  t.match(some.slices, { used: 440, refused: [{ precondition: 'foreign load', slices: 40 }] })
  t.match(
    brokenTimes(41, disturbed).comparisons[0]?.verdict.sentence,
    /^INVALID: .*\(41 of 160 slices/,
  )
})

t.test('a single slice with another variant makes a run INVALID', async (t) => {
  const found = verdictOf({ change: nowAndThen(1, { health: { E2: 'memory' } }) })
  t.match(found?.sentence, /^INVALID: .*not optimized \(1 of 160 slices\)$/)
})

t.test('a disturbed ceiling removes the figures against it, not the verdict', async (t) => {
  const costs = { optimized: 0.5, ceiling: 0.25 }
  const [sound] = judged({ costs }).comparisons
  t.equal(sound?.againstCeiling?.pairs, 80)
  t.equal(sound?.againstCeiling?.ratio.toFixed(1), '0.5')
  // Three blocks of eight are more than one slice in four.
  const change = ({ arm, block }: Slice) =>
    arm === 'ceiling' && block < 3 ? { foreignCpu: 0.2 } : {}
  const [disturbed] = judged({ costs, change }).comparisons
  t.equal(disturbed?.againstCeiling, undefined)
  t.equal(disturbed?.verdict.kind, 'faster')
})

t.test('each of several treatments has its own verdict', async (t) => {
  const run = header({ arms: [...arms, memory] })
  const { comparisons } = judged({
    header: run,
    costs: { optimized: 0.5, memory: 0.25 },
    change: always({ witnesses: {} }, 'memory'),
  })
  t.strictSame(
    comparisons.map(({ arm, verdict }) => [arm, verdict.kind]),
    [
      ['optimized', 'faster'],
      ['memory', 'INVALID'],
    ],
  )
})

t.test('the treatments of a run are one family, each with its own adjusted p', async (t) => {
  const run = header({ arms: [...arms, memory] })
  const [one, other] = judged({ header: run, costs: { optimized: 0.95, memory: 0.5 } }).comparisons
  t.equal(one?.adjustedP, one?.found?.p)
  t.equal(other?.adjustedP, 2 * (other?.found?.p ?? 1))
  t.ok((one?.found?.p ?? 0) > 2 * (other?.found?.p ?? 1))
})

t.test('a treatment without slices belongs to the family', async (t) => {
  const run = header({ arms: [...arms, memory] })
  const change = always({ phase: 'warm-up' }, 'memory')
  const [one, other] = judged({ header: run, costs: { optimized: 0.9 }, change }).comparisons
  t.equal(one?.adjustedP, 2 * (one?.found?.p ?? 1))
  t.match(other, { verdict: { kind: 'INVALID' }, found: undefined })
})

const end = (restart: number, violations: string[] = []): RawRecord => ({
  kind: 'restart',
  restart,
  violations,
})

t.test('a lost order makes a run INVALID, and so do unchecked invariants', async (t) => {
  const run = header({ checksInvariants: true })
  const slices = simulated({ header: run, costs: { optimized: 0.5 } })
  const ends = Array.from({ length: 10 }, (_, restart) => end(restart))
  const sentenceOf = (records: RawRecord[]) =>
    judge(run, [...slices, ...records]).comparisons[0]?.verdict.sentence
  t.match(sentenceOf(ends), /^faster/)
  t.equal(sentenceOf([...ends, end(4, ['I3 is broken'])]), 'INVALID: after restart 5: I3 is broken')
  t.equal(sentenceOf(ends.slice(0, 9)), 'INVALID: the invariants were not checked after restart 10')
})

t.test('an interrupted run keeps its pairs and has no verdict', async (t) => {
  const slices = simulated({ restarts: 7, costs: { optimized: 0.5 } })
  const summary = judge(header(), slices.slice(0, -20))
  t.equal(summary.comparisons[0]?.verdict.sentence, 'inconclusive: 7 of at least 10 restarts')
  t.equal(summary.restarts, 7)
  t.ok((summary.comparisons[0]?.found?.pairs ?? 0) > 100)
})

t.test('with more scenarios in a report, a smaller p is required', async (t) => {
  const run = header()
  const records = simulated({ costs: { optimized: 1 / 1.1 } })
  const pOf = (holmFamily: number[]) =>
    judge(run, records, { holmFamily }).comparisons[0]?.adjustedP ?? -1
  const alone = pOf([])
  t.equal(pOf([0.9, 0.9]), 3 * alone)
  t.equal(pOf([alone / 2, 0.9]), 2 * alone)
  const crowd = judge(run, records, { holmFamily: Array.from({ length: 100_000 }, () => 0.9) })
  t.equal(crowd.comparisons[0]?.verdict.kind, 'no significant difference')
})

t.test('the runs of one report are one family', async (t) => {
  const runs = [1, 1 / 1.2, 1 / 1.1].map((cost, at) => {
    const run = header({ id: `E${at}` })
    return { header: run, records: simulated({ seed: at + 1, costs: { optimized: cost } }) }
  })
  const found = judgeReport(runs).map(({ comparisons }) => comparisons[0])
  const smallest = found.map((it) => it?.found?.p ?? 1).sort((one, two) => one - two)[0] ?? 1
  t.equal(Math.min(...found.map((it) => it?.adjustedP ?? 1)), 3 * smallest)
})

t.test('a run that is read from JSON lines gives the same summary to the last digit', async (t) => {
  const records = simulated({ seed: 5, costs: { optimized: 0.9, ceiling: 0.4 } })
  const lines = [header(), ...records].map((record) => JSON.stringify(record))
  const [first, ...rest] = lines.map((line): RawRecord => JSON.parse(line))
  if (first?.kind !== 'run') throw new Error('The first line is the header')
  t.equal(JSON.stringify(judge(first, rest)), JSON.stringify(judge(header(), records)))
})

t.test('the tables are totals over the slices', async (t) => {
  const quiet = { slice: 0, restart: 0 }
  const summary = judged({ noise: quiet, costs: { optimized: 0.5 } })
  const [baseline, again, optimized] = summary.arms
  t.match(baseline, { name: 'baseline', role: 'baseline', rate: 4900 })
  t.equal((baseline?.slices ?? 0) + (again?.slices ?? 0), 240)
  t.match(optimized, { slices: 160, rate: 9800 })
  t.equal(baseline?.cost.product?.toFixed(6), '140.000000')
  t.equal(baseline?.cost.postgres?.toFixed(6), '60.000000')
  t.match(baseline?.counts, { statements: 2 })
  t.match(baseline?.memory, { product: 90_000_000 })
  t.equal(baseline?.generatorUtilization.toFixed(6), '0.600000')
  t.equal(baseline?.eventLoop.product?.toFixed(6), '0.950000')
  t.ok(Math.abs(baseline?.littlesLaw ?? 1) < 1e-9)
  t.equal(summary.drift, 0)
  t.ok((summary.accounted ?? 0) > 0.97 && (summary.accounted ?? 2) < 1)
  t.match(summary.comparisons[0], {
    found: { ratio: 2 },
    cost: { ratio: 0.5 },
    explanation: 'cost',
  })
})

t.test('the law of Little includes the think time', async (t) => {
  const load = { mode: 'replay', clients: 522, thinkMs: 100, profile: 'E2' } as const
  const [baseline] = judged({ header: header({ load }), noise: { slice: 0, restart: 0 } }).arms
  t.ok(Math.abs(baseline?.littlesLaw ?? 1) < 0.001, `${baseline?.littlesLaw}`)
})

t.test('a quantile is printed only with a hundred values beyond it', async (t) => {
  const run = header({ blocks: 1 })
  const [baseline, again] = judged({ header: run, restarts: 10 }).arms
  t.strictSame(Object.keys(baseline?.latency.ok?.quantilesMs ?? {}), [
    'p50',
    'p90',
    'p95',
    'p99',
    'p999',
  ])
  t.strictSame(Object.keys(again?.latency.ok?.quantilesMs ?? {}), ['p50', 'p90', 'p95', 'p99'])
})

t.test('a slice of an arm that is not in the header is an error', async (t) => {
  const run: Header = header({ arms: arms.slice(0, 3) })
  t.throws(() => judge(run, simulated()), RangeError)
})
