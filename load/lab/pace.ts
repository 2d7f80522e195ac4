/** How long things take. */
export type Pace = {
  sliceMs: number
  /** Blocks a restart. */
  blocks: number
  /** Under load, all arms side by side, before their warm-up slices. */
  warmMs: number
  warmSliceMs: number
  warmSlices: number
  /** If it is not warm by then, more of them, but not for ever. */
  warmSlicesMax: number
}

/** As EVIDENCE asks for. */
export const full: Pace = {
  sliceMs: 1_000,
  blocks: 8,
  warmMs: 10_000,
  warmSliceMs: 400,
  warmSlices: 5,
  warmSlicesMax: 12,
}

/** For CI: only whether everything does what it should. */
export const smoke: Pace = {
  sliceMs: 300,
  blocks: 1,
  warmMs: 500,
  warmSliceMs: 100,
  warmSlices: 1,
  warmSlicesMax: 1,
}
