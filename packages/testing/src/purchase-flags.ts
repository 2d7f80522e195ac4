/** The combinations of a variant of M1 with M7 and M8 in tests of complete orders. */

type Flags<M1> = { M1: M1; M7: 'baseline' | 'optimized'; M8: 'baseline' | 'optimized' }

/**
 * M7 (sold-out deals) is on with every variant of M1 but the baseline, M8 (order inserts in
 * batches) with those that take stock in batches: together they cover both variants of each.
 */
export const purchaseFlags = <M1 extends string>(M1: M1): Flags<M1> => ({
  M1,
  M7: M1 === 'baseline' ? 'baseline' : 'optimized',
  M8: ['optimized', 'redis'].includes(M1) ? 'optimized' : 'baseline',
})

/** The same as settings of a process: `SCENARIO_M1` and so on. */
export const purchaseSettings = (M1: string): Record<string, string> =>
  Object.fromEntries(
    Object.entries(purchaseFlags(M1)).map(([id, variant]) => [`SCENARIO_${id}`, variant]),
  )
