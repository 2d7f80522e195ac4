/** How long things take. */
export type Pace = {
  sliceMs: number
  /** Blocks a restart. */
  blocks: number
  /**
   * Under load before their warm-up slices: first the baselines side by side, then the other arms,
   * on all cores. So the two baselines have been asked equally often, some 20,000 times where a
   * request takes half a millisecond, which is what V8 takes to settle.
   */
  warmMs: number
  warmSliceMs: number
  warmSlices: number
  /** If it is not warm by then, more of them, but not for ever. */
  warmSlicesMax: number
}

/** The pace of a full run. */
export const full: Pace = {
  sliceMs: 1_000,
  blocks: 8,
  warmMs: 10_000,
  warmSliceMs: 250,
  warmSlices: 5,
  warmSlicesMax: 12,
}

/** Only whether everything does what it should. */
export const smoke: Pace = {
  sliceMs: 300,
  blocks: 1,
  warmMs: 500,
  warmSliceMs: 100,
  warmSlices: 1,
  warmSlicesMax: 1,
}

/** The same in the short form of the tests. */
export const brief: Pace = { ...smoke, sliceMs: 200, warmMs: 100, warmSliceMs: 50 }
