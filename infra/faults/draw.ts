import { scenarioOf, variantsOf } from '@flash-deal/config'
import { randomFrom } from '@flash-deal/local/random'
import { type Fault, faults, faultsOf, idOf } from './faults.ts'
import type { Row } from './suite.ts'

/** Which rows of the table the tests play, a round each. */

type Extent = { seed: number; requests: number }

/** The same rows every time: each kind of fault once, each variant of M1 at least once. */
export const briefRows = (extent: Extent): Row[] => {
  const kinds = [...new Set(faults.map(({ kind }) => kind))]
  const used = new Map(variantsOf('M1').map((variant) => [variant as string, 0]))
  const rows = kinds.map((kind) => {
    const variant = leastUsed(used, kind)
    used.set(variant, (used.get(variant) ?? 0) + 1)
    return rowOf(variant, mostSpecific(variant, kind), extent)
  })
  // A system is opened for each variant, so the rows of one follow each other.
  return rows.sort((a, b) => a.variant.localeCompare(b.variant))
}

const leastUsed = (used: ReadonlyMap<string, number>, kind: string): string => {
  const able = [...used].filter(([variant]) => faultsOf(variant).some((each) => each.kind === kind))
  const [least] = able.sort(([, a], [, b]) => a - b)
  if (least === undefined) throw new Error(`No variant of M1 has a fault of the kind ${kind}.`)
  return least[0]
}

/** One that only this variant has, where there is one. */
const mostSpecific = (variant: string, kind: string): Fault => {
  const able = faultsOf(variant).filter((fault) => fault.kind === kind)
  const fault = able.find(({ needs }) => needs !== undefined) ?? able[0]
  if (fault === undefined) throw new Error(`${variant} has no fault of the kind ${kind}.`)
  return fault
}

/** All rows of the table in an order that the seed decides, variant by variant. */
export const allRows = (extent: Extent): Row[] => {
  const random = randomFrom(extent.seed)
  return random
    .shuffle(variantsOf('M1'))
    .flatMap((variant) =>
      random.shuffle(faultsOf(variant)).map((fault) => rowOf(variant, fault, extent)),
    )
}

const rowOf = (variant: string, fault: Fault, extent: Extent): Row => ({
  ...extent,
  variant,
  fault,
  form: 'short',
  rounds: 1,
})

/** As tests call it. */
export const nameOf = ({ variant, fault }: Row): string => `${variant}, ${idOf(fault)}`

/** Why a row cannot be played without a Valkey to start, or false. */
export const lackOf = ({ variant }: Row, valkeyProgram: string | undefined): string | false => {
  const needs = scenarioOf('M1').needs?.[variant] ?? []
  return needs.length > 0 && valkeyProgram === undefined && 'there is no Valkey to start'
}
