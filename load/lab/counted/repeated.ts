import { randomFrom } from '@flash-deal/local/random'
import type { Counted } from '../record.ts'
import { mean } from '../stats/mean.ts'

/**
 * Rows with times or rates. Each row has several runs, and the runs of all rows are in random order:
 * a single run of a few seconds is not reliable, and consecutive runs share the drift of the machine.
 */

export type Trial = {
  table: string
  row: string
  /** One run: its times and rates, and the share of refused requests if the arm can refuse. */
  run: () => Promise<{ figures: Readonly<Record<string, number>>; refused?: number }>
}

const usualRuns = 5

export const repeated = async (
  trials: readonly Trial[],
  seed: number,
  runs = usualRuns,
): Promise<Counted[]> => {
  const random = randomFrom(seed)
  const found = new Map<Trial, Awaited<ReturnType<Trial['run']>>[]>(trials.map((it) => [it, []]))
  for (let round = 0; round < runs; round += 1) {
    for (const trial of random.shuffle(trials)) found.get(trial)?.push(await trial.run())
  }
  return trials.map((trial) => rowOf(trial, found.get(trial) ?? []))
}

const rowOf = (
  { table, row }: Trial,
  found: readonly Awaited<ReturnType<Trial['run']>>[],
): Counted => {
  const names = Object.keys(found[0]?.figures ?? {})
  const refused = found.flatMap((each) => each.refused ?? [])
  return {
    ...{ kind: 'counted', table, row, per: 1, also: {} },
    runs: Object.fromEntries(
      names.map((name) => [name, found.map(({ figures }) => figures[name] ?? 0)]),
    ),
    ...(refused.length > 0 && { refused: mean(refused) }),
  }
}
