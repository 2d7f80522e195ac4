import t from 'tap'
import { type StopInput, stopReason } from '../stop.ts'

/** A run ends by precision, effort or time, checked between restarts, never by its result. */

const inputWith = (changes: Partial<StopInput>): StopInput => ({
  restarts: 12,
  halfWidth: 0.08,
  elapsedMs: 600_000,
  capMs: 1_200_000,
  ...changes,
})

const table: readonly [what: string, changes: Partial<StopInput>, wanted: string | undefined][] = [
  ['a wide interval goes on', {}, undefined],
  ['a half-width of 3 % is enough', { halfWidth: 0.03 }, 'narrow enough'],
  ['a half-width just above 3 % is not', { halfWidth: 0.030001 }, undefined],
  ['nine restarts are too few, however narrow', { restarts: 9, halfWidth: 0.001 }, undefined],
  ['nine restarts are too few, however late', { restarts: 9, elapsedMs: 9e9 }, undefined],
  [
    'the tenth is the first that may be the last',
    { restarts: 10, halfWidth: 0.02 },
    'narrow enough',
  ],
  ['nineteen go on', { restarts: 19 }, undefined],
  ['twenty are enough', { restarts: 20 }, 'twenty restarts'],
  ['the cap ends it', { elapsedMs: 1_200_000 }, 'time is up'],
  ['just before the cap it goes on', { elapsedMs: 1_199_999 }, undefined],
  ['no interval at all is not a narrow one', { halfWidth: undefined }, undefined],
]

for (const [what, changes, wanted] of table) {
  t.test(what, async (t) => {
    t.equal(stopReason(inputWith(changes)), wanted)
  })
}
