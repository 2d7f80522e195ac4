/** Whether a run can stop. This depends on the precision of the result, not on the result. */

export type StopInput = {
  /** The number of finished restarts. */
  restarts: number
  /** Half the width of the widest judged interval, as a share of the ratio; undefined without intervals. */
  halfWidth: number | undefined
  elapsedMs: number
  capMs: number
}

export type StopReason = 'narrow enough' | 'twenty restarts' | 'time is up'

export const fewestRestarts = 10
export const mostRestarts = 20
const widthWanted = 0.03

/** Checked between restarts; undefined: continue. A run never stops before the tenth restart. */
export const stopReason = ({
  restarts,
  halfWidth,
  elapsedMs,
  capMs,
}: StopInput): StopReason | undefined => {
  if (restarts < fewestRestarts) return undefined
  if (halfWidth !== undefined && halfWidth <= widthWanted) return 'narrow enough'
  if (restarts >= mostRestarts) return 'twenty restarts'
  return elapsedMs >= capMs ? 'time is up' : undefined
}
