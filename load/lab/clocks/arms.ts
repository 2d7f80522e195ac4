/** The purchase paths that are compared, each with its batches. */
export type ClockArm = { name: string; settings: Readonly<Record<string, string>> }

const batches = { SCENARIO_M1: 'optimized', SCENARIO_H1: 'optimized' }

export const clockArms: readonly ClockArm[] = [
  // H2 has to be faster than this synchronous order.
  { name: 'synchronous (M1, M8)', settings: { ...batches, SCENARIO_M8: 'optimized' } },
  { name: 'H2 optimized', settings: { ...batches, SCENARIO_H2: 'optimized' } },
  { name: 'H2 queue-first', settings: { ...batches, SCENARIO_H2: 'queue-first' } },
]
