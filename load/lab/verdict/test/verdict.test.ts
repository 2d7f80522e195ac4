import t from 'tap'
import { type Findings, type VerdictKind, verdictOf } from '../verdict.ts'

/** The verdict is mechanical: the first row that matches. Each row, and where it ends. */

const aaCheck = (changes = {}): NonNullable<Findings['aaCheck']> => ({
  ratio: 1,
  low: 0.96,
  high: 1.04,
  containsOne: true,
  at95: { low: 0.98, high: 1.02 },
  resolution: 0.02,
  restarts: 10,
  pairs: 80,
  ...changes,
})

const found = (ratio: number, low: number, high: number): NonNullable<Findings['found']> => ({
  ratio,
  low,
  high,
  level: 0.95,
  p: 0.001,
  restarts: 10,
  pairs: 160,
  halfWidth: high / ratio - 1,
  detectable: 0.041,
  restartMeans: [],
})

const findings = (changes: Partial<Findings> = {}): Findings => ({
  faults: [],
  aaCheck: aaCheck(),
  found: found(1.42, 1.36, 1.49),
  trend: undefined,
  aaTrend: undefined,
  adjustedP: 0.001,
  explanation: 'cost',
  ...changes,
})

const none = 'no significant difference'

const trend = (change: number, isFound = true): NonNullable<Findings['trend']> => ({
  ...{ change, low: change * 0.95, high: change * 1.05, p: 0.001 },
  ...{ restarts: 10, adjustedP: 0.001, isFound },
})

const table: readonly [VerdictKind, what: string, changes: Partial<Findings>][] = [
  ['INVALID', 'a fault voids the clearest difference', { faults: ['no hit'] }],
  [
    'INVALID',
    'a fault comes before a noisy machine',
    { faults: ['x'], aaCheck: aaCheck({ resolution: 1 }) },
  ],
  ['inconclusive', 'nothing was compared', { found: undefined }],
  ['inconclusive', 'there is no second baseline', { aaCheck: undefined }],
  ['inconclusive', 'nine restarts', { found: { ...found(1.42, 1.36, 1.49), restarts: 9 } }],
  ['inconclusive', 'nine restarts of the aaCheck', { aaCheck: aaCheck({ restarts: 9 }) }],
  ['inconclusive', 'two equal arms differ', { aaCheck: aaCheck({ containsOne: false }) }],
  ['inconclusive', 'a resolution above 10 %', { aaCheck: aaCheck({ resolution: 0.1001 }) }],
  ['faster', 'a resolution of 10 %', { aaCheck: aaCheck({ resolution: 0.1 }) }],
  ['faster', 'a clear gain that its cost explains', {}],
  ['faster', 'a clear gain that waiting explains', { explanation: 'waiting' }],
  ['slower', 'a clear loss that its cost explains', { found: found(0.71, 0.68, 0.74) }],
  ['faster', 'an effect of 3 %', { found: found(1.03, 1.02, 1.04) }],
  ['equivalent', 'an effect below 3 %', { found: found(1.0299, 1.02, 1.04) }],
  ['slower', 'a loss of 3 % counts as a gain of 3 % would', { found: found(1 / 1.03, 0.96, 0.98) }],
  ['equivalent', 'a loss below 3 %', { found: found(1 / 1.0299, 0.96, 0.98) }],
  [
    'faster',
    'an effect of the size of the resolution',
    { found: found(1.08, 1.06, 1.1), aaCheck: aaCheck({ resolution: 0.08 }) },
  ],
  [
    none,
    'an effect below it',
    { found: found(1.08, 1.06, 1.1), aaCheck: aaCheck({ resolution: 0.081 }) },
  ],
  ['faster', 'p just below 5 %', { adjustedP: 0.0499 }],
  [none, 'p of 5 % after Holm', { adjustedP: 0.05 }],
  [none, 'an interval that touches 1', { found: found(1.1, 1, 1.21) }],
  [none, 'an interval that touches 1 from below', { found: found(0.9, 0.81, 1) }],
  ['unexplained', 'a clear gain with nothing behind it', { explanation: undefined }],
  [
    'unexplained',
    'a clear loss with nothing behind it',
    { found: found(0.71, 0.68, 0.74), explanation: undefined },
  ],
  [
    'unexplained',
    'a real difference is not called equivalent for being small',
    { found: found(1.035, 1.03, 1.04), explanation: undefined },
  ],
  ['equivalent', 'an interval within ±5 %, bounds included', { found: found(1, 0.95, 1.05) }],
  [
    none,
    'equal arms whose own interval goes beyond the margin (E1 of 2026-11-28: [1.01..1.13])',
    { found: found(1.01, 0.99, 1.03), aaCheck: aaCheck({ at95: { low: 1.01, high: 1.13 } }) },
  ],
  [
    'equivalent',
    'equal arms within the margin, bounds included',
    { found: found(1, 0.99, 1.01), aaCheck: aaCheck({ at95: { low: 0.95, high: 1.05 } }) },
  ],
  ['inconclusive', 'two equal arms of which one drifts', { aaTrend: trend(1.1) }],
  ['faster', 'a trend of equal arms that is only scatter', { aaTrend: trend(1.1, false) }],
  ['drifting', 'a ratio on both sides of 1', { found: found(1, 0.98, 1.02), trend: trend(1.14) }],
  ['drifting', 'a gain that is none at the end', { trend: trend(0.5) }],
  [
    'drifting',
    'a loss that is none at the beginning',
    { found: found(0.9, 0.88, 0.92), trend: trend(0.8) },
  ],
  ['faster', 'a gain that is one at both ends', { trend: trend(1.1) }],
  ['slower', 'a loss that is one at both ends', { found: found(0.5, 0.4, 0.6), trend: trend(1.1) }],
  [none, 'an interval just beyond it', { found: found(1, 0.9499, 1.05) }],
  [none, 'an interval just beyond it, above', { found: found(1, 0.95, 1.0501) }],
]

for (const [kind, what, changes] of table) {
  t.test(`${what}: ${kind}`, async (t) => {
    t.equal(verdictOf(findings(changes)).kind, kind)
  })
}

const sentences: readonly [Partial<Findings>, string][] = [
  [{}, 'faster ×1.42 [1.36..1.49]'],
  [{ found: found(0.71, 0.68, 0.74) }, 'slower ×0.71 [0.68..0.74]'],
  [{ found: found(1.04, 1.002, 1.08) }, 'faster ×1.040 [1.002..1.080]'],
  [
    { explanation: undefined },
    'unexplained: ×1.42 [1.36..1.49], with no cost and no waiting behind it',
  ],
  [{ found: found(1, 0.97, 1.03) }, 'equivalent within ±5 %'],
  [
    { found: found(1.01, 0.99, 1.03), trend: trend(1.12) },
    'drifting: ×0.95 in the first block, ×1.07 in the last (last over first ×1.12 [1.06..1.18])',
  ],
  [{ trend: trend(1.1) }, 'faster, drifting: ×1.35 in the first block, ×1.49 in the last'],
  [
    { aaTrend: trend(0.9) },
    'inconclusive: the ratio of two equal arms drifts, last block over first ×0.90 [0.85..0.95]',
  ],
  [{ found: found(1, 0.9, 1.1) }, 'no significant difference (could have detected ≥ 4.1 %)'],
  [{ faults: ['no hit', 'no luck'] }, 'INVALID: no hit; no luck'],
  [{ found: undefined }, 'inconclusive: 0 of at least 10 restarts'],
  [
    { aaCheck: aaCheck({ resolution: 0.12 }) },
    'inconclusive: machine too noisy (it resolves 12.0 %)',
  ],
  [
    { aaCheck: aaCheck({ containsOne: false, low: 1.01, high: 1.09 }) },
    'inconclusive: machine too noisy (two equal arms differ, [1.01..1.09] at 99 %)',
  ],
]

for (const [changes, sentence] of sentences) {
  t.test(`it reads "${sentence}"`, async (t) => {
    t.equal(verdictOf(findings(changes)).sentence, sentence)
  })
}

t.test('the detectable difference is never below the smallest effect', async (t) => {
  const wide = { found: found(1, 0.9, 1.1) }
  const coarse = verdictOf(findings({ ...wide, aaCheck: aaCheck({ resolution: 0.09 }) }))
  t.match(coarse.sentence, /≥ 9.0 %/)
  const fine = { ...found(1, 0.9, 1.1), detectable: 0.001 }
  t.match(verdictOf(findings({ found: fine })).sentence, /≥ 3.0 %/)
})
