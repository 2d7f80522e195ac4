import type { Progress } from './runner.ts'
import { fewestRestarts, mostRestarts } from './schedule/stop.ts'

/** The progress of a run, and its remaining time. */
export const progressLine = ({ restart, before, slices, of, elapsedMs }: Progress): string => {
  const played = restart + slices / of
  const msPerRestart = elapsedMs / (played - before)
  const minutesFor = (restarts: number): number =>
    Math.max(0, Math.ceil(((restarts - played) * msPerRestart) / 60_000))
  return [
    `restart ${restart + 1}, slice ${slices} of ${of};`,
    `${minutesFor(fewestRestarts)} to ${minutesFor(mostRestarts)} minutes left`,
  ].join(' ')
}
