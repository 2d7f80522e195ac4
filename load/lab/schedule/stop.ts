/** Whether a run can stop. Only the precision of the result counts, not the result. */

export type Progress = {
  /** Finished. */
  restarts: number
  /** Of the widest of the judged intervals, as a share of the ratio; undefined if there is none. */
  halfWidth: number | undefined
  elapsedMs: number
  capMs: number
}

export type StopReason = 'narrow enough' | 'twenty restarts' | 'time is up'

export const fewestRestarts = 10
export const mostRestarts = 20
const widthWanted = 0.03

/** Asked between restarts. Undefined: go on. Before the tenth restart nothing stops a run. */
export const stopReason = (progress: Progress): StopReason | undefined => {
  const { restarts, halfWidth, elapsedMs, capMs } = progress
  if (restarts < fewestRestarts) return undefined
  if (halfWidth !== undefined && halfWidth <= widthWanted) return 'narrow enough'
  if (restarts >= mostRestarts) return 'twenty restarts'
  return elapsedMs >= capMs ? 'time is up' : undefined
}
