import { scenarioOf, variantsOf } from '@flash-deal/config'
import { randomFrom } from '@flash-deal/local/random'
import { type Fault, faults, faultsOf, idOf } from './faults.ts'
import type { Row } from './suite.ts'

/** Selects the rows of the fault table that the tests run, one round each. */

type Extent = { seed: number; requests: number }

/**
 * The short form: a process is killed, a process hangs, and messages are lost, with the variant of M1
 * that needs most of the system.
 */
export const brief = { kinds: ['kill', 'freeze', 'lost-commits'], variants: ['redis'] }

export const allKinds: readonly string[] = [...new Set(faults.map(({ kind }) => kind))]

type Selection = { kinds: readonly string[]; variants: readonly string[] }

/** Always the same rows: each of these kinds once, each of these variants of M1 at least once. */
export const rowsOfKinds = (extent: Extent, { kinds, variants }: Selection): Row[] => {
  const used = new Map(variants.map((variant) => [variant, 0]))
  const rows = kinds.map((kind) => {
    const variant = leastUsed(used, kind)
    used.set(variant, (used.get(variant) ?? 0) + 1)
    return rowOf(variant, mostSpecific(variant, kind), extent)
  })
  // A system is started per variant, so the rows of a variant are adjacent.
  return rows.sort((a, b) => a.variant.localeCompare(b.variant))
}

const leastUsed = (used: ReadonlyMap<string, number>, kind: string): string => {
  const able = [...used].filter(([variant]) => faultsOf(variant).some((each) => each.kind === kind))
  const [least] = able.sort(([, a], [, b]) => a - b)
  if (least === undefined) throw new Error(`No variant of M1 has a fault of the kind ${kind}.`)
  return least[0]
}

/** Prefers a fault that needs a part of the system which only some variants have. */
const mostSpecific = (variant: string, kind: string): Fault => {
  const able = faultsOf(variant).filter((fault) => fault.kind === kind)
  const fault = able.find(({ needs }) => needs !== undefined) ?? able[0]
  if (fault === undefined) throw new Error(`${variant} has no fault of the kind ${kind}.`)
  return fault
}

/** All rows of the table, grouped by variant, in an order that depends on the seed. */
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
  scenarios: '',
  rounds: 1,
})

/** The name of the row in test titles. */
export const nameOf = ({ variant, fault }: Row): string => `${variant}, ${idOf(fault)}`

/** The reason why the row cannot run on this machine, or false. */
export const missingProgram = (
  { variant }: Row,
  valkeyProgram: string | undefined,
): string | false => {
  const needs = scenarioOf('M1').needs?.[variant] ?? []
  return needs.length > 0 && valkeyProgram === undefined && 'Valkey is not installed'
}
