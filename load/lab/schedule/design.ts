import { type Random, randomFrom } from '@flash-deal/local/random'
import type { Arm, Slice } from '../record.ts'

/**
 * The order of slices. A block consists of pairs of neighbouring slices that are compared. Each
 * treatment has two pairs with the baseline A, once before it and once after it. The second half of
 * the block mirrors the first, so that a steady drift of the machine cancels out for each arm. With
 * one treatment the block is ABBA or BAAB; with two it is, for example,
 *
 *     A B₁ · B₂ A · A B₂ · B₁ A
 *
 * The order of the treatments and the side of A on which each starts are drawn for each block. The
 * second baseline A' is next to one of the As, and the ceiling L next to one of the treatments in
 * turn, always on the outer side, so that no pair is separated: A' A B L.
 *
 * Which of the two equal baselines is A is drawn for each pair: both have the same number of slices,
 * so both are equally warm.
 */

/** The position of a slice, and the pair in which it is compared. */
export type Place = Pick<Slice, 'restart' | 'block' | 'pair' | 'position' | 'arm'>

export type Design = {
  arms: readonly Pick<Arm, 'name' | 'role'>[]
  /** The most restarts of a run; a run that ends sooner uses the first ones. */
  restarts: number
  blocks: number
}

/** The places of each restart in order. The same seed and design give the same places. */
export const placesOf = (seed: number, { arms, restarts, blocks }: Design): Place[][] => {
  const random = randomFrom(seed)
  const cast = castOf(arms)
  return Array.from({ length: restarts }, (_, restart) => {
    const turns = random.shuffle(cast.treatments)
    return Array.from({ length: blocks }, (_, block) => {
      const arms = blockOf(random, cast, turns[block % turns.length] ?? '')
      return arms.map((place, position) => ({ restart, block, position, ...place }))
    }).flat()
  })
}

/**
 * The order in which the arms start and are warmed up, for each restart. It is drawn, so that an effect
 * of the position is noise and not a difference between arms. The same seed gives the same orders.
 */
export const startOrdersOf = <Each>(
  seed: number,
  arms: readonly Each[],
  restarts: number,
): Each[][] => {
  // Other numbers than those of the places.
  const random = randomFrom(~seed)
  return Array.from({ length: restarts }, () => random.shuffle(arms))
}

/** Names by role. */
type Cast = {
  baseline: string
  treatments: readonly string[]
  repeat: string | undefined
  ceiling: string | undefined
}

const castOf = (arms: Design['arms']): Cast => {
  const named = (role: Arm['role']) =>
    arms.filter((arm) => arm.role === role).map(({ name }) => name)
  const [[baseline, secondBaseline], [repeat], [ceiling]] = [
    named('baseline'),
    named('repeat'),
    named('ceiling'),
  ]
  const treatments = named('treatment')
  if (baseline === undefined || secondBaseline !== undefined || treatments.length === 0) {
    throw new RangeError('A design needs one baseline and at least one treatment')
  }
  return { baseline, treatments, repeat, ceiling }
}

type SlicePair = { treatment: string; startsWithBaseline: boolean }

/** @param limited the treatment that has the ceiling next to it in this block */
const blockOf = (random: Random, cast: Cast, limited: string): Pick<Place, 'pair' | 'arm'>[] => {
  const slicePairs = slicePairsOf(random, cast.treatments)
  const repeated = random.pick(slicePairs)
  const measured = random.pick(slicePairs.filter(({ treatment }) => treatment === limited))
  return slicePairs.flatMap((it, pair) => {
    const [baseline, repeat] = baselinesOf(random, cast)
    const outer = {
      repeat: it === repeated ? repeat : undefined,
      ceiling: it === measured ? cast.ceiling : undefined,
    }
    const inOrder = [outer.repeat, baseline, it.treatment, outer.ceiling]
    return (it.startsWithBaseline ? inOrder : inOrder.reverse())
      .filter((arm) => arm !== undefined)
      .map((arm) => ({ pair, arm }))
  })
}

/** The baseline of this pair, and the other one. */
const baselinesOf = (random: Random, { baseline, repeat }: Cast): [string, string | undefined] =>
  repeat !== undefined && random.pick([true, false]) ? [repeat, baseline] : [baseline, repeat]

const slicePairsOf = (random: Random, treatments: readonly string[]): SlicePair[] => {
  const half = random
    .shuffle(treatments)
    .map((treatment) => ({ treatment, startsWithBaseline: random.pick([true, false]) }))
  const mirrored = half
    .map((pair) => ({ ...pair, startsWithBaseline: !pair.startsWithBaseline }))
    .reverse()
  return [...half, ...mirrored]
}
