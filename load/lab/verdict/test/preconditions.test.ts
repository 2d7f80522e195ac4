import t from 'tap'
import type { Header, Slice } from '../../record.ts'
import { histogramOf } from '../../stats/histogram.ts'
import { sortSlices } from '../validity.ts'
import { header, simulated, soundSlice } from './simulate.ts'

/** What must hold for a slice to count, each with where it ends. */

const place = { restart: 0, block: 3, pair: 1, position: 2, arm: 'optimized' }

const warmUp = simulated({ restarts: 1 }).filter(
  (record): record is Slice => record.kind === 'slice' && record.phase === 'warm-up',
)

/** Why a slice that is sound but for the changes does not count; undefined if it does. */
const refusal = (changes: Partial<Slice>, run: Partial<Header> = {}) => {
  const slice = { ...soundSlice(place), ...changes }
  const { valid, refused } = sortSlices(header(run), [...warmUp, slice])
  return valid.length === 1 ? undefined : refused[0]
}

const sound = soundSlice(place)
const micros = sound.durationMs * 1000
const openLoop = { load: { mode: 'latency', rate: 1000, share: 50, spikeFactor: 1 } } as const
/** N = X (R + Z): 4,900 a second that take 6.5 ms each, after 100 ms of thinking. */
const thinking = { load: { mode: 'replay', clients: 522, thinkMs: 100, profile: 'E2' } } as const
const replay = { load: { mode: 'replay', clients: 32, thinkMs: 0, profile: 'E2' } } as const

/** A closed loop of 32 clients with the given response time. */
const answeredIn = (meanMs: number): Partial<Slice> => ({
  latency: { ok: { meanMs, histogram: sound.latency.ok?.histogram ?? {} } },
})
const loadMs = sound.durationMs
const trueMean = sound.latency.ok?.meanMs ?? 0

/** In JSON a figure that is none becomes null. */
const asReadBack = (changes: Partial<Slice>): Partial<Slice> => JSON.parse(JSON.stringify(changes))

type Case = [precondition: string, changes: Partial<Slice>, reason: RegExp, run?: Partial<Header>]

const refused: readonly Case[] = [
  ['figures', { foreignCpu: Number.NaN }, /a figure is missing from foreignCpu/],
  ['figures', asReadBack({ cpu: { product: Number.NaN } }), /a figure is missing from cpu/],
  ['variant', { health: { E2: 'baseline' } }, /shows E2 as baseline, not optimized/],
  ['variant', { health: {} }, /shows E2 as nothing, not optimized/],
  ['witness', { witnesses: { hits: 0 } }, /witness hits did not move/],
  ['witness', { witnesses: {} }, /witness hits did not move/],
  ['statuses', { statuses: { 200: 9, 503: 2 } }, /2 answers had the unexpected status 503/],
  ['bodies', { wrongBodies: 1 }, /1 answers had an unexpected body/],
  ['errors', { errors: { timeout: 3 } }, /3 requests failed with timeout/],
  ['work', { completed: 0 }, /no work was done/],
  ['work', { cpu: {} }, /no CPU read/],
  [
    'warm-up',
    { warmedRequests: 29_999 },
    /warmed up by 29999 of 30000 requests/,
    { version: 3, warmUp: { requests: 30_000 } },
  ],
  [
    'idle arms',
    { idleCpu: { memory: 0.0101 * micros } },
    /memory, which idled, used 1\.0 % of a core/,
  ],
  [
    'idle arms',
    { idleCpu: { memory: 0.0401 * micros } },
    /memory, which idled, used 4\.0 % of a core/,
    { processes: 4 },
  ],
  ['dropped iterations', { dropped: 1 }, /1 iterations were dropped/],
  ['warm-up', { warmedMs: 9_999 }, /warmed up for 9 s of at least 10/],
  ['generator', { apartCpu: { generator: 0.8 * micros } }, /full, with 80 % of its core/, openLoop],
  ['generator', { apartCpu: { generator: 0.8 * micros } }, /full, with 80 % of its core/, replay],
  ['generator', { apartCpu: { generator: 0.95 * micros } }, /full, with 95 % of its core/],
  ['server', { serverUtilization: 0.899 }, /neither was the server full, with 90 % of its core/],
  ['foreign load', { foreignCpu: 0.05 }, /other programs took 5 % of a core/],
  ['stolen time', { stolenCpu: 0.25 }, /the hypervisor gave 25 % of a core to other machines/],
  ["Little's law", answeredIn(trueMean * 0.89), /32 clients, -11 % off/],
  ["Little's law", answeredIn(trueMean * 1.11), /32 clients, 11 % off/, replay],
  ["Little's law", { latency: {} }, /without latencies/],
  ["Little's law", { loadMs: sound.durationMs / 2 }, /32 clients, 100 % off/],
  ['quantile', {}, /5880 latencies are too few for the p99, which needs 10000/, { figure: 'p99' }],
]

for (const [precondition, changes, reason, run] of refused) {
  const mode = run?.load ? `, ${run.load.mode}` : ''
  t.test(`${precondition}: ${reason.source}${mode}`, async (t) => {
    const found = refusal(changes, run)
    t.equal(found?.precondition.name, precondition)
    t.match(found?.reason, reason)
  })
}

const counted: readonly [what: string, changes: Partial<Slice>, run?: Partial<Header>][] = [
  ['one that is sound', {}],
  ['idle arms that use 1 % of a core each', { idleCpu: { memory: 0.01 * micros, again: 5 } }],
  ['idle arms of four processes', { idleCpu: { memory: 0.02 * micros } }, { processes: 4 }],
  ['a run of before that was noted', { apartCpu: { generator: 0, 'idle arms': 0.07 * micros } }],
  ['a result that is out of line', { latency: {}, completed: 1 }, openLoop],
  ['a kind of error that did not happen', { errors: { timeout: 0 }, statuses: { 200: 9, 503: 0 } }],
  ['a refusal that the scenario expects', { statuses: { 400: 9 } }, { statuses: ['201', '400'] }],
  ['ten seconds of warm-up', { warmedMs: 10_000 }],
  ['a generator just below 80 %', { apartCpu: { generator: 0.799 * micros } }, openLoop],
  ['in capacity mode a generator that is not full', { apartCpu: { generator: 0.94 * micros } }],
  ['a server that is 90 % busy', { serverUtilization: 0.9 }],
  ['one that always waits for a lock', { serverUtilization: 0.3, waitsMs: { Lock: 1080 } }],
  [
    'a server that lets requests wait by itself',
    { serverUtilization: 0.3, apartCpu: { generator: 0.49 * micros } },
  ],
  ['an idle server at a rate that is given', { serverUtilization: 0.3 }, openLoop],
  ['foreign load just below 5 %', { foreignCpu: 0.0499 }],
  ['stolen time just below 25 %', { stolenCpu: 0.2499 }],
  ["Little's law to within a tenth", answeredIn(trueMean * 0.91)],
  ['accepted work that is done after the load', { loadMs, durationMs: 1.5 * loadMs }],
  ['clients that think, if the think time makes up for it', {}, thinking],
  ["an open loop, to which Little's law does not apply", answeredIn(1), openLoop],
  ['latencies enough for the p95', {}, { figure: 'p95' }],
]

for (const [what, changes, run] of counted) {
  t.test(`it counts: ${what}`, async (t) => {
    t.equal(refusal(changes, run)?.reason, undefined)
  })
}

t.test('the mean latency of a closed loop includes all outcomes', async (t) => {
  const both = (soldOutMs: number): Partial<Slice> => ({
    latency: {
      ok: { meanMs: trueMean - 2, histogram: histogramOf([1, 1]) },
      'sold-out': { meanMs: soldOutMs, histogram: histogramOf([1, 1]) },
    },
  })
  t.equal(refusal(both(trueMean + 2)), undefined)
  t.match(refusal(both(trueMean - 2)), { precondition: { name: "Little's law" } })
})

t.test('a slice of an unknown arm is an error, not a result', async (t) => {
  t.throws(() => sortSlices(header(), [{ ...sound, arm: 'other' }]), RangeError)
})
