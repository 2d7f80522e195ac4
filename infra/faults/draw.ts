import { variantsOf } from '@flash-deal/config'
import type { Row } from './battery.ts'
import { faultsOf } from './faults.ts'
import { type Random, randomFrom } from './random.ts'

/** A round each of a few faults: what there is time for whenever the tests are run. */

const variantsAtATime = 2

/** Which ones follows from the seed; in the course of many seeds every row has its turn. */
export const drawRows = (
  seed: number,
  { count, requests }: { count: number; requests: number },
): Row[] => {
  const random = randomFrom(seed)
  return draw(random, variantsOf('M1'), variantsAtATime).flatMap((variant) =>
    draw(random, faultsOf(variant), count / variantsAtATime).map(
      (fault): Row => ({ variant, fault, form: 'short', seed, requests, rounds: 1 }),
    ),
  )
}

/** So many of them, each once. */
const draw = <Item>(random: Random, items: readonly Item[], count: number): Item[] => {
  const rest = [...items]
  return Array.from({ length: Math.min(count, rest.length) }, () =>
    rest.splice(random(0, rest.length - 1), 1),
  ).flat()
}
