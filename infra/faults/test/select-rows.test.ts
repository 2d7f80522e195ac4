import { variantsOf } from '@flash-deal/config'
import t from 'tap'
import { faults, faultsOf, idOf } from '../faults.ts'
import { allRows, briefRows, briefVariants, nameOf } from '../select-rows.ts'

/** The selection of the rows that the tests run. */

const requests = 400

for (const [form, variants] of [
  ['short', briefVariants],
  ['long', variantsOf('M1')],
] as const) {
  t.test(`the ${form} form has each kind of fault and each of its variants`, async (t) => {
    const rows = briefRows({ seed: 1, requests }, variants)
    t.strictSame(
      rows.map(({ fault }) => fault.kind).sort(),
      [...new Set(faults.map(({ kind }) => kind))].sort(),
    )
    t.strictSame(new Set(rows.map(({ variant }) => variant)), new Set(variants))
    t.strictSame(briefRows({ seed: 2, requests }, variants).map(nameOf), rows.map(nameOf))
  })
}

t.test(
  'the long form has every fault with every variant, in an order that depends on the seed',
  async (t) => {
    const namesFor = (seed: number) => allRows({ seed, requests }).map(nameOf)
    const all = variantsOf('M1').flatMap((variant) =>
      faultsOf(variant).map((fault) => `${variant}, ${idOf(fault)}`),
    )
    t.strictSame(namesFor(7).toSorted(), all.toSorted())
    t.strictSame(namesFor(7), namesFor(7))
    t.notSame(namesFor(7), namesFor(8))
  },
)
